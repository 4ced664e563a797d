"""Keep what FINESS says of each établissement apart from its record, and what the record does not take by itself."""

from collections.abc import Iterable, Mapping
from typing import Any

from sqlalchemy import exists, or_
from sqlmodel import Session, col, select

from rxror.echanges.finess.lire import FichierFiness
from rxror.ror import finess
from rxror.ror.champs import PointFiness
from rxror.ror.controles import empreinte_de
from rxror.ror.objets import (
    EntiteGeographique,
    EntiteJuridique,
    LieuRealisationOffre,
    OffreOperationnelle,
    OrganisationInterne,
)
from rxror.ror.objets.commun import ADRESSE
from rxror.services.contenu import en_json
from rxror.services.gardes import vus_gardes
from rxror.services.registre import EJ, fiche_de
from rxror.tables import ReleveFiness

DESSOUS: tuple[Any, ...] = (OffreOperationnelle, LieuRealisationOffre, OrganisationInterne)


class Releves:
    """The database side of what is kept apart, a few hundred établissements at a time."""

    def __init__(self, session: Session, *, suivre: bool) -> None:
        """Start an import; with `suivre`, records take what differs without asking."""
        self.session, self.suivre = session, suivre
        self.connus: dict[str, ReleveFiness] = {}
        self.peuples: set[str] = set()
        self.gardes: set[tuple[str, str, str]] = set()
        self.entites: dict[int, str] = {}

    def charger(self, numeros: Iterable[str], objets: Mapping[str, EntiteGeographique]) -> None:
        """Read what is kept of these établissements, and which of them have something below."""
        numeros = list(numeros)
        requete = select(ReleveFiness).where(col(ReleveFiness.finess).in_(numeros)).with_for_update()
        self.connus = {releve.finess: releve for releve in self.session.exec(requete)}
        eg, ej = EntiteGeographique, EntiteJuridique
        peuple = or_(*(exists().where(col(classe.entite_geographique_id) == eg.id) for classe in DESSOUS))
        self.peuples = set(self.session.exec(select(eg.num_finess).where(col(eg.num_finess).in_(numeros), peuple)))
        self.gardes = vus_gardes(self.session, [f"{eg.GENRE}:{numero}" for numero in objets])
        siennes = {objet.entite_juridique_id for objet in objets.values()} - self.entites.keys()
        connues = self.session.exec(select(ej.id, ej.num_finess).where(col(ej.id).in_(siennes))) if siennes else ()
        self.entites |= {numero: texte for numero, texte in connues if numero}

    def a_demander(self, objet: EntiteGeographique, valeurs: Mapping[str, Any], ej: str) -> set[str]:
        """Columns that the record does not take by itself: those of the points that differ, and are asked or kept."""
        lues = _en_json(valeurs) | {EJ: ej}
        points = finess.differents(fiche_de(objet, self.entites[objet.entite_juridique_id]), lues)
        return {nom for p in points if self._demande(objet, p, lues) for nom in finess.champs_du_point(p)}

    def noter(self, objet: EntiteGeographique, valeurs: Mapping[str, Any], fichier: FichierFiness) -> bool:
        """Keep what this file says, and count where the record differs; whether it does."""
        releve = self.connus.get(objet.num_finess)
        if releve is None:
            releve = ReleveFiness(finess=objet.num_finess, jour=fichier.extraction)
            self.connus[objet.num_finess] = releve
            self.session.add(releve)
        dites = dict(releve.valeurs) | _en_json(valeurs)  # the point comes by other lines
        if releve.valeurs != dites:
            releve.valeurs = dites
        releve.jour, releve.fichier_source = fichier.extraction, fichier.chemin.name
        ej = self.entites.get(objet.entite_juridique_id) or releve.valeurs[EJ]
        releve.ecarts = len(finess.differents(fiche_de(objet, ej), releve.valeurs))
        return releve.ecarts > 0

    def situer(self, objet: EntiteGeographique, position: Mapping[str, Any]) -> bool:
        """Keep the point that FINESS gives; False when the record has another address, which keeps its own."""
        releve = self.connus.get(objet.num_finess)
        if releve is None:
            return True
        dites = dict(releve.valeurs) | _en_json(position)
        if releve.valeurs != dites:
            releve.valeurs = dites
        return not finess.differe(ADRESSE, fiche_de(objet, ""), dites)

    def _demande(self, objet: EntiteGeographique, point: PointFiness, valeurs: Mapping[str, Any]) -> bool:
        cle = f"{objet.GENRE}:{objet.num_finess}"
        garde = (cle, point.regle, empreinte_de(finess.compares(point, valeurs))) in self.gardes
        return garde or (objet.num_finess in self.peuples and not self.suivre)


def _en_json(valeurs: Mapping[str, Any]) -> dict[str, Any]:
    return {nom: en_json(valeurs[nom]) for nom in finess.contreparties() if nom in valeurs}
