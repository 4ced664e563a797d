"""« Une réponse attend votre choix »: told to its owner, on what they may still change; the others know whose."""

from typing import Any

from sqlmodel import Session, select

from rxror.ror.typographie import fr
from rxror.services import arbitrage, attentes, consultation
from rxror.services.acces import Acteur
from rxror.tables import Differend, Habilitation, Role
from tests.fabriques import un_lieu
from tests.services.test_arbitrage import GENERALES, choisir, cible, opposer


def aux_autres(session: Session, qui: Acteur, objet: Any) -> list[str]:
    return attentes.de_l_objet(session, qui, cible(objet).cle).autres


def test_home_leads_its_owner_to_the_choice_and_nobody_else(session: Session, place: Any) -> None:
    opposer(session, place, place.offre, GENERALES, {"nom_offre": "Claire"}, {"nom_offre": "Mireille"})

    (choix,) = consultation.accueil(session, place.claire).choix

    assert choix.nom == "Gynécologie, hospitalisation complète"
    assert choix.detail == fr("Section Informations générales : 1 réponse à choisir")
    assert choix.url == f"/offre/{place.offre.identifiant_offre}/conflit/informations_generales"
    assert consultation.accueil(session, place.mireille).choix == []


def test_the_others_know_whose_answers_wait_and_nothing_of_them(session: Session, place: Any) -> None:
    lieu = un_lieu(session, place.eg)
    opposer(session, place, lieu, GENERALES, {"nom": "C", "description": "c"}, {"nom": "M", "description": "m"})

    (sienne,) = attentes.de_l_objet(session, place.claire, cible(lieu).cle).miennes

    assert (sienne.nom, sienne.detail) == ("Informations générales", "2 réponses à choisir")
    assert aux_autres(session, place.claire, lieu) == []
    assert len(aux_autres(session, place.mireille, lieu)) == 1
    assert attentes.de_l_objet(session, place.mireille, cible(lieu).cle).miennes == []


def test_what_is_chosen_is_told_no_more(session: Session, place: Any) -> None:
    opposer(session, place, place.offre, GENERALES, {"nom_offre": "Claire"}, {"nom_offre": "Mireille"})
    choisir(session, place.claire, place.offre, sorte="leur")
    assert session.exec(select(Differend)).one().tranchees  # remembered for the page that still shows it
    assert attentes.de_la_personne(session, place.claire) == []
    assert aux_autres(session, place.mireille, place.offre) == []
    assert arbitrage.ouvrir(session, place.claire, cible(place.offre), GENERALES).disputes == []


def test_who_may_change_it_no_more_is_told_nothing(session: Session, place: Any) -> None:
    opposer(session, place, place.offre, GENERALES, {"nom_offre": "Claire"}, {"nom_offre": "Mireille"})
    droit = session.exec(select(Habilitation).where(Habilitation.utilisateur_id == place.claire.id)).one()
    droit.role = Role.LECTEUR
    session.add(droit)
    session.flush()
    assert attentes.de_la_personne(session, place.claire) == []


def test_home_costs_one_statement_more_when_nothing_waits(session: Session, place: Any, compter: Any) -> None:
    with compter() as sql:
        assert attentes.de_la_personne(session, place.claire) == []
    assert len(sql) == 1
