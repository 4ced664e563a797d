"""« Fermer… »: what closes with an offer or a structure is shown first, then written in one transaction. FER-01 to 09.

The établissement closes in FINESS, never here.
"""

from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from typing import Annotated, Any
from uuid import UUID

from pydantic import Field, StringConstraints
from sqlmodel import Session, col, select, update

from rxror.ror import messages
from rxror.ror.champs import Contexte, champs_de, groupes_de
from rxror.ror.dates import aujourd_hui
from rxror.ror.erreurs import Conflit, ObjetFerme
from rxror.ror.fermeture import (
    Fermeture,
    Reponses,
    accord,
    colonnes,
    est_archive,
    fautes,
    fermeture_de,
    phrase,
)
from rxror.ror.objets import CapaciteAccueilOperationnelle, LieuRealisationOffre
from rxror.ror.saisie import Lecteur, texte_de
from rxror.services import contenu
from rxror.services.acces import Acces, Acteur, Cible
from rxror.services.apercu_de_fermeture import Apercu, apercu_de, blocages_de, planifier
from rxror.services.cascade import LieuServi
from rxror.services.demande import Demande, Vu
from rxror.services.gestes_de_fermeture import (
    Change,
    Ecran,
    ecran_de,
    ecrire,
    exiger_fermer,
    tracer_les_gestes,
)
from rxror.services.nomenclatures import catalogue
from rxror.services.tracer import deja_fait
from rxror.services.versions import passer
from rxror.services.vues import Blocage
from rxror.tables import Action

Texte = Annotated[str, StringConstraints(max_length=4000)]
NOMS = tuple(champs_de(Reponses))
CAPACITES = "capacite_accueil_operationnelle"
SECTION = groupes_de(LieuRealisationOffre)[CAPACITES].section


class Fermer(Demande):
    """One « Fermer », with its whole context.

    Attributes:
        saisie: the answers, {field: text}.
        vu: digest of what the page listed (`Apercu.vu`); another one means that something changed meanwhile.
        a_zero: the « disponible » capacities that were shown are put to 0.
    """

    saisie: dict[Texte, Texte] = Field(max_length=10)
    vu: Vu = ""
    a_zero: bool = False
    cle: UUID


@dataclass
class Reponse:
    """What « Fermer » answers; both empty: it is done."""

    erreurs: dict[str, str] = field(default_factory=dict)
    blocages: list[Blocage] = field(default_factory=list)


def ouvrir(session: Session, acteur: Acteur, cible: Cible) -> Ecran:
    """The form of a closing, filled with the one that is recorded.

    Raises:
        AccesRefuse: no right to close that object.
        ObjetFerme: it is closed for good.
    """
    acces = exiger_fermer(session, acteur, cible)
    _exiger_vivant(acces)
    ecran, actuelle = ecran_de(session, acces), fermeture_de(acces.objet)
    if actuelle is not None and not actuelle.terminee(aujourd_hui()):
        ecran.deja = phrase(actuelle, aujourd_hui(), accord(acces.objet))
        champs = champs_de(Reponses)
        ecran.valeurs = {n: texte_de(champs[n], v) for n, v in colonnes(actuelle).items()}
    return ecran


def apercevoir(
    session: Session, acteur: Acteur, cible: Cible, saisie: dict[str, str]
) -> tuple[Apercu | None, dict[str, str]]:
    """What would close, or why not, field by field. Writes nothing.

    Raises:
        AccesRefuse: no right to close that object.
        ObjetFerme: it is closed for good.
    """
    acces = exiger_fermer(session, acteur, cible)
    _exiger_vivant(acces)
    voulue, _, erreurs = _lire(session, acces, saisie)
    if voulue is None or erreurs:
        return None, erreurs
    return apercu_de(planifier(session, acces, voulue)), {}


def fermer(session: Session, acteur: Acteur, demande: Fermer) -> Reponse:
    """Close an offer or a structure, and all that hangs below it; one line of trace each.

    Raises:
        AccesRefuse: no right to close that object.
        ObjetFerme: it is closed for good.
        SaisieInvalide: `cle` was used by another gesture.
        Conflit: something of what was shown changed meanwhile; nothing is written.

    Source:
        RG_EXP_043 to 045, 047.
    """
    acces = exiger_fermer(session, acteur, demande.cible)
    if deja_fait(session, acteur, demande.cle, objet=demande.cible.cle, action=Action.FERMETURE):
        return Reponse()
    _exiger_vivant(acces)
    voulue, motif, erreurs = _lire(session, acces, demande.saisie)
    if voulue is None or erreurs:
        return Reponse(erreurs)
    plan = planifier(session, acces, voulue)
    blocages = blocages_de(plan, demande.a_zero)
    if blocages:
        return Reponse(blocages=blocages)
    if demande.vu != plan.vu:
        raise Conflit
    maintenant = datetime.now(UTC)
    changes = ecrire(session, plan.touches, plan.nouvelles, maintenant)
    changes += _mettre_a_zero(session, plan.a_zero, maintenant)
    tracer_les_gestes(
        session, acteur, Action.FERMETURE, acces.etablissement.num_finess, changes, str(demande.cle), {"motif": motif}
    )
    return Reponse()


# ------------------------------------------------------------------------------ inside


def _exiger_vivant(acces: Acces) -> None:
    if est_archive(acces.objet, aujourd_hui()):
        raise ObjetFerme


def _lire(session: Session, acces: Acces, saisie: dict[str, str]) -> tuple[Fermeture | None, str, dict[str, str]]:
    """(closing, reason, {field: sentence})."""
    lecteur = Lecteur(catalogue(session), Contexte(dict(saisie)))
    valeurs, erreurs = lecteur.lire_nouveau(Reponses, NOMS, saisie)
    for nom in ("type_fermeture", "date_fermeture"):
        if nom in erreurs and not saisie.get(nom, "").strip():
            erreurs[nom] = messages.message("FER-01")
    if not saisie.get("date_previsionnelle_reouverture", "").strip():
        erreurs.pop("date_previsionnelle_reouverture", None)
    motif = str(valeurs.get("motif") or "")
    jours = [valeurs.get(n) for n in ("date_fermeture", "date_previsionnelle_reouverture")]
    debut, retour = (date.fromisoformat(j) if j else None for j in jours)
    if not valeurs.get("type_fermeture") or debut is None:
        return None, motif, erreurs
    voulue = Fermeture(valeurs["type_fermeture"], debut, retour)
    ouverture = getattr(acces.objet, "date_ouverture", None)
    return voulue, motif, {**fautes(voulue, ouverture, aujourd_hui()), **erreurs}


def _mettre_a_zero(session: Session, lieux: list[LieuServi], maintenant: datetime) -> list[Change]:
    if not lieux:
        return []
    ligne: Any = CapaciteAccueilOperationnelle
    numeros = {numero for x in lieux for numero in x.disponible.saisies}
    tables = session.exec(
        select(LieuRealisationOffre).where(col(LieuRealisationOffre.id).in_([x.id for x in lieux]))
    ).all()
    avant = {n: v[CAPACITES] for n, v in contenu.lire(session, LieuRealisationOffre, tables, {SECTION}).items()}
    dates = {x.id: x.date_mise_jour for x in tables}
    zero = {"nombre_capacite": 0, "date_maj_capacite": maintenant.isoformat()}
    session.exec(
        update(ligne)
        .where(ligne.id.in_(numeros))
        .values(nombre_capacite=0, date_maj_capacite=maintenant)
        .execution_options(synchronize_session=False)
    )
    passer(session, LieuRealisationOffre, [(x.id, x.version) for x in lieux], date_mise_jour=maintenant)
    return [
        Change(
            f"{LieuRealisationOffre.GENRE}:{x.identifiant}",
            x.version,
            dates[x.id],
            [
                {
                    "champ": CAPACITES,
                    "avant": avant[x.id],
                    "apres": [{**e, **zero} if int(e["cle"]) in numeros else e for e in avant[x.id]],
                }
            ],
        )
        for x in lieux
    ]
