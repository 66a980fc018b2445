"""What a plugin hands over: frozen, keyword-only values with documented fields.

A plugin builds these and returns them from its hooks (:mod:`assembler.hookspecs`); the engine
never asks a plugin anything else.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from importlib.resources.abc import Traversable
from pathlib import Path
from typing import Any

from assembler.model import Dossier, Frozen, Observation, Reading, Report, Severity, Source
from assembler.text import plain

__all__ = [
    "FAMILIES",
    "RULE_ID",
    "Case",
    "Check",
    "Copy",
    "Field",
    "FieldSchema",
    "Format",
    "Piece",
    "Reader",
    "Reference",
    "ReferenceFile",
    "Reporter",
    "Rule",
    "Section",
    "Step",
    "Template",
]

FAMILIES: Mapping[str, str] = {
    "FIC": "Fiche du dossier",
    "PIE": "Pièces",
    "SIG": "Signatures",
    "DES": "Destinataire",
    "NOT": "Note",
    "POR": "Portage",
    "TER": "Territoire",
    "THE": "Thématiques",
    "DUR": "Durées",
    "SES": "Sessions",
    "CAL": "Calendrier",
    "FIN": "Financement",
    "MAR": "Marché",
    "LIV": "Livrables",
    "RES": "Mise en réseau",
    "CAP": "Capitalisation",
    "COH": "Cohérence entre les pièces",
    "IDE": "Identifiants",
}
"""The families of rules (second part of an id), in the order of the work."""

RULE_ID = re.compile(r"[A-Z][A-Z0-9]*-[A-Z]{2,4}-\d{3}")
"""How a rule is named: its plugin’s own prefix, its family, its number (« LO-DUR-004 »)."""

Check = Callable[..., Iterable[Observation]]
"""``check(facts: Frozen, **parametres) -> Iterable[Observation]``: what Cerberus cannot say.

``facts`` is ``{fiche, pieces, instruction, referentiels, dossier}``, read-only. Nothing yielded means
conforme.
"""


@dataclass(frozen=True, kw_only=True, slots=True)
class Step:
    """A step of a format, in the order of the work."""

    id: str
    title: str


@dataclass(frozen=True, kw_only=True, slots=True)
class Section:
    """A section that a piece is expected to hold."""

    id: str
    title: str
    """French, as shown to people."""
    patterns: tuple[str, ...]
    """Regular expressions, compared with the heading once numbering, case, accents and
    « Section 3 - » or « Annexe 1 » marks are taken off (full match)."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Piece:
    """A piece that a dossier may hold, and how to know it.

    Every pattern is a regular expression compared with *plain* text: lower case, no accents,
    separators and punctuation as single spaces (``assembler.text.plain``).
    """

    id: str
    title: str
    """French, with its article left out: « note d’opportunité »."""
    many: bool = False
    """Several may stand in one dossier; its facts are then always a list."""
    names: tuple[str, ...] = ()
    """Patterns searched in the file's name, version marks, dates and numbers taken off. One with named
    groups is searched in the whole name: what they capture are the facts ``pieces.<id>.nom.<group>``."""
    folders: tuple[str, ...] = ()
    """Sub-folders that it may lie in, or below, as people write them (« Pieces_ecrites/3_Reglement »); empty:
    anywhere. Elsewhere, it is found all the same, and said to be misplaced; ``bien_range`` is the fact. For a
    piece without ``names``, whatever lies there is it."""
    natures: frozenset[str] = frozenset({"docx", "odt", "pdf"})
    """Admitted natures."""
    clues: tuple[tuple[str, ...], ...] = ()
    """Groups of patterns; a group is met when all of its patterns are found in the text.
    The piece whose met group is longest is recognised by content; a tie recognises nothing."""
    signatories: tuple[str, ...] = ()
    """Patterns of the quality of who signs it, searched in the last lines."""
    unlikely: tuple[str, ...] = ()
    """Patterns that rule the piece out when found in its text (last word over names)."""
    sections: tuple[Section, ...] = ()
    mentions: Mapping[str, str] = field(default_factory=dict)
    """Facts ``mentions.<id>``: pattern on plain text, reported with its excerpt and place. One that holds
    « € » or « @ » bears on the text as written, in lower case without accents."""
    letter: bool = False
    """Has a date, an addressee, a signatory and a signature."""
    facts: Callable[[Source, Frozen, Path], Mapping[str, Any]] | None = None
    """Further facts that a plugin draws from each such piece, given its first file, the fiche (total) and the
    folder where the dossier's documents are written. A function of a module: it is called in the process
    that reads, within the limits of one file, and opens the file itself. When it fails, the fact
    ``non_examine`` says why, in French."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Field:
    """One field of the fiche."""

    type: str = "groupe"
    """``texte``, ``entier``, ``decimal``, ``date``, ``date_heure``, ``date_libre`` (a day, a month
    or nothing), ``mois`` (11 or « 10 à 12 »), ``booleen``, ``libre`` (kept as read) or ``groupe``."""
    label: str = ""
    help: str = ""
    many: bool = False
    """A list of such values."""
    values: tuple[str, ...] = ()
    """Closed list, when there is one."""
    shown: tuple[str, ...] = ()
    """What a person reads for each of ``values``, in the same order; empty: the values themselves."""
    fields: Mapping[str, Field] = field(default_factory=dict)
    """Children of a ``groupe``."""
    digits: int | None = None
    """``texte``: a code of that many digits, when it is one: a spreadsheet eats its first zero."""
    unit: str = ""
    """``decimal``: « % » or « € », which a person may type after the number."""
    required: bool = False
    """Documents are refused without it: the form to fill in says so."""
    since: str | None = None
    """Step from which it serves; None: from the first. A form to fill in earlier leaves it out."""


@dataclass(frozen=True, kw_only=True, slots=True)
class FieldSchema:
    """The fields of a fiche: a tree of groups, each leaf typed once."""

    root: Field


@dataclass(frozen=True, kw_only=True, eq=False)
class ReferenceFile:
    """A kind of record that is kept beside the dossiers, one file each, and that rules compare with.

    The record that a fiche names stands in the facts at ``referentiels.<id>``. Rules that read it
    are non_verifie when it was not found, non_applicable when the fiche names none.
    """

    id: str
    title: str
    """French: « accord-cadre »."""
    folder: str
    """Name of the folder that holds the files: « accords-cadres »."""
    fields: FieldSchema
    key: str
    """Field of the record that names it (``numero``)."""
    named_by: str
    """Dotted path, in the fiche, that names the record or holds it whole (``marche.accord_cadre``)."""
    catalogue: tuple[Mapping[str, Any], ...] | None = None
    """Records that come with the plugin. When given, the facts hold every record by its plain key: these,
    and those of the folder, which replace them."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Reference:
    """The public source of a rule."""

    texte: str
    url: str | None = None
    citation: str | None = None


@dataclass(frozen=True, kw_only=True, eq=False)
class Rule:
    """One rule: what is checked, why, how to mend it, where it is written, since when, its tests.

    The attributes are the keys of the YAML block (conception.md § 4); loaded by
    :func:`assembler.rulefiles.load_rules`, which refuses a malformed one.
    """

    id: str
    titre: str
    nature: str
    gravite: Severity
    pourquoi: str
    correction: str
    reference: Reference
    etape: str | None = None
    """Applies from this step on; None: at every step."""
    jusqu_a: str | None = None
    du: dt.date | None = None
    au: dt.date | None = None
    remplace: str | None = None
    courrier: str | None = None
    si: Mapping[str, Any] = field(default_factory=dict)
    schema: Mapping[str, Any] = field(default_factory=dict)
    check: Check | None = None
    parametres: Mapping[str, Any] = field(default_factory=dict)
    lit: tuple[str, ...] = ()
    """Dotted paths that a Python check reads. A piece that cannot be read, or a value of the wrong type,
    leaves the rule non_verifie; pieces that are all absent, non_applicable. A field left empty is for the
    check to judge."""
    exemples: Mapping[str, Sequence[Mapping[str, Any]]] = field(default_factory=dict)
    origin: str = ""
    """``file:line`` of the block."""

    def in_force(self, day: dt.date) -> bool:
        """Tell whether the rule is in force on ``day`` (both ends inclusive)."""
        return (self.du is None or self.du <= day) and (self.au is None or day <= self.au)


@dataclass(frozen=True, kw_only=True, slots=True)
class Case:
    """What a document is made from: the facts, what the checks say of them, and the day."""

    dossier: Dossier
    report: Report
    format: Format
    rules: tuple[Rule, ...]
    """Rules in force on the dossier's date."""
    edition: dt.date
    """Date of edition, printed where a document bears one."""
    fiche: Frozen
    """The fiche, total: every field of the schema exists, None or empty when not given."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Copy:
    """One of the documents that a template makes (one per collectivité, titulaire, session…)."""

    suffix: str = ""
    """Added to the file name: ``courrier-collectivite-<suffix>.docx``."""
    subject: Any = None
    """What this copy is about, handed back to ``context`` or ``build``."""
    extension: str | None = None
    """Of this copy, when one document is made in two kinds of files (``feuille-route.xlsx``)…"""
    build: Callable[[Case, Copy], bytes] | None = None
    """… and what makes it then, instead of the template's."""


def _one(_case: Case) -> Iterable[Copy]:
    return (Copy(),)


def _always(_case: Case) -> str | None:
    return None


@dataclass(frozen=True, kw_only=True, slots=True)
class Template:
    """A document that a format produces at a step, from a Word template or by code."""

    id: str
    step: str
    title: str
    """French, as listed."""
    audience: str = ""
    """French: the person served."""
    template: Traversable | None = None
    """A Word file in docxtpl syntax."""
    context: Callable[[Case, Copy], Mapping[str, Any]] | None = None
    """With ``template``: the values its tags print."""
    build: Callable[[Case, Copy], bytes] | None = None
    """Instead of ``template``: makes the file's bytes (workbooks)."""
    extension: str = "docx"
    condition: Callable[[Case], str | None] = _always
    """Returns None to produce, or the French reason for which there is nothing to produce."""
    copies: Callable[[Case], Iterable[Copy]] = _one
    binding: bool = False
    """Refused while a blocking finding stands at its step."""
    despite_findings: bool = False
    """Binding, yet made whatever the findings: a refusal is written because of them."""
    on_request: bool = False
    """Made only when named with ``--documents``."""
    enclosed: bool = False
    """Goes beside the pieces in the zip that « sceller » makes; a file of that name in a dossier (with any
    extension) is then no piece."""
    piece: str | None = None
    """The piece of which it is the frame: « nouveau » puts it in the dossier, under the piece's name."""


@dataclass(frozen=True, kw_only=True)
class Format:
    """One format of the programme, complete."""

    id: str
    title: str
    """French: « Atelier local »."""
    steps: tuple[Step, ...]
    fiche: FieldSchema | None
    """None for a format whose dossiers have no fiche."""
    instruction: FieldSchema | None = None
    """Fields of ``instruction.yaml``, the desk's own data."""
    reference_files: tuple[ReferenceFile, ...] = ()
    """Kinds of records kept beside the dossiers."""
    pieces: tuple[Piece, ...]
    rules: tuple[Rule, ...] = ()
    documents: tuple[Template, ...] = ()
    settled: Callable[[Frozen], str | None] = lambda _facts: None
    """Given the facts, why the rules of the first step are no longer judged (a decision was taken:
    « éligibilité notifiée le … »), or None."""
    decided: Callable[[Frozen], str | None] = lambda _facts: None
    """Given the facts, what was decided of the dossier, as a register shows it (« candidature non retenue,
    04/05/2026 »), or None."""
    folder_name: str | None = None
    """Pattern of the whole name of a dossier's folder, on plain text. A folder so named is of this format,
    when no fiche and no option says; the named groups are the facts ``dossier.nom.<group>``."""
    detect: Callable[[Sequence[Source]], bool] = lambda _sources: False
    """Does this folder look like mine? Asked only when no fiche, no option and no folder's name says."""
    day: Callable[[Frozen], dt.date | None] | None = None
    """Given the facts, the date that the dossier bears, in the name of its folder or in a piece: it chooses
    the rules in force when neither an option nor the fiche (``date_depot``) does."""
    examples: Callable[[], Iterable[Mapping[str, bytes]]] = tuple
    """Example dossiers, of invented people: the content of each file by its path, those of the dossier
    below ``dossier/``, the reference files in their folder beside it. From what they give, the template
    doctor knows what each document may print."""
    glossary: Callable[[], Mapping[str, str]] = dict
    """French of what the templates print, by dotted name or by its last words (``signature.nom``,
    ``nom``), for those who write templates."""

    proposed: Callable[[Case | None, Mapping[str, Sequence[str]]], Mapping[str, Any]] = lambda _, __: {}
    """What a fiche may hold before anybody fills it in, by dotted path: what the pieces of the folder say
    (None: it has none), and what the command line says, by option: ``{"commune": […], "epci": […]}``. Raises
    :class:`~assembler.errors.UsageError`, in French, for a name that nobody bears, or several."""

    def later(self, step: str) -> frozenset[str]:
        """Return the fields, of the root of the fiche, that do not serve yet at a step."""
        order = [one.id for one in self.steps]
        fields = self.fiche.root.fields if self.fiche else {}
        return frozenset(
            name
            for name, one in fields.items()
            if one.since in order and order.index(one.since) > order.index(step)
        )

    def named(self, folder: str) -> Mapping[str, str | None] | None:
        """Return what the name of a folder tells, by named group; None when it is no name of this format."""
        found = re.fullmatch(self.folder_name, plain(folder)) if self.folder_name else None
        return found.groupdict() if found else None

    def enclosing(self, name: str) -> Template | None:
        """Return the document, if any, of those that go beside the pieces, that a file of that name is."""
        leaf = name.rpartition("/")[2].casefold()
        return next((one for one in self.documents if one.enclosed and leaf.startswith(one.id)), None)


@dataclass(frozen=True, kw_only=True, slots=True)
class Reader:
    """Reads files of some natures into a :class:`~assembler.model.Reading`."""

    natures: frozenset[str]
    read: Callable[[bytes], Reading]
    """Raises :class:`~assembler.errors.ReadingError`."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Reporter:
    """Shows reports under a name given to ``--rapport``."""

    name: str
    render: Callable[[Sequence[Report]], bytes]
    """UTF-8 text, or the bytes of a file."""
