from __future__ import annotations

import pytest
from conftest import OURS, PluginObject, make_rule, tiny_format, tiny_plugin

from assembler.errors import PluginError
from assembler.hookspecs import hookimpl
from assembler.listing import formats_lines
from assembler.manager import Plugins
from assembler.model import Severity


def plugins(**extra: object) -> Plugins:
    return Plugins(disabled=OURS, extra=extra)


def states(found: Plugins) -> dict[str, str]:
    return {one.nom: one.etat for one in found.statuses if one.nom not in OURS}


def broken(error: BaseException) -> object:
    @hookimpl
    def assembler_formats() -> object:
        raise error

    return PluginObject(assembler_formats=assembler_formats)


def test_the_built_in_plugins_come_by_entry_point() -> None:
    assert {one.nom: one.etat for one in Plugins().statuses} == dict.fromkeys(OURS, "actif")


def test_a_disabled_plugin_is_listed_as_such() -> None:
    assert {one.nom: one.etat for one in Plugins(disabled=OURS).statuses} == dict.fromkeys(OURS, "desactive")


@pytest.mark.parametrize("error", [ValueError("boum"), SystemExit(0)])
def test_a_plugin_that_fails_is_named_and_the_rest_works(error: BaseException) -> None:
    found = plugins(casse=broken(error), petit=tiny_plugin(tiny_format()))
    assert list(found.formats()) == ["tout_petit"]
    assert states(found) == {"casse": "echec", "petit": "actif"}


def test_a_misspelt_hook_is_an_error() -> None:
    @hookimpl
    def assembler_format() -> object:
        return []

    found = plugins(casse=PluginObject(assembler_format=assembler_format))
    assert states(found) == {"casse": "echec"}
    assert "assembler_format" in str(found.statuses[-1].cause)


def test_a_wrong_type_is_an_error() -> None:
    @hookimpl
    def assembler_formats() -> object:
        return ["local"]

    found = plugins(casse=PluginObject(assembler_formats=assembler_formats))
    assert found.formats() == {}
    assert "str au lieu de Format" in str(found.statuses[-1].cause)


def test_one_format_from_two_plugins_names_both() -> None:
    with pytest.raises(PluginError, match=r"deux.*un|un.*deux"):
        plugins(un=tiny_plugin(tiny_format()), deux=tiny_plugin(tiny_format())).formats()


@pytest.mark.parametrize("pattern", ["(", r"(\w+)*$", 3])
def test_a_pattern_of_a_folder_that_cannot_serve_fails_its_plugin(pattern: object) -> None:
    found = plugins(
        casse=tiny_plugin(tiny_format(id="autre", folder_name=pattern)), petit=tiny_plugin(tiny_format())
    )
    assert list(found.formats()) == ["tout_petit"]
    assert "folder_name du format « autre »" in str(found.statuses[-2].cause)


def test_the_id_of_a_format_however_long_stands_apart_from_its_title() -> None:
    found = plugins(petit=tiny_plugin(tiny_format(id="tout_petit_format")))
    assert list(formats_lines(found)) == [
        "tout_petit_format  Tout petit format (petit 0)",
        "                   étapes\u00a0: depot, suite",
        "                   1\u00a0pièce, 1\u00a0règle, 0\u00a0document",
    ]


def adding(*rules: object) -> object:
    @hookimpl
    def assembler_rules(format_id: str) -> object:
        return list(rules) if format_id == "tout_petit" else []

    return PluginObject(assembler_rules=assembler_rules)


def test_another_plugin_adds_rules_and_is_named_as_their_provider() -> None:
    extra = make_rule("XX-PIE-001")
    found = plugins(petit=tiny_plugin(tiny_format()), autre=adding(extra))
    assert [rule.id for rule in found.formats()["tout_petit"].rules] == ["TT-PIE-001", "XX-PIE-001"]
    assert found.provider(extra) == "autre 0"


def test_another_plugin_cannot_take_the_place_of_a_rule() -> None:
    found = plugins(petit=tiny_plugin(tiny_format()), autre=adding(make_rule(gravite=Severity.INFO)))
    assert [rule.gravite for rule in found.formats()["tout_petit"].rules] == [Severity.BLOCKING]
    assert states(found) == {"autre": "echec", "petit": "actif"}
    assert "« TT-PIE-001 » du format « tout_petit » est fournie deux fois" in str(found.statuses[-1].cause)
