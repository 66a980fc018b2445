# ruff: noqa: E501 - the French of a clause is read and mended unbroken
"""The letter that consults the titulaires, and the règlement that it carries (documents.md § 3.7)."""

from __future__ import annotations

from .clauses import identification, selon
from .lettres import entete, objet, politesse, puces, signature, suscription
from .papier import UTILE, boucle, p, si, table, titre
from .squelette import docx, pied_lettre, pied_piece

__all__ = ["lettre_consultation"]

_PIED = "Marché subséquent n° {{ numero }} – règlement de la consultation – version {{ version }}"


def _lettre() -> str:
    return "".join(
        [
            entete(),
            suscription(),
            objet(
                "Consultation pour le marché subséquent n° {{ numero }} – Atelier des territoires – {{ atelier.nom }}"
            ),
            p("Madame, Monsieur,", "Appel"),
            p(
                "Vous êtes titulaire{% if accord_cadre.lot %} du {{ accord_cadre.lot }}{% endif %} de l'accord-cadre "
                "n° {{ accord_cadre.numero }}{% if accord_cadre.intitule %}, « {{ accord_cadre.intitule }} »{% endif %}"
                "{% if accord_cadre.date %}, notifié le {{ accord_cadre.date }}{% endif %}. Je vous consulte, en même temps que tous "
                "les autres titulaires{% if accord_cadre.lot %} de ce lot{% endif %}, en vue de conclure le marché subséquent "
                "n° {{ numero }}. Il porte sur l'accompagnement {{ atelier.du }}.",
                "Corps",
            ),
            p(
                "Si vous souhaitez y répondre, votre offre est à déposer sur la plateforme PLACE avant le "
                "**{{ limite_offres }}**. Le règlement qui suit en fixe les conditions ; il est le même pour tous, comme les pièces "
                "qui l'accompagnent. Aucune offre n'est ouverte avant cette échéance.",
                "Corps",
            ),
            p(
                "Vos questions sont à poser sur PLACE{% if limite_questions %}, au plus tard le {{ limite_questions }}{% endif %}. "
                "Les réponses sont adressées à tous les titulaires consultés.",
                "Corps",
            ),
            politesse(
                "Je vous prie d'agréer, Madame, Monsieur, l'expression de ma considération distinguée."
            ),
            signature(),
        ]
    )


def _identification() -> tuple[str, ...]:
    return (
        identification(
            ("Acheteur", "{{ acheteur }}"),
            "if rpa",
            ("Représentant du pouvoir adjudicateur", "{{ rpa }}"),
            "endif",
            (
                "Accord-cadre",
                "n° {{ accord_cadre.numero }}{% if accord_cadre.intitule %} « {{ accord_cadre.intitule }} »{% endif %}"
                "{% if accord_cadre.date %}, notifié le {{ accord_cadre.date }}{% endif %}",
            ),
            "if accord_cadre.lot",
            ("Lot", "{{ accord_cadre.lot | majuscule }}"),
            "endif",
            ("Marché subséquent", "n° {{ numero }} – {{ atelier.nom }}"),
            "if place.reference",
            ("Référence sur PLACE", "{{ place.reference }}"),
            "endif",
            ("Limite de remise des offres", "{{ limite_offres | majuscule }}"),
            ("Établi le", "{{ edition }}, version {{ version }}"),
            legende="Identification de la consultation : rubrique, valeur",
        ),
    )


def _objet() -> tuple[str, ...]:
    return (
        p(
            "La consultation porte sur l'accompagnement {{ atelier.du }} par une équipe pluridisciplinaire : un temps de cadrage, "
            "{{ sessions.nombre }} sessions d'atelier in situ de {{ sessions.jours }} chacune, séparées par des temps "
            "d'approfondissement, puis la production et la restitution d'un rapport final et d'une feuille de route."
        ),
        p(
            "Lieu d'exécution : {{ perimetre }}. Durée : {{ duree }} à compter de la notification."
            "{% if cpv %} Nomenclature CPV : {{ cpv }}.{% endif %}"
        ),
    )


def _cadre() -> tuple[str, ...]:
    return (
        p(
            "Le marché subséquent est passé sur le fondement de l'accord-cadre multi-attributaire n° {{ accord_cadre.numero }}, "
            "régi par les articles R. 2162-1 à R. 2162-12 du code de la commande publique. Tous les titulaires"
            "{% if accord_cadre.lot %} du {{ accord_cadre.lot }}{% endif %} sont consultés par écrit, en application de l'article "
            "R. 2162-10 de ce code et " + selon("consultation") + "."
        ),
        p(
            "Le délai de remise des offres tient compte de la complexité des prestations et du temps nécessaire à la transmission "
            "des offres."
        ),
    )


def _documents() -> tuple[str, ...]:
    return (
        p(
            "Chaque titulaire consulté reçoit, avec la présente lettre, les mêmes documents :",
            suite=True,
        ),
        table(
            ("Document", "Fichier", "Version"),
            [
                "for un in documents",
                ("{{ un.titre }}", "{{ un.fichier }}", "{{ version }}"),
                "endfor",
            ],
            (5354, 2900, 1100),
            legende="Documents remis : document, fichier, version",
        ),
        p(
            "La date d'édition figure sur la première page de chacun. Toute modification est adressée à tous les titulaires "
            "consultés, par PLACE, sous un nouveau numéro de version.",
            "ApresTableau",
        ),
    )


def _conditions() -> tuple[str, ...]:
    return (
        p(
            "**Prix** : le prix est global et forfaitaire, détaillé dans la décomposition du prix global et forfaitaire (DPGF)"
            "{% if prix.forme %}. Il est {{ prix.forme }}, " + selon("variation_prix") + "{% endif %}."
            "{% if prix.regle %} Les prix unitaires qui le composent {{ prix.regle }}.{% endif %}"
        ),
        p("**Variantes** : {{ variantes }}"),
        p(
            "**Groupement** : la composition du groupement est celle de l'accord-cadre ; elle n'est modifiée que dans les cas qu'il "
            "prévoit."
        ),
        p(
            "**Sous-traitance** : elle est déclarée à l'aide du formulaire DC4, joint à l'offre ou remis en cours d'exécution, "
            + selon("sous_traitance")
            + "."
        ),
        p(
            "**Validité des offres** : {{ validite }} à compter de la date limite de leur remise. Le titulaire qui répond s'engage "
            "pour ce délai."
        ),
    )


def _offre() -> tuple[str, ...]:
    return (
        p("L'offre comprend :", suite=True),
        puces(
            "une note méthodologique, selon le cadre remis : compréhension du territoire et des enjeux, méthode, contenu des "
            "sessions et des livrables, planning",
            "la présentation des compétences et de l'équipe affectée à la mission, avec la présence de chacun aux sessions",
            "la proposition financière : la DPGF, dont toutes les cellules à remplir le sont, et l'acte d'engagement complété, qui "
            "en reprend le total à l'identique",
            "le cas échéant, les déclarations de sous-traitance (DC4)",
        ),
        p(
            "La structure de la DPGF n'est pas modifiée. L'acte d'engagement peut n'être signé que par l'attributaire, à l'issue de "
            "la consultation."
        ),
    )


def _criteres() -> tuple[str, ...]:
    return (
        p(
            "Le marché subséquent est attribué à l'offre économiquement la plus avantageuse, au regard des critères que fixe "
            "l'accord-cadre :",
            suite=True,
        ),
        table(
            ("Critère", "Pondération"),
            ["for un in criteres.lignes", ("{{ un.intitule }}", "{{ un.poids | pourcent }}"), "endfor"],
            (UTILE - 2200, 2200),
            legende="Critères d'attribution : critère, pondération",
        ),
        si(
            "criteres.note or criteres.prix",
            p(
                "{% if criteres.note %}Chaque critère est noté sur {{ criteres.note }}, puis pondéré."
                "{% endif %}{% if criteres.prix %} Note du critère « {{ criteres.prix }} » : note maximale × (montant de l'offre la "
                "plus basse ÷ montant de l'offre notée).{% endif %}",
                "ApresTableau",
            ),
        ),
    )


def _audition() -> tuple[str, ...]:
    return (
        si(
            "audition",
            p(
                "Les titulaires qui ont remis une offre sont entendus"
                "{% if audition.periode %} {{ audition.periode }}{% endif %}"
                "{% if audition.duree %}, pendant {{ audition.duree }} chacun{% endif %}"
                "{% if audition.lieu %} ({{ audition.lieu }}){% endif %}, dans les mêmes conditions pour tous. L'audition sert à "
                "préciser l'offre ; elle ne permet pas de la modifier. La convocation est adressée par PLACE."
            ),
            sinon=[p("Il n'est pas prévu d'audition.")],
        ),
        si(
            "negociation",
            p("L'acheteur peut négocier, dans les conditions de l'accord-cadre."),
            sinon=[p("Il n'est pas procédé à une négociation.")],
        ),
    )


def _questions() -> tuple[str, ...]:
    return (
        p(
            "Les questions sont posées par écrit sur PLACE{% if limite_questions %}, au plus tard le {{ limite_questions }}{% endif %}. "
            "Les réponses sont adressées à tous les titulaires consultés, sans nommer l'auteur de la question."
        ),
    )


def _remise() -> tuple[str, ...]:
    return (
        p("Les offres sont remises avant le **{{ limite_offres }}**."),
        p(
            "Elles sont déposées par voie électronique, à l'exclusion de tout autre moyen, sur la plateforme PLACE "
            "({{ place.adresse }}){% if place.reference %}, sous la référence {{ place.reference }}{% endif %}. Les "
            "formats admis sont PDF, DOCX, ODT, XLSX et ODS, sans macro. Si un titulaire dépose plusieurs plis, seul le "
            "dernier reçu dans le délai est ouvert. Un pli reçu après la date et l'heure limites n'est pas ouvert."
        ),
        si(
            "copie_sauvegarde",
            p(
                "Une copie de sauvegarde peut être remise dans le même délai, en application de l'article R. 2132-11 du code de la "
                "commande publique, sous un pli qui porte la mention « copie de sauvegarde » et le numéro du marché subséquent, à "
                "l'adresse suivante : {{ copie_sauvegarde | join(', ') }}."
            ),
        ),
    )


def _suites() -> tuple[str, ...]:
    return (
        p(
            "Les titulaires dont l'offre n'est pas retenue en sont informés par écrit, sur PLACE, dès que le choix est fait, avec "
            "les motifs de cette décision et le nom de l'attributaire."
        ),
        si(
            "pieces_attributaire",
            p("L'attributaire remet, dans le délai que lui indique l'acheteur :", suite=True),
            boucle(
                "un in pieces_attributaire",
                p(
                    "{{ un }}{% if loop.last %}.{% else %} ;{% endif %}",
                    "Listepuces",
                ),
            ),
            sinon=[
                p(
                    "L'attributaire remet les pièces que liste l'accord-cadre, dans le délai que lui indique l'acheteur."
                )
            ],
        ),
        p(
            "Il signe l'acte d'engagement. Le marché subséquent prend effet à la réception de sa notification ; aucune prestation "
            "ne commence avant. L'acheteur peut à tout moment déclarer la consultation sans suite."
        ),
    )


def _recours() -> tuple[str, ...]:
    return (
        p("Les renseignements administratifs et techniques sont demandés sur PLACE."),
        p(
            "Les différends relèvent du tribunal suivant, dont le greffe renseigne sur l'introduction des recours : {{ tribunal }}."
        ),
    )


_ARTICLES = (
    ("Identification", _identification),
    ("Objet", _objet),
    ("Cadre juridique", _cadre),
    ("Documents remis", _documents),
    ("Conditions de la consultation", _conditions),
    ("Contenu de l'offre", _offre),
    ("Critères d'attribution", _criteres),
    ("Audition et négociation", _audition),
    ("Questions", _questions),
    ("Remise des offres", _remise),
    ("Suites de la consultation", _suites),
    ("Renseignements et recours", _recours),
)


def lettre_consultation() -> bytes:
    """Return the letter, one page, then the règlement in twelve articles."""
    body = [_lettre(), p("Règlement de la consultation", "Titre", page=True)]
    for number, (title, content) in enumerate(_ARTICLES, 1):
        body += [titre(1, f"Article {number} – {title}"), *content()]
    return docx(
        "".join(body),
        title="Lettre de consultation",
        subject="Atelier des territoires – marché subséquent",
        feet=(pied_lettre()[0], pied_piece(_PIED)[1]),
    )
