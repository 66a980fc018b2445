"""The example dossiers of the programme's formats: what their templates may print is read from them."""

from __future__ import annotations

import io
import json
from collections.abc import Callable, Iterator, Mapping
from functools import cache
from importlib.resources import files
from importlib.resources.abc import Traversable
from typing import Any

from assembler.contributions import Piece
from assembler.french import majuscule
from assembler.yamltext import load

__all__ = ["exemples", "glossaire"]

_DONNEES = files("assembler_plugins.commun") / "data"
_CAS: tuple[tuple[dict[str, Any], dict[str, Any]] | None, ...] = (
    (
        {},
        {
            "valeur": "eligible",
            "motifs": ["Les courriers engagent les porteurs"],
            "conditions": ["Associer les bailleurs dès la première session"],
            "pieces_jointes": ["Charte de l’Atelier"],
        },
    ),
    (
        {
            "attribution": {
                "titulaire": None,
                "sans_suite": {"date": "2026-07-20", "motifs": ["Aucune offre ne répond au besoin."]},
            }
        },
        {
            "valeur": "non_eligible",
            "motifs": ["Le dossier prévoit deux sessions"],
            "evolutions": ["Prévoir une troisième session"],
        },
    ),
    (
        {"offres": [], "marche": {"lot": None}},
        {
            "valeur": "differee",
            "motifs": ["Les crédits de l’année sont engagés"],
            "echeance_reexamen": "2027-01-15",
        },
    ),
    None,
)
"""What each example changes in the fiche, and its decision; None says as little as a dossier may: what it
lacks may be lacking in any."""


def exemples(
    format_id: str, titre: str, pieces: tuple[Piece, ...]
) -> Callable[[], Iterator[Mapping[str, bytes]]]:
    """Return what gives the example dossiers of a format.

    Args:
        format_id: its id.
        titre: its title, which the intitulé of the example takes up.
        pieces: its pieces; the first one, which the porteurs write, is in the example.
    """

    def made() -> Iterator[Mapping[str, bytes]]:
        least = {"format": format_id, "intitule": f"{titre} des Coëvrons"}
        own = _yaml(_DONNEES / f"exemple-{format_id}.yaml")
        fiche = _joined(_yaml(_DONNEES / "exemple.yaml") | least, own)
        kept = _yaml(_DONNEES / "exemple-instruction.yaml")
        name, content = _redigee(pieces[0])
        files_ = {
            f"dossier/{name}": content,
            "accords-cadres/accord.yaml": (_DONNEES / "exemple-accord-cadre.yaml").read_bytes(),
        }
        for cas in _CAS:
            if cas is None:
                yield files_ | {"dossier/dossier.yaml": _text(least)}
                continue
            changes, decision = cas
            noted = _joined(kept, {"decision": {"date": "2026-05-04", **decision}})
            yield files_ | {
                "dossier/dossier.yaml": _text(_joined(fiche, changes)),
                "dossier/instruction.yaml": _text(noted),
            }

    return made


def glossaire() -> Mapping[str, str]:
    """Return the French of what the templates print, by dotted name or by its last words."""
    return _yaml(_DONNEES / "glossaire.yaml")


def _redigee(main: Piece) -> tuple[str, bytes]:
    """Return the name and the content of a piece, a sentence in each of its sections."""
    import docx  # brought by docxtpl; only the examples need it

    document = docx.Document()
    for section in main.sections:
        document.add_heading(section.title, 1)
        document.add_paragraph("Texte de l’exemple, en une phrase.")
    out = io.BytesIO()
    document.save(out)
    return f"{majuscule(main.title)}.docx", out.getvalue()


@cache
def _yaml(file: Traversable) -> dict[str, Any]:
    """Return what a file says; a format of which the example has nothing of its own has no file."""
    return dict(load(file.read_bytes()).data or {}) if file.is_file() else {}


def _joined(one: Mapping[str, Any], other: Mapping[str, Any]) -> dict[str, Any]:
    """Return two trees as one; where both give a value, the second's stands."""
    whole = dict(one)
    for key, value in other.items():
        mine = whole.get(key)
        whole[key] = _joined(mine, value) if isinstance(mine, dict) and isinstance(value, Mapping) else value
    return whole


def _text(tree: Mapping[str, Any]) -> bytes:
    """Return a fiche: JSON is YAML."""
    return json.dumps(tree, ensure_ascii=False, indent=1).encode()
