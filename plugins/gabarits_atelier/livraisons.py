# ruff: noqa: E501 - French sentences and XML are read unbroken
"""What follows a deliverable: the buyer's decision, the attestation that the service was done."""

from __future__ import annotations

from .lettres import entete, lettre, objet, politesse, signature, suscription
from .papier import UTILE, boucle, p, si, table
from .squelette import docx, pied_lettre

__all__ = ["decision_admission", "service_fait"]

_SUJET = "Atelier des territoires"


def decision_admission() -> bytes:
    """Return the buyer's decision on a deliverable (documents.md § 4.7)."""
    return lettre(
        "Décision sur un livrable",
        _SUJET,
        entete(),
        suscription(),
        objet(
            "Atelier des territoires – {{ atelier.nom | a_completer('intitulé de l’Atelier') }} – {{ intitule }} – {{ livrable }}"
        ),
        p("{{ appel }}", "Appel"),
        p(
            "Vous m'avez remis{% if remise %}, le {{ remise }},{% endif %} le livrable « {{ livrable }} », en exécution "
            "{{ contrat.du }}{% if accord_cadre.numero %}, fondé sur l'accord-cadre n° {{ accord_cadre.numero }}{% endif %}"
            "{% if notification %} et notifié le {{ notification }}{% endif %}.",
            "Corps",
        ),
        p(
            "À l'issue des opérations de vérification, j'ai pris, le {{ date }}, la décision suivante, qui est l'une de celles "
            "que prévoit le cahier des clauses administratives générales applicables aux marchés publics de prestations "
            "intellectuelles (CCAG-PI).",
            "Corps",
            suite=True,
        ),
        si(
            "decision == 'admission'",
            p(
                "**Ce livrable est admis.** L'admission prend effet à la date de notification de la présente décision.",
                "Encadre",
            ),
        ),
        si(
            "decision == 'ajournement'",
            p(
                "**L'admission de ce livrable est ajournée.** Je vous invite à le présenter de nouveau, mis au point, au plus "
                "tard le {{ nouvelle_remise }}.",
                "Encadre",
            ),
        ),
        si(
            "decision == 'refaction'",
            p(
                "**Ce livrable est admis avec réfaction de son prix**, qui est ramené à {{ montant }}.",
                "Encadre",
            ),
        ),
        si(
            "decision == 'rejet'",
            p(
                "**Ce livrable est rejeté.**{% if nouvelle_remise %} Une nouvelle remise est attendue au plus tard le "
                "{{ nouvelle_remise }}.{% endif %}",
                "Encadre",
            ),
        ),
        si(
            "observations",
            p("Observations à prendre en compte pour la suite :", "Corps", suite=True),
            boucle("un in observations", p("{{ un }}", "Listepuces")),
        ),
        si(
            "motifs",
            p(
                "Cette décision est prise pour {% if motifs | length > 1 %}les motifs suivants{% else %}le motif suivant{% endif %} :",
                "Corps",
                suite=True,
            ),
            boucle("un in motifs", p("{{ un }}", "Listepuces")),
        ),
        si(
            "decision == 'admission' and montant",
            p(
                "Elle ouvre droit au paiement de {% if part %}{{ part }} du prix, soit {% endif %}{{ montant }}, à quoi "
                "s'ajoute la TVA, sur présentation de votre demande de paiement.",
                "Corps",
            ),
        ),
        si(
            "decision == 'refaction'",
            p(
                "La somme ainsi réduite, à quoi s'ajoute la TVA, est payée sur présentation de votre demande de paiement.",
                "Corps",
            ),
        ),
        si(
            "decision != 'admission'",
            p(
                "Tout différend relatif à cette décision doit faire l'objet, de votre part, d'un mémoire en réclamation qui en "
                "expose les motifs et, le cas échéant, les sommes réclamées et leur justification.",
                "Corps",
            ),
        ),
        p(
            "{% if expediteur.agent %}{{ expediteur.agent }} se tient{% else %}Mes services se tiennent{% endif %} à votre "
            "disposition pour toute précision.",
            "Corps",
            suite=True,
        ),
        politesse("Je vous prie d'agréer, {{ appel }} l'expression de ma considération distinguée."),
        signature(),
    )


def service_fait() -> bytes:
    """Return the attestation that the service was done, for whoever liquidates the payment."""
    body = [
        p("{{ expediteur.bloc_marque }}", "BlocMarque", signet="bloc_marque"),
        si("expediteur.timbre", p("{{ expediteur.timbre | join('\\n') }}", "Timbre")),
        p("Attestation de service fait", "Titre"),
        p("{{ atelier.nom | a_completer('intitulé de l’Atelier') }}", "Sous-titre"),
        table(
            ("Renseignement", "Valeur"),
            [
                ("Contrat", "{{ contrat.nom | majuscule }}"),
                "if accord_cadre.numero",
                ("Accord-cadre", "n° {{ accord_cadre.numero }}"),
                "endif",
                ("Titulaire", "{{ titulaire }}"),
                (
                    "Engagement juridique",
                    "{{ engagement_juridique | a_completer('numéro d’engagement juridique') }}",
                ),
                ("Code service", "{{ code_service | a_completer('code service') }}"),
                ("Prestation", "{{ livrable | majuscule }}"),
                "if remise",
                ("Remise le", "{{ remise }}"),
                "endif",
                ("{% if refaction %}Admise avec réfaction le{% else %}Admise le{% endif %}", "{{ date }}"),
                "if part",
                ("Part du prix", "{{ part }}"),
                "endif",
                ("Montant HT", "{{ ht }}"),
                "if taux",
                ("TVA ({{ taux }})", "{{ tva }}"),
                ("Montant TTC", "**{{ ttc }}**"),
                "else",
                (
                    "TVA et montant TTC",
                    "{{ tva | a_completer('montants par taux, les membres du groupement n’ayant pas le même') }}",
                ),
                "endif",
            ],
            (3400, UTILE - 3400),
            legende="Service fait : renseignement, valeur",
        ),
        p(
            "Je {{ soussigne }}{% if signature.nom %}, {{ signature.nom }}{% if fonction %}, {{ fonction }}{% endif %},{% endif %} "
            "atteste que la prestation désignée ci-dessus a été exécutée conformément aux stipulations du contrat"
            "{% if refaction %}, avec une réfaction de son prix{% endif %}, et qu'elle donne lieu au paiement de {{ en_lettres }}.",
            "ApresTableau",
        ),
        p(
            "{% if expediteur.ville %}Fait à {{ expediteur.ville }}, le{% else %}Fait le{% endif %}~",
            suite=True,
        ),
        signature(),
    ]
    return docx("".join(body), title="Attestation de service fait", subject=_SUJET, feet=pied_lettre())
