# ruff: noqa: E501 - the French of a clause is read and mended unbroken
"""Articles 7 to 11 of the CCTP: the mission, its deliverables, its means (documents.md § 4.3 to 4.5)."""

from __future__ import annotations

from .clauses import article, extrait
from .lettres import puces
from .papier import boucle, p, si, table, titre

__all__ = ["duree", "equipe", "livrables", "mission", "ressources"]


def _etape(number: str, name: str, key: str, content: tuple[str, ...], output: str, entre: str = "") -> str:
    """Return a step; ``entre`` is the code of the inter-atelier that follows its session."""
    after = f" ; inter-atelier, {{{{ etapes.{entre} }}}}" if entre else ""
    return "".join(
        [
            titre(2, f"7.{number} {name}"),
            puces(*content),
            p(f"**Production** : {output}", suite=True),
            p(f"**Calendrier prévisionnel** : {{{{ etapes.{key} }}}}{after}."),
        ]
    )


def _session() -> str:
    """Return what a national session adds to the mission: only what the fiche plans."""
    return si(
        "seminaires or reseau",
        p(
            "{% if seminaires %}La mission comprend aussi {{ seminaires }}. {% endif %}"
            "{% if reseau %}Le titulaire prend part à la mise en réseau des sites de la session nationale"
            "{% if nationale %} et à sa rencontre nationale{% endif %}, dans les conditions de l'accord-cadre.{% endif %}"
        ),
    )


def mission(*, session: bool = False) -> str:
    """Return article 7; ``session``: of a session thématique."""
    return article(
        7,
        p(
            "La mission comporte un temps de cadrage, {{ sessions.nombre }} sessions d'atelier in situ de "
            "{{ sessions.jours }} chacune, séparées par des temps d'approfondissement, puis un temps de production et de "
            "restitution. Les frais de logistique et de restauration des sessions ne sont pas à la charge du titulaire."
        ),
        _session() if session else "",
        _etape(
            "1",
            "Étape 1 – Lancement et cadrage",
            "E1",
            (
                "réunion de cadrage avec les porteurs de l'Atelier et visite conjointe du territoire",
                "prise de connaissance des études, des données et des démarches en cours",
                "programme, participants et méthode d'animation des sessions",
            ),
            "note de cadrage (livrable L1).",
        ),
        _etape(
            "2",
            "Étape 2 – Session n° 1 : diagnostic et enjeux",
            "E2",
            (
                "parcours commenté et lecture partagée du territoire",
                "diagnostic partagé, enjeux et premières intuitions",
                "inter-atelier : analyse documentaire, entretiens avec les acteurs, préparation de la session suivante",
            ),
            "supports de la session et carnet de suivi n° 1 (livrable L2.1).",
            "IA1",
        ),
        _etape(
            "3",
            "Étape 3 – Session n° 2 : stratégie",
            "E3",
            (
                "vision partagée et scénarios, mis à l'épreuve de sites démonstrateurs",
                "choix d'une stratégie et des conditions de sa réussite",
                "inter-atelier : approfondissement, esquisses, échanges avec les porteurs d'actions pressentis",
            ),
            "supports de la session et carnet de suivi n° 2 (livrable L2.2).",
            "IA2",
        ),
        _etape(
            "4",
            "Étape 4 – Session n° 3 : feuille de route",
            "E4",
            (
                "actions, pilotes, financements et calendrier",
                "ordre de priorité et conditions d'engagement de chaque acteur",
            ),
            "supports de la session et carnet de suivi n° 3 (livrable L2.3).",
        ),
        _etape(
            "5",
            "Étape 5 – Production et restitution",
            "E5",
            (
                "rédaction finale, mise en forme et relecture avec les porteurs de l'Atelier",
                "séminaire local de restitution, présentation publique des résultats et officialisation de la feuille de route",
            ),
            "rapport final (livrable L3) et feuille de route (livrable L4).",
        ),
    )


def livrables() -> str:
    """Return article 8."""
    return article(
        8,
        p("Le titulaire remet les livrables suivants.", suite=True),
        table(
            ("N°", "Livrable", "Contenu minimal", "Étape", "Échéance"),
            [
                "for un in livrables",
                (
                    "{{ un.numero }}",
                    "{{ un.nom }}",
                    "{{ un.contenu }}",
                    "{{ un.etape }}",
                    "{{ un.echeance }}",
                ),
                "endfor",
            ],
            (750, 1900, 3504, 1200, 2000),
            legende="Livrables : numéro, livrable, contenu minimal, étape, échéance",
        ),
        p("Ils sont remis, validés et réglés dans les conditions suivantes.", "ApresTableau", suite=True),
        table(
            (
                "N°",
                "Format(s)",
                "Délai de validation par l'acheteur",
                "Poste de la DPGF",
                "Part du prix réglée",
            ),
            [
                "for un in livrables",
                (
                    "{{ un.numero }}",
                    "{{ un.formats }}",
                    "{{ un.validation }}",
                    "{{ un.poste }}",
                    "{{ un.part }}",
                ),
                "endfor",
            ],
            (750, 3004, 2000, 1600, 2000),
            legende="Remise des livrables : numéro, formats, délai de validation, poste de la DPGF, part du prix réglée",
        ),
        p(
            "L'échéance « T0 » est la date de notification du marché subséquent. Les livrables L1 à L4 portent les mêmes "
            "numéros dans la DPGF.",
            "ApresTableau",
        ),
    )


def equipe() -> str:
    """Return article 9."""
    return article(
        9,
        p(
            "L'équipe réunit les compétences prévues par l'accord-cadre, adaptées aux enjeux du présent marché, et notamment :",
            suite=True,
        ),
        si(
            "competences",
            boucle(
                "un in competences", p("{{ un }}{% if loop.last %}.{% else %} ;{% endif %}", "Listepuces")
            ),
            sinon=[
                puces(
                    "la stratégie territoriale, l'urbanisme et le paysage",
                    "l'animation d'ateliers et la médiation entre acteurs",
                    "la représentation graphique et spatiale",
                    "les compétences thématiques qu'appellent les enjeux décrits à l'article 5",
                )
            ],
        ),
        p(
            "Le titulaire désigne un chef de projet, interlocuteur unique de l'acheteur, présent à toutes les sessions et à toutes "
            "les réunions du comité de pilotage. Deux membres de l'équipe au moins animent chaque session. Le remplacement "
            "d'une personne désignée dans l'offre est soumis à l'accord préalable de l'acheteur, dans les conditions de l'accord-cadre."
        ),
    )


def ressources(*, session: bool = False) -> str:
    """Return article 10; a manifestation d’intérêt (``session``) may say nothing of it."""
    text = extrait("ressources")
    return article(
        10,
        si("note.ressources.paragraphes or note.ressources.fragment", text) if session else text,
        p(
            "Les documents et les données sont remis au titulaire pour les seuls besoins de la mission, à la réunion de cadrage au "
            "plus tard. Les salles, la logistique et la restauration des sessions sont assurées par les porteurs de l'Atelier, "
            "principalement {{ collectivites.les }}."
        ),
    )


def duree() -> str:
    """Return article 11."""
    return article(
        11,
        p(
            "La mission dure **{{ duree }}** à compter de la notification du marché subséquent (T0)."
            "{% if bornes %} Le programme prévoit un accompagnement {{ bornes }}.{% endif %}"
        ),
        p("Le calendrier prévisionnel est le suivant ; la note de cadrage l'arrête.", suite=True),
        table(
            ("Temps de la mission", "Semaines après T0", "Date prévisionnelle", "Lieu"),
            [
                "for un in calendrier",
                ("{{ un.temps }}", "{{ un.semaines }}", "{{ un.date }}", "{{ un.lieu }}"),
                "endfor",
            ],
            (3004, 2550, 2100, 1700),
            legende="Calendrier prévisionnel : temps de la mission, semaines après T0, date, lieu",
        ),
        p(
            "{% if debut %}Les dates prévisionnelles supposent que T0 est le {{ debut }}. {% endif %}Le calendrier comprend les "
            "délais de vérification des livrables, sauf celui des derniers, qui court à compter de leur remise. Une session "
            "n'est reportée que d'un commun accord, sans dépasser la durée de la mission.",
            "ApresTableau",
        ),
    )
