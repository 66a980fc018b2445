"""The CCTP of the marché subséquent and the pilote's reading list (documents.md § 4)."""

from __future__ import annotations

from .papier import UTILE, boucle, p, si, sommaire, table, titre
from .squelette import docx, pied_piece

__all__ = ["ARTICLES", "cctp", "points_a_relire"]

ARTICLES = (
    "Objet et forme du marché subséquent",
    "Pièces constitutives et ordre de priorité",
    "Contexte territorial",
    "Périmètres",
    "Enjeux, questions posées et objectifs",
    "Gouvernance et pilotage",
    "Déroulement de la mission",
    "Livrables",
    "Équipe et compétences attendues",
    "Ressources mises à disposition",
    "Durée et calendrier",
    "Remise, formats et admission",
    "Propriété intellectuelle, données, confidentialité, communication",
    "Clauses diverses et dérogations",
)
"""Titles of the fourteen articles (documents.md § 4.3)."""


def _note(section: str) -> str:
    """Return what the pilote wrote in a section of the note: its own formatting, else its text."""
    return si(
        f"note.{section}.paragraphes",
        boucle(f"un in note.{section}.paragraphes", p("{{ un }}")),
        sinon=[p(f"{{{{p note.{section}.fragment }}}}")],
    )


def _article(number: int, *body: str) -> str:
    return titre(1, f"Article {number} – {ARTICLES[number - 1]}", signet=f"_Toc{number:08d}") + "".join(body)


def _puces(*items: str) -> str:
    ends = [" ;"] * (len(items) - 1) + ["."]
    return "".join(p(text + end, "Listepuces") for text, end in zip(items, ends, strict=True))


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
    return _article(
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
    return _article(
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
            _article(
                3,
                titre(2, "3.1 Les dynamiques du territoire"),
                _note("dynamiques_territoire"),
                titre(2, "3.2 Les dynamiques d'aménagement"),
                _note("dynamiques_amenagement"),
            ),
            _article(4, _note("localisation")),
            _article(
                5,
                titre(2, "5.1 Objet de l'Atelier et questions posées"),
                si(
                    "themes",
                    p(
                        "L'Atelier relève {{ themes }}, abordées par le prisme de l'aménagement et de l'urbanisme."
                    ),
                ),
                _note("objet"),
                titre(2, "5.2 Objectifs"),
                _note("objectifs"),
            ),
        ]
    )


def _gouvernance() -> str:
    return _article(
        6,
        titre(2, "6.1 Les porteurs de l'Atelier"),
        _note("porteurs"),
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
            sinon=[p("La composition du comité technique est arrêtée dans les mêmes conditions.")],
        ),
        p(
            "Le titulaire prépare les réunions de ces instances avec {{ service.le }}, y présente ses travaux et en établit "
            "le compte rendu. Le comité de pilotage se réunit au moins au lancement, après chaque session et avant la "
            "restitution."
        ),
    )


def _etape(number: str, name: str, key: str, content: tuple[str, ...], output: str) -> str:
    return "".join(
        [
            titre(2, f"7.{number} {name}"),
            _puces(*content),
            p(f"**Production** : {output}", suite=True),
            p(f"**Calendrier prévisionnel** : {{{{ etapes.{key} }}}}."),
        ]
    )


def _mission() -> str:
    return _article(
        7,
        p(
            "La mission comporte un temps de cadrage, {{ sessions.nombre }} sessions d'atelier in situ de "
            "{{ sessions.jours }} chacune, séparées par des temps d'approfondissement, puis un temps de production et de "
            "restitution. Les frais de logistique et de restauration des sessions ne sont pas à la charge du titulaire."
        ),
        _etape(
            "1",
            "Étape 1 – Lancement et cadrage",
            "cadrage",
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
            "session_1",
            (
                "parcours commenté et lecture partagée du territoire",
                "diagnostic partagé, enjeux et premières intuitions",
                "inter-atelier : analyse documentaire, entretiens avec les acteurs, préparation de la session suivante",
            ),
            "supports de la session et carnet de suivi n° 1 (livrable L2.1).",
        ),
        _etape(
            "3",
            "Étape 3 – Session n° 2 : stratégie",
            "session_2",
            (
                "vision partagée et scénarios, mis à l'épreuve de sites démonstrateurs",
                "choix d'une stratégie et des conditions de sa réussite",
                "inter-atelier : approfondissement, esquisses, échanges avec les porteurs d'actions pressentis",
            ),
            "supports de la session et carnet de suivi n° 2 (livrable L2.2).",
        ),
        _etape(
            "4",
            "Étape 4 – Session n° 3 : feuille de route",
            "session_3",
            (
                "actions, pilotes, financements et calendrier",
                "ordre de priorité et conditions d'engagement de chaque acteur",
            ),
            "supports de la session et carnet de suivi n° 3 (livrable L2.3).",
        ),
        _etape(
            "5",
            "Production et restitution",
            "restitution",
            (
                "rédaction finale, mise en forme et relecture avec les porteurs de l'Atelier",
                "séminaire local de restitution, présentation publique des résultats et officialisation de la feuille de route",
            ),
            "rapport final (livrable L3) et feuille de route (livrable L4).",
        ),
    )


def _livrables() -> str:
    return _article(
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
                "Part du règlement",
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
            legende="Remise des livrables : numéro, formats, délai de validation, poste de la DPGF, part du règlement",
        ),
        p(
            "L'échéance « T0 » est la date de notification du marché subséquent. Les livrables L1 à L4 portent les mêmes "
            "numéros dans la DPGF.",
            "ApresTableau",
        ),
    )


def _equipe() -> str:
    return _article(
        9,
        p(
            "L'équipe réunit les compétences prévues par l'accord-cadre, adaptées aux enjeux du présent marché, et notamment :",
            suite=True,
        ),
        _puces(
            "la stratégie territoriale, l'urbanisme et le paysage",
            "l'animation d'ateliers et la médiation entre acteurs",
            "la représentation graphique et spatiale",
            "les compétences thématiques qu'appellent les enjeux décrits à l'article 5",
        ),
        p(
            "Le titulaire désigne un chef de projet, interlocuteur unique de l'acheteur, présent à toutes les sessions et à toutes "
            "les réunions du comité de pilotage. Deux membres de l'équipe au moins animent chaque session. Le remplacement "
            "d'une personne désignée dans l'offre est soumis à l'accord préalable de l'acheteur, dans les conditions de l'accord-cadre."
        ),
    )


def _ressources() -> str:
    return _article(
        10,
        _note("ressources"),
        p(
            "Les documents et les données sont remis au titulaire pour les seuls besoins de la mission, à la réunion de cadrage au "
            "plus tard. Les salles, la logistique et la restauration des sessions sont assurées par les porteurs de l'Atelier, "
            "principalement {{ collectivites.les }}."
        ),
    )


def _duree() -> str:
    return _article(
        11,
        p(
            "La mission dure **{{ duree }}** à compter de la notification du marché subséquent (T0)."
            "{% if bornes %} Le programme prévoit un accompagnement {{ bornes }}.{% endif %}"
        ),
        p("Le calendrier prévisionnel est le suivant ; la note de cadrage l'arrête.", suite=True),
        table(
            ("Temps de la mission", "Date prévisionnelle", "Lieu"),
            ["for un in calendrier", ("{{ un.temps }}", "{{ un.date }}", "{{ un.lieu }}"), "endfor"],
            (4200, 2754, 2400),
            legende="Calendrier prévisionnel : temps de la mission, date, lieu",
        ),
        p(
            "Les délais de validation de l'article 8 sont compris dans la durée de la mission. Une session n'est reportée que "
            "d'un commun accord, sans dépasser cette durée.",
            "ApresTableau",
        ),
    )


def _remise() -> str:
    return _article(
        12,
        p(
            "Les livrables sont remis par voie électronique, en une version modifiable (formats Word, ODT, Excel ou ODS, et fichiers "
            "natifs des cartes et des schémas) et une version PDF. Les données géographiques sont remises dans un format "
            "ouvert, avec leur système de coordonnées et leurs métadonnées."
        ),
        p(
            "Les documents remis sont accessibles : titres structurés, tableaux dotés d'en-têtes, textes de remplacement des cartes "
            "et des images, contrastes suffisants, aucune information portée par la seule couleur."
        ),
        p(
            "L'acheteur vérifie chaque livrable et notifie au titulaire l'une des décisions prévues par le CCAG-PI : admission, "
            "ajournement, réfaction ou rejet. Sauf délai différent fixé par l'accord-cadre, il dispose de {{ validation }} à "
            "compter de la remise ; son silence à l'issue de ce délai vaut admission. Chaque livrable fait l'objet d'une décision "
            "distincte."
        ),
        p(
            "Les livrables admis ouvrent droit à règlement selon l'échéancier de la DPGF, dans les conditions de l'accord-cadre."
        ),
    )


def _propriete() -> str:
    return _article(
        13,
        p(
            "Les droits sur les résultats sont régis par l'accord-cadre et, à défaut, par le chapitre du CCAG-PI relatif à la propriété "
            "intellectuelle. Pour l'application de ce régime, les besoins de l'acheteur comprennent :",
            suite=True,
        ),
        _puces(
            "la diffusion des résultats par l'État et par les collectivités porteuses, sur tout support et sur leurs sites internet",
            "leur utilisation et leur adaptation par ces collectivités dans la suite du projet et dans des études ultérieures",
            "leur reprise dans les travaux de capitalisation du programme « Atelier des territoires »",
        ),
        p(
            "Les auteurs sont cités à chaque publication. Le titulaire s'assure des droits sur les fonds de carte, les photographies "
            "et les autres éléments qu'il incorpore, ainsi que de l'accord des personnes représentées."
        ),
        p(
            "Le titulaire tient confidentiels les documents et les échanges signalés comme tels et ne communique sur la mission qu'avec "
            "l'accord de l'acheteur. Les données personnelles des participants ne sont traitées que pour organiser les sessions et en "
            "rendre compte, dans les conditions de l'annexe 6."
        ),
    )


def _divers() -> str:
    return _article(
        14,
        titre(2, "14.1 Pénalités, assurance, résiliation, différends"),
        p(
            "Les pénalités, les assurances, la résiliation et le règlement des différends relèvent de l'accord-cadre et, à défaut, du "
            "CCAG-PI. Avant d'appliquer des pénalités de retard, l'acheteur invite par écrit le titulaire à présenter ses observations "
            "dans un délai de quinze (15) jours, en indiquant leur montant et les retards constatés."
        ),
        titre(2, "14.2 Développement durable"),
        p(
            "Le titulaire limite les déplacements et les impressions, privilégie les transports en commun et signale dans la note de "
            "cadrage les dispositions qu'il prend à cet effet."
        ),
        titre(2, "14.3 Dérogations au CCAG-PI"),
        si(
            "derogations",
            table(
                ("Article du CCTP", "Disposition du CCAG-PI à laquelle il est dérogé"),
                ["for un in derogations", ("{{ un.article }}", "{{ un.ccag }}"), "endfor"],
                (2400, UTILE - 2400),
                legende="Dérogations : article du CCTP, disposition du CCAG-PI",
            ),
            sinon=[p("Liste récapitulative des dérogations au CCAG-PI : aucune.")],
        ),
    )


def _annexes() -> str:
    return "".join(
        [
            titre(1, "Annexes", page=True),
            titre(2, "Annexe 1 – Périmètre"),
            p("Le périmètre et sa représentation figurent à l'article 4."),
            titre(2, "Annexe 2 – Acteurs à mobiliser"),
            si(
                "acteurs",
                table(
                    ("Acteur", "Organisme", "Qualité"),
                    [
                        "for un in acteurs",
                        ("{{ un.nom }}", "{{ un.organisme }}", "{{ un.qualite }}"),
                        "endfor",
                    ],
                    (3118, 3118, 3118),
                    legende="Acteurs : nom, organisme, qualité",
                ),
                sinon=[p("Les acteurs à mobiliser sont ceux que désigne l'article 10.")],
            ),
            titre(2, "Annexe 3 – Études et données disponibles"),
            si(
                "ressources",
                table(
                    ("Document ou donnée", "Détenteur", "Date et format"),
                    [
                        "for un in ressources",
                        ("{{ un.titre }}", "{{ un.detenteur }}", "{{ un.date_format }}"),
                        "endfor",
                    ],
                    (4154, 2700, 2500),
                    legende="Études et données : intitulé, détenteur, date et format",
                ),
                sinon=[p("Les études et les données disponibles sont celles que désigne l'article 10.")],
            ),
            titre(2, "Annexe 4 – Calendrier"),
            p("Le calendrier prévisionnel figure à l'article 11."),
            titre(2, "Annexe 5 – Cadre de DPGF"),
            p(
                "Le cadre de la DPGF est joint au dossier de consultation, dans un fichier séparé à compléter par le candidat."
            ),
            titre(2, "Annexe 6 – Traitement de données personnelles"),
            table(
                ("Rubrique", "Description"),
                [
                    (
                        "Finalité",
                        "Organiser les sessions et les entretiens, en rendre compte aux participants",
                    ),
                    (
                        "Données",
                        "Nom, organisme, fonction, coordonnées professionnelles ; images des sessions, avec l'accord des personnes",
                    ),
                    (
                        "Personnes concernées",
                        "Élus, agents, partenaires et habitants qui prennent part à l'Atelier",
                    ),
                    ("Durée", "Durée de la mission ; effacement ou restitution à l'acheteur à son terme"),
                    (
                        "Obligations du titulaire",
                        "Agir sur instruction de l'acheteur, garantir la confidentialité, signaler sans délai toute violation",
                    ),
                    (
                        "Droits des personnes",
                        "Accès, rectification, effacement et opposition, exercés auprès de l'acheteur",
                    ),
                ],
                (2700, UTILE - 2700),
                legende="Traitement de données personnelles : rubrique, description",
            ),
        ]
    )


def cctp() -> bytes:
    """Return the CCTP: cover, table of contents, fourteen articles, annexes."""
    body = (
        _couverture(),
        _objet(),
        _pieces(),
        _territoire(),
        _gouvernance(),
        _mission(),
        _livrables(),
        _equipe(),
        _ressources(),
        _duree(),
        _remise(),
        _propriete(),
        _divers(),
        _annexes(),
    )
    return docx(
        "".join(body),
        title="Cahier des clauses techniques particulières",
        subject="Atelier des territoires – Atelier local – marché subséquent",
        feet=pied_piece("Marché subséquent n° {{ numero }} – CCTP – version {{ version }}"),
    )


def points_a_relire() -> bytes:
    """Return the pilote's list: what in the note does not suit a bidder, what is left to decide."""
    body = [
        p("Points à relire avant la consultation", "Titre"),
        p("{% if atelier.nom %}{{ atelier.nom }}{% else %}Atelier local{% endif %}", "Sous-titre"),
        p(
            "Le CCTP reprend le texte de la note d'opportunité, écrite pour la DGALN. Les candidats le liront à leur tour : cette liste "
            "signale ce qui ne leur convient pas. Elle reste interne et n'est pas jointe à la consultation.",
            "Encadre",
        ),
        titre(1, "1. Passages de la note à reprendre"),
        si(
            "passages",
            table(
                ("Rubrique", "Paragraphe", "Extrait", "Pourquoi le reprendre"),
                [
                    "for un in passages",
                    ("{{ un.rubrique }}", "{{ un.paragraphe }}", "{{ un.extrait }}", "{{ un.motif }}"),
                    "endfor",
                ],
                (1900, 1250, 3604, 2600),
                legende="Passages à reprendre : rubrique, numéro de paragraphe, extrait, motif",
            ),
            p(
                "Le numéro est celui du paragraphe dans « {{ fichier }} », tableaux compris. Corrigez-le dans la note ou dans le CCTP.",
                "ApresTableau",
            ),
            sinon=[p("{{ sans_passage }}")],
        ),
        titre(1, "2. Choix qui restent à faire dans le CCTP"),
        boucle("un in choix", p("{{ un }}", "Listepuces")),
        titre(1, "3. Vérifications d'usage"),
        p(
            "Les clauses qui renvoient à l'accord-cadre sont conformes à son cahier des clauses particulières (CCP).",
            "Listepuces",
        ),
        p("Aucune pièce remise aux candidats ne porte d'enveloppe, de budget ni d'estimation.", "Listepuces"),
        p("Les cartes et les images ont un texte de remplacement et peuvent être diffusées.", "Listepuces"),
    ]
    return docx(
        "".join(body),
        title="Points à relire avant la consultation",
        subject="Atelier des territoires – Atelier local",
        feet=pied_piece("Points à relire – document interne"),
    )
