"""The values that flow through the engine; no input, no output, nothing mutable.

A dossier becomes plain facts (:class:`Dossier`), the facts are judged (:class:`RuleResult`,
:class:`Finding`), the judgement is reported (:class:`Report`) and poured into documents
(:class:`Document`). Words in ``str`` enumerations are those of the JSON report.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from enum import Enum
from typing import Any

__all__ = [
    "Block",
    "Document",
    "Dossier",
    "FicheFault",
    "Finding",
    "Frozen",
    "JournalLine",
    "Location",
    "Made",
    "Months",
    "Observation",
    "PluginStatus",
    "Reading",
    "Report",
    "RuleResult",
    "Seal",
    "Severity",
    "Signature",
    "Source",
    "State",
    "Verdict",
    "dig",
    "freeze",
]


class Severity(Enum):
    """How serious a non-conformity is; one per rule id, never by case."""

    BLOCKING = "bloquant"
    REVIEW = "a_verifier"
    INFO = "information"

    @property
    def label(self) -> str:
        """French, as shown to people."""
        return "à vérifier" if self is Severity.REVIEW else self.value


class State(Enum):
    """What became of a rule on a dossier."""

    CONFORME = "conforme"
    NON_CONFORME = "non_conforme"
    NON_APPLICABLE = "non_applicable"
    NON_VERIFIE = "non_verifie"
    A_VOIR = "a_voir"
    VISE = "vise"


class Verdict(Enum):
    """What the checks say of a dossier; only the DGALN decides."""

    CONFORME = "conforme"
    A_COMPLETER = "a_completer"
    A_VOIR = "a_voir"
    NON_CONCLUANT = "non_concluant"

    @property
    def exit_code(self) -> int:
        """0, 1 or 3."""
        return {"conforme": 0, "a_completer": 1}.get(self.value, 3)


class Frozen(Mapping[str, Any]):
    """A read-only mapping whose values are read-only all the way down (see :func:`freeze`)."""

    __slots__ = ("_data",)

    def __init__(self, data: Mapping[str, Any]) -> None:
        self._data = {key: freeze(value) for key, value in data.items()}

    def __getitem__(self, key: str) -> Any:
        return self._data[key]

    def __iter__(self) -> Iterator[str]:
        return iter(self._data)

    def __len__(self) -> int:
        return len(self._data)

    def __repr__(self) -> str:
        return f"Frozen({self._data!r})"


def freeze(value: Any) -> Any:
    """Return ``value`` with mappings and lists made read-only, recursively."""
    if isinstance(value, Frozen):
        return value
    if isinstance(value, Mapping):
        return Frozen(value)
    if isinstance(value, (list, tuple)):
        return tuple(freeze(item) for item in value)
    return value


def dig(facts: Any, path: str, default: Any = None) -> Any:
    """Return what stands at a dotted ``path`` (``fiche.accompagnement.duree_mois``), or ``default``."""
    here = facts
    for step in path.split("."):
        if isinstance(here, Mapping) and step in here:
            here = here[step]
        elif isinstance(here, (list, tuple)) and step.isdigit() and int(step) < len(here):
            here = here[int(step)]
        else:
            return default
    return default if here is None else here


@dataclass(frozen=True, slots=True, order=True)
class Months:
    """A duration in months, exact (``min == max``) or a range (« 10 à 12 »)."""

    min: int
    max: int

    def __str__(self) -> str:
        return str(self.min) if self.min == self.max else f"{self.min} à {self.max}"


@dataclass(frozen=True, kw_only=True, slots=True)
class Location:
    """Where something stands in a dossier, in the words of the person's work."""

    piece: str | None = None
    """Id of the piece."""
    fichier: str | None = None
    """Path of the file, relative to the dossier, with ``/``."""
    champ: str | None = None
    """Dotted path in the fiche, without the leading ``fiche.``."""
    ligne: int | None = None
    page: int | None = None
    feuille: str | None = None
    cellule: str | None = None
    paragraphe: int | None = None
    extrait: str | None = None
    libelle: str = ""
    """The place in French, as printed (« dossier.yaml, ligne 31 »)."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Block:
    """One paragraph of a piece, in reading order."""

    text: str
    """Visible text: insertions in, deletions and placeholders of empty controls out."""
    level: int | None = None
    """Heading level 1 to 9, or None for running text."""
    bold: bool = False
    """The whole visible text is bold."""
    listed: bool = False
    """A list item."""
    in_table: bool = False
    page: int | None = None
    """Page from 1, when the nature has pages."""
    anchor: tuple[int, ...] = ()
    """docx, odt: child positions from the body down to the paragraph, element by element."""
    picture: bool = False
    """Holds an image, a drawing or an embedded object."""
    size: float | None = None
    """PDF: character height in points."""
    hint: bool = False
    """Unfilled: text of an empty control, or greyed guidance. Does not count as filled in."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Signature:
    """A mark of signature found in a piece."""

    etat: str
    """``electronique``, ``cachet_parapheur``, ``visible`` or ``numerisee`` (conception § 3.3)."""
    signataire: str | None = None
    date: dt.date | None = None
    page: int | None = None
    detail: str | None = None
    """French: what was established and what was not."""
    integre: bool | None = None
    """Whether what was signed is what the file still says; None when that could not be told."""
    detachee: bool = False
    """It stands in a file of its own, beside the one that it signs."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Reading:
    """What a reader saw in one file; every rule works on this record, none opens the file."""

    nature: str
    """``docx``, ``pdf``, ``odt``, ``xlsx``, ``image``…"""
    forme: str
    """``editable``, ``pdf``, ``numerise`` or ``image``."""
    blocks: tuple[Block, ...] = ()
    headers: str = ""
    """Text of headers and letterhead, out of the sections."""
    pages: int | None = None
    signatures: tuple[Signature, ...] = ()
    revisions: int = 0
    commentaires: int = 0
    macros: int = 0
    objets_lies: int = 0
    ocr: bool = False
    """The text was read on images, by our recognition of characters or the copier's: it may be wrong."""

    @property
    def text(self) -> str:
        """The blocks' text, one line each."""
        return "\n".join(block.text for block in self.blocks)

    @property
    def weight(self) -> int:
        """About what it takes of memory, in characters (:mod:`assembler.memory`)."""
        return sum(200 + len(block.text) for block in self.blocks)


@dataclass(frozen=True, kw_only=True, slots=True)
class Source:
    """A file found in the dossier."""

    name: str
    """Path relative to the dossier, ``/`` separated, as found on disk."""
    path: str
    """Where the file can be opened (for a zip, the place it was expanded to)."""
    octets: int
    sha256: str
    nature: str
    """True nature, sniffed from the content (``docx``, ``pdf``, ``texte``, ``inconnu``…)."""
    reading: Reading | None = None
    defaut: str | None = None
    """``vide``, ``nature``, ``protege`` or ``illisible`` when it could not be read; ``depassement`` when
    its reader crashed or went beyond its limits, so that nothing is known."""
    explication: str | None = None
    """French: what is wrong with the file and how to mend it."""
    piece: str | None = None
    reconnu_par: str | None = None
    """``fiche``, ``nom`` or ``contenu``."""
    pages_retenues: tuple[int, ...] = ()
    """Pages of this file that make the piece (« courriers.pdf, p. 2-3 »); empty: all."""


@dataclass(frozen=True, kw_only=True, slots=True)
class FicheFault:
    """What is wrong with the fiche: kind ``lecture``, ``type``, ``champ``, ``format`` or ``vide``."""

    kind: str
    message: str
    location: Location
    value: Any = None


@dataclass(frozen=True, kw_only=True, slots=True)
class Dossier:
    """A folder turned into plain facts."""

    path: str
    format: str
    step: str
    date_regles: dt.date
    origine_date: str
    """``option``, ``date_depot``, ``dossier`` (what :attr:`Format.day` gave) or ``aujourd_hui``."""
    sources: tuple[Source, ...]
    facts: Frozen
    """``{fiche, pieces, instruction, referentiels, dossier}``: what the rules judge."""
    lines: Mapping[str, Location]
    """Where each fiche field stands, by dotted path without ``fiche.``."""
    pieces: Mapping[str, tuple[tuple[Source, ...], ...]]
    """By piece id, each piece as the files that make it (editable first, then PDF)."""
    faults: tuple[FicheFault, ...] = ()
    notes: tuple[str, ...] = ()
    """Information lines for the person (folders set aside…)."""

    def source(self, name: str) -> Source | None:
        """Return the file of that relative name."""
        return next((one for one in self.sources if one.name == name), None)


@dataclass(frozen=True, kw_only=True, slots=True)
class Observation:
    """What a check saw: one state, one sentence, one place. A check that yields none is content.

    A check yields ``NON_CONFORME``, ``A_VOIR``, ``NON_VERIFIE`` or ``NON_APPLICABLE``.
    """

    state: State
    message: str
    """French. For ``A_VOIR``: what to look at. For the last two: the reason."""
    path: str | None = None
    """Dotted path of the fact in question (``fiche.pilotes.0.nom``, ``pieces.courrier_prefet``)."""
    value: Any = None
    location: Location | None = None
    """A finer place than the path gives (page, paragraph, excerpt)."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Finding:
    """One thing to tell the person, from one rule, at one place."""

    regle: str
    titre: str
    gravite: Severity
    etat: State
    message: str
    correction: str
    reference: Mapping[str, str | None]
    emplacement: Location
    valeur: Any = None
    plugin: str = ""
    courrier: str | None = None
    """The sentence for the letter to the applicant, when the rule has one."""


@dataclass(frozen=True, kw_only=True, slots=True)
class RuleResult:
    """The state of one rule on one dossier; ``motif`` says why when it was not judged."""

    id: str
    etat: State
    motif: str | None = None


@dataclass(frozen=True, kw_only=True, slots=True)
class PluginStatus:
    """A plugin as found: ``actif``, ``echec`` or ``desactive``."""

    nom: str
    version: str
    etat: str
    cause: str | None = None
    origine: str = ""
    """The distribution it comes from."""


@dataclass(frozen=True, kw_only=True, slots=True)
class JournalLine:
    """What one run that wrote did (``sortie/.assemble/journal.jsonl``)."""

    quand: dt.datetime
    qui: str
    commande: str
    version: str
    """Of the engine."""
    regles: str | None = None
    """Fingerprint of the rules that judged."""
    motif: str | None = None
    """Why a refusal was overridden."""
    documents: tuple[str, ...] = ()
    """Names of what was written, ``<étape>/<name>``."""
    visas: tuple[str, ...] = ()
    """Ids of the rules that a person settled."""
    rapport: str | None = None
    """Name of the report that was written."""
    omis: int = 0
    """Documents and visas left out, when they were too many for a line."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Seal:
    """What the ``fiche-controle.json`` of a sealed dossier says of the files that lie beside it today."""

    etat: str
    """``identique``, ``modifie`` or ``illisible``."""
    motif: str | None = None
    """French: why it is unreadable; nothing else is then known."""
    le: dt.date | None = None
    par: str | None = None
    """The account that sealed."""
    version: str | None = None
    """Of the engine that sealed."""
    date_regles: dt.date | None = None
    empreinte: str | None = None
    """Fingerprint of the rules that judged then."""
    memes_regles: bool | None = None
    """The rules of this check have the same fingerprint."""
    verdict: Verdict | None = None
    """The verdict then."""
    malgre: str | None = None
    """Why it was sealed in spite of a blocking finding."""
    identiques: tuple[str, ...] = ()
    modifies: tuple[str, ...] = ()
    """Files that hold something else, or that do not open here."""
    manquants: tuple[str, ...] = ()
    ajoutes: tuple[str, ...] = ()


@dataclass(frozen=True, kw_only=True, slots=True)
class Report:
    """Everything the checks say about one dossier."""

    chemin: str
    verdict: Verdict | None
    erreur: str | None = None
    dossier: Dossier | None = None
    intitule: str | None = None
    constats: tuple[Finding, ...] = ()
    regles: tuple[RuleResult, ...] = ()
    plugins: tuple[PluginStatus, ...] = ()
    exit_code: int = 0
    titles: Mapping[str, str] = field(default_factory=dict)
    """French titles of the format and of its step, pieces and rules in force, by id; by ``fiche.<path>``, the
    labels of the fields that the motifs name."""
    scelle: Seal | None = None
    """What the control sheet of a sealed dossier says, when it has one; no verdict depends on it."""
    journal: tuple[JournalLine, ...] = ()
    """The last runs that wrote, the latest first."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Document:
    """A file ready to be written."""

    id: str
    step: str
    name: str
    """File name, e.g. ``courrier-collectivite-cc-des-coevrons.docx``."""
    content: bytes
    properties: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, kw_only=True, slots=True)
class Made:
    """What became of one document, or of a copy of it in another file format."""

    id: str
    name: str
    kind: str
    """``nouveau``, ``mis_a_jour``, ``inchange``, ``garde``, ``a_cote``, ``ouvert`` (by whom: the reason),
    ``deja_propose``, ``apercu``, ``sans_objet`` (with the reason), ``refuse``, ``echec``,
    ``sans_libreoffice``, or, for no document, ``repris``: the lock of another run, taken over."""
    reason: str | None = None
    exit_code: int = 0
    file: str | None = None
    """``<étape>/<name>``: where the document stands, or would; ``name`` may be that of a proposal."""
    copy: bool = False
    lacking: bool = False
    """It is not made for want of a value that the dossier does not give."""
