"""The modèle de saisie of a new offer: proposed where it fits, asked, kept, with its defaults and its codes."""

import tomllib
from typing import Any
from uuid import uuid4

import pytest
from sqlmodel import Session, select

from rxror.echanges.modeles import MODELES, BilanModeles, ecrire
from rxror.ror.modeles import ModeleSaisie, lire
from rxror.ror.objets import OffreOperationnelle, Patientele
from rxror.services import creation, modeles
from rxror.services.choix_modele import GENERAL
from rxror.services.creation import Creation
from rxror.tables import Trace

NEUVE = {"nom_offre": "Gynécologie HDJ", "champ_activite": "01", "mode_prise_en_charge": "29"}


@pytest.fixture(autouse=True)
def _sans_memoire() -> Any:
    modeles.oublier()
    yield
    modeles.oublier()


def ms_141(**autres: Any) -> ModeleSaisie:
    return lire({**tomllib.loads((MODELES / "MS-141.toml").read_text("utf-8")), **autres}, "MS-141.toml")


def charger(session: Session, *venus: ModeleSaisie) -> None:
    ecrire(session, BilanModeles(nouveaux=list(venus)))
    session.flush()
    modeles.oublier()


@pytest.fixture
def uf(place: Any, monde: Any) -> Any:
    return monde.oi(place.eg, "UF Gynécologie", "3", monde.oi(place.eg, "Pôle femme", "1"))


def creer(session: Session, place: Any, uf: Any, **saisie: str) -> tuple[str, dict[str, str]]:
    demande = Creation(genre=uf.GENRE, identifiant=uf.identifiant_oi, cle=uuid4(), saisie={**NEUVE, **saisie})
    return creation.creer_offre(session, place.claire, demande)


def offre_de(session: Session, identifiant: str) -> OffreOperationnelle:
    return session.exec(select(OffreOperationnelle).where(OffreOperationnelle.identifiant_offre == identifiant)).one()


def test_the_page_proposes_the_active_modeles_that_fit_the_place(session: Session, place: Any, uf: Any) -> None:
    charger(session, ms_141(), ms_141(id="MS-142", statut="draft"), ms_141(id="MS-143", statut="retired"))
    ecran = creation.ouvrir_offre(session, place.claire, "structure", uf.identifiant_oi)
    assert [(m.reference, m.champ) for m in ecran.modeles] == [("MS-141|1", "01")]
    assert ecran.modeles[0].modes == ("09", "28", "29", "32", "34")
    place.eg.categorie_eg = "109"
    session.flush()
    assert creation.ouvrir_offre(session, place.claire, "structure", uf.identifiant_oi).modeles == []


def test_an_offer_made_with_a_modele_keeps_it_and_starts_with_its_defaults(
    session: Session, place: Any, uf: Any
) -> None:
    patientele = {"cle": "patientele", "champ": [{"chemin": "patientele.age_min", "defaut": 15}]}
    charger(session, ms_141(section=[patientele]))
    identifiant, erreurs = creer(session, place, uf, modele_saisie="MS-141|1")
    assert erreurs == {}
    offre = offre_de(session, identifiant)
    assert offre.modele_saisie == "MS-141|1"
    ages = session.exec(select(Patientele).where(Patientele.offre_operationnelle_id == offre.id)).one()
    assert (ages.age_min, ages.age_min_unite, ages.age_max) == (15, "d", 120)
    trace = session.exec(select(Trace).where(Trace.objet == f"offre:{identifiant}")).one()
    assert {"champ": "modele_saisie", "avant": None, "apres": "MS-141|1"} in trace.changements


@pytest.mark.parametrize("reponse", ["", GENERAL])
def test_the_general_form_is_an_answer(session: Session, place: Any, uf: Any, reponse: str) -> None:
    charger(session, ms_141())
    identifiant, erreurs = creer(session, place, uf, modele_saisie=reponse, mode_prise_en_charge="20")
    assert erreurs == {}
    assert offre_de(session, identifiant).modele_saisie == ""


@pytest.mark.parametrize("reponse", ["MS-142|1", "MS-143|1", "MS-141|2", "MS-999|1", "<script>"])
def test_a_modele_that_is_not_proposed_is_refused_beside_the_question(
    session: Session, place: Any, uf: Any, reponse: str
) -> None:
    charger(session, ms_141(), ms_141(id="MS-142", statut="draft"), ms_141(id="MS-143", statut="retired"))
    identifiant, erreurs = creer(session, place, uf, modele_saisie=reponse)
    assert (identifiant, set(erreurs)) == ("", {"modele_saisie"})
    assert "ne convient pas" in erreurs["modele_saisie"]


def test_a_modele_of_another_champ_is_refused(session: Session, place: Any, uf: Any) -> None:
    charger(session, ms_141())
    _, erreurs = creer(session, place, uf, modele_saisie="MS-141|1", champ_activite="02")
    assert set(erreurs) == {"modele_saisie"}


def test_a_mode_that_the_modele_does_not_allow_is_refused_beside_it(session: Session, place: Any, uf: Any) -> None:
    charger(session, ms_141())
    _, erreurs = creer(session, place, uf, modele_saisie="MS-141|1", mode_prise_en_charge="20")
    assert set(erreurs) == {"mode_prise_en_charge"}
    assert "MS-141" in erreurs["mode_prise_en_charge"]


def test_without_any_modele_nothing_is_asked(session: Session, place: Any, uf: Any) -> None:
    assert creation.ouvrir_offre(session, place.claire, "structure", uf.identifiant_oi).modeles == []
    identifiant, _ = creer(session, place, uf)
    assert offre_de(session, identifiant).modele_saisie == ""
