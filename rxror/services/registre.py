"""What FINESS last said of an établissement, read beside its record; and where the two differ, for many at once."""

from typing import Any

from sqlmodel import Session, col, select

from rxror.ror import finess
from rxror.ror.controles import empreinte_de
from rxror.ror.finess import Registre
from rxror.ror.objets import EntiteGeographique, EntiteJuridique
from rxror.services.acces import Acteur, Geste, permis
from rxror.services.contenu import en_json
from rxror.services.gardes import vus_gardes
from rxror.tables import ReleveFiness

EJ, NOM_EJ = "entite_juridique_id", "raison_sociale"


def de(session: Session, objet: Any) -> Registre | None:
    """What FINESS said of this établissement; None for another object, or when no file held it.

    One query; a second one to name the entité juridique when it is another.
    """
    if not isinstance(objet, EntiteGeographique):
        return None
    requete = (
        select(ReleveFiness, EntiteJuridique)
        .join(EntiteJuridique, col(EntiteJuridique.id) == objet.entite_juridique_id)
        .where(ReleveFiness.finess == objet.num_finess)
    )
    ligne = session.exec(requete).first()
    if ligne is None:
        return None
    releve, ej = ligne
    fiche = fiche_de(objet, ej.num_finess) | {NOM_EJ: ej.raison_sociale}
    return Registre(releve.jour, dict(releve.valeurs) | _nom_de_l_ej(session, releve, ej), fiche)


def fiche_de(eg: EntiteGeographique, ej: str) -> dict[str, Any]:
    """The record of an établissement, as FINESS is compared with it.

    Args:
        ej: number of its entité juridique.
    """
    return {nom: en_json(getattr(eg, nom)) for nom in finess.contreparties()} | {EJ: ej}


def desaccords_par_etablissement(session: Session, acteur: Acteur, geste: Geste = Geste.LIRE) -> dict[str, list[str]]:
    """{FINESS number: rules of the points that differ and that nobody keeps}, of those one may do `geste` to.

    Two queries at most, whatever the number of établissements: only those that differ are read.
    """
    eg, ej = EntiteGeographique, EntiteJuridique
    requete = (
        select(ReleveFiness, eg, ej.num_finess)
        .join(eg, col(eg.num_finess) == ReleveFiness.finess)
        .join(ej, col(ej.id) == eg.entite_juridique_id)
        .where(col(ReleveFiness.ecarts) > 0, permis(acteur, geste, eg))
        .order_by(col(ReleveFiness.finess))
    )
    trouves: dict[str, dict[str, str]] = {}
    for releve, fiche, numero in session.exec(requete):
        differents = finess.differents(fiche_de(fiche, numero), releve.valeurs)
        trouves[releve.finess] = {p.regle: empreinte_de(finess.compares(p, releve.valeurs)) for p in differents}
    tenues = vus_gardes(session, [f"{eg.GENRE}:{numero}" for numero in trouves])
    restes = {
        numero: [regle for regle, vu in siens.items() if (f"{eg.GENRE}:{numero}", regle, vu) not in tenues]
        for numero, siens in trouves.items()
    }
    return {numero: regles for numero, regles in restes.items() if regles}


def _nom_de_l_ej(session: Session, releve: ReleveFiness, ej: EntiteJuridique) -> dict[str, str]:
    autre = releve.valeurs.get(EJ)
    if not autre or autre == ej.num_finess:
        return {NOM_EJ: ej.raison_sociale}
    nom = session.exec(select(EntiteJuridique.raison_sociale).where(EntiteJuridique.num_finess == autre)).first()
    return {NOM_EJ: nom or ""}
