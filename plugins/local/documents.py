"""The documents of an Atelier local: for each, its template, its values, when it is made."""

from __future__ import annotations

from importlib.resources import files
from importlib.resources.abc import Traversable

from assembler_plugins.commun.envoi import bordereau_envoi, rien_a_envoyer
from assembler_plugins.commun.instruction import demande_complements, fiche_instruction, rien_a_demander
from assembler_plugins.commun.marche.dpgf import build as dpgf

from assembler.contributions import Template

from .cctp import cctp
from .courriers import (
    copies_collectivite,
    courrier_collectivite,
    courrier_prefet,
    courrier_service,
    sans_collectivite,
    sans_prefecture,
    sans_service,
)
from .note import trame_note
from .relecture import points_a_relire

__all__ = ["DOCUMENTS"]


def _gabarit(name: str, plugin: str = "local") -> Traversable:
    return files(f"assembler_plugins.{plugin}") / "gabarits" / f"{name}.docx"


DOCUMENTS: tuple[Template, ...] = (
    Template(
        id="courrier-collectivite",
        step="candidature",
        title="Courrier de la collectivité",
        audience="la collectivité qui signe",
        template=_gabarit("courrier-collectivite"),
        context=courrier_collectivite,
        condition=sans_collectivite,
        copies=copies_collectivite,
    ),
    Template(
        id="courrier-prefet",
        step="candidature",
        title="Courrier de soutien du préfet ou du sous-préfet",
        audience="le préfet ou le sous-préfet qui signe",
        template=_gabarit("courrier-prefet"),
        context=courrier_prefet,
        condition=sans_prefecture,
    ),
    Template(
        id="courrier-service",
        step="candidature",
        title="Courrier d’engagement du service pilote",
        audience="le chef du service qui signe",
        template=_gabarit("courrier-service"),
        context=courrier_service,
        condition=sans_service,
    ),
    Template(
        id="bordereau-envoi",
        step="candidature",
        title="Bordereau d’envoi du dossier",
        audience="le pilote, qui transmet le dossier à la DGALN",
        template=_gabarit("bordereau-envoi", "commun"),
        context=bordereau_envoi,
        condition=rien_a_envoyer,
    ),
    Template(
        id="trame-note",
        step="candidature",
        title="Trame de la note d’opportunité",
        audience="le pilote et la collectivité, qui rédigent la note",
        template=_gabarit("trame-note"),
        context=trame_note,
    ),
    Template(
        id="demande-complements",
        step="instruction",
        title="Demande de compléments",
        audience="les porteurs du dossier",
        template=_gabarit("demande-complements", "commun"),
        context=demande_complements,
        condition=rien_a_demander,
    ),
    Template(
        id="fiche-instruction",
        step="instruction",
        title="Fiche d’instruction",
        audience="l’agent de la DGALN qui instruit",
        template=_gabarit("fiche-instruction", "commun"),
        context=fiche_instruction,
    ),
    Template(
        id="cctp",
        step="lancement",
        title="Cahier des clauses techniques particulières",
        audience="les titulaires consultés",
        template=_gabarit("cctp"),
        context=cctp,
        binding=True,
    ),
    Template(
        id="points-a-relire",
        step="lancement",
        title="Points à relire avant la consultation",
        audience="le pilote",
        template=_gabarit("points-a-relire"),
        context=points_a_relire,
    ),
    Template(
        id="dpgf",
        step="lancement",
        title="Décomposition du prix global et forfaitaire",
        audience="les titulaires consultés",
        build=dpgf,
        extension="xlsx",
        binding=True,
    ),
)
"""Every document of the format that this version makes, in the order of the work."""
