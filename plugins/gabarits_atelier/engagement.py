# ruff: noqa: E501 - the French of a clause is read and mended unbroken
"""The acte d’engagement: parts A to N, those of the titulaire left open (documents.md § 4.8)."""

from __future__ import annotations

from .clauses import couverture, identification, selon
from .lettres import signature
from .papier import UTILE, p, table, titre
from .saisie import CANDIDAT, choix, saisie
from .squelette import docx, pied_piece

__all__ = ["acte_engagement"]

_MEMBRES = ("Titulaire ou mandataire", *(f"Cotraitant n° {number}" for number in (1, 2, 3, 4, 5)))
_SIGNER = 700
"""Height of a row in which a hand signs: 12 mm."""


def _partie(letter: str, title: str, who: str | None, *body: str, page: bool = False) -> str:
    """Return a part: its title, who fills it in, its text."""
    said = p(f"Partie à compléter par {who}.", "Guide", suite=True) if who else ""
    return titre(1, f"{letter}. {title}", page=page) + said + "".join(body)


def _ligne(name: str, columns: tuple[str, ...], indication: str = CANDIDAT) -> tuple[str, ...]:
    """Return a row: its name, then a control by column."""
    return (
        name,
        *(
            choix(f"PME – {name}", ("oui", "non"), "[oui ou non]", style="Tableau")
            if column == "PME"
            else saisie(f"{column} – {name}", indication, style="Tableau")
            for column in columns
        ),
    )


def _membres(
    headers: tuple[str, ...], widths: tuple[int, ...], legende: str, *, hauteur: int | None = None
) -> str:
    """Return a table with a row by member of the groupement; who fills it in is said above."""
    return table(
        ("Membre", *headers),
        [_ligne(name, headers, "[à compléter]") for name in _MEMBRES],
        (1854, *widths),
        legende=legende,
        hauteur=hauteur,
        entier=True,
    )


def _objet() -> str:
    return _partie(
        "A",
        "Objet",
        None,
        p(
            "Le présent acte d'engagement porte sur le marché subséquent n° {{ numero }} à l'accord-cadre "
            "n° {{ accord_cadre.numero }}{% if accord_cadre.lot %}, {{ accord_cadre.lot }}{% endif %}. Il a pour objet "
            "l'accompagnement {{ atelier.du }} par une équipe pluridisciplinaire."
        ),
        p("Lieu d'exécution : {{ perimetre }}.{% if cpv %} Nomenclature CPV : {{ cpv }}.{% endif %}"),
        p(
            "Il est régi par les pièces de l'accord-cadre, par le cahier des clauses techniques particulières et par la "
            "décomposition du prix global et forfaitaire (DPGF), dans l'ordre de priorité que fixe l'article 2 du CCTP."
        ),
        page=True,
    )


def _acheteur() -> str:
    return _partie(
        "B",
        "Acheteur",
        None,
        identification(
            ("Acheteur", "{{ acheteur }}"),
            "if rpa",
            ("Représentant du pouvoir adjudicateur", "{{ rpa }}"),
            "endif",
            "if ordonnateur",
            ("Ordonnateur", "{{ ordonnateur | majuscule }}"),
            "endif",
            (
                "Comptable assignataire",
                "{% if comptable %}{{ comptable | majuscule }}{% else %}Indiqué dans la lettre de notification{% endif %}",
            ),
            legende="Acheteur : rubrique, valeur",
        ),
    )


def _titulaire() -> str:
    return _partie(
        "C",
        "Titulaire ou groupement",
        "le candidat",
        _membres(
            ("Raison sociale, forme juridique et adresse", "SIRET", "N° de TVA", "PME"),
            (3000, 1600, 1600, 1300),
            "Membres du groupement : membre, identité et adresse, SIRET, numéro de TVA, PME",
        ),
        p(
            "Chaque membre dit s'il est une petite ou moyenne entreprise (PME). Les lignes inutiles restent en l'état.",
            "ApresTableau",
        ),
        p("Nature du groupement :", suite=True),
        choix(
            "Nature du groupement",
            (
                "Titulaire unique",
                "Groupement conjoint, mandataire solidaire",
                "Groupement conjoint, mandataire non solidaire",
                "Groupement solidaire",
            ),
            "[à choisir par le candidat : titulaire unique, groupement conjoint (mandataire solidaire ou non) ou solidaire]",
        ),
    )


def _prix() -> str:
    return _partie(
        "D",
        "Engagement et prix",
        "le candidat",
        p(
            "Après avoir pris connaissance des pièces du marché subséquent, le candidat s'engage à exécuter les prestations qu'elles "
            "décrivent au prix global et forfaitaire suivant, qui est le total de la DPGF."
            "{% if tva %} Taux de TVA du cadre de DPGF : {{ tva }}.{% endif %}",
            suite=True,
        ),
        table(
            ("Montant", "En chiffres", "En toutes lettres"),
            [
                _ligne(name, ("En chiffres", "En toutes lettres"))
                for name in ("Total hors taxes", "TVA", "Total toutes taxes comprises")
            ],
            (2400, 2700, UTILE - 5100),
            legende="Prix : montant, en chiffres, en toutes lettres",
        ),
        p(
            "Lorsque plusieurs taux de TVA s'appliquent, le prix se décompose ainsi :",
            "ApresTableau",
            suite=True,
        ),
        table(
            ("Ligne", "Taux de TVA", "Base hors taxes", "Montant de la TVA"),
            [
                _ligne(name, ("Taux de TVA", "Base hors taxes", "Montant de la TVA"), "[à compléter]")
                for name in ("Premier taux", "Deuxième taux", "Troisième taux")
            ],
            (2154, 2400, 2400, 2400),
            legende="Prix par taux de TVA : ligne, taux, base hors taxes, montant de la TVA",
        ),
    )


def _repartition() -> str:
    return _partie(
        "E",
        "Répartition des paiements",
        "le candidat, en cas de groupement conjoint ou de paiements séparés",
        _membres(
            ("Prestations", "Montant hors taxes", "Taux de TVA", "Montant TTC"),
            (2600, 1700, 1500, 1700),
            "Répartition : membre, prestations, montant hors taxes, taux de TVA, montant toutes taxes comprises",
        ),
        p("La somme des montants est égale au total de la partie D.", "ApresTableau"),
    )


def _avance() -> str:
    return _partie(
        "G",
        "Avance",
        "le candidat",
        p(
            "L'avance est versée " + selon("avance") + ". Chaque membre du groupement fait son choix.",
            suite=True,
        ),
        table(
            ("Membre", "Bénéfice de l'avance"),
            [
                (
                    name,
                    choix(
                        f"Avance – {name}",
                        ("Demande à bénéficier de l'avance", "Refuse le bénéfice de l'avance"),
                        "[à choisir par le candidat : demande ou refus]",
                        style="Tableau",
                    ),
                )
                for name in _MEMBRES
            ],
            (3400, UTILE - 3400),
            legende="Avance : membre, demande ou refus",
        ),
    )


def _comptes() -> str:
    return _partie(
        "H",
        "Comptes à créditer",
        "le candidat",
        p("Un relevé d'identité bancaire de chaque compte est joint.", suite=True),
        _membres(
            ("Titulaire du compte", "IBAN", "BIC"),
            (2500, 3400, 1600),
            "Comptes à créditer : membre, titulaire du compte, IBAN, BIC",
        ),
    )


def _sous_traitance() -> str:
    return _partie(
        "I",
        "Sous-traitance",
        "le candidat",
        choix(
            "Sous-traitance",
            (
                "Aucune sous-traitance n'est déclarée à la remise de l'offre",
                "Une ou plusieurs déclarations de sous-traitance (DC4) sont jointes",
            ),
            "[à choisir par le candidat : aucune sous-traitance déclarée, ou déclarations DC4 jointes]",
        ),
        p("La sous-traitance est régie " + selon("sous_traitance") + "."),
    )


def _signature_titulaire() -> str:
    return _partie(
        "K",
        "Signature du candidat",
        "le candidat",
        p(
            "Le signataire est habilité à engager le candidat ; le mandataire qui signe seul joint les pouvoirs des autres membres.",
            suite=True,
        ),
        _membres(
            ("Nom, prénom et qualité du signataire", "Lieu et date", "Signature"),
            (3300, 2000, 2200),
            "Signatures : membre, signataire, lieu et date, signature",
            hauteur=_SIGNER,
        ),
    )


def _decision() -> str:
    return _partie(
        "L",
        "Décision de l'acheteur",
        None,
        table(
            ("Rubrique", "Valeur"),
            [
                (name, saisie(name, "[à compléter par l'acheteur, à la signature]", style="Tableau"))
                for name in (
                    "Montant retenu hors taxes",
                    "Numéro d'engagement juridique",
                    "Lieu et date de signature",
                )
            ],
            (3400, UTILE - 3400),
            legende="Décision : rubrique, valeur",
        ),
        p(
            "La présente offre est acceptée pour valoir acte d'engagement, à la date de la signature qui suit.",
            "ApresTableau",
            suite=True,
        ),
        signature(),
        page=True,
    )


def _nantissement() -> str:
    return _partie(
        "M",
        "Cession ou nantissement de créances",
        None,
        p(
            "À la demande du titulaire, d'un cotraitant ou d'un sous-traitant payé directement, l'acheteur remet une copie du présent "
            "acte en exemplaire unique, ou un certificat de cessibilité. Il y porte le montant qui peut être cédé ou nanti.",
            suite=True,
        ),
        table(
            ("Rubrique", "Valeur"),
            [
                (name, saisie(name, "[à compléter par l'acheteur, sur demande]", style="Tableau"))
                for name in (
                    "Bénéficiaire de l'exemplaire unique",
                    "Montant cessible, en lettres et en chiffres",
                )
            ],
            (3400, UTILE - 3400),
            legende="Cession ou nantissement : rubrique, valeur",
        ),
    )


def _notification() -> str:
    return _partie(
        "N",
        "Notification",
        None,
        p(
            "Le marché subséquent prend effet à la date de réception de sa notification par le titulaire. Lorsque la notification est "
            "faite par PLACE, l'accusé de réception de la plateforme tient lieu des mentions suivantes.",
            suite=True,
        ),
        table(
            ("Rubrique", "Valeur"),
            [
                (name, saisie(name, "[à compléter par le titulaire, à la notification]", style="Tableau"))
                for name in ("Notification reçue le", "Nom et qualité", "Signature")
            ],
            (3400, UTILE - 3400),
            legende="Notification : rubrique, valeur",
        ),
    )


def acte_engagement() -> bytes:
    """Return the acte d’engagement: a cover, then fourteen parts; the same file for all."""
    body = (
        couverture("Acte d'engagement"),
        p(
            "Les parties A, B, F, J, L, M et N sont établies par l'acheteur. Le candidat complète les autres, sans en changer le texte ; "
            "chaque endroit à remplir le dit.",
            "Encadre",
        ),
        _objet(),
        _acheteur(),
        _titulaire(),
        _prix(),
        _repartition(),
        _partie(
            "F",
            "Durée",
            None,
            p(
                "Le marché subséquent est conclu pour **{{ duree }}** à compter de sa notification."
                "{% if debut %} Début prévisionnel : {{ debut }}.{% endif %}"
            ),
        ),
        _avance(),
        _comptes(),
        _sous_traitance(),
        _partie(
            "J",
            "Validité de l'offre",
            None,
            p(
                "L'offre engage le candidat pendant **{{ validite }}** à compter de la date limite de remise des offres."
            ),
        ),
        _signature_titulaire(),
        _decision(),
        _nantissement(),
        _notification(),
    )
    return docx(
        "".join(body),
        title="Acte d'engagement",
        subject="Atelier des territoires – marché subséquent",
        feet=pied_piece("Marché subséquent n° {{ numero }} – acte d'engagement – version {{ version }}"),
    )
