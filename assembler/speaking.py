"""How the command says what became of the documents, and what a console can show; ``cli`` prints it."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from assembler.model import Made, Report

__all__ = ["made_line", "printable", "sealed_lines", "started_lines", "verdict_lines"]

_KINDS = {
    "nouveau": "écrit",
    "mis_a_jour": "mis à jour",
    "inchange": "inchangé",
    "garde": "modifié à la main, gardé ; rien de neuf à proposer",
    "a_cote": "modifié à la main, gardé ; la nouvelle version est à côté, « {new} »",
    "deja_propose": "modifié à la main, gardé ; la nouvelle version est déjà à côté, « {new} »",
    "ouvert": "laissé tel quel ; la nouvelle version est à côté, « {new} »",
    "repris": "repris",
    "apercu": "serait produit",
    "sans_objet": "sans objet",
    "refuse": "refusé",
    "echec": "pas écrit",
    "sans_libreoffice": "pas faites",
}
_LOOKALIKES = str.maketrans(
    {
        "\u202f": " ",
        "\u00a0": " ",
        "’": "'",
        "«": '"',
        "»": '"',
        "→": "->",
        "–": "-",
        "—": "-",
        "…": "...",
        "œ": "oe",
    }
)


def made_line(made: Made) -> str:
    """Return what became of a document, as a folded line of a list; it names the file it speaks of."""
    from assembler.text import fold

    told = (made.reason or "").removeprefix(f"{made.id} : ").rstrip(".")
    reason = f" (à compléter : {told})" if made.lacking else f" ({made.reason})" if made.reason else ""
    what = _KINDS[made.kind].replace("{new}", made.name.rpartition("/")[2])
    return "\n".join(fold(f"- {made.file or made.name} : {what}{reason}", "  ", "    "))


def verdict_lines(reports: Sequence[Report]) -> Iterator[str]:
    """Yield the verdict of each report, for a terminal that the report itself does not reach."""
    from assembler.reporters.wording import VERDICTS, counts, name_of, told_apart
    from assembler.text import fold

    for report in told_apart(reports):
        if report.verdict is None:
            yield from fold(f"{name_of(report)} : rien à contrôler ({report.erreur})")
        else:
            told = f"{VERDICTS[report.verdict].upper()}. {counts(report)}"
            yield from fold(f"{name_of(report)} : {told}", "", "  ")


def started_lines(
    folder: object, written: Sequence[str], kept: Sequence[str], proposed: str | None = None
) -> Iterator[str]:
    """Yield what « nouveau » put in a dossier, and what it left as it was; what it proposes is to be read."""
    from assembler.text import fold

    told = "Dossier prêt à remplir" if written else "Rien à ajouter"
    yield from fold(" ".join(f"{told} : {folder}".split()))
    for name in written:
        told = " : propose ce que disent les pièces ; relisez-la" if name == proposed else ""
        yield from fold(f"- {name}{told}", "  ", "    ")
    for name in kept:
        yield from fold(f"- {name} : gardé tel quel", "  ", "    ")


def sealed_lines(report: Report, notes: Sequence[str]) -> Iterator[str]:
    """Yield what to know of a zip that was just sealed: what it says, and what it is not."""
    from assembler.reporters.wording import VERDICTS
    from assembler.text import fold

    for note in notes:
        yield from fold(note)
    if report.verdict:
        yield from fold(f"Verdict inscrit : {VERDICTS[report.verdict]}.")
    yield from fold("La fiche de contrôle décèle un changement des pièces ; ce n’est pas une signature.")


def printable(text: str, encoding: str) -> str:
    """Return what a console can show of a text: what its encoding lacks is spelt with what it has.

    What a file or its name says can neither move the cursor nor turn the line round.
    """
    from assembler.text import clean

    text = clean(text)
    try:
        text.encode(encoding)
    except UnicodeEncodeError:
        return text.translate(_LOOKALIKES).encode(encoding, errors="replace").decode(encoding)
    return text
