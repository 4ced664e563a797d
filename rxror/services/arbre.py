"""The structures of one établissement as a tree, with the counts of their offers."""

from collections.abc import Mapping
from datetime import date

from sqlmodel import Session, col, select

from rxror.ror.fermeture import est_archive
from rxror.ror.fraicheur import Compte, offres
from rxror.ror.objets import EntiteGeographique, OffreOperationnelle, OrganisationInterne
from rxror.ror.objets.organisation_interne import POLE, UF
from rxror.ror.parcours import url_etablissement, url_structure
from rxror.ror.reperes import nom_de
from rxror.services.etats import comptes, etats
from rxror.tri import en_ordre


class Arbre:
    """Pôles, services and UF of an établissement. Two queries, however many they and their offers are."""

    def __init__(self, session: Session, eg: EntiteGeographique, jour: date) -> None:
        """Read the structures and count their offers."""
        self.eg, self.jour = eg, jour
        self.structures = _structures(session, eg)
        self._enfants: dict[int | None, list[OrganisationInterne]] = {}
        for oi in self.structures.values():
            self._enfants.setdefault(oi.parent_id, []).append(oi)
        lignes = etats(jour).where(col(OffreOperationnelle.entite_geographique_id) == eg.id).subquery()
        requete = select(lignes.c.oi, *comptes(lignes)).group_by(lignes.c.oi)
        self._comptes = {oi: Compte(*nombres) for oi, *nombres in session.execute(requete)}

    @property
    def ensemble(self) -> Compte:
        """All the offers of the établissement."""
        return sum(self._comptes.values(), Compte())

    @property
    def directes(self) -> Compte:
        """The offers that hang from the établissement itself."""
        return self._comptes.get(None, Compte())

    def enfants(self, oi: OrganisationInterne | None) -> list[OrganisationInterne]:
        """Structures right below another one, or at the top."""
        return self._enfants.get(oi.id if oi else None, [])

    def descendance(self, oi: OrganisationInterne) -> list[OrganisationInterne]:
        """The structure, then all that hangs below it, depth first; a loop in the data is not followed."""
        vues: dict[int | None, OrganisationInterne] = {}
        a_voir = [oi]
        while a_voir:
            suivante = a_voir.pop(0)
            if suivante.id not in vues:
                vues[suivante.id] = suivante
                a_voir[:0] = self.enfants(suivante)
        return list(vues.values())

    def compte(self, oi: OrganisationInterne) -> Compte:
        """Offers of the structure and of all that hangs below it."""
        return sum((self._comptes.get(s.id, Compte()) for s in self.descendance(oi)), Compte())

    def contenu(self, oi: OrganisationInterne | None = None) -> str:
        """What the structure, or the établissement, holds: « 8 pôles, 30 UF, 80 offres »."""
        tout = self.descendance(oi)[1:] if oi else list(self.structures.values())
        dedans = [s for s in tout if not est_archive(s, self.jour)]
        total = (self.compte(oi) if oi else self.ensemble).total
        poles, ufs = (sum(s.type_oi == type_oi for s in dedans) for type_oi in (POLE, UF))
        parties = [f"{poles} pôle{'s' if poles > 1 else ''}"] if poles else []
        return ", ".join([*parties, *([f"{ufs} UF"] if ufs else []), offres(total)])

    def chemin(self, oi: OrganisationInterne) -> list[tuple[str, str]]:
        """(name, address) from the établissement down to the structure."""
        return _chemin(self.eg, self.structures, oi.id)


def _structures(session: Session, eg: EntiteGeographique) -> dict[int | None, OrganisationInterne]:
    requete = select(OrganisationInterne).where(OrganisationInterne.entite_geographique_id == eg.id)
    return {
        oi.id: oi
        for oi in session.exec(requete.order_by(en_ordre(OrganisationInterne.nom_oi), col(OrganisationInterne.id)))
    }


def _chemin(
    eg: EntiteGeographique, structures: Mapping[int | None, OrganisationInterne], structure_id: int | None
) -> list[tuple[str, str]]:
    chaine: list[tuple[str, str]] = []
    vues: set[int | None] = set()
    while structure_id in structures and structure_id not in vues:
        vues.add(structure_id)
        oi = structures[structure_id]
        chaine.insert(0, (oi.nom_oi, url_structure(oi.identifiant_oi)))
        structure_id = oi.parent_id
    return [(nom_de(eg), url_etablissement(eg.num_finess)), *chaine]
