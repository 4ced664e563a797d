"""Load the demonstration: CH ALBI (8 pôles, 30 UF, 80 offers, 45 lieux) and ten médico-social établissements.

The établissements are real and come from FINESS; everything below them is invented and marked `demonstration`.
Beds and places of CH ALBI add up to those it declared in the SAE 2023 (DREES). Réanimation, USIC, soins
intensifs neurovasculaires, surveillance continue and UHCD are counted beside médecine, never inside it;
`capacites.csv` names the discipline of each line. Telephone numbers are of the range ARCEP keeps for fiction
(05 36 49), domains end in `.example` (RFC 2606), and no invented person holds a real post.

Four offers of CH ALBI are wrong on purpose (column `defaut` of `offres.csv`):
    modalite_abrogee: a code no longer in force, an alert;
    contact_sans_moyen: the only contact has no means of communication, « Valider » refuses;
    jamais_validee: nobody has validated it yet;
    sensible_visible: an unité sensible whose contact any professional can see, « Valider » refuses.
The record of one médico-social établissement differs from FINESS on purpose (`fiches.csv`), and says so.
"""

import logging
from datetime import UTC, date, datetime
from typing import Any

from sqlmodel import Session, col, select

from rxror.demonstration.chargement import Chargement
from rxror.demonstration.fiches import ecrire_les_fiches
from rxror.demonstration.lire import Contenu, lire
from rxror.demonstration.objets import ecrire_les_objets
from rxror.demonstration.parties import remplacer_les_parties
from rxror.demonstration.traces import photographier, tracer_le_chargement, versions_chargees
from rxror.echanges.fichiers import deja_charge, noter
from rxror.ror.objets import EntiteGeographique
from rxror.tables import Action, Brouillon, Habilitation, Portee, Role, Trace, Utilisateur

FICHIER = "demonstration"
EMETTEUR = "demonstration"

journal = logging.getLogger(__name__)


def charger(session: Session, aujourd_hui: date | None = None) -> None:
    """Load the demonstration once for each version of its content; the caller commits.

    An object somebody has modified, saved a brouillon of or acted on is left alone, and so are its parts.
    An établissement that is not in the database is skipped with a warning; the next call tries again.

    Args:
        aujourd_hui: day the ages of the last validations count back from; None means today.
    """
    contenu = lire()
    if deja_charge(session, FICHIER, contenu.empreinte):
        return
    jour = aujourd_hui or datetime.now(UTC).date()
    charge = Chargement(
        session, contenu, jour, _etablissements(session, contenu), _touches(session), versions_chargees(session)
    )
    ecrire_les_fiches(charge)  # first: lieux take the address of the record
    avant = photographier(charge)
    ecrire_les_objets(charge)
    remplacer_les_parties(charge)
    tracer_le_chargement(charge, avant)
    _personnes(charge)
    session.flush()
    if absents := sorted(set(contenu.par("lieux", "etablissement")) - set(charge.etablissements)):
        journal.warning("demonstration: not in the database, skipped: %s", ", ".join(absents))
    else:
        noter(session, FICHIER, contenu.empreinte)


def _etablissements(session: Session, contenu: Contenu) -> dict[str, EntiteGeographique]:
    cherches = list(contenu.par("lieux", "etablissement"))
    requete = select(EntiteGeographique).where(col(EntiteGeographique.num_finess).in_(cherches))
    return {eg.num_finess: eg for eg in session.exec(requete)}


def _touches(session: Session) -> set[str]:
    return {
        *session.exec(select(Brouillon.objet)),
        *session.exec(select(Trace.objet).where(Trace.action != Action.IMPORT).distinct()),
    }


def _personnes(charge: Chargement) -> None:
    """People one may sign in as, and their habilitations; those already there are left as they are."""
    session = charge.session
    connues = {u.sub: u for u in session.exec(select(Utilisateur).where(Utilisateur.iss == EMETTEUR))}
    for ligne in charge.contenu.lignes("personnes"):
        if ligne["sub"] not in connues:
            connues[ligne["sub"]] = Utilisateur(
                iss=EMETTEUR, sub=ligne["sub"], prenom=ligne["prenom"], nom=ligne["nom"], demonstration=True
            )
            session.add(connues[ligne["sub"]])
    session.flush()
    tenues = set(session.exec(select(Habilitation.utilisateur_id, Habilitation.portee, Habilitation.code)))
    for ligne in charge.contenu.lignes("personnes"):
        personne = connues[ligne["sub"]].id or 0
        for code in ligne["codes"].split():
            portee = Portee(ligne["portee"])
            if _existe(charge, portee, code) and (personne, portee, code) not in tenues:
                session.add(Habilitation(utilisateur_id=personne, role=Role(ligne["role"]), portee=portee, code=code))


def _existe(charge: Chargement, portee: Portee, code: str) -> bool:
    """Whether the place is there; territories are those of the code lists, and entités juridiques FINESS's."""
    ici: dict[Portee, Any] = {Portee.ETABLISSEMENT: charge.etablissements, Portee.STRUCTURE: charge.objets}
    return code in ici.get(portee, (code,))
