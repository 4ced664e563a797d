"""The pages of the history: what their address and their forms may hold."""

from typing import Any
from uuid import uuid4

import pytest
from sqlmodel import select

from rxror import db
from rxror.ror.erreurs import AccesRefuse, NonConnecte, SaisieInvalide
from rxror.ror.objets import OffreOperationnelle
from rxror.services.annulation import Annulation
from rxror.services.historique import Vue
from rxror.services.tracer import une_trace
from rxror.tables import Action, Brouillon, Trace
from rxror.ui.demande import lire_adresse, lire_demande
from rxror.ui.identity import acteur
from rxror.ui.pages import versions
from rxror.ui.pages.annulation import CONTEXTE, AnnulationState
from rxror.ui.pages.historique import HistoriqueState
from rxror.ui.pages.versions import ComparaisonState, RepriseState

CLE = str(uuid4())
OFFRE = "/offre/76/1"
ETATS = (HistoriqueState, ComparaisonState, RepriseState, AnnulationState)


def dit(etat: Any) -> dict[str, str]:
    """What the hidden inputs of both forms send."""
    return {nom: getattr(etat, nom) for nom in ("identifiant", "vu", "cle")}


@pytest.fixture
def renommee(ouvrir: Any) -> Any:
    """An offer at its second version, with one save of Claire over it."""
    with db.transaction() as session:
        qui = acteur(ouvrir(HistoriqueState, OFFRE), session)
        offre = session.exec(select(OffreOperationnelle)).first()
        assert offre is not None
        offre.nom_offre, offre.version = "Gynécologie HC", 2
        change = [{"champ": "nom_offre", "avant": "Gynécologie", "apres": "Gynécologie HC"}]
        publiee = une_trace(
            qui, Action.VALIDATION, "", "offre:76/1", changements=change, version_avant=1, version_apres=2
        )
        session.add(publiee)
        session.flush()
        change = [{"champ": "nom_offre", "avant": "Gynécologie HC", "apres": "Erreur"}]
        garde = une_trace(qui, Action.BROUILLON, "", "offre:76/1", section="informations_generales", changements=change)
        session.add(garde)
        session.add(
            Brouillon(
                objet="offre:76/1",
                section="informations_generales",
                valeurs={"nom_offre": "Erreur"},
                utilisateur_id=qui.id,
                modifie=garde.instant,
            )
        )
    return ouvrir


def test_the_address_says_what_is_seen(renommee: Any) -> None:
    etat = renommee(HistoriqueState, f"{OFFRE}/historique")
    etat.charger()
    assert [e["phrase"] for e in etat.entrees] == ["a enregistré Informations générales", "a validé"]
    assert "geste=publie" in str(etat.filtrer({"section": "", "geste": "publie", "qui": ""}))
    filtre = renommee(HistoriqueState, f"{OFFRE}/historique?geste=publie&qui=1")
    filtre.charger()
    assert (len(filtre.entrees), filtre.filtre, filtre.choix["geste"]) == (1, True, "publie")


@pytest.mark.parametrize(
    "parametres",
    [{}, {"ligne": "-1"}, {"avant": "x"}, {"ligne": "9" * 40}, {"section": "x" * 500, "geste": "publie"}, {"z": "1"}],
)
def test_an_address_is_read_with_suspicion(parametres: dict[str, str]) -> None:
    vue = lire_adresse(Vue, parametres)
    assert (vue.section, vue.ligne, vue.avant) == ("", 0, 0)
    assert vue.geste == parametres.get("geste", "")


@pytest.mark.parametrize("saisie", [None, [], {"section": 3}, {"qui": {"a": 1}}])
def test_a_forged_filter_is_refused(ouvrir: Any, saisie: Any) -> None:
    with pytest.raises(SaisieInvalide):
        ouvrir(HistoriqueState, f"{OFFRE}/historique").filtrer(saisie)


def test_two_versions_are_compared_from_the_address(renommee: Any) -> None:
    etat = renommee(ComparaisonState, f"{OFFRE}/comparer?de=1&a=2")
    etat.charger()
    assert [c["champ"] for c in etat.changements] == ["Nom de l’offre"]
    assert "de=2&a=0" in str(etat.comparer({"de": "2", "a": "²"}))
    with pytest.raises(SaisieInvalide):
        etat.comparer(None)
    absente = renommee(ComparaisonState, f"{OFFRE}/comparer?de=77&a=2")
    absente.charger()
    assert absente.manque


def test_a_version_is_taken_back_from_what_the_page_holds(renommee: Any) -> None:
    etat = renommee(RepriseState, f"{OFFRE}/reprendre?version=1")
    etat.charger()
    (section,) = etat.siennes
    assert section["coche"] is False
    contexte = {"genre": etat.objet, "version": etat.version, **dit(etat)}
    assert etat.reprendre(contexte) is None
    assert etat.message
    coche = {**contexte, f"reprend.{section['cle']}": "oui"}
    assert OFFRE in str(etat.reprendre(coche))
    with db.lecture() as session:
        assert session.get_one(Brouillon, 1).valeurs == {"nom_offre": "Gynécologie"}
    assert etat.reprendre({**coche, "cle": str(uuid4())}) is None
    assert "rien n’est repris" in etat.message


@pytest.mark.parametrize(
    "faux", [{"cle": "x"}, {"version": "0"}, {"version": None}, {"genre": {"a": 1}}, {"vu": "x" * 500}]
)
def test_a_forged_restoration_or_undo_is_refused(faux: dict[str, Any]) -> None:
    bonne = {"genre": "offre", "identifiant": "76/1", "version": "1", "vu": "", "cle": CLE, "section": "contacts"}
    assert versions._demande(bonne, {"offre:76/1|contacts"}).version == 1
    assert lire_demande(Annulation, bonne, CONTEXTE).section == "contacts"
    with pytest.raises(SaisieInvalide):
        versions._demande(bonne | faux, {"offre:76/1|contacts"})
    if "version" not in faux:
        with pytest.raises(SaisieInvalide):
            lire_demande(Annulation, bonne | faux, CONTEXTE)
    for saisie in (None, [], "x"):
        with pytest.raises(SaisieInvalide):
            versions._choisies(saisie)
        with pytest.raises(SaisieInvalide):
            lire_demande(Annulation, saisie, CONTEXTE)


def test_a_save_is_undone_once(renommee: Any) -> None:
    etat = renommee(AnnulationState, f"{OFFRE}/annuler/informations_generales")
    etat.charger()
    contexte = {"genre": etat.objet, "section": etat.cle_section, **dit(etat)}
    assert OFFRE in str(etat.annuler(contexte))
    assert OFFRE in str(etat.annuler(contexte))
    with db.lecture() as session:
        assert session.get(Brouillon, 1) is None
        assert session.get_one(Trace, 3).action is Action.ANNULATION
    assert etat.annuler({**contexte, "cle": str(uuid4())}) is None
    assert "rien n’est annulé" in etat.message


@pytest.mark.parametrize("classe", ETATS)
def test_no_page_loads_without_session_nor_right(ouvrir: Any, classe: Any) -> None:
    with pytest.raises(NonConnecte):
        ouvrir(classe, f"{OFFRE}/historique", empreinte="inconnue").charger()
    etat = ouvrir(classe, "/offre/76/9999/annuler/contacts")
    with pytest.raises(AccesRefuse):
        etat.charger()
    assert etat.place == ""


def test_a_version_that_cannot_come_back_is_said(ouvrir: Any) -> None:
    etat = ouvrir(RepriseState, f"{OFFRE}/reprendre?version=4")
    etat.charger()
    assert etat.manque
    assert etat.siennes == []
