# ruff: noqa: E501 - French sentences and XML are read unbroken
"""The letters and the bordereau: layout of documents.md § 3.1."""

from __future__ import annotations

from .papier import UTILE, boucle, p, si, table
from .squelette import docx, pied_lettre

__all__ = [
    "bordereau_envoi",
    "courrier_collectivite",
    "courrier_prefet",
    "courrier_service",
    "entete",
    "lettre",
    "objet",
    "politesse",
    "puces",
    "signature",
    "suscription",
]


def entete() -> str:
    """Return the head of a letter: bloc-marque, timbre, agent, references, place and date.

    Each block is one paragraph, whose lines end with a break: LibreOffice forgets to keep a signature
    with the text before it when it is about the 26th paragraph of a letter.
    """
    return "".join(
        [
            p(
                "{{ expediteur.bloc_marque | a_completer('service expéditeur') }}",
                "BlocMarque",
                signet="bloc_marque",
            ),
            si("expediteur.timbre", p("{{ expediteur.timbre | join('\\n') }}", "Timbre")),
            si(
                "expediteur.agent",
                p(
                    "Affaire suivie par : {{ expediteur.agent }}"
                    "{% if expediteur.telephone %}\nTél. : {{ expediteur.telephone }}{% endif %}"
                    "{% if expediteur.courriel %}\nMél. : {{ expediteur.courriel }}{% endif %}",
                    "Suivi",
                ),
            ),
            si(
                "references.nos or references.vos",
                p(
                    "{% if references.nos %}Nos réf. : {{ references.nos }}{% endif %}"
                    "{% if references.nos and references.vos %}\n{% endif %}"
                    "{% if references.vos %}Vos réf. : {{ references.vos }}{% endif %}",
                    "Suivi",
                ),
            ),
            p("{% if expediteur.ville %}{{ expediteur.ville }}, le{% else %}Le{% endif %}~", "LieuDate"),
        ]
    )


def suscription() -> str:
    """Return the addressee: with its line of attachment between administrations."""
    return p(
        "{% if destinataire.attache %}{{ destinataire.attache }}\nà\n{% endif %}"
        "{{ destinataire.lignes | join('\\n') }}",
        "Suscription",
    )


def objet(text: str) -> str:
    """Return the subject, the texts relied on and the enclosures, whose number is that of their list."""
    return "".join(
        [
            p(f"Objet :\t{text}", "Objet"),
            si(
                "references.citees is defined and references.citees",
                p("Réf. :\t{{ references.citees | join(' ; ') }}", "References"),
            ),
            si("pj", p("PJ :\t{{ pj | length }} – {{ pj | join(' ; ') }}", "References")),
        ]
    )


def signature() -> str:
    """Return the signature: on one page, with room for the hand or the stamp.

    The paragraph before it stays with it (``suite``): a signature is never alone on its page.
    """
    return "".join(
        [
            p("{{ signature.lignes | join('\\n') | a_completer('qualité du signataire') }}", "Qualite"),
            p('{{ signature.nom | a_completer("prénom et nom du signataire") }}', "Nom"),
            si(
                "copies",
                p("Copie{% if copies | length > 1 %}s{% endif %} : {{ copies | join(' ; ') }}", "Copies"),
            ),
        ]
    )


def politesse(formule: str) -> str:
    """Return the closing, which repeats the salutation."""
    return p(formule, "Politesse")


def lettre(title: str, subject: str, *body: str) -> bytes:
    """Return a letter: A4, the emitter's address at the foot, the page from the second one."""
    return docx("".join(body), title=title, subject=subject, feet=pied_lettre())


def puces(*items: str) -> str:
    """Return a list that runs through one sentence."""
    ends = [" ;"] * (len(items) - 1) + ["."]
    return "".join(p(text + end, "Listepuces") for text, end in zip(items, ends, strict=True))


def courrier_service() -> bytes:
    """Return the commitment of the service that carries the Atelier (documents.md § 3.2)."""
    return lettre(
        "Courrier d'engagement du service pilote",
        "Atelier des territoires – Atelier local",
        entete(),
        suscription(),
        objet(
            "Atelier des territoires – {{ atelier.nom | a_completer('intitulé de l’Atelier local') }} – engagement {{ service.du }}"
        ),
        p(
            "{{ porteurs | majuscule }} {{ portent }} ensemble la candidature {{ atelier.du | a_completer('intitulé de l’Atelier local') }}"
            "{% if perimetre %}, sur le périmètre suivant : {{ perimetre }}{% endif %}. "
            "La note d'opportunité jointe au dossier en présente l'objet, les objectifs et les ressources.",
            "Corps",
        ),
        si("themes", p("Cette démarche relève {{ themes }}.", "Corps")),
        p(
            "Je vous confirme l'engagement {{ service.du }} à porter cet Atelier local pendant "
            "**{{ engagement.duree }}**{% if engagement.periode %}, {{ engagement.periode }}{% endif %}."
            "{% if engagement.ecrete %} Cet engagement est pris dans les limites de durée que fixent les "
            "modalités de candidature ; le calendrier prévisionnel de l'accompagnement figure dans la note "
            "d'opportunité.{% endif %}",
            "Corps",
        ),
        p("À ce titre, les missions suivantes seront assurées :", "Corps", suite=True),
        puces(
            "rédiger le cahier des clauses techniques particulières du marché subséquent, avec {{ collectivites.les }}",
            "consulter sur la plateforme PLACE les titulaires de l'accord-cadre de la DGALN, recevoir et analyser "
            "leurs offres, les auditionner s'il y a lieu et organiser le choix collégial de l'équipe",
            "attribuer et notifier le marché subséquent",
            "cadrer la mission avec l'équipe retenue et la mettre en relation avec les acteurs du territoire",
            "contribuer à la préparation et à l'animation des {{ sessions }} sessions d'atelier, puis à leur bilan",
            "engager et payer les crédits délégués sur le BOP 135, au rythme d'avancement de la prestation",
        ),
        si(
            "conduite",
            p(
                "La conduite du projet est confiée à {{ conduite }}, avec l'appui de l'ensemble des services.",
                "Corps",
            ),
        ),
        p(
            "La rémunération de l'équipe pluridisciplinaire est prise en charge à 100 % par la DGALN. Les frais "
            "d'organisation des sessions (logistique et restauration) sont à la charge des co-porteurs, "
            "principalement {{ collectivites.des }}.",
            "Corps",
            suite=True,
        ),
        signature(),
    )


def courrier_prefet() -> bytes:
    """Return the support of the préfet or sous-préfet (documents.md § 3.3)."""
    return lettre(
        "Courrier de soutien du préfet",
        "Atelier des territoires – Atelier local",
        entete(),
        suscription(),
        objet(
            "Atelier des territoires – {{ atelier.nom | a_completer('intitulé de l’Atelier local') }} – soutien de l'État "
            "à la candidature {{ collectivites.des }}"
        ),
        p(
            "{{ porteurs | majuscule }} {{ portent }} ensemble la candidature {{ atelier.du | a_completer('intitulé de l’Atelier local') }}"
            "{% if perimetre %}, sur le périmètre suivant : {{ perimetre }}{% endif %}.",
            "Corps",
        ),
        si("resume", p("Le projet peut se résumer ainsi : {{ resume }}", "Corps")),
        si(
            "objectifs",
            p("Les objectifs poursuivis sont les suivants :", "Corps", suite=True),
            boucle(
                "un in objectifs",
                p("{{ un }}{% if loop.last %}.{% else %} ;{% endif %}", "Listepuces"),
            ),
        ),
        p(
            "{% if themes %}Cette démarche relève {{ themes }}, que l'État accompagne dans le territoire. {% endif %}"
            "Elle réunira autour d'une même stratégie les élus, les services et les acteurs locaux, et doit "
            "aboutir à une feuille de route partagée.",
            "Corps",
        ),
        p("**J'apporte mon soutien à cette candidature.**", "Corps"),
        p(
            "Mes services sont mobilisés pour sa réussite, en premier lieu {{ service.le }}, qui assurera le "
            "pilotage local de l'Atelier.",
            "Corps",
        ),
        p(
            "Je vous serais {{ reconnaissant }} de bien vouloir réserver une suite favorable à cette demande.",
            "Corps",
            suite=True,
        ),
        signature(),
    )


def courrier_collectivite() -> bytes:
    """Return the letter of a collectivité, on its own letterhead (documents.md § 3.3)."""
    return lettre(
        "Courrier de la collectivité",
        "Atelier des territoires – Atelier local",
        entete(),
        suscription(),
        objet(
            "Atelier des territoires – {{ atelier.nom | a_completer('intitulé de l’Atelier local') }} – {{ nature }} {{ collectivite.du }}"
        ),
        p("Madame, Monsieur,", "Appel"),
        p(
            "Par ce courrier, {{ collectivite.le }} {{ verbe }} {{ atelier.le | a_completer('intitulé de l’Atelier local') }}"
            "{% if partenaires %}, aux côtés {{ partenaires }}{% endif %}.",
            "Corps",
        ),
        si(
            "perimetre",
            p("L'Atelier porte sur le périmètre suivant : {{ perimetre }}.", "Corps"),
        ),
        si("resume", p("Le projet peut se résumer ainsi : {{ resume }}", "Corps")),
        p("À ce titre, {{ collectivite.le }} s'engage à :", "Corps", suite=True),
        puces(
            "prendre part, avec ses élus et ses techniciens, à la préparation et à la tenue des {{ sessions }} "
            "sessions d'atelier",
            "y associer les partenaires, les acteurs économiques et associatifs et, chaque fois que possible, les habitants",
            "mettre à la disposition de l'équipe pluridisciplinaire les données, études et documents utiles",
            "prendre en charge, avec les autres co-porteurs, l'organisation matérielle des sessions (logistique et "
            "restauration)",
            "donner suite à la feuille de route qui en sera issue et en suivre l'avancement",
        ),
        si("deliberation", p("{{ deliberation }}", "Corps")),
        p(
            "Je suivrai personnellement cette démarche"
            "{% if referent %}, dont {{ referent }} assurera le suivi technique{% endif %}.",
            "Corps",
            suite=True,
        ),
        politesse("Je vous prie d'agréer, Madame, Monsieur, l'expression de ma considération distinguée."),
        signature(),
    )


def bordereau_envoi() -> bytes:
    """Return the list of what is sent, with the fingerprints of the files in annex."""
    return lettre(
        "Bordereau d'envoi",
        "Atelier des territoires",
        entete(),
        suscription(),
        p("Bordereau d'envoi", "Titre"),
        objet("Atelier des territoires – {{ sujet }} – {{ etape }}"),
        table(
            ("Désignation des pièces", "Nombre", "Observations"),
            [
                "for piece in pieces",
                ("{{ piece.designation }}", "{{ piece.nombre }}", "{{ piece.observations }}"),
                "endfor",
                ("**Total des pièces**", "**{{ total }}**", "{{ fichiers_phrase }}"),
            ],
            (4700, 1100, UTILE - 5800),
            legende="Pièces transmises : désignation, nombre, observations",
        ),
        p("Transmis pour {{ motif }}.", "ApresTableau", suite=True),
        signature(),
        p("Annexe – Empreintes des fichiers", "Titre1", page=True),
        p(
            "L'empreinte SHA-256 permet de vérifier qu'un fichier reçu est bien celui qui a été envoyé : "
            "un fichier modifié n'a plus la même.",
        ),
        table(
            ("Fichier", "Taille", "Empreinte SHA-256"),
            ["for un in fichiers", ("{{ un.nom }}", "{{ un.taille }}", "{{ un.sha256 }}"), "endfor"],
            (3500, 1100, UTILE - 4600),
            legende="Empreintes : fichier, taille, empreinte SHA-256",
        ),
    )
