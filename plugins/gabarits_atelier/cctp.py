# ruff: noqa: E501 - the French of a clause is read and mended unbroken
"""The CCTP of the marché subséquent: cover, table of contents, articles 1 to 6 (documents.md § 4)."""

from __future__ import annotations

from . import mission
from .clauses import ARTICLES, article, extrait
from .papier import UTILE, boucle, p, si, sommaire, table, titre
from .squelette import docx, pied_piece

__all__ = ["cctp"]


def _couverture() -> str:
    entries = [(f"_Toc{i:08d}", f"Article {i} – {text}") for i, text in enumerate(ARTICLES, 1)]
    rows = [
        ("Territoire", "{{ territoire }}"),
        ("Acheteur", "État – {{ prefet }} – {{ service.nom }}"),
        ("Représentant du pouvoir adjudicateur", "{{ rpa }}"),
        ("Date d'établissement", "{{ edition }}"),
        ("Version", "{{ version }}"),
    ]
    return "".join(
        [
            p("{{ bloc_marque }}", "BlocMarque", signet="bloc_marque"),
            p("Marché public de prestations intellectuelles", "Couverture"),
            p("**Marché subséquent n° {{ numero }}**", "Mention"),
            p(
                "à l'accord-cadre n° {{ accord_cadre.numero }}"
                "{% if accord_cadre.intitule %} « {{ accord_cadre.intitule }} »{% endif %}",
                "Mention",
            ),
            p("Cahier des clauses techniques particulières (CCTP)", "Titre"),
            p("Atelier des territoires – {{ atelier.nom }}", "Sous-titre"),
            table(
                ("Identification", "Valeur"),
                rows,
                (3400, UTILE - 3400),
                legende="Identification du marché subséquent : rubrique, valeur",
            ),
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
            "en concurrence de tous ses titulaires{% if accord_cadre.lot %} du lot {{ accord_cadre.lot }}{% endif %}. Il "
            "précise les caractéristiques et les modalités d'exécution des prestations que l'accord-cadre n'a pas "
            "fixées et n'en modifie pas les termes."
        ),
        p(
            "Les prestations forment un tout, sans tranche. Elles sont rémunérées par un prix global et forfaitaire, "
            "détaillé dans la décomposition du prix global et forfaitaire (DPGF), dans les conditions de prix de "
            "l'accord-cadre."
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
        titre(2, "6.3 Les instances"),
        si(
            "copil",
            p("Le comité de pilotage réunit :", suite=True),
            boucle("un in copil", p("{{ un }}{% if loop.last %}.{% else %} ;{% endif %}", "Listepuces")),
            sinon=[
                p(
                    "La composition du comité de pilotage est arrêtée par les porteurs de l'Atelier lors de la réunion de cadrage."
                )
            ],
        ),
        si(
            "cotech",
            p("Le comité technique réunit :", suite=True),
            boucle("un in cotech", p("{{ un }}{% if loop.last %}.{% else %} ;{% endif %}", "Listepuces")),
            sinon=[
                p(
                    "La composition du comité technique est arrêtée par les porteurs de l'Atelier lors de la réunion de cadrage."
                )
            ],
        ),
        p(
            "Le titulaire prépare les réunions de ces instances avec {{ service.le }}, y présente ses travaux et en établit "
            "le compte rendu. Le comité de pilotage se réunit au moins au lancement, après chaque session et avant la "
            "restitution."
        ),
    )


def cctp() -> bytes:
    """Return the CCTP: cover, table of contents, fourteen articles, annexes."""
    body = (
        _couverture(),
        _objet(),
        _pieces(),
        _territoire(),
        _gouvernance(),
        mission.mission(),
        mission.livrables(),
        mission.equipe(),
        mission.ressources(),
        mission.duree(),
        mission.remise(),
        mission.propriete(),
        mission.divers(),
        mission.annexes(),
    )
    return docx(
        "".join(body),
        title="Cahier des clauses techniques particulières",
        subject="Atelier des territoires – Atelier local – marché subséquent",
        feet=pied_piece("Marché subséquent n° {{ numero }} – CCTP – version {{ version }}"),
    )
