"""A broken plugin is named and listed with its cause; the rest works, and says that it is not whole."""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from conftest import OURS, TODAY, PluginObject, make_rule, tiny_format, tiny_plugin
from dossiers import copied
from greffons import assemble, install

from assembler.contributions import Copy, Reader, Reporter, Template
from assembler.deadline import within
from assembler.errors import PluginError
from assembler.hookspecs import hookimpl
from assembler.manager import Plugins
from assembler.model import State, Verdict
from assembler.pipeline import Order, Request, check_dossier, produce

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
    "import qui échoue": ("import introuvable", "ModuleNotFoundError : No module named 'introuvable'"),
    "import qui sort": ("import sys; sys.exit(0)", "SystemExit : 0"),
    "faute de syntaxe": ("def (:", "SyntaxError"),
    "crochet mal écrit": (HEAD + FORMATS.format("1").replace("formats", "format"), "assembler_format"),
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
        "la règle « LO-DUR-004 » du format « local » est fourni deux fois, par casse 0.1.0 et local 0.1.0",
    ),
    "document d’un autre": (
        HEAD
        + RULES.replace("rules", "documents").format('Template(id="cctp", step="lancement", title="CCTP")'),
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
    monkeypatch.delitem(sys.modules, "casse", raising=False)
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
    assert run(LOADING["règle d’un autre"][0], "formats", "--strict-plugins").returncode == 3
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


def test_a_format_that_fails_to_say_what_is_settled_leaves_the_rules_judged(
    folder: Callable[..., Path],
) -> None:
    plugins = engine(settled=raising)
    report = check_dossier(folder(**{"plan.txt": "x"}), plugins, Request(today=TODAY)).report
    assert [one.etat for one in report.regles] == [State.CONFORME]
    assert report.verdict is Verdict.NON_CONCLUANT
    assert [one.cause for one in report.plugins if one.etat == "echec"] == ["ValueError : boum"]


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
