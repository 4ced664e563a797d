"""The first rights of a new service: nobody can give them on a screen yet, so whoever runs it does."""

from datetime import UTC, date, datetime

from sqlmodel import Session, select

from rxror.ror.erreurs import GesteRefuse
from rxror.ror.typographie import fr
from rxror.services import etendues, habilitations
from rxror.services.connexions import EXPLOITATION
from rxror.services.droits import NOMS_DES_ROLES, PORTEES
from rxror.services.etendues import Etendue
from rxror.tables import Action, Portee, Role, Trace, Utilisateur


def donner(session: Session, *, iss: str, sub: str, role: Role, etendue: Etendue, fin: date | None = None) -> str:
    """Give a right to the person that a provider knows by (iss, sub), who may not have signed in yet.

    Returns:
        What is done, in one sentence.

    Raises:
        GesteRefuse: the role is not given on such a place, or the place is not in the database.
    """
    portee, code = etendue
    if portee not in PORTEES[role]:
        permises = ", ".join(p.value for p in PORTEES[role])
        raise GesteRefuse(fr(f"Le rôle {role.value} se donne sur : {permises}."))
    lieu = etendues.noms(session, [etendue])[etendue]
    if lieu == code:
        raise GesteRefuse(fr(f"« {portee.value}:{code} » n’est pas dans la base : vérifiez le code."))
    personne = session.exec(select(Utilisateur).where(Utilisateur.iss == iss, Utilisateur.sub == sub)).first()
    if personne is None:
        personne = Utilisateur(iss=iss, sub=sub)
        session.add(personne)
        session.flush()
    qui = personne.id or 0
    if habilitations.tenu(session, qui, role, etendue):
        raise GesteRefuse(fr("Cette personne a déjà ce droit : changez-le sur « Personnes et droits »."))
    droit, changements = habilitations.donner(session, qui, role, etendue, par=None, fin=fin)
    session.add(
        Trace(
            instant=datetime.now(UTC),
            action=Action.HABILITATION,
            nom=EXPLOITATION,
            finess=code if portee is Portee.ETABLISSEMENT else "",
            objet=f"personne:{qui}",
            changements=changements,
            resultat={"geste": "donner", "personne": qui, "nom": personne.nom_complet, "role": role.value}
            | {"portee": portee.value, "code": code, "droit": droit.id},
        )
    )
    nom = personne.nom_complet or "La personne, qui ne s’est pas encore identifiée,"
    return fr(f"{nom} est {NOMS_DES_ROLES[role].lower()} : {lieu}.")
