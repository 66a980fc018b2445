# ruff: noqa: E501 - French sentences and XML are read unbroken
"""The letters of the desk that examines, to all those who carry a dossier (documents.md § 3.4 to 3.6)."""

from __future__ import annotations

from .lettres import entete, lettre, objet, politesse, puces, signature, suscription
from .papier import UTILE, boucle, p, si, table

__all__ = [
    "accuse_reception",
    "demande_complements",
    "notification_differee",
    "notification_eligibilite",
    "notification_non_eligibilite",
]


def _courrier(title: str, subject: str, *body: str) -> bytes:
    """Return a letter in the personal form; its closing repeats the salutation."""
    return lettre(
        title,
        "Atelier des territoires",
        entete(),
        suscription(),
        objet(f"Atelier des territoires – {{{{ sujet }}}} – {subject}"),
        p("{{ appel }}", "Appel"),
        *body,
        politesse("Je vous prie d'agréer, {{ appel }} l'expression de ma {{ consideration }}."),
        signature(),
    )


def _contact() -> str:
    """Return the last paragraph: who answers, and where to write."""
    return p(
        "{% if interlocuteur %}{{ interlocuteur }}, se tient{% else %}Mes services se tiennent{% endif %} à votre "
        "disposition pour toute précision{% if interlocuteur and expediteur.telephone %}, au {{ expediteur.telephone }} "
        "et{% else %},{% endif %} à l'adresse {{ expediteur.courriel }}.",
        "Corps",
        suite=True,
    )


def _liste(key: str, intro: str) -> str:
    """Return typed sentences under the words that bring them; nothing when there is none."""
    return si(key, p(intro, "Corps", suite=True), boucle(f"un in {key}", p("{{ un }}", "Listepuces")))


def _motifs(nom: str) -> str:
    """Return what a decision rests on, one or several, under its noun."""
    return _liste(
        "motifs",
        "Cette décision se fonde sur {% if motifs | length > 1 %}les "
        f"{nom}s suivants{{% else %}}{'l’' if nom[0] == 'é' else 'le '}{nom} suivant{{% endif %}} :",
    )


def accuse_reception() -> bytes:
    """Return the accusé de réception, which says what came and what did not (documents.md § 3.4)."""
    return _courrier(
        "Accusé de réception",
        "accusé de réception",
        p(
            "J'accuse réception du dossier de candidature {{ du_sujet }}, que j'ai reçu le {{ reception }}. "
            "Il se compose ainsi :",
            "Corps",
            suite=True,
        ),
        table(
            ("Pièce", "Réception", "Fichier reçu"),
            ["for un in pieces", ("{{ un.piece }}", "{{ un.etat }}", "{{ un.fichiers }}"), "endfor"],
            (3500, 1600, UTILE - 5100),
            legende="Pièces du dossier : pièce, réception, fichier reçu",
        ),
        p(
            "{% if manquantes > 1 %}{{ en_lettres(manquantes) | majuscule }} des pièces demandées ne figurent pas dans le dossier. "
            "{% elif manquantes %}Une des pièces demandées ne figure pas dans le dossier. "
            "{% else %}Les pièces demandées figurent toutes dans le dossier ; leur contenu reste à examiner. {% endif %}"
            "{% if demande %}Une demande de compléments suit cet accusé de réception.{% endif %}",
            "ApresTableau",
        ),
        p(
            "{{ rythme }} Un courrier vous fera connaître la suite donnée à votre candidature."
            "{% if delai %} À titre indicatif, l'examen demande {{ delai }}.{% endif %}",
            "Corps",
        ),
        si("silence", p("{{ silence }}", "Corps")),
        p(
            "Votre dossier est suivi par le bureau des stratégies territoriales (AD1)"
            "{% if service.adresse %}, {{ service.adresse }}{% endif %}"
            "{% if service.telephone %}, tél. {{ service.telephone | telephone }}{% endif %}.\nMél. : {{ boite }}",
            "Corps",
        ),
        _contact(),
    )


def demande_complements() -> bytes:
    """Return the request for what is missing, for elected readers (documents.md § 3.5)."""
    return _courrier(
        "Demande de compléments",
        "demande de compléments",
        p(
            "Vous avez adressé à la DGALN le dossier de candidature {{ du_sujet }}"
            "{% if reception %}, que j'ai reçu le {{ reception }}{% endif %}. Je vous en remercie.",
            "Corps",
        ),
        p(
            "{% if manques | length > 1 %}Pour en poursuivre l'examen, j'ai besoin des {{ en_lettres(manques | length) }} "
            "compléments suivants :{% else %}Pour en poursuivre l'examen, j'ai besoin du complément suivant :"
            "{% endif %}",
            "Corps",
            suite=True,
        ),
        table(
            ("N°", "Pièce ou information", "Ce qui est demandé", "Forme attendue"),
            [
                "for un in manques",
                ("{{ loop.index }}", "{{ un.sujet }}", "{{ un.phrase }}", "{{ un.forme }}"),
                "endfor",
            ],
            (580, 2300, 4174, 2300),
            legende="Compléments demandés : numéro, pièce ou information, ce qui est demandé, forme attendue",
        ),
        p(
            "Je vous remercie de me {% if manques | length > 1 %}les{% else %}le{% endif %} transmettre avant le "
            '{{ echeance | a_completer("date limite de réponse") }}, ainsi :',
            "ApresTableau",
            suite=True,
        ),
        puces("adresse : {{ boite }}", "objet du message : « {{ rappel }} »"),
        p(
            "L'examen de votre dossier se poursuivra dès réception ; les pièces déjà transmises n'ont pas à être envoyées "
            "de nouveau.",
            "Corps",
        ),
        _contact(),
    )


def notification_eligibilite() -> bytes:
    """Return the notification of a favourable decision (documents.md § 3.6)."""
    return _courrier(
        "Notification d'éligibilité",
        "{{ objet_decision }}",
        p(
            "J'ai le plaisir de vous informer que, par décision du {{ date_decision }}, la candidature {{ du_sujet }}, "
            "que {% if reception %}vous avez adressée à la DGALN et que j'ai reçue le {{ reception }}"
            "{% else %}vous avez adressée à la DGALN{% endif %}, **{{ decision }}**.",
            "Corps",
        ),
        _motifs("élément"),
        _liste("conditions", "Cette décision s'accompagne des conditions et recommandations suivantes :"),
        p(
            "La rémunération de l'équipe pluridisciplinaire est prise en charge {{ prise_en_charge }}"
            "{% if enveloppe %}, dans le cadre d'une enveloppe indicative de {{ enveloppe }}{% endif %}."
            "{% if frais %} {{ frais }}{% endif %}",
            "Corps",
        ),
        p(
            "Les étapes à venir, que {{ service }} conduit avec {{ collectivites }}, sont les suivantes :",
            "Corps",
            suite=True,
        ),
        boucle("un in etapes", p("{{ un }}{% if loop.last %}.{% else %} ;{% endif %}", "Listenumros")),
        si(
            "periode",
            p("Le calendrier que vous avez proposé prévoit un accompagnement {{ periode }}.", "Corps"),
        ),
        _contact(),
    )


def notification_differee() -> bytes:
    """Return the notification of a dossier eligible, and not selected for now (documents.md § 3.6)."""
    return _courrier(
        "Notification de sélection différée",
        "{{ objet_decision }}",
        p(
            "Vous avez adressé à la DGALN la candidature {{ du_sujet }}{% if reception %}, que j'ai reçue le {{ reception }}"
            "{% endif %}. Je vous en remercie.",
            "Corps",
        ),
        p(
            "Par décision du {{ date_decision }}, cette candidature **est éligible, mais n'est pas sélectionnée à ce jour**. "
            "{{ rythme }}",
            "Corps",
        ),
        _motifs("motif"),
        p(
            "{% if reexamen %}Votre candidature sera réexaminée le {{ reexamen }} ; un{% else %}Un{% endif %} courrier vous fera "
            "connaître la suite qui lui sera donnée.",
            "Corps",
        ),
        _contact(),
    )


def notification_non_eligibilite() -> bytes:
    """Return the refusal: its reasons, what could change, the other ways, the remedies (documents.md § 3.6)."""
    return _courrier(
        "Notification de non-éligibilité",
        "{{ objet_decision }}",
        p(
            "Vous avez adressé à la DGALN la candidature {{ du_sujet }}{% if reception %}, que j'ai reçue le {{ reception }}"
            "{% endif %}. Je vous en remercie.",
            "Corps",
        ),
        p(
            "J'ai le regret de vous informer que, par décision du {{ date_decision }}, cette candidature "
            "**{{ decision }}**, pour {% if motifs | length > 1 %}les motifs suivants{% else %}le motif suivant{% endif %} :",
            "Corps",
            suite=True,
        ),
        boucle("un in motifs", p("{{ un }}", "Listepuces")),
        _liste(
            "evolutions",
            "{% if evolutions | length > 1 %}Les évolutions suivantes permettraient{% else %}L'évolution suivante permettrait"
            "{% endif %} de la réexaminer :",
        ),
        p("Votre projet peut aussi trouver un appui par d'autres voies :", "Corps", suite=True),
        boucle("un in autres", p("{{ un }}{% if loop.last %}.{% else %} ;{% endif %}", "Listepuces")),
        si(
            "tribunal",
            p(
                "**Voies et délais de recours.** La présente décision peut être contestée devant {{ tribunal }} dans un délai de "
                "deux mois à compter de sa notification (articles R. 421-1 et R. 421-5 du code de justice "
                "administrative).",
                "Encadre",
            ),
        ),
        _contact(),
    )
