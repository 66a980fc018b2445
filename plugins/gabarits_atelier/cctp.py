# ruff: noqa: E501 - the French of a clause is read and mended unbroken
"""The CCTP of the marché subséquent: cover, table of contents, articles 1 to 6 (documents.md § 4)."""

from __future__ import annotations

from . import execution, mission
from .clauses import ARTICLES, article, couverture, extrait, selon
from .papier import boucle, p, si, sommaire, titre
from .squelette import docx, pied_piece

__all__ = ["cctp"]


def _couverture() -> str:
    entries = [(f"_Toc{i:08d}", f"Article {i} – {text}") for i, text in enumerate(ARTICLES, 1)]
    return "".join(
        [
            couverture("Cahier des clauses techniques particulières (CCTP)"),
            p("Sommaire", "TitreSommaire", page=True),
            sommaire(entries),
            p(
                "Annexes : périmètre, acteurs, études disponibles, calendrier, cadre de DPGF, données personnelles.",
                "Sommaire1",
            ),
        ]
    )


def _objet() -> str:
    return article(
        1,
        p(
            "Le présent marché subséquent a pour objet l'accompagnement, par une équipe pluridisciplinaire, {{ atelier.du }}"
            ", qui relève du programme « Atelier des territoires » conduit par la "
            "direction générale de l'aménagement, du logement et de la nature (DGALN)."
        ),
        p(
            "Il est passé sur le fondement de l'accord-cadre multi-attributaire n° {{ accord_cadre.numero }}, après mise "
            "en concurrence de tous {% if accord_cadre.lot %}les titulaires du {{ accord_cadre.lot }}{% else %}ses titulaires{% endif %}. Il "
            "précise les caractéristiques et les modalités d'exécution des prestations que l'accord-cadre n'a pas "
            "fixées et n'en modifie pas les termes."
        ),
        p(
            "Les prestations forment un tout, sans tranche. Elles sont rémunérées par un prix global et forfaitaire, "
            "détaillé dans la décomposition du prix global et forfaitaire (DPGF), " + selon("prix") + "."
        ),
        si("cpv", p("Nomenclature CPV : {{ cpv }}.")),
        p("Lieu d'exécution : {{ perimetre }}."),
    )


def _pieces() -> str:
    return article(
        2,
        p(
            "Les pièces du marché subséquent prévalent les unes sur les autres dans l'ordre suivant :",
            suite=True,
        ),
        "".join(
            p(text + (" ;" if i < 5 else "."), "Listenumros")
            for i, text in enumerate(
                (
                    "les pièces de l'accord-cadre, dans leur ordre de priorité",
                    "l'acte d'engagement du marché subséquent et ses annexes financières, dont la DPGF",
                    "le présent CCTP et ses annexes",
                    "le cahier des clauses administratives générales applicables aux marchés publics de prestations "
                    "intellectuelles (CCAG-PI), approuvé par l'arrêté du 30 mars 2021",
                    "la note méthodologique remise par le titulaire à l'appui de son offre",
                    "les actes spéciaux de sous-traitance, postérieurs à la notification",
                )
            )
        ),
    )


def _territoire() -> str:
    return "".join(
        [
            article(
                3,
                titre(2, "3.1 Les dynamiques du territoire"),
                extrait("dynamiques_territoire"),
                titre(2, "3.2 Les dynamiques d'aménagement"),
                extrait("dynamiques_amenagement"),
            ),
            article(4, extrait("localisation")),
            article(
                5,
                titre(2, "5.1 Objet de l'Atelier et questions posées"),
                si(
                    "themes",
                    p(
                        "L'Atelier relève {{ themes }}, abordées par le prisme de l'aménagement et de l'urbanisme."
                    ),
                ),
                extrait("objet"),
                titre(2, "5.2 Objectifs"),
                extrait("objectifs"),
            ),
        ]
    )


def _territoire_de_session() -> str:
    """Return articles 3 to 5 of a session thématique: the theme is national, the stakes are the site's."""
    return "".join(
        [
            article(
                3,
                titre(2, "3.1 Le territoire et ses enjeux"),
                extrait("territoire"),
                titre(2, "3.2 Le thème de la session nationale"),
                p(
                    "L'Atelier est l'un des sites de la session nationale « {{ session }} », que conduit la DGALN. Chaque site "
                    "décline ce thème sur son territoire."
                ),
            ),
            article(4, extrait("localisation")),
            article(
                5,
                titre(2, "5.1 Objet de l'Atelier et questions posées"),
                p(
                    "L'Atelier pose à ce territoire la question de la session : « {{ session }} »."
                    "{% if themes %} Il relève {{ themes }}, abordées par le prisme de l'aménagement et de l'urbanisme.{% endif %}"
                ),
                si("note.objet.paragraphes or note.objet.fragment", extrait("objet")),
                titre(2, "5.2 Objectifs"),
                extrait("objectifs"),
            ),
        ]
    )


def _gouvernance() -> str:
    return article(
        6,
        titre(2, "6.1 Les porteurs de l'Atelier"),
        extrait("porteurs"),
        titre(2, "6.2 La conduite du projet"),
        p(
            "{{ service.le | majuscule }} assure le pilotage local de l'Atelier et l'exécution du marché subséquent, en lien "
            "étroit avec {{ collectivites.les }}.{% if conduite %} La conduite du projet y est confiée à {{ conduite }}."
            "{% endif %} La DGALN suit la démarche et s'assure du respect de l'accord-cadre."
        ),
        si("referent_elu", p("Référent élu de l'Atelier : {{ referent_elu }}.")),
        titre(2, "6.3 Les instances"),
        _instance("copil", "comité de pilotage"),
        si(
            "copil.reunions",
            p("Le comité de pilotage se réunit {{ copil.reunions }}."),
            sinon=[
                p(
                    "Le comité de pilotage se réunit au moins au lancement, après chaque session et avant la restitution."
                )
            ],
        ),
        _instance("cotech", "comité technique"),
        si(
            "cotech.reunions",
            p("Le comité technique se réunit {{ cotech.reunions }}."),
            sinon=[p("Le comité technique se réunit autant que la préparation des sessions l'exige.")],
        ),
        p(
            "Le titulaire prépare les réunions de ces instances avec {{ service.le }}, y présente ses travaux et en établit "
            "le compte rendu."
        ),
    )


def _instance(name: str, title: str) -> str:
    """Return who sits in a body, or when it is decided."""
    return si(
        f"{name}.membres",
        p(f"Le {title} réunit :", suite=True),
        boucle(
            f"un in {name}.membres", p("{{ un }}{% if loop.last %}.{% else %} ;{% endif %}", "Listepuces")
        ),
        sinon=[
            p(
                f"La composition du {title} est arrêtée par les porteurs de l'Atelier lors de la réunion de cadrage."
            )
        ],
    )


def cctp(*, session: bool = False) -> bytes:
    """Return the CCTP: cover, table of contents, fourteen articles, annexes.

    Args:
        session: of a session thématique, whose theme is national; else of an Atelier local.
    """
    body = (
        _couverture(),
        _objet(),
        _pieces(),
        _territoire_de_session() if session else _territoire(),
        _gouvernance(),
        mission.mission(session=session),
        mission.livrables(),
        mission.equipe(),
        mission.ressources(session=session),
        mission.duree(),
        execution.remise(),
        execution.propriete(),
        execution.divers(),
        execution.annexes(),
    )
    which = "session thématique" if session else "Atelier local"
    return docx(
        "".join(body),
        title="Cahier des clauses techniques particulières",
        subject=f"Atelier des territoires – {which} – marché subséquent",
        feet=pied_piece("Marché subséquent n° {{ numero }} – CCTP – version {{ version }}"),
    )
