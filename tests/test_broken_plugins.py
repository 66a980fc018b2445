"""A broken plugin is named and listed with its cause; the rest works, and says that it is not whole."""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from conftest import OURS, TODAY, PluginObject, make_rule, tiny_format, tiny_plugin
from dossiers import copied
from greffons import assemble, install

from assembler import documents, manager
from assembler.contributions import Copy, Piece, Reader, Reporter, Template
from assembler.deadline import within
from assembler.errors import MissingValue, PluginError
from assembler.hookspecs import hookimpl
from assembler.judging import judge
from assembler.manager import Plugins
from assembler.model import Frozen, Observation, State, Verdict
from assembler.pipeline import Order, Request, check_dossier, produce
from assembler.readers.limits import Limits
from assembler.strictness import be_strict
from assembler.testing.judged import claimed
from assembler.testing.subject import Subject

FIXTURES = Path(__file__).parents[1] / "fixtures"

HEAD = """
from assembler.contributions import Format, Reference, Rule, Step, Template
from assembler.hookspecs import hookimpl
from assembler.model import Severity

def rule(identifier, **keys):
    keys = {"gravite": Severity.BLOCKING, "schema": {"pieces.annexe": {"required": True}}, **keys}
    return Rule(id=identifier, titre="Une règle", nature="technique", pourquoi="Parce que.",
                correction="Corrigez.", reference=Reference(texte="Guide"),
                exemples={"conforme": [{}]}, **keys)

def check(function):
    return rule("CASSE-PIE-001", schema={}, check=function, lit=("dossier.format",))

def format_(identifier, **keys):
    return Format(id=identifier, title="Un format", steps=(Step(id="depot", title="Dépôt"),), fiche=None,
                  **{"pieces": (), **keys})
"""
RULES = """
@hookimpl
def assembler_rules(format_id):
    return [{}] if format_id == "local" else []
"""
FORMATS = """
@hookimpl
def assembler_formats():
    return [{}]
"""
CHECKS = {
    "contrôle qui échoue": ('raise ValueError("boum")', "le contrôle a échoué (ValueError : boum)"),
    "contrôle qui sort": ("raise SystemExit(0)", "le contrôle a échoué (SystemExit : 0)"),
    "contrôle sans fin": ("\n    while True: pass", "le contrôle a été arrêté au bout de 1 s"),
    "contrôle qui retient tout": (
        "\n    while True:\n        try: list(range(1000))\n        except Exception: pass",
        "le contrôle a été arrêté au bout de 1 s",
    ),
}
LOADING = {
    "import qui échoue": ("import introuvable", "ModuleNotFoundError : No module named 'introuvable' ("),
    "import qui sort": ("import sys; sys.exit(0)", "casse/__init__.py, ligne 1)"),
    "faute de syntaxe": ("def (:", "SyntaxError"),
    "crochet mal écrit": (
        HEAD + FORMATS.format("1").replace("formats", "format"),
        "le hook « assembler_format » n’existe pas : vouliez-vous dire « assembler_formats » ?",
    ),
    "format sans liste": (
        HEAD + FORMATS.replace("[{}]", "{}").format("format_('casse')"),
        "assembler_formats rend Format au lieu d’une liste de Format",
    ),
    "mauvais type": (HEAD + FORMATS.format('"local"'), "assembler_formats rend str au lieu de Format"),
    "pièce d’un autre type": (
        HEAD + FORMATS.format('format_("casse", pieces=("plan",))'),
        "format « casse » : pieces contient un str au lieu de Piece",
    ),
    "règle deux fois dans son format": (
        HEAD + FORMATS.format('format_("casse", rules=(rule("CASSE-PIE-001"),) * 2)'),
        "format « casse » : rules contient deux fois « CASSE-PIE-001 »",
    ),
    "identifiant mal formé": (
        HEAD + FORMATS.format('format_("casse", rules=(rule("plan"),))'),
        "la règle « plan » n’a pas un identifiant comme LO-DUR-004",
    ),
    "étape inconnue": (
        HEAD + RULES.format('rule("CASSE-PIE-001", etape="depot")'),
        "règle CASSE-PIE-001 : l’étape « depot » n’existe pas dans le format « local »",
    ),
    "règle d’un autre": (
        HEAD + RULES.format('rule("LO-DUR-004", gravite=Severity.INFO)'),
        "la règle « LO-DUR-004 » du format « local » est fournie deux fois, par casse 0.1.0 et local 0.1.0",
    ),
    "document d’un autre": (
        HEAD
        + RULES.replace("rules", "documents").format(
            'Template(id="cctp", step="lancement", title="CCTP", build=len)'
        ),
        "le document « cctp » du format « local » est fourni deux fois, par casse 0.1.0 et local 0.1.0",
    ),
}


def spoken(text: str) -> str:
    """Return what a person reads, on one line."""
    return " ".join(text.replace("\u00a0", " ").split())


Run = Callable[..., subprocess.CompletedProcess[str]]


@pytest.fixture
def run(tmp_path: Path) -> Run:
    """Install a plugin « casse » made of a text, and run the command."""

    def go(code: str, *arguments: str, **environment: str) -> subprocess.CompletedProcess[str]:
        install(tmp_path / "site", "casse", code)
        return assemble(tmp_path / "site", *arguments, **environment)

    return go


@pytest.mark.parametrize(("code", "cause"), LOADING.values(), ids=LOADING)
def test_a_plugin_that_fails_to_load_is_listed_with_its_cause_and_the_others_are_active(
    code: str, cause: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    install(tmp_path, "casse", code)
    monkeypatch.syspath_prepend(tmp_path)
    monkeypatch.setitem(sys.modules, "casse", None)  # type: ignore[arg-type]  # taken away at the end
    monkeypatch.delitem(sys.modules, "casse")
    plugins = Plugins(disabled=set(OURS) - {"commun", "local"})
    assert list(plugins.formats()) == ["local"]
    found = {one.nom: (one.etat, one.version, one.origine) for one in plugins.statuses}
    assert (found["casse"], found["local"][0]) == (("echec", "0.1.0", "paquet-casse"), "actif")
    assert cause.replace("\u00a0", " ") in spoken(str([one.cause for one in plugins.statuses]))


@pytest.mark.parametrize("name", ["import qui échoue", "règle d’un autre"])
def test_the_rest_is_checked_and_nothing_is_said_to_be_conforme(name: str, run: Run, tmp_path: Path) -> None:
    code, cause = LOADING[name]
    dossier = copied(FIXTURES / "flash/complet", tmp_path / "dossier")
    listed = run(code, "plugins")
    assert (listed.returncode, listed.stderr, listed.stdout.count(" actif ")) == (3, "", len(OURS))
    assert f"casse 0.1.0 en échec paquet-casse {cause}" in spoken(listed.stdout)
    done = run(code, "controler", str(dossier), "--rapport", "json")
    report = json.loads(done.stdout)
    assert (report["verdict"], done.returncode) == ("non_concluant", 3)
    assert report["constats"] == []
    (failed,) = [one for one in report["plugins"] if one["etat"] == "echec"]
    assert (failed["nom"], cause in failed["cause"]) == ("casse", True)
    told = spoken(run(code, "controler", str(dossier)).stdout)
    assert "Plugin en échec : casse 0.1.0 (" in told
    assert "--sans-plugin casse s’en passe." in told


@pytest.mark.parametrize("name", ["import qui échoue", "règle d’un autre"])
def test_left_aside_it_no_longer_counts(name: str, run: Run, tmp_path: Path) -> None:
    code = LOADING[name][0]
    dossier = copied(FIXTURES / "flash/complet", tmp_path / "dossier")
    done = run(code, "controler", str(dossier), "--sans-plugin", "casse")
    assert (done.returncode, "AUCUN POINT BLOQUANT" in done.stdout) == (0, True)
    done = run(code, "controler", str(dossier), ASSEMBLER_PLUGINS_DESACTIVES="autre, casse")
    assert (done.returncode, "AUCUN POINT BLOQUANT" in done.stdout) == (0, True)
    assert "casse 0.1.0 désactivé" in spoken(run(code, "plugins", "--sans-plugin", "casse").stdout)


def test_an_author_is_told_where_at_once(run: Run) -> None:
    done = run(LOADING["import qui échoue"][0], "controler", "nulle-part", "--strict-plugins")
    assert (done.returncode, done.stdout) == (3, "")
    assert '/site/casse/__init__.py", line 1, in <module>' in done.stderr
    last = spoken(done.stderr.splitlines()[-1])
    assert last.startswith("assemble : Le plugin « casse » a échoué : ModuleNotFoundError")
    for command in (("formats",), ("lot", "nulle-part")):
        assert run(LOADING["règle d’un autre"][0], *command, "--strict-plugins").returncode == 3
    assert run("", "plugins", "--strict-plugins").returncode == 0


@pytest.mark.parametrize(("body", "said"), CHECKS.values(), ids=CHECKS)
def test_a_check_that_fails_or_never_ends_is_not_verified_and_names_its_plugin(
    body: str, said: str, run: Run, tmp_path: Path
) -> None:
    code = f"{HEAD}\ndef wrong(facts):{'' if body.startswith(chr(10)) else ' '}{body}\n"
    code += RULES.format("check(wrong)").replace('"local"', '"flash"')
    dossier = copied(FIXTURES / "flash/complet", tmp_path / "dossier")
    limit = {"ASSEMBLER_LIMITE_CONTROLE": "1"}
    done = run(code, "controler", str(dossier), "--rapport", "json", **limit)
    report = json.loads(done.stdout)
    assert (report["verdict"], done.returncode) == ("non_concluant", 3)
    (one,) = report["constats"]
    assert (one["regle"], one["etat"], one["plugin"]) == ("CASSE-PIE-001", "non_verifie", "casse 0.1.0")
    assert spoken(one["message"]) == spoken(said)
    assert report["bilan"]["regles"]["conforme"] > 20
    listed = run(code, "plugins", **limit)
    assert (listed.returncode, "casse 0.1.0 en échec" in spoken(listed.stdout)) == (3, True)
    assert "CASSE-PIE-001" in listed.stdout


@pytest.mark.parametrize(
    ("code", "what"),
    [
        (HEAD + FORMATS.format('format_("flash")'), "le format « flash »"),
        (
            HEAD
            + "from assembler.contributions import Reader\n"
            + FORMATS.replace("formats", "readers").format('Reader(natures=frozenset({"pdf"}), read=len)'),
            "la lecture des « pdf »",
        ),
    ],
    ids=["format", "lecture"],
)
def test_what_order_would_decide_is_refused_and_both_are_named(
    code: str, what: str, run: Run, tmp_path: Path
) -> None:
    dossier = copied(FIXTURES / "flash/complet", tmp_path / "dossier")
    done = run(code, "controler", str(dossier))
    assert (done.returncode, done.stdout) == (3, "")
    told = spoken(done.stderr)
    assert f"{what} est fourni deux fois ; laissez un plugin de côté (--sans-plugin NOM)" in told
    assert "casse 0.1.0 et " in told
    listed = run(code, "plugins")
    assert (listed.returncode, listed.stderr, listed.stdout.count("en échec")) == (3, "", 2)
    assert run(code, "controler", str(dossier), "--sans-plugin", "casse").returncode == 0


def test_two_packages_that_install_one_name_are_both_named(tmp_path: Path) -> None:
    site = tmp_path / "site"
    install(site, "casse", "")
    other = install(site, "autre", "").parent / "autre-0.1.0.dist-info" / "entry_points.txt"
    other.write_text("[assembler]\ncasse = autre\n", encoding="utf-8")
    told = spoken(assemble(site, "plugins").stdout)
    assert "plusieurs paquets installent un plugin de ce nom : paquet-autre et paquet-casse" in told


def test_a_dossier_whose_format_failed_is_not_said_to_be_wrong(run: Run, tmp_path: Path) -> None:
    dossier = tmp_path / "dossier"
    dossier.mkdir()
    (dossier / "dossier.yaml").write_text("format: casse\n", encoding="utf-8")
    done = run("import introuvable", "controler", str(dossier), "--rapport", "json")
    report = json.loads(done.stdout)
    assert (report["verdict"], done.returncode) == (None, 3)
    assert "Le format « casse » n’est pas installé." in report["erreur"].replace("\u00a0", " ")
    assert "Plugin en échec : casse (ModuleNotFoundError" in report["erreur"].replace("\u00a0", " ")
    shutil.rmtree(tmp_path / "site")
    assert assemble(tmp_path, "controler", str(dossier)).returncode == 1


# --- what a format’s functions raise -----------------------------------------------------------


def raising(*_arguments: object) -> Any:
    raise ValueError("boum")


def leaving(*_arguments: object) -> Any:
    raise SystemExit(0)


def engine(**given: Any) -> Plugins:
    return Plugins(disabled=OURS, extra={"petit": tiny_plugin(tiny_format(**given))})


@pytest.mark.parametrize("function", [raising, leaving])
def test_a_format_that_fails_to_recognise_is_listed_and_claims_nothing(
    function: Callable[..., Any], folder: Callable[..., Path]
) -> None:
    plugins = engine(detect=function)
    report = check_dossier(folder(**{"plan.txt": "x"}), plugins, Request(today=TODAY)).report
    assert (report.verdict, report.exit_code) == (None, 5)
    assert plugins.statuses[-1].etat == "echec"
    assert "Plugin en échec : petit (" in str(report.erreur).replace("\u00a0", " ")


@pytest.mark.parametrize("function", [raising, leaving, lambda _facts: "2014"])
def test_a_format_that_fails_to_date_its_dossier_leaves_it_to_today(
    function: Callable[..., Any], folder: Callable[..., Path]
) -> None:
    checked = check_dossier(folder(**{"plan.txt": "x"}), engine(day=function), Request(today=TODAY))
    assert checked.dossier is not None
    assert (checked.dossier.date_regles, checked.dossier.origine_date) == (TODAY, "aujourd_hui")


def test_a_format_that_fails_to_say_what_is_settled_leaves_the_rules_judged(
    folder: Callable[..., Path],
) -> None:
    plugins = engine(settled=raising)
    report = check_dossier(folder(**{"plan.txt": "x"}), plugins, Request(today=TODAY)).report
    assert [one.etat for one in report.regles] == [State.CONFORME]
    assert report.verdict is Verdict.NON_CONCLUANT
    (cause,) = (one.cause for one in report.plugins if one.etat == "echec")
    assert str(cause).startswith(f"ValueError : boum ({__file__}, ligne ")


@pytest.mark.parametrize("function", [raising, leaving])
@pytest.mark.parametrize("where", ["condition", "copies", "build"])
def test_a_document_whose_code_fails_stops_none_of_the_others(
    function: Callable[..., Any], where: str, folder: Callable[..., Path]
) -> None:
    def body(_case: object, _copy: Copy) -> bytes:
        return b"fait"

    def document(name: str, **given: Any) -> Template:
        return Template(
            **{"id": name, "step": "depot", "title": "Avis", "extension": "txt", "build": body, **given}
        )

    plugins = engine(documents=(document("rate", **{where: function}), document("avis")))
    checked = check_dossier(folder(**{"plan.txt": "x"}), plugins, Request(today=TODAY))
    found = [(one.id, one.kind, one.exit_code) for one in produce(checked, Order(), TODAY)]
    assert found == [("rate", "echec", 4), ("avis", "nouveau", 0)]


def test_where_a_plugin_failed_is_kept_for_its_author() -> None:
    @hookimpl
    def assembler_formats() -> Any:
        raise ValueError("boum")

    plugins = Plugins(disabled=OURS, extra={"petit": PluginObject(assembler_formats=assembler_formats)})
    assert plugins.formats() == {}
    assert 'raise ValueError("boum")' in plugins.trace("petit")
    assert plugins.trace("commun") == ""


def test_two_reports_of_one_name_fail_both_plugins() -> None:
    def reporting() -> object:
        @hookimpl
        def assembler_reporters() -> list[Reporter]:
            return [Reporter(name="csv", render=lambda reports: b"")]

        return PluginObject(assembler_reporters=assembler_reporters)

    plugins = Plugins(disabled=OURS, extra={"un": reporting(), "deux": reporting()})
    with pytest.raises(PluginError, match="le rapport « csv » est fourni deux fois"):
        plugins.reporters()
    assert {one.nom: one.etat for one in plugins.statuses if one.etat == "echec"} == dict.fromkeys(
        ("un", "deux"), "echec"
    )


# --- what a format holds -----------------------------------------------------------------------


def piece(**given: Any) -> dict[str, Any]:
    return {"pieces": (Piece(**{"id": "devis", "title": "devis", **given}),)}


def sheet(**given: Any) -> dict[str, Any]:
    return {"documents": (Template(**{"id": "avis", "step": "depot", "title": "Avis", **given}),)}


@pytest.mark.parametrize(
    ("given", "said"),
    [
        (
            piece(names=(r"devis(",)),
            "pièce « devis » : names : « devis( » n’est pas une expression régulière",
        ),
        (piece(clues=((r"prix[",),)), "pièce « devis » : clues : « prix[ » n’est pas une expression"),
        (piece(names="devis"), "pieces, « devis » : names est 'devis' (str), on attend un tuple de textes"),
        (piece(clues=("a", "b")), "clues est ('a', 'b') (tuple), on attend un tuple de tuples"),
        (piece(folders="Devis"), "folders est 'Devis' (str), on attend un tuple de textes"),
        (piece(natures="pdf"), "natures est 'pdf' (str), on attend un ensemble"),
        (piece(mentions={"prix": None}), "mentions est {'prix': None} (dict), on attend un dictionnaire"),
        (piece(sections=("Prix",)), "pièce « devis » : sections contient un str au lieu de Section"),
        ({"detect": "x"}, "detect est 'x' (str), on attend une fonction"),
        ({"fiche": {}}, "fiche est {} (dict), on attend un FieldSchema"),
        ({"rules": (make_rule(check="x"),)}, "check est 'x' (str), on attend une fonction"),
        (sheet(), "document « avis » : ni template (avec context) ni build ne le fabrique"),
        (sheet(build=len, template=Path("a")), "document « avis » : build et template à la fois"),
        (sheet(template=Path("a")), "document « avis » : template et context vont ensemble"),
        (sheet(build=b"x"), "documents, « avis » : build est b'x' (bytes), on attend une fonction"),
    ],
    ids=lambda value: value[:40] if isinstance(value, str) else "",
)
def test_a_format_that_would_break_a_run_fails_its_plugin_and_no_other(
    given: dict[str, Any], said: str
) -> None:
    extra = {"casse": tiny_plugin(tiny_format(id="autre", **given)), "petit": tiny_plugin(tiny_format())}
    plugins = Plugins(disabled=OURS, extra=extra)
    assert list(plugins.formats()) == ["tout_petit"]
    causes = {one.nom: spoken(one.cause or "") for one in plugins.statuses if one.etat == "echec"}
    assert list(causes) == ["casse"]
    assert causes["casse"].startswith("format « autre » : ")
    assert spoken(said) in causes["casse"]


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"x", "rend un contenu qui n’est pas un fichier docx."),
        ("x", "rend un str au lieu d’octets (bytes)."),
        (None, "rend un NoneType au lieu d’octets (bytes)."),
    ],
)
def test_what_is_no_file_of_its_name_is_not_written(
    content: Any, said: str, folder: Callable[..., Path]
) -> None:
    plugins = engine(**sheet(build=lambda _case, _copy: content))
    root = folder(**{"plan.txt": "x"})
    (made,) = produce(check_dossier(root, plugins, Request(today=TODAY)), Order(), TODAY)
    assert (made.kind, made.exit_code, made.reason) == ("echec", 4, f"La fabrique (build) de « avis » {said}")
    assert list((root / "sortie").rglob("*.docx")) == []


@pytest.mark.parametrize("state", ["non_conforme", None])
def test_a_check_that_yields_no_observation_is_not_verified(state: str | None) -> None:
    def check(_facts: Frozen) -> Any:
        yield Observation(state=state, message="Vu.") if state else "Vu."  # type: ignore[arg-type]

    found = judge(make_rule(check=check, lit=("dossier.format",)), {"dossier": {"format": "x"}})
    assert found.state is State.NON_VERIFIE
    assert "le contrôle a échoué (TypeError : " in str(found.reason)
    assert "n’est pas une Observation)" in str(found.reason)


def test_a_format_that_never_ends_recognising_is_stopped_and_named(
    folder: Callable[..., Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(manager, "LIMITS", Limits(check=1))
    plugins = engine(detect=lambda _sources: endless())
    report = check_dossier(folder(**{"plan.txt": "x"}), plugins, Request(today=TODAY)).report
    assert report.exit_code == 5
    assert plugins.statuses[-1].cause == "detect du format « tout_petit » a été arrêté au bout de 1 s"


@pytest.mark.parametrize("where", ["condition", "copies", "build"])
def test_a_document_that_never_ends_is_stopped_and_the_others_are_made(
    where: str, folder: Callable[..., Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(documents, "LIMITS", Limits(build=1))
    good: dict[str, Any] = {"step": "depot", "title": "Avis", "extension": "txt", "build": lambda *_: b"fait"}
    slow = Template(**{"id": "lent", **good, where: lambda *_: endless()})
    plugins = engine(documents=(slow, Template(**{"id": "avis", **good})))
    checked = check_dossier(folder(**{"plan.txt": "x"}), plugins, Request(today=TODAY))
    found = [(one.id, one.kind, one.reason) for one in produce(checked, Order(), TODAY)]
    assert found == [
        ("lent", "echec", "TimeoutError : arrêté au bout de 1 s"),
        ("avis", "nouveau", None),
    ]


# --- --strict-plugins --------------------------------------------------------------------------


@pytest.fixture
def strict() -> Iterator[None]:
    be_strict(True)
    yield
    be_strict(False)


def line_of(function: Callable[..., Any]) -> str:
    return f"({__file__}, ligne {function.__code__.co_firstlineno + 1})"


@pytest.mark.usefixtures("strict")
def test_an_author_is_told_the_line_of_the_first_check_that_fails(folder: Callable[..., Path]) -> None:
    plugins = engine(rules=(make_rule(check=raising, lit=("dossier.format",)),))
    with pytest.raises(PluginError) as caught:
        check_dossier(folder(**{"plan.txt": "x"}), plugins, Request(today=TODAY))
    assert caught.value.cause == f"règle TT-PIE-001 : ValueError : boum {line_of(raising)}."
    assert (caught.value.plugin, caught.value.exit_code) == (__name__, 3)


@pytest.mark.usefixtures("strict")
@pytest.mark.parametrize("where", ["condition", "copies", "build"])
def test_an_author_is_told_the_line_of_the_first_document_that_fails(
    where: str, folder: Callable[..., Path]
) -> None:
    plugins = engine(**sheet(**{"build": lambda *_: b"fait", where: raising}))
    checked = check_dossier(folder(**{"plan.txt": "x"}), plugins, Request(today=TODAY))
    with pytest.raises(PluginError) as caught:
        produce(checked, Order(), TODAY)
    assert caught.value.cause == f"document avis : ValueError : boum {line_of(raising)}."


@pytest.mark.usefixtures("strict")
def test_an_author_is_told_where_a_format_fails_to_recognise(folder: Callable[..., Path]) -> None:
    with pytest.raises(PluginError, match="detect du format « tout_petit » : ValueError : boum"):
        check_dossier(folder(**{"plan.txt": "x"}), engine(detect=raising), Request(today=TODAY))


@pytest.mark.usefixtures("strict")
def test_a_check_that_returns_no_list_is_found_by_its_own_line() -> None:
    def wrong(_facts: Frozen) -> Any:
        return True

    with pytest.raises(PluginError) as caught:
        judge(make_rule(check=wrong, lit=("dossier.format",)), {"dossier": {"format": "x"}})
    assert caught.value.cause.endswith(f"({__file__}, ligne {wrong.__code__.co_firstlineno}).")


@pytest.mark.usefixtures("strict")
def test_a_value_that_a_dossier_lacks_is_no_failure_of_its_plugin(folder: Callable[..., Path]) -> None:
    def lacking(_case: object, _copy: Copy) -> bytes:
        raise MissingValue("Il manque la date.")

    checked = check_dossier(folder(**{"plan.txt": "x"}), engine(**sheet(build=lacking)), Request(today=TODAY))
    assert [one.kind for one in produce(checked, Order(), TODAY)] == ["echec"]


def test_a_recognition_that_fails_breaks_its_promise_though_the_name_of_the_folder_says(
    tmp_path: Path,
) -> None:
    (tmp_path / "complet").mkdir()
    (tmp_path / "complet" / "plan.txt").write_text("x", encoding="utf-8")
    (tmp_path / "attendus.yaml").write_text("complet: {}\n", encoding="utf-8")
    plugins = engine(detect=raising, folder_name="complet")
    one = plugins.formats()["tout_petit"]
    subject = Subject(plugin="petit", plugins=plugins, format=one, dossiers=tmp_path, today=TODAY)
    told = "la reconnaissance (detect) échoue sur le dossier « complet » : ValueError : boum ("
    assert next(claimed(subject)).startswith(told)


# --- rules of one’s own ------------------------------------------------------------------------


def adding(*rules: Any, documents: tuple[Template, ...] = ()) -> object:
    @hookimpl
    def assembler_rules(format_id: str) -> Any:
        return rules if format_id == "tout_petit" else ()

    @hookimpl
    def assembler_documents(format_id: str) -> Any:
        return documents if format_id == "tout_petit" else ()

    return PluginObject(assembler_rules=assembler_rules, assembler_documents=assembler_documents)


def test_a_service_adds_its_rules_and_documents_to_a_format(folder: Callable[..., Path]) -> None:
    own = make_rule("DDT-PIE-001", schema={"pieces.plan.pages": {"type": "integer", "required": True}})
    sheet = Template(
        id="fiche-ddt", step="depot", title="Fiche", extension="txt", build=lambda case, copy: b"fiche"
    )
    service = adding(own, documents=(sheet,))
    plugins = Plugins(disabled=OURS, extra={"petit": tiny_plugin(tiny_format()), "service": service})
    checked = check_dossier(folder(**{"plan.txt": "x"}), plugins, Request(today=TODAY))
    assert [(one.id, one.etat.value) for one in checked.report.regles] == [
        ("DDT-PIE-001", "non_conforme"),
        ("TT-PIE-001", "conforme"),
    ]
    assert [one.plugin for one in checked.report.constats] == ["service 0"]
    assert [one.name for one in produce(checked, Order(), TODAY)] == ["depot/fiche-ddt.txt"]


@pytest.mark.parametrize(
    "weaker",
    [
        {"gravite": make_rule(gravite=None).gravite},
        {"schema": {"pieces.plan": {"required": False}}},
        {"au": TODAY.replace(year=2020)},
        {"si": {"dossier.etape": {"allowed": ["suite"], "type": "string"}}},
    ],
    ids=["gravité", "schéma", "fin", "condition"],
)
def test_it_cannot_remove_or_weaken_a_rule_of_the_format(weaker: Any, folder: Callable[..., Path]) -> None:
    service = adding(make_rule("TT-PIE-001", **weaker), make_rule("DDT-PIE-001"))
    plugins = Plugins(disabled=OURS, extra={"petit": tiny_plugin(tiny_format()), "service": service})
    report = check_dossier(
        folder(**{"autre.txt": "x"}), plugins, Request(today=TODAY, format_id="tout_petit")
    ).report
    assert [(one.id, one.etat.value) for one in report.regles] == [("TT-PIE-001", "non_conforme")]
    assert (report.verdict, report.exit_code) == (Verdict.A_COMPLETER, 1)
    assert [one.nom for one in report.plugins if one.etat == "echec"] == ["service"]


def test_a_rule_that_says_it_replaces_another_does_not_end_it(folder: Callable[..., Path]) -> None:
    service = adding(make_rule("DDT-PIE-001", remplace="TT-PIE-001"))
    plugins = Plugins(disabled=OURS, extra={"petit": tiny_plugin(tiny_format()), "service": service})
    report = check_dossier(folder(**{"plan.txt": "x"}), plugins, Request(today=TODAY)).report
    assert [one.id for one in report.regles] == ["DDT-PIE-001", "TT-PIE-001"]


def test_between_two_that_add_the_same_rule_neither_is_chosen() -> None:
    given = {"un": adding(make_rule("XX-PIE-001")), "deux": adding(make_rule("XX-PIE-001"))}
    plugins = Plugins(disabled=OURS, extra={"petit": tiny_plugin(tiny_format()), **given})
    assert [rule.id for rule in plugins.formats()["tout_petit"].rules] == ["TT-PIE-001"]
    assert {one.nom for one in plugins.statuses if one.etat == "echec"} == {"un", "deux"}


# --- the deadline ------------------------------------------------------------------------------


def endless() -> None:
    while True:
        time.sleep(0.01)


@pytest.mark.parametrize("thread", [False, True], ids=["fil principal", "autre fil"])
def test_what_takes_too_long_is_given_up(thread: bool) -> None:
    import threading

    raised: list[BaseException] = []

    def call() -> None:
        try:
            within(0.2, endless)
        except TimeoutError as error:
            raised.append(error)

    started = time.monotonic()
    if thread:
        other = threading.Thread(target=call)
        other.start()
        other.join()
    else:
        call()
    assert len(raised) == 1
    assert time.monotonic() - started < 5


def test_what_is_timed_inside_what_is_timed_does_not_lengthen_it() -> None:
    def outer() -> None:
        within(5, lambda: 3)
        endless()

    with pytest.raises(TimeoutError):
        within(0.2, outer)


def test_what_ends_in_time_returns_or_raises_as_it_would() -> None:
    assert within(5, lambda: 3) == 3
    with pytest.raises(ZeroDivisionError):
        within(5, lambda: 1 / 0)


def test_readers_of_strangers_are_called_apart(folder: Callable[..., Path]) -> None:
    @hookimpl
    def assembler_readers() -> list[Reader]:
        return [Reader(natures=frozenset({"pdf"}), read=leaving)]

    extra = {
        "petit": tiny_plugin(tiny_format()),
        "lecteur": PluginObject(assembler_readers=assembler_readers),
    }
    root = folder(**{"plan.txt": "x", "autre.pdf": "%PDF-1.4\n"})
    report = check_dossier(root, Plugins(disabled=OURS, extra=extra), Request(today=TODAY)).report
    assert report.dossier is not None
    assert report.dossier.source("autre.pdf").defaut is not None
