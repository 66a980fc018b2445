# ruff: noqa: E501 - French sentences and XML are read unbroken
"""The letters that follow the choice: attribution, rejection, notification, no follow-up (documents.md § 3.8)."""

from __future__ import annotations

from .lettres import entete, lettre, objet, politesse, signature, suscription
from .papier import UTILE, boucle, p, si, table

__all__ = ["declaration_sans_suite", "lettre_attribution", "lettre_notification", "lettre_rejet"]

_SUJET = "Atelier des territoires"
_MARCHE = "marché subséquent n°~{{ numero }}"
_POLITESSE = "Je vous prie d'agréer, {{ appel }} l'expression de ma considération distinguée."


def _tete(subject: str) -> str:
    """Return the head of a letter to a titulaire, its subject and its salutation."""
    return "".join(
        [
            entete(),
            suscription(),
            objet(f"Atelier des territoires – {{{{ atelier.nom }}}} – {subject}"),
            p("{{ appel }}", "Appel"),
        ]
    )


def _contact() -> str:
    return p(
        "{% if expediteur.agent %}{{ expediteur.agent }} se tient{% else %}Mes services se tiennent{% endif %} "
        "à votre disposition pour toute précision.",
        "Corps",
        suite=True,
    )


def _consultation(after: str) -> str:
    """Return the opening: which consultation the letter is about."""
    return (
        "{% if consultation %}Par lettre du {{ consultation }}, j'ai consulté{% else %}J'ai consulté{% endif %} "
        "les titulaires de l'accord-cadre n°~{{ accord_cadre.numero }}{% if accord_cadre.lot %} pour le {{ accord_cadre.lot }}"
        f"{{% endif %}} en vue du {_MARCHE}, relatif à {{{{ atelier.le }}}}. {after}"
    )


def _recours(avant_signature: bool) -> str:
    urgent = (
        " Avant la signature du marché, un référé précontractuel peut être formé devant cette juridiction "
        "(article L. 551-1 du même code)."
        if avant_signature
        else ""
    )
    return p(
        "**Voies et délais de recours.** La présente décision peut être contestée devant {{ recours.tribunal }} dans un "
        "délai de {{ recours.delai }} à compter de sa notification (articles R. 421-1 et R. 421-5 du code de justice "
        f"administrative).{urgent}",
        "Encadre",
    )


def _motifs(before: str) -> str:
    return p(before, "ApresTableau", suite=True) + boucle("un in motifs", p("{{ un }}", "Listepuces"))


def lettre_attribution() -> bytes:
    """Return the letter that tells a titulaire that its offer is retained, and what it still has to give."""
    return lettre(
        "Information de l'attributaire",
        _SUJET,
        _tete(f"{_MARCHE} – attribution"),
        p(
            _consultation("Je vous remercie de l'offre que vous avez remise.")
            + " J'ai le plaisir de vous informer que **votre offre, d'un montant de {{ montant }}, est retenue**"
            "{% if date_choix %}, à l'issue de l'analyse des offres et du choix collégial du {{ date_choix }}{% endif %}.",
            "Corps",
        ),
        p(
            "Pour que le marché puisse être signé, je vous remercie de me faire parvenir, au plus tard le "
            "**{{ limite }}** :",
            "Corps",
            suite=True,
        ),
        p(
            "l'acte d'engagement signé, électroniquement ou de façon manuscrite, par "
            "{% if groupement %}tous les membres du groupement, ou par son mandataire s'il y est habilité (pouvoirs joints)"
            "{% else %}une personne habilitée à engager votre société{% endif %} ;",
            "Listepuces",
        ),
        boucle("un in pieces", p("{{ un }}{% if loop.last %}.{% else %} ;{% endif %}", "Listepuces")),
        p(
            "**La présente lettre n'est pas la notification du marché.** Elle ne vaut pas commande : aucune prestation ne "
            "peut commencer avant que vous ayez reçu la lettre de notification, accompagnée de l'acte d'engagement signé "
            "par les deux parties.",
            "Encadre",
        ),
        si(
            "suspension",
            p(
                "Le marché ne sera pas signé avant le {{ suspension.date }} : un délai de {{ suspension.duree }} est observé "
                "après l'information des titulaires dont l'offre n'est pas retenue.",
                "Corps",
            ),
        ),
        _contact(),
        politesse(_POLITESSE),
        signature(),
    )


def lettre_rejet() -> bytes:
    """Return the letter to a titulaire whose offer is not retained: its marks, and who is retained."""
    return lettre(
        "Information d'un titulaire non retenu",
        _SUJET,
        _tete(f"{_MARCHE} – offre non retenue"),
        p(
            _consultation("Je vous remercie de l'offre que vous avez remise.")
            + "{% if date_choix %} À l'issue de l'analyse des offres et du choix collégial du {{ date_choix }}, j{% else %} J"
            "{% endif %}e vous informe que **votre offre n'est pas retenue**.",
            "Corps",
        ),
        si(
            "ecartee",
            p("Elle a été écartée et n'a donc pas été classée. En voici le motif :", "Corps", suite=True),
            p("{{ ecartee }}", "Listepuces"),
            p("Le marché est attribué à {{ retenu }}.", "Corps"),
            sinon=[
                p(
                    "{% if plusieurs %}Votre offre est classée **{{ rang }}** sur {{ classees }} offres comparées. {% endif %}"
                    "Le marché est attribué à {{ retenu }}. Les notes, pondérées selon les critères de l'accord-cadre, sont "
                    "les suivantes :",
                    "Corps",
                    suite=True,
                ),
                table(
                    (
                        "Critère",
                        "Poids",
                        "Votre note",
                        "Note de l'attributaire",
                        "Appréciation de votre offre",
                    ),
                    [
                        "for un in notes",
                        (
                            "{{ un.critere }}",
                            "{{ un.poids }}",
                            "{{ un.note }}",
                            "{{ un.retenu }}",
                            "{{ un.appreciation }}",
                        ),
                        "endfor",
                        ("**Total**", "100~%", "**{{ total }}**", "**{{ total_retenu }}**", "–"),
                    ],
                    (2000, 900, 1450, 1500, UTILE - 5850),
                    legende="Notes : critère, poids, note du destinataire, note de l'attributaire, appréciation",
                ),
            ],
        ),
        si(
            "egalite and not ecartee",
            p(
                "Votre offre et celle de l'attributaire ont obtenu le même total ; elles ont été départagées par les motifs "
                "ci-après.",
                "ApresTableau",
            ),
        ),
        _motifs(
            "L'offre de l'attributaire a été retenue pour {% if motifs | length > 1 %}les motifs suivants{% else %}le motif suivant{% endif %} :"
        ),
        si(
            "suspension",
            p(
                "{% if suspension.imposee %}Conformément à l'accord-cadre, un{% else %}Sans y être tenu par l'accord-cadre, "
                "j'ai choisi d'observer un{% endif %} délai de {{ suspension.duree }}{% if suspension.imposee %} est observé"
                "{% endif %} entre l'envoi de la présente lettre et la signature du marché, qui n'interviendra pas avant le "
                "**{{ suspension.date }}**.",
                "Corps",
            ),
            sinon=[
                p(
                    "Le marché est susceptible d'être signé "
                    "{% if signature_prevue %}à compter du {{ signature_prevue }}{% else %}dès l'envoi de la présente lettre{% endif %}.",
                    "Corps",
                )
            ],
        ),
        _recours(avant_signature=True),
        _contact(),
        politesse(_POLITESSE),
        signature(),
    )


def declaration_sans_suite() -> bytes:
    """Return the letter that ends a consultation without a contract, with its reasons."""
    return lettre(
        "Déclaration sans suite",
        _SUJET,
        _tete(f"{_MARCHE} – déclaration sans suite"),
        p(
            _consultation("{% if offre %}Je vous remercie de l'offre que vous avez remise.{% endif %}"),
            "Corps",
        ),
        p(
            "Je vous informe que j'ai décidé{% if date %}, le {{ date }},{% endif %} de **déclarer cette consultation sans "
            "suite**. Aucun marché ne sera donc conclu à son issue.",
            "Corps",
        ),
        _motifs(
            "Cette décision est prise pour {% if motifs | length > 1 %}les motifs suivants{% else %}le motif suivant{% endif %} :"
        ),
        _recours(avant_signature=False),
        _contact(),
        politesse(_POLITESSE),
        signature(),
    )


def _paragraphe(text: str, *, suite: bool = False) -> str:
    return p(text, "Corps", suite=suite)


def _lie(text: str) -> str:
    """Return a cell that stays on the page of the next row."""
    return p(text, "Tableau", suite=True)


def lettre_notification() -> bytes:
    """Return the notification of the contract: what it comes to, when it starts, how it is paid."""
    return lettre(
        "Notification du marché subséquent",
        _SUJET,
        entete(),
        suscription(),
        objet(
            "Notification du marché subséquent n°~{{ numero }} –\naccord-cadre n°~{{ accord_cadre.numero }}"
        ),
        p("{{ appel }}", "Appel"),
        _paragraphe(
            "J'ai l'honneur de vous notifier le marché subséquent n°~{{ numero }}, relatif à {{ atelier.le }}, que j'ai signé le "
            "{{ signe_le }} et dont vous êtes {% if groupement %}mandataire du groupement titulaire{% else %}titulaire{% endif %}. "
            "Son montant est le suivant :",
            suite=True,
        ),
        table(
            ("Montant", "En lettres et en chiffres"),
            ["for un in montants", ("{{ un.libelle }}", "{{ un.valeur }}"), "endfor"],
            (3200, UTILE - 3200),
            legende="Montant du marché : hors taxes, TVA, toutes taxes comprises",
        ),
        p("Le taux de TVA retenu est de {{ taux_tva }}.", "ApresTableau"),
        _paragraphe(
            "**Effet et durée.** Le marché prend effet à la date à laquelle vous recevez la présente lettre. Cette date est celle que "
            "la plateforme PLACE enregistre ou, en cas de remise sur papier, celle que porte l'accusé de réception ci-après. "
            "Les prestations commencent le **{{ debut }}** ; leur durée est de {{ duree }}, jusqu'au **{{ fin }}** inclus."
        ),
        _paragraphe(
            "**Facturation.** Les demandes de paiement sont déposées sur Chorus Pro (https://portail.chorus-pro.gouv.fr). "
            "Elles portent les mentions suivantes :",
            suite=True,
        ),
        table(
            ("Mention", "Valeur"),
            ["for un in facturation", ("{{ un.libelle }}", "{{ un.valeur }}"), "endfor"],
            (3200, UTILE - 3200),
            legende="Mentions à porter sur les factures : mention, valeur",
        ),
        p(
            "**Paiement.** Le délai de paiement est de {{ paiement.delai }} au plus. En cas de retard, des intérêts moratoires "
            "courent de plein droit, au taux de refinancement de la Banque centrale européenne majoré de {{ paiement.points }} "
            "points, et une indemnité forfaitaire de {{ paiement.indemnite }} est due pour frais de recouvrement.",
            "ApresTableau",
        ),
        si(
            "avance.parts",
            _paragraphe("**Avance.** {{ avance.phrase }}", suite=True),
            table(
                ("Membre du groupement", "Part TTC", "Taux", "Avance"),
                [
                    "for un in avance.parts",
                    ("{{ un.membre }}", "{{ un.base }}", "{{ un.taux }}", "{{ un.avance }}"),
                    "endfor",
                ],
                (4400, 1900, 1154, 1900),
                legende="Avance par membre : membre, part toutes taxes comprises, taux, avance",
            ),
            sinon=[
                _paragraphe(
                    "**Avance.** {{ avance.phrase }}{% if avance.versee %} Elle est versée et remboursée conformément "
                    "{{ clauses.avance.au }}.{% endif %}"
                )
            ],
        ),
        si(
            "avance.parts",
            p("Elle est versée et remboursée conformément {{ clauses.avance.au }}.", "ApresTableau"),
        ),
        p(
            "**Suites.** {% if cadrage %}La réunion de cadrage se tient {{ cadrage }}. {% endif %}"
            "{% if contacts %}L'exécution du marché est suivie par {{ contacts }}. {% endif %}"
            "L'exemplaire unique ou le certificat de cessibilité vous sera remis sur demande, en cas de cession ou de "
            "nantissement de créances.",
            "Corps",
        ),
        politesse(_POLITESSE),
        signature(),
        p("Accusé de réception, en cas de remise sur papier", "Titre2"),
        table(
            ("Accusé de réception", "À compléter par {{ titulaire }}"),
            [
                (_lie("Marché subséquent n°"), "{{ numero }}"),
                (_lie("Notification reçue le"), ""),
                (_lie("Prénom, nom et qualité"), ""),
                ("Cachet et signature", p("", "Nom")),
            ],
            (4200, UTILE - 4200),
            legende="Accusé de réception : date, nom et qualité, cachet et signature du titulaire",
        ),
    )
