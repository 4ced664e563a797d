"""One section of an object, loaded to be changed: what is published, what is kept over it, by whom; its writing."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlmodel import Session, SQLModel, col, select

from rxror.ror.champs import (
    Contexte,
    Modele,
    Section,
    champs_de,
    est_visible,
    groupes_de,
    section_de,
)
from rxror.ror.erreurs import AccesRefuse
from rxror.ror.nomenclatures import Catalogue
from rxror.ror.objets import (
    OBJETS,
    EntiteGeographique,
    LieuRealisationOffre,
    OffreOperationnelle,
    OrganisationInterne,
)
from rxror.ror.saisie import (
    Lecture,
    Valeurs,
)
from rxror.services import brouillons, contenu, modeles
from rxror.services.acces import Acces, Acteur, Cible, Geste, exiger
from rxror.services.fusion import (
    ABSENTE,
    marque,
    parties_de,
)
from rxror.services.nomenclatures import catalogue
from rxror.tables import Brouillon, Utilisateur

MODIFIABLES = (OffreOperationnelle, LieuRealisationOffre, OrganisationInterne, EntiteGeographique)


@dataclass(frozen=True)
class Ouvert:
    """An object loaded to be edited."""

    acces: Acces
    classe: type[SQLModel]
    section: Section
    cible: Cible
    publiees: Valeurs
    brouillons: Mapping[str, Brouillon]
    catalogue: Catalogue
    modele: Modele | None

    @property
    def valeurs(self) -> Valeurs:
        """Published values overlaid by the brouillons."""
        return brouillons.superposer(self.publiees, self.brouillons.values())

    @property
    def contexte(self) -> Contexte:
        """What conditions and rules may look at."""
        return brouillons.contexte(self.valeurs, self.acces.etablissement, self.modele)

    @property
    def gardees(self) -> Lecture:
        """The section as it is kept now, brouillon over published."""
        brouillon = self.brouillons.get(self.section.cle)
        noms = {*champs_de(self.classe, self.section.cle), *groupes_de(self.classe, self.section.cle)}
        valeurs = {nom: valeur for nom, valeur in self.valeurs.items() if nom in noms}
        return Lecture(valeurs, dict(brouillon.illisibles) if brouillon else {})

    @property
    def marque(self) -> str:
        """What one has seen of the brouillon; empty without one."""
        brouillon = self.brouillons.get(self.section.cle)
        return marque(brouillon.valeurs, brouillon.illisibles) if brouillon else ""


def charger_section(
    session: Session, acteur: Acteur, cible: Cible, cle_section: str, geste: Geste = Geste.MODIFIER
) -> Ouvert:
    """Load a section, to change it if nothing else is said.

    Raises:
        AccesRefuse: no right to do that to the object, no such section, or a section that comes from elsewhere.
        ObjetFerme: it is closed for good.
    """
    acces = exiger(session, acteur, cible, geste)
    classe = OBJETS[cible.genre]
    section = section_de(classe, cle_section)
    if classe not in MODIFIABLES or section is None or not section.modifiable:
        raise AccesRefuse(f"{cible.cle}/{cle_section}")
    publiees = contenu.lire(session, classe, [acces.objet], {section.cle})[acces.objet.id]
    siens = brouillons.charger(session, [cible.cle])[cible.cle]
    modele = modeles.de(session, acces.objet)
    ouvert = Ouvert(acces, classe, section, cible, publiees, siens, catalogue(session), modele)
    if not est_visible(section, ouvert.contexte):
        raise AccesRefuse(f"{cible.cle}/{cle_section}")
    return ouvert


def auteurs_des_parties(
    session: Session, ouvert: Ouvert, parties: Iterable[tuple[str, str]]
) -> dict[tuple[str, str], tuple[int, str, datetime | None]]:
    """{(champ, part): (id, name, when)} of who changed it last: in the brouillon, else by the last validation."""
    brouillon, objet = ouvert.brouillons.get(ouvert.section.cle), ouvert.acces.objet
    auteurs = brouillon.auteurs if brouillon else {}
    a_part = {chemin.partition(".")[0] for chemin in auteurs if "." in chemin}
    dits = {(n, c): auteurs.get(f"{n}.{c}") or (None if n in a_part else auteurs.get(n)) for n, c in parties}
    ids = {dit[0] for dit in dits.values() if dit}
    requete = select(Utilisateur).where(col(Utilisateur.id).in_(ids))
    noms = {u.id: u.nom_complet for u in session.exec(requete)} if ids else {}
    publie = (0, objet.validateur or "Quelqu’un", objet.date_validation)
    return {
        partie: (dit[0], noms.get(dit[0]) or publie[1], datetime.fromisoformat(dit[1])) if dit else publie
        for partie, dit in dits.items()
    }


def ecrire_la_section(
    session: Session,
    acteur: Acteur,
    ouvert: Ouvert,
    lecture: Lecture,
    changements: list[dict[str, Any]],
    quand: datetime,
) -> str:
    """Write or delete the row; return its digest, empty when the section is what is published."""
    differents = {n: v for n, v in lecture.valeurs.items() if v != ouvert.publiees.get(n)}
    brouillon = ouvert.brouillons.get(ouvert.section.cle)
    if not differents and not lecture.illisibles:
        if brouillon:
            brouillons.supprimer(session, [brouillon])
        return ""
    cle, section = ouvert.cible.cle, ouvert.section.cle
    parties = _parties_changees(ouvert, lecture, [c["champ"] for c in changements])
    brouillons.ecrire(
        session, acteur, cle, section, brouillon, differents, lecture.illisibles, changements, quand, parties
    )
    return marque(differents, lecture.illisibles)


def _parties_changees(ouvert: Ouvert, lecture: Lecture, champs: list[str]) -> list[str]:
    """["contact.12"] of the rows that a save changes: each has its own author."""
    groupes, gardees, changees = groupes_de(ouvert.classe), ouvert.gardees, list[str]()
    for nom in (n for n in champs if n in groupes):
        avant, apres = (parties_de(ouvert.classe, nom, lue) for lue in (gardees, lecture))
        changees += [f"{nom}.{cle}" for cle in {*avant, *apres} if avant.get(cle, ABSENTE) != apres.get(cle, ABSENTE)]
    return changees
