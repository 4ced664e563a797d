"""What the rules know around an object: which offers of a lieu are open, on the day."""

from datetime import date, timedelta
from typing import Any

import pytest
from sqlmodel import Session, select

from rxror.ror.dates import aujourd_hui
from rxror.ror.fermeture import DEFINITIVE, PROVISOIRE, Fermeture, colonnes
from rxror.ror.objets import LieuRealisationOffre, OffreLieu
from rxror.services import dossier
from rxror.services.acces import Cible, Geste
from tests.fabriques import garder, une_offre_complete


def dans(jours: int) -> date:
    return aujourd_hui() + timedelta(jours)


FERMETURES = [
    (None, True),
    (Fermeture(DEFINITIVE, dans(0)), False),
    (Fermeture(DEFINITIVE, dans(1)), True),  # planned: open today
    (Fermeture(PROVISOIRE, dans(-9)), False),
    (Fermeture(PROVISOIRE, dans(-9), dans(1)), False),
    (Fermeture(PROVISOIRE, dans(-9), dans(0)), True),  # its reopening is past: open again
    (Fermeture("", dans(-9)), False),
    (Fermeture(DEFINITIVE, dans(-9), dans(-1)), False),
]


@pytest.fixture
def lieu(session: Session, place: Any) -> LieuRealisationOffre:
    requete = select(LieuRealisationOffre).join(OffreLieu).where(OffreLieu.offre_operationnelle_id == place.offre.id)
    return session.exec(requete).one()


def fermer_ainsi(session: Session, offre: Any, fermeture: Fermeture | None) -> None:
    for nom, valeur in colonnes(fermeture).items():
        setattr(offre, nom, valeur)
    garder(session, offre)


@pytest.mark.parametrize(("fermeture", "ouverte"), FERMETURES)
def test_another_offre_of_a_lieu_counts_as_open_when_it_is(
    fermeture: Fermeture | None, ouverte: bool, session: Session, place: Any, lieu: LieuRealisationOffre
) -> None:
    voisine = une_offre_complete(session, place.eg, nom_offre="Voisine")
    garder(session, OffreLieu(offre_operationnelle_id=voisine.id, lieu_realisation_offre_id=lieu.id))
    fermer_ainsi(session, voisine, fermeture)
    ouvert = dossier.ouvrir(session, place.claire, Cible("offre", place.offre.identifiant_offre), Geste.LIRE)
    assert ouvert.voisinage.offres_ouvertes[lieu.identifiant] == ouverte


@pytest.mark.parametrize(("fermeture", "ouverte"), FERMETURES)
def test_a_closed_lieu_is_said_of_an_offre_that_is_open(
    fermeture: Fermeture | None, ouverte: bool, session: Session, place: Any, lieu: LieuRealisationOffre
) -> None:
    lieu.statut = "1"
    garder(session, lieu)
    fermer_ainsi(session, place.offre, fermeture)
    ouvert = dossier.ouvrir(session, place.claire, Cible("offre", place.offre.identifiant_offre), Geste.LIRE)
    assert ("LIE-08" in {a.regle for a in ouvert.anomalies()}) == ouverte
