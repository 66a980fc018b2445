# ruff: noqa: E501 - French sentences and XML are read unbroken
"""The desk's fiche d’instruction: every rule with its state, in words."""

from __future__ import annotations

from .papier import LARGE, boucle, consigne, p, si, table, titre
from .squelette import PAYSAGE, docx, pied_piece

__all__ = ["fiche_instruction"]


def fiche_instruction() -> bytes:
    """Return the fiche d’instruction, on A4 paper on its side."""
    body = [
        p("Fiche d'instruction", "Titre"),
        p("{{ sujet }}", "Sous-titre"),
        p(
            "Cette fiche rend compte des contrôles ; elle aide à l'examen et ne décide de rien : "
            "seule la DGALN décide de l'éligibilité.",
            "Encadre",
        ),
        titre(1, "1. Le dossier"),
        table(
            ("Renseignement", "Valeur"),
            ["for un in identite", ("{{ un.libelle }}", "{{ un.valeur }}"), "endfor"],
            (3600, LARGE - 3600),
            legende="Le dossier : renseignement, valeur",
        ),
        titre(1, "2. Ce que disent les contrôles"),
        p("**{{ verdict }}**"),
        p("Règles au {{ date_regles }}{{ origine_date }} : {{ bilan }}."),
        si(
            "a_traiter",
            p("Points à traiter, dans l'ordre du travail :", suite=True),
            boucle("un in a_traiter", p("{{ un }}", "Listepuces")),
        ),
        si(
            "a_verifier",
            p("À vérifier avant l'envoi des courriers :", suite=True),
            boucle("un in a_verifier", p("{{ un }}", "Listepuces")),
        ),
        si(
            "phrases",
            p(
                "Phrases proposées pour la demande de compléments. Pour en retirer une, écrivez l'identifiant de sa règle dans "
                "instruction.yaml, champ « complements.ecartes » :",
                suite=True,
            ),
            table(
                ("Règle", "Pièce ou information", "Phrase", "Suite"),
                [
                    "for un in phrases",
                    ("{{ un.id }}", "{{ un.sujet }}", "{{ un.phrase }}", "{{ un.suite }}"),
                    "endfor",
                ],
                (1500, 4200, LARGE - 7200, 1500),
                legende="Phrases de la demande de compléments : règle, pièce ou information, phrase, demandée ou écartée",
            ),
        ),
        titre(1, "3. Les pièces"),
        si(
            "pieces",
            table(
                ("Pièce", "Fichier", "Nature", "Pages", "Signature", "Reconnue par"),
                [
                    "for un in pieces",
                    (
                        "{{ un.piece }}",
                        "{{ un.fichier }}",
                        "{{ un.nature }}",
                        "{{ un.pages }}",
                        "{{ un.signature }}",
                        "{{ un.reconnu_par }}",
                    ),
                    "endfor",
                ],
                (3200, 4700, 1500, 900, 2470, 1800),
                legende="Pièces : pièce, fichier, nature, nombre de pages, signature, moyen de reconnaissance",
            ),
            sinon=[p("Aucune pièce n'a été reconnue.")],
        ),
        titre(1, "4. Les règles, par famille"),
        boucle(
            "famille in familles",
            titre(2, "{{ famille.titre }}"),
            table(
                ("Règle", "Ce qui est contrôlé", "Gravité", "État", "Constat ou motif"),
                [
                    "for un in famille.regles",
                    ("{{ un.id }}", "{{ un.titre }}", "{{ un.gravite }}", "{{ un.etat }}", "{{ un.motif }}"),
                    "endfor",
                ],
                (1500, 4300, 1300, 1700, LARGE - 8800),
                legende="Règles : identifiant, objet du contrôle, gravité, état, constat ou motif",
            ),
        ),
        titre(1, "5. Avis et suite"),
        p("Avis de l'agent chargé du suivi :", suite=True),
        consigne("Écrire ici l'avis motivé sur l'opportunité de l'Atelier.", alias="Avis", suite=True),
        p("Suite proposée :", suite=True),
        consigne(
            "Éligible, sélection différée ou non éligible, et pour quels motifs.", alias="Suite proposée"
        ),
    ]
    return docx(
        "".join(body),
        title="Fiche d'instruction",
        subject="Atelier des territoires",
        feet=pied_piece("Fiche d'instruction – {{ sujet }}"),
        section=PAYSAGE,
    )
