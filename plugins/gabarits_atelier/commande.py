# ruff: noqa: E501 - the French of a clause is read and mended unbroken
"""The bon de commande of an Atelier flash and the letter that sends it (documents.md § 5.2 and 5.3)."""

from __future__ import annotations

from .clauses import selon
from .lettres import entete, lettre, objet, politesse, puces, signature, suscription
from .papier import UTILE, p, si, table, titre
from .squelette import docx, pied_piece

__all__ = ["bon_commande", "lettre_envoi"]

_SUJET = "Atelier des territoires – Atelier flash"
_ACCORD = (
    "l'accord-cadre n° {{ accord_cadre.numero }}{% if accord_cadre.intitule %} « {{ accord_cadre.intitule }} »{% endif %}"
    "{% if accord_cadre.lot %}, {{ accord_cadre.lot }}{% endif %}{% if accord_cadre.date %}, notifié le {{ accord_cadre.date }}{% endif %}"
)


def _parties() -> str:
    """Return who orders, from whom, what, when: the head of the order."""
    return table(
        ("Rubrique", "Contenu"),
        [
            (
                "Acheteur",
                "{{ acheteur }}{% if rpa %}\nReprésentant du pouvoir adjudicateur : {{ rpa }}{% endif %}",
            ),
            "if prescripteur",
            ("Suivi par", "{{ prescripteur }}"),
            "endif",
            (
                "Titulaire",
                "**{{ titulaire.nom }}**{% if groupement %}, mandataire du groupement{% endif %} – SIRET {{ titulaire.siret }}"
                "{% if titulaire.adresse or titulaire.courriel %}\n{% endif %}{% if titulaire.adresse %}{{ titulaire.adresse }}{% endif %}"
                "{% if titulaire.adresse and titulaire.courriel %} – {% endif %}{% if titulaire.courriel %}{{ titulaire.courriel }}{% endif %}",
            ),
            (
                "Objet",
                "{% if objet %}{{ objet }}{% else %}Accompagnement {{ atelier.du }} par une équipe pluridisciplinaire.{% endif %}"
                "{% if question %}\nQuestion posée : {{ question }}{% endif %}",
            ),
            (
                "Exécution",
                "{{ execution.quand }}\nLieu : {% if execution.lieu %}{{ execution.lieu }}{% else %}{{ perimetre }}{% endif %}",
            ),
            "if livrables",
            ("Livrables", "{{ livrables }}"),
            "endif",
        ],
        (1700, UTILE - 1700),
        legende="Bon de commande : rubrique, contenu",
    )


def _prix() -> str:
    return "".join(
        [
            p(
                "Prestations commandées, au bordereau des prix du titulaire (prix hors taxes) :",
                "ApresTableau",
                suite=True,
            ),
            table(
                ("N° de prix", "Désignation", "Unité", "Quantité", "Prix unitaire HT", "Montant HT"),
                [
                    "for un in lignes",
                    (
                        "{{ un.numero }}",
                        "{{ un.designation }}",
                        "{{ un.unite }}",
                        "{{ un.quantite }}",
                        "{{ un.prix }}",
                        "{{ un.montant }}",
                    ),
                    "endfor",
                ],
                (900, 3554, 1100, 1050, 1350, 1400),
                legende="Prestations : numéro de prix, désignation, unité, quantité, prix unitaire hors taxes, montant hors taxes",
            ),
            p("Total de la commande :", "ApresTableau", suite=True),
            table(
                ("Montant", "En lettres et en chiffres"),
                ["for un in montants", ("{{ un.libelle }}", "{{ un.valeur }}"), "endfor"],
                (3000, UTILE - 3000),
                legende="Total : hors taxes, TVA, toutes taxes comprises",
            ),
        ]
    )


def _annexe() -> str:
    return "".join(
        [
            titre(1, "Annexe au bon de commande n° {{ bon.numero }}", page=True),
            titre(2, "1. Références financières et facturation"),
            p(
                "Les demandes de paiement sont déposées sur Chorus Pro (https://portail.chorus-pro.gouv.fr), et par aucune autre "
                "voie. Elles portent les mentions suivantes :",
                suite=True,
            ),
            table(
                ("Mention", "Valeur"),
                ["for un in facturation", ("{{ un.libelle }}", "{{ un.valeur }}"), "endfor"],
                (3200, UTILE - 3200),
                legende="Mentions à porter sur les factures : mention, valeur",
            ),
            p(
                "Elles portent aussi leur date et leur numéro, le SIRET du titulaire, la date d'exécution, la quantité et la désignation "
                "de chaque prestation, son prix unitaire hors taxes, le total hors taxes, la TVA par taux et le total toutes taxes "
                "comprises. Le taux de TVA retenu est de {{ taux_tva }}.",
                "ApresTableau",
            ),
            p(
                "Le délai de paiement est de {{ paiement.delai }} au plus. En cas de retard, des intérêts moratoires courent de plein "
                "droit, au taux de refinancement de la Banque centrale européenne majoré de {{ paiement.points }} points, et une "
                "indemnité forfaitaire de {{ paiement.indemnite }} est due pour frais de recouvrement. "
                "{% if avance %}L'avance est versée et remboursée " + selon("avance") + "."
                "{% else %}Par son montant ou par sa durée, cette commande n'ouvre pas droit à une avance.{% endif %}"
            ),
            titre(2, "2. Exécution"),
            p(
                "Le bon de commande prend effet à la date à laquelle le titulaire le reçoit. Il n'ajoute rien à l'accord-cadre et ne le "
                "modifie pas. L'acheteur vérifie chaque livrable et notifie sa décision "
                "{% if verification %}dans un délai de {{ verification }} à compter de la remise{% else %}dans le délai que prévoit "
                "l'accord-cadre{% endif %}. Sont régis par l'accord-cadre :",
                suite=True,
            ),
            puces(
                "les prix et leur variation : " + selon("variation_prix"),
                "les pénalités : " + selon("penalites"),
                "la propriété intellectuelle : " + selon("propriete_intellectuelle"),
                "la sous-traitance, déclarée par un formulaire DC4 : " + selon("sous_traitance"),
                "la résiliation : " + selon("resiliation"),
            ),
            titre(2, "3. Observations du titulaire"),
            p(
                "Le titulaire qui a des observations à présenter sur ce bon de commande les notifie à l'acheteur dans le délai prévu par "
                "l'accord-cadre."
            ),
            titre(2, "4. Notification"),
            p(
                "En cas d'envoi par voie électronique, l'accusé de réception de la plateforme ou du message tient lieu des mentions "
                "suivantes.",
                suite=True,
            ),
            table(
                ("Accusé de réception", "À compléter par {{ titulaire.nom }}"),
                [
                    (p("Bon de commande reçu le", "Tableau", suite=True), ""),
                    (p("Prénom, nom et qualité", "Tableau", suite=True), ""),
                    ("Cachet et signature", p("", "Nom")),
                ],
                (4200, UTILE - 4200),
                legende="Accusé de réception : date, nom et qualité, cachet et signature du titulaire",
            ),
        ]
    )


def bon_commande() -> bytes:
    """Return the order: one page to sign, and an annex that says how it is performed and paid."""
    body = [
        p("{{ expediteur.bloc_marque }}", "BlocMarque", signet="bloc_marque"),
        si("expediteur.timbre", p("{{ expediteur.timbre | join('\\n') }}", "Timbre")),
        p("Bon de commande n° {{ bon.numero }}", "Titre"),
        p("du {{ bon.date }}, sur le fondement de " + _ACCORD, "Sous-titre"),
        _parties(),
        _prix(),
        p(
            "{% if expediteur.ville %}Fait à {{ expediteur.ville }}, le{% else %}Fait le{% endif %}~",
            "ApresTableau",
            suite=True,
        ),
        signature(),
        _annexe(),
    ]
    return docx(
        "".join(body),
        title="Bon de commande",
        subject=_SUJET,
        feet=pied_piece("Bon de commande n° {{ bon.numero }} – accord-cadre n° {{ accord_cadre.numero }}"),
    )


def lettre_envoi() -> bytes:
    """Return the short letter that goes with an order."""
    return lettre(
        "Lettre d'envoi d'un bon de commande",
        _SUJET,
        entete(),
        suscription(),
        objet("Bon de commande n°~{{ bon.numero }} – Atelier des territoires – {{ atelier.nom }}"),
        p("{{ appel }}", "Appel"),
        p(
            "Je vous adresse le bon de commande n°~{{ bon.numero }} du {{ bon.date }}, relatif à {{ atelier.le }}. Il est émis sur le "
            "fondement de l'accord-cadre n°~{{ accord_cadre.numero }}, dont "
            "{% if groupement %}le groupement que vous représentez est{% else %}vous êtes{% endif %} titulaire, aux prix de votre bordereau.",
            "Corps",
        ),
        p(
            "Il prend effet à la date à laquelle vous le recevez."
            "{% if debut and fin %} Les prestations commencent le {{ debut }} et s'achèvent le {{ fin }}."
            "{% elif debut %} Les prestations commencent le {{ debut }}.{% elif fin %} Les prestations s'achèvent le {{ fin }}.{% endif %}"
            "{% if cadrage %} La réunion de cadrage est prévue {{ cadrage }}.{% endif %}",
            "Corps",
        ),
        p(
            "Je vous remercie d'en accuser réception. Vos observations éventuelles sont à présenter dans le délai prévu par l'accord-cadre. "
            "L'annexe au bon de commande dit comment déposer vos demandes de paiement.",
            "Corps",
        ),
        p(
            "{% if contacts %}Pour toute précision, votre interlocuteur est {{ contacts }}.{% else %}Mes services se tiennent à votre "
            "disposition pour toute précision.{% endif %}",
            "Corps",
            suite=True,
        ),
        politesse("Je vous prie d'agréer, {{ appel }} l'expression de ma considération distinguée."),
        signature(),
    )
