"""Invented values in the record of an établissement, so that it differs from FINESS: what FINESS says stays real.

The établissement is then marked `demonstration`, and the page says which of the two values is invented.
"""

from sqlmodel import select

from rxror.demonstration.chargement import Chargement
from rxror.demonstration.traces import SOURCE
from rxror.ror import finess
from rxror.ror.objets import EntiteGeographique, EntiteJuridique
from rxror.services.registre import fiche_de
from rxror.services.tracer import ajouter, une_ligne_importee
from rxror.tables import ReleveFiness


def ecrire_les_fiches(charge: Chargement) -> None:
    """Write them in the établissements that nobody has worked on, each with its version and its line of trace."""
    for numero, lignes in charge.contenu.par("fiches", "etablissement").items():
        eg, cle = charge.etablissements.get(numero), f"{EntiteGeographique.GENRE}:{numero}"
        if eg is None or cle in charge.touches:
            continue
        avant = {ligne["champ"]: getattr(eg, ligne["champ"]) for ligne in lignes}
        changes = [ligne for ligne in lignes if avant[ligne["champ"]] != ligne["valeur"]]
        if changes:
            dits = [{"champ": e["champ"], "avant": avant[e["champ"]], "apres": e["valeur"]} for e in changes]
            ajouter(charge.session, [une_ligne_importee(SOURCE, numero, cle, dits, eg.version)])
            for ligne in changes:
                setattr(eg, ligne["champ"], ligne["valeur"])
            eg.demonstration, eg.version = True, eg.version + 1
            _compter(charge, eg)
    charge.session.flush()


def _compter(charge: Chargement, eg: EntiteGeographique) -> None:
    ej = charge.session.exec(select(EntiteJuridique).where(EntiteJuridique.id == eg.entite_juridique_id)).one()
    if releve := charge.session.get(ReleveFiness, eg.num_finess):
        releve.ecarts = len(finess.differents(fiche_de(eg, ej.num_finess), releve.valeurs))
