"""Which rights somebody may give, change or end: those of their role, on what their own right covers whole.

Nobody governs their own right, nor a deputy those of the person they stand for; a deputy names no référent.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any

from sqlmodel import Session, col, select

from rxror.ror.erreurs import AccesRefuse
from rxror.ror.nomenclatures import Commune
from rxror.ror.objets import EntiteGeographique, EntiteJuridique, OrganisationInterne
from rxror.services.acces import TERRITOIRES, Acces, Acteur, valable
from rxror.services.droits import ACCORDE, PORTEES
from rxror.services.etendues import Etendue
from rxror.tables import Habilitation, Portee, Role

NOMMENT_LES_AUTRES = frozenset({Role.REFERENT, Role.REFERENT_REGIONAL})  # a deputy names none of these


@dataclass(frozen=True)
class Pouvoir:
    """What somebody may do to the rights on one établissement: the rights of theirs that let them administer it."""

    acteur: Acteur
    etablissement: EntiteGeographique
    droits: Sequence[Habilitation]
    delegants: frozenset[int]
    _dessus: dict[Etendue, set[Etendue]] = field(default_factory=dict, compare=False)

    def peut_donner(self, session: Session, role: Role, etendue: Etendue) -> bool:
        """Whether they may give a role on a place."""
        if etendue[0] not in PORTEES[role]:
            return False
        donneurs = [d for d in self.droits if role in self.roles_de(d)]
        return any((d.portee, d.code) in self.dessus(session, etendue) for d in donneurs)

    def dessus(self, session: Session, etendue: Etendue) -> set[Etendue]:
        """The places that hold a place whole, read once."""
        if etendue not in self._dessus:
            self._dessus[etendue] = englobants(session, etendue)
        return self._dessus[etendue]

    def situer(self, session: Session, structures: Iterable[str]) -> None:
        """Know that these structures are of the établissement, without asking for each."""
        ici = self.dessus(session, (Portee.ETABLISSEMENT, self.etablissement.num_finess))
        for code in structures:
            self._dessus[Portee.STRUCTURE, code] = {(Portee.STRUCTURE, code), *ici}

    def gouverne(self, session: Session, droit: Habilitation) -> bool:
        """Whether they may change or end somebody else's right."""
        autre = droit.utilisateur_id != self.acteur.id and droit.utilisateur_id not in self.delegants
        return autre and self.peut_donner(session, droit.role, (droit.portee, droit.code))

    def roles(self) -> list[Role]:
        """The roles that they may give on the établissement or a structure of it."""
        ici = {Portee.ETABLISSEMENT, Portee.STRUCTURE}
        donnes: set[Role] = set().union(*(self.roles_de(d) for d in self.droits))
        return [role for role in Role if role in donnes and ici & set(PORTEES[role])]

    @staticmethod
    def roles_de(droit: Habilitation) -> frozenset[Role]:
        """The roles that one right lets give."""
        donnes = ACCORDE.get(droit.role, frozenset[Role]())
        return donnes if droit.suppleance_de is None else donnes - NOMMENT_LES_AUTRES


def pouvoir(session: Session, acteur: Acteur, acces: Acces) -> Pouvoir:
    """What the acteur may do to the rights on an établissement, read now; `acces` is that of `Geste.ADMINISTRER`.

    Raises:
        AccesRefuse: their right ended while this gesture waited for its turn.
    """
    requete = select(Habilitation).where(valable(acteur), col(Habilitation.role).in_(list(ACCORDE)))
    tous = session.exec(requete.order_by(col(Habilitation.id)).execution_options(populate_existing=True)).all()
    dessus = englobants(session, (Portee.ETABLISSEMENT, acces.etablissement.num_finess))
    siens = [d for d in tous if (d.portee, d.code) in dessus]
    if not siens:
        raise AccesRefuse(f"etablissement:{acces.etablissement.num_finess}")
    propres = any(d.suppleance_de is None for d in siens)
    origines = [] if propres else [d.suppleance_de for d in siens]
    delegants = select(Habilitation.utilisateur_id).where(col(Habilitation.id).in_(origines))
    return Pouvoir(acteur, acces.etablissement, siens, frozenset(session.exec(delegants)) if origines else frozenset())


def englobants(session: Session, etendue: Etendue) -> set[Etendue]:
    """A place and all those that hold it whole: a right on one of these covers it."""
    portee, code = etendue
    egs = etablissements_de_l_etendue(session, etendue) if portee not in TERRITOIRES else []
    dessus = {etendue}
    if portee is Portee.DEPARTEMENT:
        regions = session.exec(select(Commune.region).where(Commune.departement == code).distinct())
        return dessus | {(Portee.REGION, r) for r in regions}
    if not egs:
        return dessus
    if portee is Portee.STRUCTURE:
        dessus.add((Portee.ETABLISSEMENT, egs[0].num_finess))
    if portee is not Portee.ENTITE_JURIDIQUE:
        ej = session.get(EntiteJuridique, egs[0].entite_juridique_id)
        dessus |= {(Portee.ENTITE_JURIDIQUE, ej.num_finess)} if ej else set()
    return dessus | _territoires(session, {eg.commune_cog for eg in egs})


def _territoires(session: Session, communes: set[str]) -> set[Etendue]:
    """The département and the region where all these communes are; none when they are in several."""
    lues = session.exec(
        select(Commune.code_insee, Commune.departement, Commune.region)
        .where(col(Commune.code_insee).in_(communes))
        .distinct()
    ).all()
    if {commune for commune, _, _ in lues} != communes:
        return set()
    par_portee = {Portee.DEPARTEMENT: {d for _, d, _ in lues}, Portee.REGION: {r for _, _, r in lues}}
    return {(portee, next(iter(codes))) for portee, codes in par_portee.items() if len(codes) == 1}


def etablissements_de_l_etendue(
    session: Session, etendue: Etendue, *, a_ecrire: bool = False
) -> list[EntiteGeographique]:
    """The établissements of a place that is no territory, by number.

    Args:
        a_ecrire: nobody else changes their rights before the end of the transaction.
    """
    portee, code = etendue
    eg: Any = EntiteGeographique
    requete = select(eg)
    if portee is Portee.ETABLISSEMENT:
        requete = requete.where(eg.num_finess == code)
    elif portee is Portee.ENTITE_JURIDIQUE:
        requete = requete.join(EntiteJuridique, col(EntiteJuridique.id) == eg.entite_juridique_id).where(
            EntiteJuridique.num_finess == code
        )
    else:
        requete = requete.join(OrganisationInterne, col(OrganisationInterne.entite_geographique_id) == eg.id).where(
            OrganisationInterne.identifiant_oi == code
        )
    requete = requete.order_by(eg.id)
    return list(session.exec(requete.with_for_update(of=eg, key_share=True) if a_ecrire else requete))
