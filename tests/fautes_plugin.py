"""Faults planted one by one in the plugin that « assemble plugin nouveau » writes, and what is said."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

__all__ = ["FAULTS", "Fault"]

CODE, RULES = "src/essai_kit/format.py", "src/essai_kit/regles/pieces.yaml"
COMPLETE, EXPECTED = "fixtures/essai_kit/complet", "fixtures/essai_kit/attendus.yaml"
_BUILT = """

def _fabrique(case: Case, copy: Copy) -> bytes:
    from assembler.testing import make_file

    {body}


DOCUMENTS = (
    *DOCUMENTS,
    Template(id="feuille", step="depot", title="Feuille", build=_fabrique, extension="{extension}"),
)


def se_reconnait("""


@dataclass(frozen=True, kw_only=True)
class Fault:
    """A fault, planted by ``plant``; ``promise`` is the one that it breaks, ``said`` what the kit says."""

    name: str
    promise: str
    said: str
    plant: Callable[[Path], None]


def _replaced(file: str, old: str, new: str) -> Callable[[Path], None]:
    def plant(root: Path) -> None:
        text = (root / file).read_text(encoding="utf-8")
        assert text.count(old) == 1, (file, old)
        (root / file).write_text(text.replace(old, new), encoding="utf-8")

    return plant


def _built(body: str, extension: str = "docx") -> Callable[[Path], None]:
    """Add a document made by code."""
    return _replaced(CODE, "\n\ndef se_reconnait(", _BUILT.format(body=body, extension=extension))


def _added(file: str, content: str) -> Callable[[Path], None]:
    def plant(root: Path) -> None:
        (root / file).parent.mkdir(parents=True, exist_ok=True)
        with (root / file).open("a", encoding="utf-8") as stream:
            stream.write(content)

    return plant


def _template(text: str) -> Callable[[Path], None]:
    def plant(root: Path) -> None:
        from assembler.testing import make_file

        content = make_file("gabarit.docx", text)
        (root / "src/essai_kit/gabarits/accuse-reception.docx").write_bytes(content)

    return plant


def _rule(old: str, new: str) -> Callable[[Path], None]:
    return _replaced(RULES, old, new)


_EMPTY_PACKAGE = """import io, zipfile
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w") as package:
        package.writestr(zipfile.ZipInfo("word/document.xml"), "<document/>")
    return stream.getvalue()"""

FAULTS = (
    Fault(
        name="un import qui échoue",
        promise="chargement",
        said="ModuleNotFoundError : No module named 'introuvable'",
        plant=_added("src/essai_kit/__init__.py", "\nimport introuvable\n"),
    ),
    Fault(
        name="un point d’entrée mal écrit",
        promise="chargement",
        said="assembler_format",
        plant=_replaced("src/essai_kit/__init__.py", "def assembler_formats()", "def assembler_format()"),
    ),
    Fault(
        name="un point d’entrée qui ne rend rien",
        promise="chargement",
        said="il n’apporte rien : ni format, ni règle",
        plant=_replaced("src/essai_kit/__init__.py", "return [essai_kit()]", "essai_kit()"),
    ),
    Fault(
        name="un format qui n’en est pas un",
        promise="chargement",
        said="assembler_formats rend str au lieu de Format",
        plant=_replaced("src/essai_kit/__init__.py", "return [essai_kit()]", 'return ["essai_kit"]'),
    ),
    Fault(
        name="un document deux fois",
        promise="chargement",
        said="documents contient deux fois « accuse-reception »",
        plant=_replaced(CODE, "documents=DOCUMENTS,", "documents=DOCUMENTS * 2,"),
    ),
    Fault(
        name="une étape inconnue",
        promise="chargement",
        said="règle EK-PIE-001 : l’étape « depots » n’existe pas",
        plant=_rule("etape: depot", "etape: depots"),
    ),
    Fault(
        name="un motif sans fin",
        promise="chargement",
        said="pièce « demande »",
        plant=_replaced(CODE, r'names=(r"^demande\b",)', r'names=(r"^(d+e*)+mande$",)'),
    ),
    Fault(
        name="un exemple qui finit autrement",
        promise="chargement",
        said="l’exemple « non_conforme » n° 1",
        plant=_rule("non_conforme: [{pieces: {}}]", "non_conforme: [{pieces: {demande: {lisible: true}}}]"),
    ),
    Fault(
        name="une règle sans correction",
        promise="chargement",
        said="« correction » : on attend une valeur, obligatoire",
        plant=_rule("correction: Joignez la demande au dossier, en .docx, .odt ou .pdf.", "correction:"),
    ),
    Fault(
        name="le préfixe d’un autre",
        promise="identifiants",
        said="le préfixe « GEN » des règles est celui du plugin « commun »",
        plant=lambda root: (_rule("EK-PIE-001", "GEN-PIE-901")(root), _expected("GEN-PIE-901")(root))[0],
    ),
    Fault(
        name="une pièce au nom accentué",
        promise="identifiants",
        said="la pièce « demande_signée »",
        plant=lambda root: (
            _replaced(CODE, 'id="demande"', 'id="demande_signée"')(root),
            _rule("pieces.demande:", "pieces.demande_signée:")(root),
            _rule("conforme: [{pieces: {demande:", "conforme: [{pieces: {demande_signée:")(root),
        )[0],
    ),
    Fault(
        name="une règle sans date",
        promise="regles",
        said="EK-PIE-001 : « du » manque",
        plant=_rule("  du: 2026-01-01\n", ""),
    ),
    Fault(
        name="une règle qui remplace celle qui n’existe pas",
        promise="regles",
        said="EK-PIE-001 remplace EK-PIE-000, qui n’existe pas",
        plant=_rule("  du: 2026-01-01\n", "  du: 2026-01-01\n  remplace: EK-PIE-000\n"),
    ),
    Fault(
        name="un contrôle qui échoue sur ses exemples",
        promise="exemples",
        said="l’exemple « conforme » n° 1 finisse ainsi, et non « non_verifie »",
        plant=lambda root: (
            _replaced(
                CODE,
                "\n\ndef se_reconnait(",
                '\n\ndef _rate(facts: Any) -> Any:\n    raise ValueError("raté")\n\n\ndef se_reconnait(',
            )(root),
            _replaced(CODE, "CONTROLES, fields", '{"rate": _rate, **CONTROLES}, fields')(root),
            _rule(
                "schema:\n    pieces.demande: {required: true}", "controle: rate\n  lit: [dossier.fichiers]"
            )(root),
        )[0],
    ),
    Fault(
        name="un dossier complet qui ne l’est pas",
        promise="dossier-complet",
        said="complet : EK-PIE-001 (non_conforme)",
        plant=lambda root: (root / COMPLETE / "Demande.docx").unlink(),
    ),
    Fault(
        name="un constat attendu qui ne vient pas",
        promise="dossiers-en-defaut",
        said="defauts/sans-demande : EK-PIE-001 non_conforme trouvé, non attendu",
        plant=_replaced(EXPECTED, ", non_conforme: [EK-PIE-001]", ""),
    ),
    Fault(
        name="un dossier d’essai oublié",
        promise="dossiers-en-defaut",
        said="le dossier « defauts/oublie » n’a pas de ligne dans attendus.yaml",
        plant=_added("fixtures/essai_kit/defauts/oublie/dossier.yaml", "format: essai_kit\n"),
    ),
    Fault(
        name="un gabarit qui nomme ce qui n’existe pas",
        promise="documents",
        said="le document « accuse-reception » n’est pas produit",
        plant=_template("Bonjour {{ prenom }}"),
    ),
    Fault(
        name="un document daté de l’instant",
        promise="reproductible",
        said="complet/sortie/depot/feuille.docx change d’une fois à l’autre",
        plant=_built('import time\n    return make_file("a.docx", f"Fait à {time.time()}")'),
    ),
    Fault(
        name="un document dans l’ordre d’un ensemble",
        promise="reproductible",
        said="complet/sortie/depot/feuille.txt change d’une fois à l’autre",
        plant=_built('return ", ".join({*"abcdefghijklmnop"}).encode()', "txt"),
    ),
    Fault(
        name="une balise laissée",
        promise="balises",
        said="« Bonjour {{ prenom }} »",
        plant=_built('return make_file("a.docx", "Bonjour {{ prenom }}")'),
    ),
    Fault(
        name="un None imprimé",
        promise="balises",
        said="« Reçu le None »",
        plant=_built('return make_file("a.docx", f"Reçu le {case.fiche.get(\'inconnu\')}")'),
    ),
    Fault(
        name="un fichier que Word ne peut pas ouvrir",
        promise="office",
        said="[Content_Types].xml manque",
        plant=_built(_EMPTY_PACKAGE),
    ),
    Fault(
        name="un fichier écrit ailleurs",
        promise="sortie",
        said="écrit hors de sortie/",
        plant=_built(
            'from pathlib import Path\n    (Path(case.dossier.path).parent / "trace.txt").write_text("vu")\n'
            '    return b"fait"',
            "txt",
        ),
    ),
    Fault(
        name="une pièce modifiée",
        promise="pieces",
        said="complet/Demande.docx a été modifié ou retiré",
        plant=_built(
            "from pathlib import Path\n    piece = Path(case.dossier.sources[0].path)\n"
            '    piece.write_bytes(piece.read_bytes() + b" ")\n    return b"fait"',
            "txt",
        ),
    ),
    Fault(
        name="un format qui ne se reconnaît pas",
        promise="reconnaissance",
        said="le format ne reconnaît pas son dossier « complet »",
        plant=lambda root: (
            (root / COMPLETE / "dossier.yaml").unlink(),
            _replaced(CODE, 'any("essai kit" in text for text in texts)', "not list(texts)")(root),
        )[0],
    ),
)
"""One fault each; every promise of the contract is broken at least once."""


def _expected(rule: str) -> Callable[[Path], None]:
    return _replaced(EXPECTED, "EK-PIE-001", rule)
