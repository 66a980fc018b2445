# ruff: noqa: E501 - French sentences and XML are read unbroken
"""What the Atelier ends with: rapport final, esquisse de plan-guide, feuille de route, officialisation."""

from __future__ import annotations

from .papier import UTILE, boucle, consigne, p, si, table, titre
from .squelette import docx, pied_piece
from .suivi import identite

__all__ = [
    "GUIDE",
    "document",
    "esquisse_plan_guide",
    "feuille_route",
    "images",
    "objectifs",
    "officialisation",
    "rapport_final",
    "sessions",
    "tete",
]

_SUJET = "Atelier des territoires"
_LIGNE, _SIGNER = 480, 1500
"""Heights: of an empty row, and of one in which a hand signs."""


def document(name: str, *body: str) -> bytes:
    """Return a deliverable: its name and that of the Atelier at the foot of each page."""
    return docx("".join(body), title=name, subject=_SUJET, feet=pied_piece(f"{name} – {{{{ sujet }}}}"))


def tete(name: str, guide: str) -> str:
    """Return the head of a frame: title, identification, and how to use it."""
    return p(name, "Titre") + identite() + p(guide, "ApresTableau")


GUIDE = "Les consignes disent ce qui est attendu : écrivez à leur place."
"""How a frame is used."""


def objectifs() -> str:
    """Return the objectives of the fiche."""
    return si(
        "objectifs",
        p("L'Atelier poursuivait les objectifs suivants :", suite=True),
        boucle("un in objectifs", p("{{ un }}", "Listepuces")),
    )


def sessions() -> str:
    """Return the table of the sessions."""
    return si(
        "sessions",
        table(
            ("Session", "Date", "Lieu"),
            ["for un in sessions", ("{{ un.titre }}", "{{ un.quand }}", "{{ un.lieu }}"), "endfor"],
            (3800, 3554, 2000),
            legende="Sessions : session, date, lieu",
        ),
    )


def images(texte: str) -> str:
    """Return the list of pictures with what allows them to be published."""
    return table(
        ("Fichier", "Légende", "Auteur et crédit", "Autorisation de diffusion"),
        [("",) * 4] * 4,
        (2200, 3154, 2000, 2000),
        legende="Images : fichier, légende, auteur et crédit, autorisation de diffusion",
        hauteur=_LIGNE,
        entier=True,
    ) + consigne(texte, alias="Droits sur les images")


def rapport_final() -> bytes:
    """Return the frame of the rapport final: synthesis, recommendations, maps (domaine.md L-18c)."""
    return document(
        "Rapport final",
        tete("Rapport final", GUIDE),
        titre(1, "Synthèse"),
        consigne(
            "En une page, pour un élu qui n'a pas suivi l'Atelier : la question posée, ce qui a été compris, la stratégie "
            "retenue, les actions à engager d'abord.",
            alias="Synthèse",
        ),
        titre(1, "1. La question posée"),
        si("resume", p("{{ resume }}")),
        si("themes", p("L'Atelier relève {{ themes }}.")),
        objectifs(),
        consigne("Comment la question a évolué au cours de l'Atelier.", alias="Question posée"),
        titre(1, "2. La démarche"),
        sessions(),
        consigne(
            "Visites, entretiens, sessions et inter-ateliers ; qui a participé, et comment. Les carnets de suivi sont en annexe.",
            alias="Démarche",
        ),
        titre(1, "3. Le diagnostic partagé et les enjeux"),
        consigne(
            "Ce qui fait accord sur l'état du territoire, ses dynamiques et ses enjeux, avec la source et l'année de chaque chiffre.",
            alias="Diagnostic et enjeux",
        ),
        titre(1, "4. La stratégie"),
        consigne(
            "La vision retenue, les scénarios examinés et ce qui a fait choisir, la traduction sur les sites.",
            alias="Stratégie",
        ),
        titre(1, "5. Les préconisations"),
        consigne(
            "Les préconisations, par thème et par ordre de priorité ; celles qui deviennent des actions figurent dans la feuille "
            "de route.",
            alias="Préconisations",
        ),
        titre(1, "6. Les cartes et les esquisses"),
        consigne(
            "Chaque carte ou esquisse avec son titre, sa légende, son échelle, ses sources, son auteur et un texte de remplacement.",
            alias="Cartes et esquisses",
        ),
        titre(1, "7. La suite"),
        consigne(
            "Qui porte la feuille de route, par quelle instance elle est suivie, ce qui doit être fait dans les premiers mois.",
            alias="Suite",
        ),
        titre(1, "Annexes"),
        si(
            "ressources",
            p("Documents et données utilisés", "Titre2"),
            table(
                ("Document ou donnée", "Détenteur", "Date et format"),
                [
                    "for un in ressources",
                    ("{{ un.titre }}", "{{ un.detenteur }}", "{{ un.date_format }}"),
                    "endfor",
                ],
                (3900, 2900, UTILE - 6800),
                legende="Ressources : document ou donnée, détenteur, date et format",
            ),
        ),
        consigne("Carnets de suivi, entretiens, études, bibliographie.", alias="Annexes"),
    )


def feuille_route() -> bytes:
    """Return the feuille de route: objectives, actions and funding by theme and priority, schedule (L-18d)."""
    heads = ("N°", "Action", "Priorité", "Porteur", "Financement", "Échéance")
    widths = (550, 3100, 1050, 1900, 1600, 1154)
    caption = "Actions : numéro, action, priorité, porteur, financement, échéance"
    return document(
        "Feuille de route",
        p("Feuille de route", "Titre"),
        identite(),
        titre(1, "1. Les objectifs"),
        si(
            "objectifs",
            boucle("un in objectifs", p("{{ un }}", "Listepuces")),
        ),
        consigne(
            "La stratégie en quelques phrases, et ce que la feuille de route doit avoir changé à son terme.",
            alias="Objectifs",
        ),
        titre(1, "2. Le plan d'actions et de financement"),
        si(
            "groupes",
            boucle(
                "groupe in groupes",
                titre(2, "{{ groupe.theme }}"),
                table(
                    heads,
                    [
                        "for un in groupe.actions",
                        (
                            "{{ un.numero }}",
                            "{{ un.action }}",
                            "{{ un.priorite }}",
                            "{{ un.porteur }}",
                            "{{ un.financement }}",
                            "{{ un.echeance }}",
                        ),
                        "endfor",
                    ],
                    widths,
                    legende=caption,
                ),
            ),
            sinon=[
                consigne(
                    "Les actions par thème et par ordre de priorité : chacune avec son porteur, son financement et son échéance.",
                    alias="Plan d'actions",
                    suite=True,
                ),
                table(heads, [("",) * len(heads)] * 6, widths, legende=caption, hauteur=_LIGNE, entier=True),
            ],
        ),
        titre(1, "3. Le calendrier et le suivi"),
        consigne(
            "L'ordre dans lequel les actions s'engagent, l'instance qui les suit, le rythme des bilans et la manière de réviser "
            "la feuille de route.",
            alias="Calendrier et suivi",
        ),
        p("Le tableur joint à ce document reprend les actions et permet d'en suivre l'avancement."),
    )


def officialisation() -> bytes:
    """Return the page by which the élus and the State make the feuille de route official (L-19)."""
    return document(
        "Officialisation de la feuille de route",
        p("Officialisation de la feuille de route", "Titre"),
        p("{{ atelier.nom | a_completer('intitulé de l’Atelier') }}", "Sous-titre"),
        p(
            "{{ atelier.le | a_completer('intitulé de l’Atelier') | majuscule }}{% if porteurs %}, que {{ portent }} {{ porteurs }},{% endif %} "
            "a réuni{% if sessions == 1 %}, au cours d'une session,{% endif %}{% if sessions > 1 %}, au cours de "
            "{{ en_lettres(sessions) }} sessions,{% endif %} les élus, les services de l'État et les acteurs du territoire."
            "{% if perimetre %} Il a porté sur le périmètre suivant : {{ perimetre }}.{% endif %}"
        ),
        p(
            "La feuille de route qui en est issue{% if actions %} compte {{ pluriel(actions, 'action') }} ; elle{% endif %} "
            "est jointe au présent document."
        ),
        p(
            "Les signataires prennent acte de cette feuille de route. Chacun, dans son domaine de compétence, s'engage à prendre "
            "part aux actions qu'elle lui confie et à en suivre l'avancement avec les autres signataires.",
            "Encadre",
        ),
        p("Fait à ……………………………………………, le ……………………………", suite=True),
        table(
            ("Organisme", "Signataire", "Date et signature"),
            ["for un in signataires", ("{{ un.organisme }}", "{{ un.personne }}", ""), "endfor"],
            (3000, 3000, UTILE - 6000),
            legende="Signatures : organisme, signataire, date et signature",
            hauteur=_SIGNER,
        ),
    )


def esquisse_plan_guide() -> bytes:
    """Return the frame of the sketch of a plan-guide (domaine.md F-20)."""
    return document(
        "Esquisse de plan-guide",
        tete("Esquisse de plan-guide", GUIDE),
        titre(1, "1. La question posée et le périmètre"),
        si("resume", p("{{ resume }}")),
        si("perimetre", p("Périmètre : {{ perimetre }}.")),
        objectifs(),
        consigne(
            "Ce que la commune et l'État attendent, ce qui est déjà décidé, ce qui reste ouvert. Insérez un plan de situation et "
            "décrivez-le en une phrase (texte de remplacement).",
            alias="Question et périmètre",
        ),
        titre(1, "2. La lecture du lieu"),
        sessions(),
        consigne(
            "Ce que la visite et les échanges ont montré : usages, bâti, paysage, sols et eau, mobilités, foncier.",
            alias="Lecture du lieu",
        ),
        titre(1, "3. Le parti d'aménagement"),
        consigne(
            "L'intention, les principes qui la tiennent, les variantes examinées et ce qui a fait choisir.",
            alias="Parti d'aménagement",
        ),
        titre(1, "4. L'esquisse"),
        consigne(
            "Le plan d'ensemble, avec sa légende, son échelle, ses sources et un texte de remplacement ; les coupes et les vues utiles.",
            alias="Esquisse",
        ),
        titre(1, "5. Les conditions de la réalisation"),
        consigne(
            "Ce qu'il faut vérifier ou obtenir : foncier, règles d'urbanisme, études, coûts à estimer, phasage.",
            alias="Conditions",
        ),
        titre(1, "6. Vers la feuille de route"),
        consigne(
            "Les premières actions et qui les porte ; la feuille de route les détaille.",
            alias="Vers la feuille de route",
        ),
        titre(1, "7. Les images et leurs droits"),
        images("Indiquez l'auteur de chaque plan, croquis ou photographie, et ce qu'il permet d'en faire."),
    )
