# ruff: noqa: E501 - the French of a clause is read and mended unbroken
"""Articles 12 to 14 of the CCTP, and its annexes: delivery, rights, the rest (documents.md § 4.6, 4.7)."""

from __future__ import annotations

from .clauses import article, selon
from .lettres import puces
from .papier import UTILE, p, si, table, titre

__all__ = ["annexes", "divers", "propriete", "remise"]


def remise() -> str:
    """Return article 12."""
    return article(
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
            "ajournement, réfaction ou rejet. Il dispose pour cela de {{ validation.delai }} à compter de la remise"
            "{% if validation.accord %}, "
            + selon("verification")
            + "{% endif %} ; son silence à l'issue de ce délai vaut "
            "admission. Chaque livrable fait l'objet d'une décision distincte."
        ),
        p(
            "Les livrables admis ouvrent droit à règlement{% if echeancier %}, pour la part du prix que fixe l'article 8"
            "{% endif %}, " + selon("paiement") + "."
        ),
    )


def propriete() -> str:
    """Return article 13."""
    return article(
        13,
        p(
            "Les droits sur les résultats sont régis par {{ clauses.propriete_intellectuelle.le }} et, à défaut, par le chapitre "
            "relatif à la propriété intellectuelle du CCAG-PI. Pour l'application de ce régime, les besoins de l'acheteur comprennent :",
            suite=True,
        ),
        puces(
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
            "l'accord de l'acheteur, "
            + selon("confidentialite")
            + ". Les données personnelles des participants ne sont traitées "
            "que pour organiser les sessions et en rendre compte, "
            + selon("donnees_personnelles")
            + " et à l'annexe 6."
        ),
    )


def divers() -> str:
    """Return article 14."""
    return article(
        14,
        titre(2, "14.1 Sous-traitance, pénalités, assurances, résiliation, différends"),
        p(
            "Ces matières relèvent de l'accord-cadre et, à défaut, du CCAG-PI :",
            suite=True,
        ),
        puces(
            "sous-traitance : " + selon("sous_traitance"),
            "pénalités : " + selon("penalites"),
            "assurances : " + selon("assurances"),
            "résiliation : " + selon("resiliation"),
            "différends : " + selon("differends"),
        ),
        p(
            "Avant d'appliquer des pénalités de retard, l'acheteur invite par écrit le titulaire à présenter ses observations "
            "dans un délai de quinze (15) jours, en indiquant leur montant et les retards constatés. Le plafond et le seuil "
            "d'exonération sont ceux du CCAG-PI, sauf stipulation contraire de l'accord-cadre."
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
                ("Article du CCTP", "Article du CCAG-PI", "Objet de la dérogation"),
                [
                    "for un in derogations",
                    ("{{ un.article_cctp }}", "{{ un.article_ccag }}", "{{ un.objet }}"),
                    "endfor",
                ],
                (1800, 2000, UTILE - 3800),
                legende="Dérogations : article du CCTP, article du CCAG-PI, objet",
            ),
            sinon=[p("Liste récapitulative des dérogations au CCAG-PI : aucune.")],
        ),
    )


def annexes() -> str:
    """Return the annexes."""
    return "".join(
        [
            titre(1, "Annexes"),
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
