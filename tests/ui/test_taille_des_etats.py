"""What a tab costs to whoever keeps it: everything in a state can be written down, and is not much."""

import pickle
from typing import Any

from reflex.state import BaseState, State

from rxror import db
from rxror.ror.nomenclatures import Commune, Departement
from rxror.ror.objets import Horaire, OffreOperationnelle
from rxror.ror.saisie import LIGNES_MAXIMUM
from rxror.ui.pages.edition import EditionState
from rxror.ui.saisie_communes import COMMUNES_MAXIMUM

OCTETS = 100_000


def test_every_state_can_be_written_down_and_read_again() -> None:
    racine = State(_reflex_internal_init=True)  # type: ignore[call-arg]
    parties: list[BaseState] = [racine]
    for etat in parties:
        parties.extend(etat.substates.values())
        assert type(BaseState._deserialize(data=etat._serialize())) is type(etat)
    assert EditionState in map(type, parties)


def test_a_zone_of_as_many_communes_as_allowed_is_a_small_state(base: None, ouvrir: Any) -> None:
    codes = [f"{n:05d}" for n in range(COMMUNES_MAXIMUM)]
    with db.transaction() as session:
        for n, code in enumerate(codes):
            nom = f"Saint-Pierre-le-Lointain {n}"
            session.add(
                Commune(
                    code_insee=code,
                    nom=nom,
                    code_postal=code,
                    departement=code[:2],
                    region="76",
                    recherche=nom.lower(),
                    latitude=43.0,
                    longitude=2.0,
                )
            )
        for numero in range(COMMUNES_MAXIMUM // 1000 + 1):
            session.add(Departement(code=f"{numero:02d}", nom=f"Département {numero}", communes=1000))
        session.get_one(OffreOperationnelle, 1).zone_intervention = codes
    etat = ouvrir(EditionState, "/offre/76/1/modifier/zone")
    etat.charger()
    assert len(etat.valeurs["zone_intervention"].split()) == COMMUNES_MAXIMUM
    assert _octets(etat) < OCTETS


def test_a_form_of_as_many_rows_as_allowed_is_a_small_state(base: None, ouvrir: Any) -> None:
    with db.transaction() as session:
        for n in range(LIGNES_MAXIMUM):
            jour, heure = n % 7 + 1, n // 7 % 23
            session.add(
                Horaire(
                    offre_operationnelle_id=1,
                    type_horaire="01",
                    jour_semaine=jour,
                    heure_debut=f"{heure:02d}:00",
                    heure_fin=f"{heure:02d}:45",
                )
            )
    etat = ouvrir(EditionState, "/offre/76/1/modifier/horaires")
    etat.charger()
    assert len(etat.lignes["horaire"]) == LIGNES_MAXIMUM
    assert _octets(etat) < OCTETS


def _octets(etat: BaseState) -> int:
    return len(pickle.dumps(etat))
