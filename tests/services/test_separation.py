"""« Séparer le lieu »: offers take a copy, identifiers stay, beds go where one says, once."""

from datetime import UTC, datetime
from types import SimpleNamespace
from typing import Any
from uuid import uuid4

import pytest
from sqlmodel import Session, col, select

from rxror.ror.erreurs import AccesRefuse, Conflit, SaisieInvalide
from rxror.ror.objets import CapaciteAccueilOperationnelle, LieuRealisationOffre, OffreLieu, OffreOperationnelle
from rxror.services import contenu, separation
from rxror.services.acces import Cible
from rxror.services.separation import Compte, Separer
from rxror.tables import Action, Brouillon, Portee, Role, Trace
from tests.fabriques import enregistrer, garder, une_offre_complete
from tests.services.test_versions import Temoin


@pytest.fixture
def ici(session: Session, place: Any) -> SimpleNamespace:
    """A lieu of 12 beds that serves three offers."""
    lieu = session.exec(select(LieuRealisationOffre)).one()
    voisines = [une_offre_complete(session, place.eg, nom_offre=n) for n in ("Hôpital de jour", "Consultations")]
    for offre in voisines:
        garder(session, OffreLieu(offre_operationnelle_id=offre.id, lieu_realisation_offre_id=lieu.id))
    cible = Cible("lieu", lieu.identifiant)
    return SimpleNamespace(**vars(place), lieu=lieu, voisines=voisines, cible=cible, temoin=Temoin(session))


def une_separation(session: Session, ici: Any, *offres: OffreOperationnelle, **autres: Any) -> Separer:
    vu = separation.preparer(session, ici.claire, ici.cible).vu
    valeurs = {"nom": "Rez-de-jardin", "compte": "origine", "vu": vu, "cle": uuid4()} | autres
    choisies = [o.identifiant_offre for o in offres]
    return Separer(genre="lieu", identifiant=ici.lieu.identifiant, choisies=choisies, **valeurs)


def lieux_de(session: Session, offre: OffreOperationnelle) -> list[str]:
    return contenu.lire(session, OffreOperationnelle, [offre], {"adresse"})[offre.id or 0][contenu.LIEUX]


def lits(session: Session, lieu: str) -> list[int | None]:
    ligne, classe = CapaciteAccueilOperationnelle, LieuRealisationOffre
    requete = select(ligne.nombre_capacite).join(classe, col(classe.id) == ligne.lieu_realisation_offre_id)
    return list(session.exec(requete.where(classe.identifiant == lieu).order_by(col(ligne.id))))


def test_chosen_offers_take_a_copy_and_identifiers_stay(session: Session, ici: Any) -> None:
    jour, consultations = ici.voisines
    avant = [o.identifiant_offre for o in (ici.offre, jour, consultations)]

    neuf, erreurs = separation.separer(session, ici.claire, une_separation(session, ici, jour, consultations))

    assert erreurs == {}
    assert [o.identifiant_offre for o in (ici.offre, jour, consultations)] == avant
    assert lieux_de(session, ici.offre) == [ici.lieu.identifiant]
    for offre in (jour, consultations):
        assert neuf in lieux_de(session, offre)
        assert ici.lieu.identifiant not in lieux_de(session, offre)
    copie = session.exec(select(LieuRealisationOffre).where(LieuRealisationOffre.identifiant == neuf)).one()
    session.refresh(ici.lieu)
    assert (copie.nom, copie.fonction_lieu, copie.libelle_voie) == ("Rez-de-jardin", "001", "SIBILLE")
    assert (ici.lieu.version, lits(session, ici.lieu.identifiant), lits(session, neuf)) == (1, [12], [])
    assert set(ici.temoin.verifier()) == {
        f"lieu:{neuf}",
        *(f"offre:{o.identifiant_offre}" for o in (jour, consultations)),
    }
    actes = session.exec(select(Trace.action).order_by(col(Trace.id))).all()
    assert actes == [Action.CREATION, Action.SEPARATION, Action.SEPARATION, Action.SEPARATION]


@pytest.mark.parametrize(("compte", "origine", "copie"), [("copie", [], [12]), ("deux", [12], [12])])
def test_beds_go_where_one_says(session: Session, ici: Any, compte: str, origine: list[int], copie: list[int]) -> None:
    demande = une_separation(session, ici, ici.voisines[0], compte=compte)
    neuf, erreurs = separation.separer(session, ici.claire, demande)
    assert (erreurs, lits(session, ici.lieu.identifiant), lits(session, neuf)) == ({}, origine, copie)
    assert (f"lieu:{ici.lieu.identifiant}" in ici.temoin.verifier()) == (compte == Compte.COPIE)


def test_the_same_gesture_again_changes_nothing(session: Session, ici: Any) -> None:
    demande = une_separation(session, ici, ici.voisines[0])
    neuf, _ = separation.separer(session, ici.claire, demande)
    assert separation.separer(session, ici.claire, demande) == (neuf, {})
    with pytest.raises(SaisieInvalide):  # the key of another gesture
        separation.separer(session, ici.claire, une_separation(session, ici, ici.offre, cle=demande.cle))
    assert len(session.exec(select(Trace)).all()) == 3


@pytest.mark.parametrize(
    ("change", "champ"),
    [
        ({"nom": ""}, "nom"),
        ({"nom": "gynecologie, 2E etage"}, "nom"),
        ({"compte": ""}, "compte"),
        ({"compte": "x"}, "compte"),
    ],
)
def test_what_is_missing_is_said_and_nothing_is_written(session: Session, ici: Any, change: Any, champ: str) -> None:
    demande = une_separation(session, ici, ici.voisines[0], **change)
    neuf, erreurs = separation.separer(session, ici.claire, demande)
    assert (neuf, set(erreurs)) == ("", {champ})
    assert (session.exec(select(Trace)).all(), ici.temoin.verifier()) == ([], {})


def test_at_least_one_offer_leaves_and_one_stays(session: Session, ici: Any) -> None:
    for offres in ((), (ici.offre, *ici.voisines)):
        _, erreurs = separation.separer(session, ici.claire, une_separation(session, ici, *offres))
        assert set(erreurs) == {"choisies"}


def test_a_page_that_is_no_longer_true_separates_nothing(session: Session, ici: Any) -> None:
    demande = une_separation(session, ici, ici.voisines[0])
    autre = une_offre_complete(session, ici.eg, nom_offre="Arrivée depuis")
    garder(session, OffreLieu(offre_operationnelle_id=autre.id, lieu_realisation_offre_id=ici.lieu.id))
    with pytest.raises(Conflit):
        separation.separer(session, ici.claire, demande)
    ailleurs = une_offre_complete(session, ici.eg, nom_offre="N’a pas ce lieu")
    with pytest.raises(Conflit):
        separation.separer(session, ici.claire, une_separation(session, ici, ailleurs))


def test_each_offer_named_asks_for_its_own_right(session: Session, ici: Any, monde: Any) -> None:
    uf = monde.oi(ici.eg, "UF Gynécologie", "3")
    ici.offre.organisation_interne_id = uf.id
    nadia = monde.acteur("Nadia Roux")
    monde.habiliter(nadia, ici.eg, Role.RESPONSABLE_OFFRE, portee=Portee.STRUCTURE, code=uf.identifiant_oi)
    vue = separation.preparer(session, nadia, ici.cible)
    assert [o["nom"] for o in vue.offres] == ["Gynécologie, hospitalisation complète"]
    assert {e["raison"] for e in vue.ecartees} == {"ne vous est pas confiée"}
    for qui in (nadia, monde.acteur("Hugo Marty")):
        with pytest.raises(AccesRefuse):
            separation.separer(session, qui, une_separation(session, ici, ici.voisines[0]))


def test_what_is_saved_stays_with_the_first_lieu(session: Session, ici: Any) -> None:
    enregistrer(session, ici.claire, ici.lieu, "informations_generales", nom="Autre nom")
    neuf, _ = separation.separer(session, ici.claire, une_separation(session, ici, ici.voisines[0]))
    (brouillon,) = session.exec(select(Brouillon)).all()
    assert (brouillon.objet, brouillon.valeurs["nom"]) == (ici.cible.cle, "Autre nom")
    assert neuf


def test_an_offer_whose_lieux_wait_is_validated_first(session: Session, ici: Any) -> None:
    jour = ici.voisines[0]
    attend = Brouillon(
        objet=f"offre:{jour.identifiant_offre}",
        section="adresse",
        valeurs={contenu.LIEUX: [ici.lieu.identifiant]},
        utilisateur_id=ici.claire.id,
        modifie=datetime.now(UTC),
    )
    garder(session, attend)
    vue = separation.preparer(session, ici.claire, ici.cible)
    assert [e["url"] for e in vue.ecartees] == [f"/offre/{jour.identifiant_offre}/valider"]
    with pytest.raises(Conflit):
        separation.separer(session, ici.claire, une_separation(session, ici, jour))


def test_lines_of_another_system_stay_and_keep_the_beds(session: Session, ici: Any) -> None:
    ligne = session.exec(
        select(CapaciteAccueilOperationnelle).where(
            CapaciteAccueilOperationnelle.lieu_realisation_offre_id == ici.lieu.id
        )
    ).one()
    ligne.type_source_capacite = "02"
    session.flush()
    vue = separation.preparer(session, ici.claire, ici.cible)
    assert (vue.comptes, len(vue.recues), bool(vue.non_deplacable)) == ([], 1, True)
    _, erreurs = separation.separer(session, ici.claire, une_separation(session, ici, ici.voisines[0], compte="copie"))
    assert set(erreurs) == {"compte"}
    neuf, _ = separation.separer(session, ici.claire, une_separation(session, ici, ici.voisines[0], compte="deux"))
    assert lits(session, neuf) == []
