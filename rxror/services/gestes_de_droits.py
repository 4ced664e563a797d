"""« Personnes et droits »: give, change, end, delegate, transfer; each in one transaction, with its lines of trace.

Each function gives the sentence that tells what is done, and raises `GesteRefuse` with the one that says why not.
"""

from collections.abc import Iterable
from datetime import date
from typing import Annotated
from uuid import UUID

from pydantic import StringConstraints
from sqlmodel import Session, col, select

from rxror.ror.champs import Champ, TypeChamp
from rxror.ror.dates import aujourd_hui, date_longue
from rxror.ror.erreurs import AccesRefuse, Conflit, GesteRefuse, SaisieInvalide
from rxror.ror.objets import EntiteGeographique
from rxror.ror.reperes import nom_de
from rxror.ror.saisie import LECTEURS, Illisible
from rxror.ror.typographie import fr
from rxror.services import etendues, habilitations
from rxror.services.acces import Acces, Acteur, Cible, Geste, exiger
from rxror.services.demande import Demande, Genre, Identifiant, Numero, Vu
from rxror.services.droits import NOMS_DES_ROLES
from rxror.services.droits_ici import connues, transferables
from rxror.services.etendues import Etendue
from rxror.services.habilitations import AU_PLUS_LOIN, en_cours, vu_de
from rxror.services.pouvoirs import Pouvoir, englobants, pouvoir
from rxror.services.tracer import deja_fait
from rxror.tables import Action, Habilitation, Portee, Role, Utilisateur

Jour = Annotated[str, StringConstraints(max_length=20)]
FIN = Champ("Date de fin", type=TypeChamp.DATE)
SOI = "Personne ne se donne un droit : un autre référent, ou le référent régional, peut le faire."


class DemandeDeDroit(Demande):
    """A gesture on the rights of one établissement."""

    genre: Genre = EntiteGeographique.GENRE
    cle: UUID

    @property
    def cible(self) -> Cible:
        """The établissement, whatever the kind sent: it is what is locked."""
        return Cible(EntiteGeographique.GENRE, self.identifiant)


class SurUnDroit(DemandeDeDroit):
    """A gesture on one right; `vu` is its digest as the page showed it."""

    habilitation: Numero
    vu: Vu


class ChangerFin(SurUnDroit):
    """Another end date; empty for none."""

    fin: Jour = ""


class Terminer(SurUnDroit):
    """End it now: the next event of that person is refused."""


class ChangerRole(SurUnDroit):
    """Another role instead, on the whole établissement or on one of its structures."""

    role: Role
    structure: Identifiant = ""
    fin: Jour = ""


class Deleguer(SurUnDroit):
    """One's own right, to a deputy, until a day."""

    personne: Numero
    fin: Jour


class Accorder(DemandeDeDroit):
    """A right to somebody already known here."""

    personne: Numero
    role: Role
    structure: Identifiant = ""
    fin: Jour = ""


class Transferer(DemandeDeDroit):
    """All the rights of somebody who leaves, to somebody else; `vu` is what the page listed."""

    personne: Numero
    vers: Numero
    vu: Vu


def accorder(session: Session, acteur: Acteur, demande: Accorder) -> str:
    """Give a right to somebody of the établissement.

    Raises:
        AccesRefuse: no right to administer it, or to give that role there.
        GesteRefuse: to oneself, to somebody unknown here, or what they have already.
    """
    acces, mien, deja = _ouvrir(session, acteur, demande, "accorder")
    if deja:
        return deja
    qui = _connue(session, mien, demande.personne)
    etendue = _etendue(acces, demande.structure)
    fin = _fin(demande.fin)
    _donnable(session, mien, demande.role, etendue)
    _pas_deja(session, qui, demande.role, etendue)
    change = habilitations.donner(session, demande.personne, demande.role, etendue, par=acteur.id, fin=fin)
    dit = fr(f"{qui.nom_complet} est maintenant {_quoi(session, demande.role, etendue)}.")
    return _dire(session, acteur, acces, demande, "accorder", [change], dit)


def changer_fin(session: Session, acteur: Acteur, demande: ChangerFin) -> str:
    """Change the last day of a right; one's own may only come sooner.

    Raises:
        AccesRefuse: no right to administer the établissement, or that right.
        GesteRefuse: the date is no good, one's own would last longer, or no référent would remain.
        Conflit: the right changed since it was shown.
    """
    acces, mien, deja = _ouvrir(session, acteur, demande, "fin")
    if deja:
        return deja
    droit = _droit(session, mien, demande)
    fin = _fin(demande.fin)
    plus_tard = fin is None or (droit.fin is not None and fin > droit.fin)
    if plus_tard and droit.utilisateur_id == acteur.id:
        raise GesteRefuse(fr("Personne ne prolonge son propre droit : un autre référent peut le faire."))
    if droit.suppleance_de is not None:
        _delegation(session, acteur, droit, fin)
    habilitations.garder_un_referent(session, [droit], fin)
    changes = habilitations.finir(session, droit, fin)
    qui = session.get_one(Utilisateur, droit.utilisateur_id).nom_complet
    dit = fr(f"Le droit de {qui} va jusqu’au {date_longue(fin)}." if fin else f"Le droit de {qui} n’a plus de fin.")
    return _dire(session, acteur, acces, demande, "fin", changes, dit)


def terminer(session: Session, acteur: Acteur, demande: Terminer) -> str:
    """End a right at once, and the delegations made of it.

    Raises:
        AccesRefuse: no right to administer the établissement, or that right.
        GesteRefuse: no référent would remain.
        Conflit: the right changed since it was shown.
    """
    acces, mien, deja = _ouvrir(session, acteur, demande, "terminer")
    if deja:
        return deja
    droit = _droit(session, mien, demande)
    habilitations.garder_un_referent(session, [droit], habilitations.hier())
    changes = habilitations.finir(session, droit, habilitations.hier())
    qui = session.get_one(Utilisateur, droit.utilisateur_id).nom_complet
    suite = " Sa délégation s’arrête aussi." if len(changes) > 1 else ""
    dit = fr(f"{qui} n’est plus {_quoi(session, droit.role, (droit.portee, droit.code))}.{suite}")
    return _dire(session, acteur, acces, demande, "terminer", changes, dit)


def changer_role(session: Session, acteur: Acteur, demande: ChangerRole) -> str:
    """End a right and give another one instead, in one transaction.

    Raises:
        AccesRefuse: no right to administer the établissement, or one of the two rights.
        GesteRefuse: one's own, a delegation, the same one, or no référent would remain.
        Conflit: the right changed since it was shown.
    """
    acces, mien, deja = _ouvrir(session, acteur, demande, "role")
    if deja:
        return deja
    droit = _droit(session, mien, demande)
    if droit.utilisateur_id == acteur.id:
        raise GesteRefuse(fr(SOI))
    if droit.suppleance_de is not None:
        raise GesteRefuse(fr("C’est une délégation : mettez-y fin, puis donnez un autre rôle."))
    etendue = _etendue(acces, demande.structure)
    fin = _fin(demande.fin)
    _donnable(session, mien, demande.role, etendue)
    qui = session.get_one(Utilisateur, droit.utilisateur_id)
    _pas_deja(session, qui, demande.role, etendue)
    neuf = habilitations.donner(session, droit.utilisateur_id, demande.role, etendue, par=acteur.id, fin=fin)
    habilitations.garder_un_referent(session, [droit], habilitations.hier())
    changes = [neuf, *habilitations.finir(session, droit, habilitations.hier())]
    dit = fr(f"{qui.nom_complet} est maintenant {_quoi(session, demande.role, etendue)}.")
    return _dire(session, acteur, acces, demande, "role", changes, dit)


def deleguer(session: Session, acteur: Acteur, demande: Deleguer) -> str:
    """Give one's own right to a deputy until a day; it falls with it.

    Raises:
        AccesRefuse: no right to administer the établissement, or the right is not one's own.
        GesteRefuse: the date is no good, it is itself a delegation, or they have that right already.
        Conflit: the right changed since it was shown.
    """
    acces, mien, deja = _ouvrir(session, acteur, demande, "deleguer")
    if deja:
        return deja
    droit = _droit(session, mien, demande)
    if droit.utilisateur_id != acteur.id:
        raise AccesRefuse(f"habilitation:{droit.id}")
    if droit.suppleance_de is not None:
        raise GesteRefuse(fr("Ce droit vous est délégué : il ne se délègue pas à son tour."))
    if droit.debut is not None and droit.debut > aujourd_hui():
        raise GesteRefuse(fr("Ce droit n’a pas encore commencé : déléguez-le à partir de ce jour-là."))
    qui = _connue(session, mien, demande.personne)
    fin, etendue = _fin(demande.fin), (droit.portee, droit.code)
    _borner(fin, droit)
    _pas_deja(session, qui, droit.role, etendue)
    change = habilitations.donner(
        session, demande.personne, droit.role, etendue, par=acteur.id, fin=fin, suppleance_de=droit.id
    )
    dit = fr(f"{qui.nom_complet} vous supplée jusqu’au {date_longue(fin or aujourd_hui())}.")
    return _dire(session, acteur, acces, demande, "deleguer", [change], dit)


def transferer(session: Session, acteur: Acteur, demande: Transferer) -> str:
    """Give the rights of somebody who leaves to somebody else, and end theirs, in one transaction.

    Raises:
        AccesRefuse: no right to administer the établissement, or that person has none here.
        GesteRefuse: to oneself, to somebody unknown here, or there is nothing to give.
        Conflit: these rights changed since they were listed.
    """
    acces, mien, deja = _ouvrir(session, acteur, demande, "transferer")
    if deja:
        return deja
    vers = _connue(session, mien, demande.vers)
    _retenir(session, transferables(session, mien, demande.personne))
    part = transferables(session, mien, demande.personne)
    if vu_de(*part) != demande.vu:
        raise Conflit
    if demande.personne == demande.vers or not part:
        raise GesteRefuse(fr("Il n’y a aucun droit à transférer ici."))
    changes = []
    for droit in part:
        if droit.suppleance_de is None:
            tenu = habilitations.tenu(session, demande.vers, droit.role, (droit.portee, droit.code))
            if tenu is None or tenu.suppleance_de is not None:
                etendue = (droit.portee, droit.code)
                changes.append(
                    habilitations.donner(session, demande.vers, droit.role, etendue, par=acteur.id, fin=droit.fin)
                )
            elif tenu.fin is not None and (droit.fin is None or droit.fin > tenu.fin):
                changes += habilitations.finir(session, tenu, droit.fin)
    habilitations.garder_un_referent(session, part, habilitations.hier())
    for droit in part:
        changes += habilitations.finir(session, droit, habilitations.hier())
    qui = session.get_one(Utilisateur, demande.personne).nom_complet
    dit = fr(f"Les droits de {qui} sur {nom_de(acces.etablissement)} sont passés à {vers.nom_complet}.")
    return _dire(session, acteur, acces, demande, "transferer", changes, dit)


# ------------------------------------------------------------------------------ inside


def _ouvrir(session: Session, acteur: Acteur, demande: DemandeDeDroit, geste: str) -> tuple[Acces, Pouvoir, str]:
    """The établissement, what one may do to its rights, and what was answered when the gesture was done already."""
    acces = exiger(session, acteur, demande.cible, Geste.ADMINISTRER)
    mien = pouvoir(session, acteur, acces)
    finess = acces.etablissement.num_finess
    trace = deja_fait(session, acteur, demande.cle, action=Action.HABILITATION, finess=finess, dit="geste")
    if trace and trace.resultat["geste"] != geste:
        raise SaisieInvalide(str(demande.cle))
    return acces, mien, str(trace.resultat["dit"]) if trace else ""


def _dire(
    session: Session,
    acteur: Acteur,
    acces: Acces,
    demande: DemandeDeDroit,
    geste: str,
    changes: list[habilitations.Changement],
    dit: str,
) -> str:
    finess = acces.etablissement.num_finess
    habilitations.tracer(session, acteur, finess, geste, changes, str(demande.cle), dit)
    return dit


def _droit(session: Session, mien: Pouvoir, demande: SurUnDroit) -> Habilitation:
    """The right that a gesture names: it reaches the établissement, the acteur may change it, it is as it was shown."""
    requete = select(Habilitation).where(Habilitation.id == demande.habilitation).with_for_update()
    droit = session.exec(requete.execution_options(populate_existing=True)).first()
    if droit is None or not _ici(session, mien.etablissement, droit):
        raise AccesRefuse(f"habilitation:{demande.habilitation}")
    if droit.utilisateur_id != mien.acteur.id and not mien.gouverne(session, droit):
        raise AccesRefuse(f"habilitation:{demande.habilitation}")
    if vu_de(droit) != demande.vu:
        raise Conflit
    if not en_cours(droit):
        raise GesteRefuse(fr("Ce droit est déjà terminé."))
    return droit


def _retenir(session: Session, droits: Iterable[Habilitation]) -> None:
    """Wait until nobody else changes these rights, and read them as they then are."""
    requete = select(Habilitation).where(col(Habilitation.id).in_([d.id for d in droits]))
    ordre = requete.order_by(col(Habilitation.id)).with_for_update()
    session.exec(ordre.execution_options(populate_existing=True)).all()


def _ici(session: Session, eg: EntiteGeographique, droit: Habilitation) -> bool:
    ici = (Portee.ETABLISSEMENT, eg.num_finess)
    etendue = (droit.portee, droit.code)
    return etendue in englobants(session, ici) or (
        droit.portee is Portee.STRUCTURE and ici in englobants(session, etendue)
    )


def _connue(session: Session, mien: Pouvoir, personne: int) -> Utilisateur:
    if personne == mien.acteur.id:
        raise GesteRefuse(fr(SOI))
    if personne in mien.delegants:
        raise GesteRefuse(fr("Vous suppléez cette personne : un référent en titre peut le faire."))
    if personne not in connues(session, mien.etablissement):
        raise AccesRefuse(f"personne:{personne}")
    return session.get_one(Utilisateur, personne)


def _etendue(acces: Acces, structure: str) -> Etendue:
    if not structure.isprintable():
        raise AccesRefuse(f"structure:{structure}")
    return (Portee.STRUCTURE, structure) if structure else (Portee.ETABLISSEMENT, acces.etablissement.num_finess)


def _donnable(session: Session, mien: Pouvoir, role: Role, etendue: Etendue) -> None:
    """Refuse a role that one does not give, on a place that is not of the établissement."""
    ici = (Portee.ETABLISSEMENT, mien.etablissement.num_finess)
    if ici not in englobants(session, etendue) or role not in mien.roles():
        raise AccesRefuse(f"{etendue[0].value}:{etendue[1]}")
    if not mien.peut_donner(session, role, etendue):
        raise GesteRefuse(fr(f"Le rôle « {NOMS_DES_ROLES[role]} » se donne sur tout l’établissement."))


def _pas_deja(session: Session, qui: Utilisateur, role: Role, etendue: Etendue) -> None:
    if habilitations.tenu(session, qui.id or 0, role, etendue):
        raise GesteRefuse(fr(f"{qui.nom_complet} a déjà ce droit. Changez plutôt sa date de fin."))


def _fin(texte: str) -> date | None:
    """The end date as typed, today at the soonest; None for none."""
    try:
        lue = LECTEURS[FIN.type](FIN, texte)
    except Illisible as raison:
        raise GesteRefuse(str(raison)) from None
    fin = date.fromisoformat(lue) if lue else None
    if fin is not None and fin < aujourd_hui():
        raise GesteRefuse(fr("Cette date de fin est passée : choisissez aujourd’hui ou un jour à venir."))
    return fin


def _delegation(session: Session, acteur: Acteur, droit: Habilitation, fin: date | None) -> None:
    """The end of a delegation: within its limits, later only by who delegates."""
    origine = session.get_one(Habilitation, droit.suppleance_de)
    plus_tard = fin is None or (droit.fin is not None and fin > droit.fin)
    if plus_tard and origine.utilisateur_id != acteur.id:
        raise GesteRefuse(fr("Seule la personne qui délègue prolonge sa délégation."))
    _borner(fin, origine)


def _borner(fin: date | None, origine: Habilitation) -> None:
    if fin is None:
        raise GesteRefuse(fr("Donnez la date de fin de la délégation."))
    if fin > aujourd_hui() + AU_PLUS_LOIN:
        raise GesteRefuse(fr("Une délégation dure un an au plus : choisissez une date plus proche."))
    if origine.fin is not None and fin > origine.fin:
        raise GesteRefuse(fr(f"Ce droit va lui-même jusqu’au {date_longue(origine.fin)} : choisissez avant."))


def _quoi(session: Session, role: Role, etendue: Etendue) -> str:
    """« référent, CH ALBI »."""
    nom = NOMS_DES_ROLES[role]
    return f"{nom[0].lower()}{nom[1:]}, {etendues.noms(session, [etendue])[etendue]}"
