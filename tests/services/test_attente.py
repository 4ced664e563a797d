"""What waits in a browser, read aloud from itself; what is not asked any more."""

from collections.abc import Iterator

import pytest
from sqlmodel import Session

from rxror.ror.champs import Contexte
from rxror.ror.erreurs import SaisieInvalide
from rxror.ror.objets import OffreOperationnelle
from rxror.ror.saisie import Lecteur
from rxror.services import attente
from rxror.services.nomenclatures import catalogue


def _dits(session: Session, saisie: dict[str, str], *chemins: str) -> list[tuple[str, str]]:
    return [(e["label"], e["texte"]) for e in attente.lire(session, "offre", saisie, chemins)]


def test_answers_are_read_by_their_question_codes_by_their_label(session: Session) -> None:
    saisie = {"nom_offre": "Consultations du lundi", "description_offre": "", "mode_prise_en_charge": "28"}
    dits = _dits(session, saisie, "nom_offre", "description_offre", "mode_prise_en_charge", "inconnu", "x.y.z")
    assert ("Nom de l’offre", "Consultations du lundi") in dits
    assert len(dits) == len({label for label, _ in dits})
    assert not [label for label, _ in dits if "inconnu" in label]


def test_rows_are_named_by_their_rank_and_a_row_taken_away_is_said(session: Session) -> None:
    saisie = {"contact.12": "1", "contact.n1": "1", "contact.n1.nom": "Dr Vidal"}
    dits = _dits(session, saisie, "contact.n1", "contact.n1.nom", "contact.9")
    assert dits == [("Contact 2, Nom de la personne", "Dr Vidal"), ("Contact", attente.RETIREE)]


def test_the_form_is_read_once_however_long_it_is(session: Session) -> None:
    class Lue(dict[str, str]):
        fois = 0

        def __iter__(self) -> Iterator[str]:
            self.fois += 1
            return super().__iter__()

    saisie = Lue({f"contact.n{i}.nom": "Dr Vidal" for i in range(300)} | {f"contact.n{i}": "1" for i in range(300)})
    lignes = attente.lire(session, "offre", saisie, list(saisie))
    assert (len(lignes), lignes[299]["label"]) == (300, "Contact 300, Nom de la personne")
    assert saisie.fois <= 3


def test_a_list_is_read_whole_once(session: Session) -> None:
    dits = _dits(session, {"modalite_accueil.zz": "oui"}, "modalite_accueil.zz", "modalite_accueil.yy")
    assert len(dits) == 1
    assert attente.lire(session, "offre", {}, ["modalite_accueil.zz"])[0]["texte"] == attente.AUCUNE


@pytest.mark.parametrize(("genre", "section"), [("offre", "rien"), ("autre", "contacts"), ("", "")])
def test_a_section_that_does_not_exist_is_refused(genre: str, section: str) -> None:
    with pytest.raises(SaisieInvalide):
        attente.section_en_attente(genre, section)


def test_what_is_answered_and_not_asked_any_more_is_told(session: Session) -> None:
    saisie = {"lien_teleconsultation.n1": "1", "lien_teleconsultation.n1.adresse_telecom": "https://visio.exemple.fr"}
    lire = Lecteur(catalogue(session), Contexte()).lire
    lecture = lire(OffreOperationnelle, "accueil", saisie, {})
    assert set(lecture.retires) == set(saisie)
    cachee = Lecteur(catalogue(session), Contexte(), caches=frozenset({"lien_teleconsultation"})).lire
    assert cachee(OffreOperationnelle, "accueil", saisie, {}).retires == []
