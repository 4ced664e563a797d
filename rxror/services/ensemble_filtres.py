"""Which offers of the tree are kept, and what is said of it: states, words, months; counted for whom they are."""

from collections.abc import Iterator
from datetime import date

from rxror.ror.dates import mois_annee, utc
from rxror.ror.fraicheur import Fraicheur, offres, validees_pour
from rxror.ror.objets import OrganisationInterne
from rxror.ror.parcours import url_arbre, url_relecture
from rxror.ror.typographie import fr
from rxror.services import lieux
from rxror.services.ensemble_vues import NOMS, PLURIELS, Choix, Filtre, Vue
from rxror.services.foret import Foret, Ligne

RELUS = {  # filters that the review queue has too
    Filtre.EN_RETARD: "en_retard",
    Filtre.JAMAIS: "en_retard",
    Filtre.A_REVOIR: "a_revoir",
    Filtre.A_JOUR: "a_jour",
    Filtre.ENREGISTRE: "brouillon",
}


def gardees(foret: Foret, voulue: Vue) -> list[Ligne]:
    """The offers that are asked for, by name."""
    lignes = foret.dans(voulue.dans) if voulue.dans else foret.lignes
    if voulue.etat:
        lignes = [o for o in lignes if o.mienne and _est(o, voulue.etat)]
    if voulue.mois:
        debut, fin = validees_pour(date.fromisoformat(f"{voulue.mois}-01"))
        a_venir = (Fraicheur.A_JOUR, Fraicheur.A_REVOIR)
        lignes = [o for o in lignes if o.mienne and o.etat in a_venir and debut <= utc(o.validation) < fin]
    mots = lieux.mots_de(voulue.q)
    return [o for o in lignes if lieux.contient(_noms(foret, o), mots)] if mots else lignes


def _est(ligne: Ligne, filtre: Filtre) -> bool:
    if filtre is Filtre.EN_COURS:
        return bool(ligne.inacheve)
    if filtre is Filtre.ENREGISTRE:
        return bool(ligne.brouillon and not ligne.inacheve)
    return filtre is Filtre.TOUT or ligne.etat == filtre.value


def _noms(foret: Foret, ligne: Ligne) -> str:
    """What an offer is found by: its name, its number, the names of the structures above."""
    return " ".join([ligne.nom, ligne.identifiant, *(s.nom_oi for s in foret.places.get(ligne.oi, []))])


def structures_nommees(foret: Foret, voulue: Vue, gardees: list[Ligne]) -> list[OrganisationInterne]:
    """Structures that the words name, and in which no offer was found: one looked for them, or they are empty."""
    mots = lieux.mots_de(voulue.q)
    if not mots or voulue.etat or voulue.mois:
        return []
    tenues = {s.id for o in gardees for s in foret.places.get(o.oi, [])}
    nommees = (s[-1] for s in foret.places.values() if lieux.contient(" ".join(oi.nom_oi for oi in s), mots))
    return [oi for oi in nommees if oi.id not in tenues]


def filtres_par_etat(lignes: list[Ligne], finess: str, voulue: Vue) -> Iterator[Choix]:
    """« En retard (6) »: what each filter would keep; one that would keep nothing is not shown."""
    miennes = [o for o in lignes if o.mienne]
    for filtre, nom in NOMS.items():
        n = len(lignes) if filtre is Filtre.TOUT else sum(_est(o, filtre) for o in miennes)
        if n or filtre in (Filtre.TOUT, voulue.etat):
            dit = PLURIELS.get(filtre.value, nom) if n > 1 else nom
            url = url_arbre(finess, **voulue.avec(etat=filtre.value, mois="", deplie=""))
            yield Choix(nom=f"{dit} ({n})", url=url, choisi=filtre is voulue.etat and not voulue.mois)


def rappel(foret: Foret, finess: str, voulue: Vue) -> Iterator[Choix]:
    """What else is asked for; `url` is the address without it."""
    if voulue.mois:
        mois = mois_annee(date.fromisoformat(f"{voulue.mois}-01"))
        yield Choix(nom=fr(f"À valider en {mois}"), url=url_arbre(finess, **voulue.avec(mois="")), choisi=True)
    if voulue.dans:
        nom = foret.nom(voulue.dans) or "une structure qui n’est pas ici"
        yield Choix(nom=fr(f"Dans : {nom}"), url=url_arbre(finess, **voulue.avec(dans="")), choisi=True)
    if voulue.q:
        yield Choix(nom=fr(f"« {voulue.q} »"), url=url_arbre(finess, **voulue.avec(q="")), choisi=True)


def resume(nombre: int, vides: int, voulue: Vue) -> str:
    """How many were found."""
    if not nombre and not vides:
        return fr("Rien ne correspond ici. Essayez avec un seul mot, ou sans filtre.")
    trouvees = f"{nombre} offre{'s' if nombre > 1 else ''}" if nombre else "Aucune offre"
    seules = f", {vides} structure{'s' if vides > 1 else ''} sans offre trouvée" if vides else ""
    return trouvees + seules + ("." if voulue.filtree else ", dépliées.")


def relecture(foret: Foret, voulue: Vue) -> str:
    """The review queue of what is shown, as near as it has the same filters; "" for who may only read."""
    if not any(o.modifiable for o in foret.lignes):
        return ""
    structure = voulue.dans if ":" not in voulue.dans and foret.nom(voulue.dans) else ""
    return url_relecture(etablissement=foret.finess, structure=structure, etat=RELUS.get(voulue.etat, ""))


def partiel(lignes: list[Ligne]) -> str:
    """To whom a part of the établissement is given: what counts, and what is only read."""
    miennes = sum(o.mienne for o in lignes)
    if miennes == len(lignes):
        return ""
    return fr(f"Les filtres comptent ce qui vous est confié : {offres(miennes)} sur {len(lignes)}. Le reste se lit.")
