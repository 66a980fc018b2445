"""Pieces like those of a format, for the tests of recognition and extraction."""

from assembler.contributions import Piece, Section

_ATELIER = r"(?:(?:de )?l atelier(?: local)?)?"

SECTIONS = (
    Section(id="porteurs", title="les porteurs de l’Atelier", patterns=(rf"(?:les )?porteurs ?{_ATELIER}",)),
    Section(
        id="localisation",
        title="la localisation de l’Atelier",
        patterns=(rf"(?:la )?localisation ?{_ATELIER}",),
    ),
    Section(id="objet", title="l’objet de l’Atelier", patterns=(rf"(?:l )?objet ?{_ATELIER}",)),
    Section(
        id="objectifs", title="les objectifs de l’Atelier", patterns=(rf"(?:les )?objectifs ?{_ATELIER}",)
    ),
    Section(
        id="ressources", title="les ressources de l’Atelier", patterns=(rf"(?:les )?ressources ?{_ATELIER}",)
    ),
    Section(
        id="territoire",
        title="les dynamiques du territoire",
        patterns=(r"(?:les )?dynamiques du territoire",),
    ),
    Section(
        id="amenagement",
        title="les dynamiques d’aménagement",
        patterns=(r"(?:les )?dynamiques d amenagement",),
    ),
)

NOTE = Piece(
    id="note_opportunite",
    title="note d’opportunité",
    names=(r"\bnote\b(?: d)? ?opportunite", r"\bfiche de candidature\b"),
    clues=(("note d opportunite", "atelier"),),
    sections=SECTIONS,
)
COLLECTIVITE = Piece(
    id="courrier_collectivite",
    title="courrier de la collectivité",
    many=True,
    letter=True,
    names=(
        r"\b(?:courrier|lettre|engagement|soutien)\b.*\b(?:collectivite|cc|ca|commune|maire|mairie|communaute|president)\b",
        r"\bagglo\b.*\bcourrier",
    ),
    clues=(
        ("conseil (?:communautaire|municipal)|communaute de communes", "atelier", "s engage|soutien"),
        ("atelier", "s engage|soutien"),
    ),
    signatories=(r"\b(?:le |la )?(?:maire|presidente?)\b",),
    mentions={"engagement": r"\bs engage\w*\b", "soutien": r"\bsoutien\b"},
)
PREFET = Piece(
    id="courrier_prefet",
    title="courrier de soutien du préfet",
    letter=True,
    names=(r"\b(?:courrier|lettre|soutien)\b.*\b(?:prefete?|sous prefete?|prefecture)\b", r"\bprefete?\b"),
    clues=(("apporte (?:tout )?mon soutien", "atelier"), ("soutien", "atelier")),
    signatories=(r"^(?:le |la )?(?:sous )?prefete?\b", r"\bsecretaire generale?\b"),
    mentions={"soutien": r"\bmon (?:plein |entier )?soutien\b"},
)
SERVICE = Piece(
    id="courrier_service",
    title="courrier d’engagement du service",
    many=True,
    letter=True,
    names=(r"\b(?:courrier|lettre|engagement)\b.*\b(?:ddtm?|dreal|deal|service)\b",),
    clues=(("s engage a porter|engagement a porter", "atelier"), ("s engage", "atelier")),
    signatories=(r"\bdirect(?:eur|rice) (?:departementale?|regionale?)\b",),
    mentions={"portage": r"\bs engage\w* a porter\b"},
)
ANNEXE = Piece(id="annexe", title="annexe", many=True, names=(r"\bannexes?\b", r"\bpj\b"))

PIECES = (NOTE, COLLECTIVITE, PREFET, SERVICE, ANNEXE)
