"""« Appliquer à d’autres offres »: one section's values given to other offers of the same UF or établissement.

Three moments, each with its whole context: which offers, what exactly changes, then the brouillons. Nothing is
published. What belongs to one offer only (its name, its frozen answers, its lieux) is never given.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field
from sqlmodel import Session, SQLModel, col, select

from rxror.ror.champs import (
    A_CODES,
    Champ,
    Contexte,
    Groupe,
    Section,
    TypeChamp,
    champs_de,
    codes_permis,
    est_visible,
    groupes_de,
    section_de,
)
from rxror.ror.dates import aujourd_hui
from rxror.ror.erreurs import AccesRefuse, Conflit, SaisieInvalide
from rxror.ror.fermeture import est_archive
from rxror.ror.nomenclatures import Catalogue
from rxror.ror.objets import OffreOperationnelle
from rxror.ror.reperes import cle_de
from rxror.ror.saisie import Valeurs, publiables
from rxror.services import brouillons, contenu, modeles
from rxror.services.acces import Acces, Acteur, Cible, Geste, exiger
from rxror.services.copie import est_copiable, ligne_copiee
from rxror.services.demande import Identifiant, Vu
from rxror.services.fusion import marque, sans_cles
from rxror.services.nomenclatures import catalogue
from rxror.services.tracer import deja_fait, tracer
from rxror.services.vu import empreinte
from rxror.tables import Action, Brouillon
from rxror.tri import en_ordre

AU_PLUS = 60


class Application(BaseModel):
    """One « Appliquer », with its whole context.

    Attributes:
        choisies: identifiers of the offers.
        remplacees: those of them whose brouillon of that section may be replaced.
        vu: what the page showed, as `Plan.vu` gave it.
    """

    model_config = ConfigDict(extra="forbid")

    identifiant: Identifiant
    section: Identifiant
    choisies: list[Identifiant] = Field(min_length=1, max_length=AU_PLUS)
    remplacees: list[Identifiant] = Field(default_factory=list, max_length=AU_PLUS)
    vu: Vu = ""
    cle: UUID


@dataclass(frozen=True)
class Destinataire:
    """An offer that could receive the values.

    Attributes:
        gardees: the section as it is kept now, brouillon over published.
        apres: the champs and groups that would be given, as they would then be; without those it does not show.
    """

    offre: OffreOperationnelle
    publiees: Valeurs
    brouillon: Brouillon | None
    contexte: Contexte
    gardees: Valeurs
    apres: Valeurs

    @property
    def identifiant(self) -> str:
        """Its identifier."""
        return self.offre.identifiant_offre

    @property
    def cle(self) -> str:
        """Its name in brouillons and traces."""
        return cle_de(self.offre)

    @property
    def changements(self) -> list[dict[str, Any]]:
        """[{champ, avant, apres}] of what differs."""
        return brouillons.differences(self.gardees, self.apres)


@dataclass(frozen=True)
class Plan:
    """A section of an offer, and the offers around it.

    Attributes:
        destinataires: {identifier: offer}, by name, sixty at most; without those that do not show the section.
        ecartes: labels of codes no longer in force, which are not given.
        total: how many offers there are around.
    """

    acces: Acces
    section: Section
    catalogue: Catalogue
    destinataires: dict[str, Destinataire]
    ecartes: list[str] = field(default_factory=list)
    total: int = 0

    def vu(self, choisies: Iterable[str]) -> str:
        """Digest of all that the list of changes depends on."""
        lignes = [
            [
                d.cle,
                d.offre.version,
                marque(d.brouillon.valeurs, d.brouillon.illisibles) if d.brouillon else "",
                {n: _sans_cles(n, v) for n, v in d.apres.items()},
            ]
            for d in self._choisis(choisies)
        ]
        return empreinte(lignes)

    def choisis(self, choisies: Iterable[str]) -> list[Destinataire]:
        """The offers chosen.

        Raises:
            AccesRefuse: one of them is not around, or may not be edited.
        """
        inconnues = set(choisies) - set(self.destinataires)
        if inconnues:
            raise AccesRefuse(f"{OffreOperationnelle.GENRE}:{min(inconnues)}")
        return self._choisis(choisies)

    def _choisis(self, choisies: Iterable[str]) -> list[Destinataire]:
        return [d for i, d in self.destinataires.items() if i in set(choisies)]


def donnables(section: str) -> list[str]:
    """Champs and groups of a section that may pass from one offer to another."""
    champs = champs_de(OffreOperationnelle, section).items()
    return [
        *(n for n, c in champs if est_copiable(c) and c.type is not TypeChamp.LIEUX),
        *groupes_de(OffreOperationnelle, section),
    ]


def preparer(session: Session, acteur: Acteur, identifiant: str, cle_section: str) -> Plan:
    """Read a section of an offer as its page shows it, and what it would change around. Writes nothing.

    The number of queries does not depend on the number of offers.

    Raises:
        AccesRefuse: no right to edit the offer, or nothing in that section may be given.
    """
    acces = exiger(session, acteur, Cible(OffreOperationnelle.GENRE, identifiant), Geste.MODIFIER)
    section, noms = section_de(OffreOperationnelle, cle_section), donnables(cle_section)
    if section is None or not section.modifiable or not noms:
        raise AccesRefuse(f"{OffreOperationnelle.GENRE}:{identifiant}/{cle_section}")
    jour = aujourd_hui()
    offres = [offre for offre in session.exec(_autour(acces.objet)) if not est_archive(offre, jour)]
    toutes = [acces.objet, *offres[:AU_PLUS]]
    publiees = contenu.lire(session, OffreOperationnelle, toutes, {cle_section})
    siens = brouillons.charger(session, [cle_de(o) for o in toutes])
    source = _contexte_de(session, acces, acces.objet, publiees, siens)
    if not est_visible(section, source):
        raise AccesRefuse(f"{OffreOperationnelle.GENRE}:{identifiant}/{cle_section}")
    passage = _Passage(catalogue(session), source, noms)
    destinataires: dict[str, Destinataire] = {}
    for offre in offres[:AU_PLUS]:
        contexte = _contexte_de(session, acces, offre, publiees, siens)
        if est_visible(section, contexte):
            brouillon = siens[cle_de(offre)].get(cle_section)
            gardees = {n: contexte.valeurs.get(n) for n in _noms(cle_section)}
            destinataires[offre.identifiant_offre] = Destinataire(
                offre, publiees[offre.id or 0], brouillon, contexte, gardees, passage.vers(contexte)
            )
    return Plan(acces, section, passage.catalogue, destinataires, sorted(passage.ecartes), len(offres))


def appliquer(session: Session, acteur: Acteur, demande: Application) -> list[str]:
    """Keep the values as brouillons of the chosen offers, all of them or none.

    Returns:
        Identifiers of the offers that changed.

    Raises:
        AccesRefuse: no right to edit the offers, or one of them is not around.
        SaisieInvalide: `cle` was used by another gesture.
        Conflit: something changed since the page was shown, or a brouillon would be replaced without being asked for.
    """
    plan = preparer(session, acteur, demande.identifiant, demande.section)
    choisis = plan.choisis(demande.choisies)
    source = f"{OffreOperationnelle.GENRE}:{demande.identifiant}"
    if deja := deja_fait(session, acteur, demande.cle, dit="offres", section=demande.section):
        if deja.resultat["venu_de"] != source or not set(deja.resultat["offres"]) <= set(demande.choisies):
            raise SaisieInvalide(str(demande.cle))
        return list(deja.resultat["offres"])
    tues = [d for d in choisis if d.brouillon and d.changements and d.identifiant not in demande.remplacees]
    if tues or demande.vu != plan.vu(demande.choisies):
        raise Conflit
    changes = [d for d in choisis if d.changements]
    quand, cle, offres = datetime.now(UTC), str(demande.cle), [d.identifiant for d in changes]
    for rang, destinataire in enumerate(changes):
        _garder(session, acteur, destinataire, demande.section, quand)
        tracer(
            session,
            acteur,
            Action.BROUILLON,
            plan.acces.etablissement.num_finess,
            destinataire.cle,
            section=demande.section,
            changements=destinataire.changements,
            cle=cle if rang == 0 else None,
            resultat={"venu_de": source, **({"offres": offres} if rang == 0 else {})},
        )
    return offres


def _garder(session: Session, acteur: Acteur, vers: Destinataire, section: str, quand: datetime) -> None:
    """Write the brouillon of one offer; none is needed when the section becomes what is published."""
    valeurs = {**vers.gardees, **vers.apres}
    differents = {n: v for n, v in valeurs.items() if v != vers.publiees.get(n)}
    illisibles = vers.brouillon.illisibles if vers.brouillon else {}
    restes = {c: t for c, t in illisibles.items() if c.partition(".")[0] not in vers.apres}
    if differents or restes:
        brouillons.ecrire(
            session, acteur, vers.cle, section, vers.brouillon, differents, restes, vers.changements, quand
        )
    elif vers.brouillon:
        brouillons.supprimer(session, [vers.brouillon])


def _autour(offre: OffreOperationnelle) -> Any:
    """The other offers of the same UF, or of the same établissement when there is no UF."""
    classe = OffreOperationnelle
    if offre.organisation_interne_id:
        meme: Any = col(classe.organisation_interne_id) == offre.organisation_interne_id
    else:
        meme = col(classe.entite_geographique_id) == offre.entite_geographique_id
        meme &= col(classe.organisation_interne_id).is_(None)
    return (
        select(classe).where(meme, classe.id != offre.id).order_by(en_ordre(classe.nom_offre), classe.identifiant_offre)
    )


def _contexte_de(
    session: Session,
    acces: Acces,
    offre: OffreOperationnelle,
    publiees: Mapping[int, Valeurs],
    siens: Mapping[str, Mapping[str, Brouillon]],
) -> Contexte:
    """An offer as it is kept now, all its sections."""
    brouillons_ = siens[cle_de(offre)].values()
    valeurs = brouillons.superposer(publiees[offre.id or 0], brouillons_)
    return brouillons.contexte(valeurs, acces.etablissement, modeles.de(session, offre))


def _noms(section: str) -> list[str]:
    return [*champs_de(OffreOperationnelle, section), *groupes_de(OffreOperationnelle, section)]


def _sans_cles(nom: str, valeur: Any) -> Any:
    groupe = groupes_de(OffreOperationnelle).get(nom)
    return [sans_cles(groupe.classe, ligne) for ligne in valeur or []] if groupe else valeur


# ---------------------------------------------------------------- from one offer to another


class _Passage:
    """The values of one offer, as each of the others may take them; `ecartes` are the codes that none may take."""

    def __init__(self, cat: Catalogue, source: Contexte, noms: list[str]) -> None:
        self.catalogue, self.source, self.noms = cat, source, noms
        self.ecartes: set[str] = set()

    def vers(self, contexte: Contexte) -> Valeurs:
        voulu = contexte.sur({**contexte.valeurs, **{n: self.source.valeurs.get(n) for n in self.noms}})
        champs, groupes = champs_de(OffreOperationnelle), groupes_de(OffreOperationnelle)
        apres: Valeurs = {}
        for nom in self.noms:
            element: Champ | Groupe = champs.get(nom) or groupes[nom]
            if not est_visible(element, voulu):
                continue
            valeur, tenue = self.source.valeurs.get(nom), contexte.valeurs.get(nom)
            if isinstance(element, Groupe):
                apres[nom] = self._lignes(element, valeur or [], tenue or [], voulu)
            else:
                apres[nom] = self._valeur(element, valeur, tenue, voulu)
        return apres

    def _valeur(self, champ: Champ, valeur: Any, tenue: Any, contexte: Contexte) -> Any:
        """A value without the codes that may not be chosen there; a single one leaves the field as it was."""
        if champ.type not in A_CODES or not champ.jdv:
            return valeur
        tenus = tenue if isinstance(tenue, list) else [tenue]
        if isinstance(valeur, list):
            codes = [c for c in valeur if c in tenus or self._permis(champ, c, contexte)]
            return tenue if set(codes) == set(tenus) else codes
        return valeur if not valeur or valeur in tenus or self._permis(champ, valeur, contexte) else tenue

    def _permis(self, champ: Champ, code: str, contexte: Contexte) -> bool:
        permis = codes_permis(champ, contexte)
        oui = self.catalogue.actif(champ.jdv, code) and (not permis or code in permis)
        if not oui:
            self.ecartes.add(self.catalogue.libelle(champ.jdv, code))
        return oui

    def _lignes(
        self, groupe: Groupe, lignes: list[Valeurs], tenues: list[Valeurs], contexte: Contexte
    ) -> list[Valeurs]:
        """The rows; one that is there already keeps its key, so that only what differs is written."""
        libres = list(tenues)
        copiees: list[Valeurs] = []
        for ligne in lignes:
            montree = {"cle": "", **publiables(groupe.classe, ligne, contexte.avec(ligne))}
            if not self._ligne_permise(groupe.classe, montree, libres, contexte):
                continue
            pareille = next(
                (t for t in libres if sans_cles(groupe.classe, t) == sans_cles(groupe.classe, montree)), None
            )
            if pareille is None and groupe.unique and libres:
                copiees.append(ligne_copiee(groupe, {**libres.pop(0), **montree}, tenues[0]["cle"]))
            elif pareille is None:
                copiees.append(ligne_copiee(groupe, montree))
            else:
                libres.remove(pareille)
                copiees.append(pareille)
        return tenues if not libres and len(copiees) == len(tenues) and all(c in tenues for c in copiees) else copiees

    def _ligne_permise(self, classe: type[SQLModel], ligne: Valeurs, tenues: list[Valeurs], contexte: Contexte) -> bool:
        """Whether every code of a row is in force, or there already."""
        return all(
            not ligne.get(nom)
            or isinstance(ligne[nom], list)
            or any(t.get(nom) == ligne[nom] for t in tenues)
            or self._permis(champ, ligne[nom], contexte)
            for nom, champ in champs_de(classe).items()
            if champ.type in A_CODES and champ.jdv
        )
