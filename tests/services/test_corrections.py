"""One-tap corrections on the database: shown, applied to the brouillon as typed, refused when something changed."""

from datetime import date
from typing import Any
from uuid import UUID, uuid4

import pytest
from pydantic import ValidationError
from sqlmodel import Session, select

from rxror.ror.erreurs import AccesRefuse, Conflit, ObjetFerme, SaisieInvalide
from rxror.ror.lecture import une_ligne
from rxror.ror.objets import ActiviteOperationnelle, CapaciteAccueilOperationnelle, LieuRealisationOffre, OffreLieu
from rxror.services import corrections, fiche, validation
from rxror.services.acces import Cible
from rxror.services.corrections import DemandeCorrection, Proposition
from rxror.tables import Action, Brouillon, Role, Trace
from tests.fabriques import enregistrer, garder, une_offre_complete


def proposer(session: Session, place: Any, offre: Any, regle: str, acteur: Any = None) -> Proposition:
    return corrections.proposer(session, acteur or place.claire, Cible("offre", offre.identifiant_offre), regle)


def demander(offre: Any, regle: str, vu: str, cle: UUID | None = None) -> DemandeCorrection:
    return DemandeCorrection(identifiant=offre.identifiant_offre, regle=regle, vu=vu, cle=cle or uuid4())


def appliquer(session: Session, place: Any, offre: Any, regle: str) -> None:
    vu = proposer(session, place, offre, regle).vu
    corrections.appliquer(session, place.claire, demander(offre, regle, vu))


def brouillons(session: Session) -> dict[tuple[str, str], Any]:
    return {(b.objet.partition(":")[0], b.section): b.valeurs for b in session.exec(select(Brouillon))}


@pytest.fixture
def urgences(session: Session, place: Any) -> Any:
    offre = une_offre_complete(session, place.eg, nom_offre="Accueil de nuit", mode_prise_en_charge="33")
    garder(session, ActiviteOperationnelle(offre_operationnelle_id=offre.id, activite_operationnelle="157"))
    return offre


@pytest.fixture
def fermee(session: Session, place: Any) -> Any:
    """An offer closed for a time, whose lieu still has 3 beds available; one closed for good changes no more."""
    offre = une_offre_complete(session, place.eg, type_fermeture="PRO", date_fermeture=date(2026, 11, 1))
    garder(
        session,
        CapaciteAccueilOperationnelle(
            lieu_realisation_offre_id=lieu_de(session, offre).id,
            nature_capacite="01",
            statut_capacite="02",
            temporalite_capacite="01",
            nombre_capacite=3,
        ),
    )
    return offre


def lieu_de(session: Session, offre: Any) -> LieuRealisationOffre:
    requete = select(LieuRealisationOffre).join(OffreLieu).where(OffreLieu.offre_operationnelle_id == offre.id)
    return session.exec(requete).one()


# ------------------------------------------------------------------------- what is shown


def test_proposer_shows_before_and_after_and_writes_nothing(session: Session, place: Any, urgences: Any) -> None:
    proposee = proposer(session, place, urgences, "CO1")
    assert proposee.lignes == [
        {
            "champ": "Nom de l’offre",
            "ou": "Informations générales",
            "avant": [une_ligne("Accueil de nuit")],
            "apres": [une_ligne("Accueil de nuit, urgences")],
            "note": "",
        }
    ]
    assert "urgences" in proposee.titre
    assert brouillons(session) == {}


def test_proposer_contacts_names_each_one(session: Session, place: Any) -> None:
    offre = une_offre_complete(session, place.eg, nom_offre="UHSI", unite_sensible=True)
    lignes = proposer(session, place, offre, "COH-10").lignes
    assert [e["champ"] for e in lignes] == [
        "Qui peut voir ce contact ?",
        "Qui peut voir ce moyen de communication ?",
    ]
    assert not any("égulation" in dit["texte"] for e in lignes for dit in e["avant"])
    assert all("égulation" in e["apres"][0]["texte"] for e in lignes)
    assert "0536491208" in lignes[1]["ou"]


def test_proposer_capacities_names_the_lieu(session: Session, place: Any, fermee: Any) -> None:
    (ligne,) = proposer(session, place, fermee, "FER-06").lignes
    assert ligne["ou"].startswith("Lieu Gynécologie, 2e étage, ")
    assert (ligne["champ"], ligne["avant"], ligne["apres"]) == ("Nombre", [une_ligne("3")], [une_ligne("0")])


def test_proposer_nothing_wrong_nothing_proposed(session: Session, place: Any) -> None:
    for regle in ("CO1", "CO3", "COH-10", "FER-06"):
        assert proposer(session, place, place.offre, regle).lignes == []


def test_lire_offre_links_to_the_corrections(session: Session, place: Any, urgences: Any, fermee: Any) -> None:
    for offre, regle in ((urgences, "CO1"), (fermee, "FER-06")):
        lue = fiche.lire_offre(session, place.claire, Cible("offre", offre.identifiant_offre))
        assert [c["url"] for c in lue.corrections] == [f"/offre/{offre.identifiant_offre}/corriger/{regle}"]
    assert fiche.lire_offre(session, place.claire, Cible("offre", place.offre.identifiant_offre)).corrections == []


# ------------------------------------------------------------------------ what is applied


def test_appliquer_saves_a_brouillon_traces_it_and_publishes_nothing(
    session: Session, place: Any, urgences: Any
) -> None:
    appliquer(session, place, urgences, "CO1")

    assert brouillons(session) == {("offre", "informations_generales"): {"nom_offre": "Accueil de nuit, urgences"}}
    session.refresh(urgences)
    assert (urgences.nom_offre, urgences.version) == ("Accueil de nuit", 1)
    (trace,) = session.exec(select(Trace).where(Trace.action == Action.BROUILLON)).all()
    assert [c["champ"] for c in trace.changements] == ["nom_offre"]


def test_appliquer_co3_then_coh_10_leaves_nothing_that_blocks(session: Session, place: Any, monde: Any) -> None:
    offre = une_offre_complete(session, place.eg, monde.oi(place.eg, "UF USMP", "3"), nom_offre="Consultations")
    appliquer(session, place, offre, "CO3")
    appliquer(session, place, offre, "COH-10")

    prete = validation.preparer(session, place.claire, Cible("offre", offre.identifiant_offre))
    assert [a.regle for a in prete.anomalies if a.bloque] == []
    assert prete.corrections == []


def test_appliquer_keeps_what_somebody_else_has_in_the_same_section(
    session: Session, place: Any, urgences: Any
) -> None:
    enregistrer(session, place.mireille, urgences, "informations_generales", unite_sensible="oui")
    appliquer(session, place, urgences, "CO1")
    assert brouillons(session)["offre", "informations_generales"] == {
        "nom_offre": "Accueil de nuit, urgences",
        "unite_sensible": True,
    }


def test_what_is_closed_for_good_is_not_corrected_before_it_reopens(session: Session, place: Any, fermee: Any) -> None:
    fermee.type_fermeture = "DEF"
    session.flush()
    assert fiche.lire_offre(session, place.claire, Cible("offre", fermee.identifiant_offre)).corrections == []
    with pytest.raises(ObjetFerme):
        proposer(session, place, fermee, "FER-06")


def test_appliquer_keeps_a_text_that_could_not_be_read(session: Session, place: Any, fermee: Any) -> None:
    lieu = lieu_de(session, fermee)
    capacites = session.exec(
        select(CapaciteAccueilOperationnelle).where(CapaciteAccueilOperationnelle.lieu_realisation_offre_id == lieu.id)
    ).all()
    installee = next(c for c in capacites if c.statut_capacite == "01")
    chemin = f"capacite_accueil_operationnelle.{installee.id}.nombre_capacite"
    enregistrer(session, place.claire, lieu, "capacitaire", **{chemin: "douze"})
    appliquer(session, place, fermee, "FER-06")
    brouillon = session.exec(select(Brouillon)).one()
    assert brouillon.illisibles == {chemin: "douze"}
    nombres = {e["statut_capacite"]: e["nombre_capacite"] for e in brouillon.valeurs["capacite_accueil_operationnelle"]}
    assert nombres["02"] == 0


def test_appliquer_fer_06_not_on_a_lieu_that_an_open_offer_uses(session: Session, place: Any, fermee: Any) -> None:
    autre = une_offre_complete(session, place.eg)
    garder(
        session,
        OffreLieu(offre_operationnelle_id=autre.id, lieu_realisation_offre_id=lieu_de(session, fermee).id),
    )
    assert proposer(session, place, fermee, "FER-06").lignes == []
    autre.type_fermeture, autre.date_fermeture = "DEF", date(2026, 11, 1)
    session.add(autre)
    session.flush()
    assert proposer(session, place, fermee, "FER-06").lignes != []


def test_appliquer_twice_with_the_same_key_changes_nothing(session: Session, place: Any, urgences: Any) -> None:
    demande = demander(urgences, "CO1", proposer(session, place, urgences, "CO1").vu)
    for _ in range(2):
        corrections.appliquer(session, place.claire, demande)
    assert len(session.exec(select(Trace).where(Trace.action == Action.BROUILLON)).all()) == 1


# ------------------------------------------------------------------------ what is refused


def test_appliquer_refuses_when_the_section_changed_since_it_was_shown(
    session: Session, place: Any, urgences: Any
) -> None:
    vu = proposer(session, place, urgences, "CO1").vu
    enregistrer(session, place.mireille, urgences, "informations_generales", unite_sensible="oui")
    with pytest.raises(Conflit):
        corrections.appliquer(session, place.claire, demander(urgences, "CO1", vu))
    assert "nom_offre" not in brouillons(session)["offre", "informations_generales"]


@pytest.mark.parametrize("vu", ["", "0" * 64])
def test_appliquer_refuses_what_was_not_shown(session: Session, place: Any, urgences: Any, vu: str) -> None:
    with pytest.raises(Conflit):
        corrections.appliquer(session, place.claire, demander(urgences, "CO1", vu))
    with pytest.raises(Conflit):
        corrections.appliquer(session, place.claire, demander(place.offre, "CO1", vu))
    assert brouillons(session) == {}


def test_appliquer_refuses_a_key_of_somebody_else(session: Session, place: Any, urgences: Any) -> None:
    demande = demander(urgences, "CO1", proposer(session, place, urgences, "CO1").vu)
    corrections.appliquer(session, place.mireille, demande)
    with pytest.raises(SaisieInvalide):
        corrections.appliquer(session, place.claire, demande)


def test_reader_and_stranger_are_refused(session: Session, place: Any, monde: Any, urgences: Any) -> None:
    louise, hugo = monde.acteur("Louise"), monde.acteur("Hugo")
    monde.habiliter(louise, place.eg, Role.LECTEUR)
    vu = proposer(session, place, urgences, "CO1").vu
    for acteur in (louise, hugo):
        with pytest.raises(AccesRefuse):
            proposer(session, place, urgences, "CO1", acteur)
        with pytest.raises(AccesRefuse):
            corrections.appliquer(session, acteur, demander(urgences, "CO1", vu))
    assert brouillons(session) == {}


@pytest.mark.parametrize(
    ("genre", "regle"),
    [
        ("offre", "COH-99"),
        ("offre", ""),
        ("offre", "__class__"),
        ("lieu", "CO1"),
        ("etablissement", "CO1"),
        ("", "CO1"),
    ],
)
def test_proposer_unknown_correction_or_object_is_refused(session: Session, place: Any, genre: str, regle: str) -> None:
    with pytest.raises(AccesRefuse):
        corrections.proposer(session, place.claire, Cible(genre, place.offre.identifiant_offre), regle)


@pytest.mark.parametrize(
    "demande",
    [
        {"identifiant": "x" * 61, "regle": "CO1", "vu": "", "cle": str(uuid4())},
        {"identifiant": "76/1", "regle": "x" * 21, "vu": "", "cle": str(uuid4())},
        {"identifiant": "76/1", "regle": "CO1", "vu": "x" * 65, "cle": str(uuid4())},
        {"identifiant": "76/1", "regle": "CO1", "vu": "", "cle": "pas une clé"},
        {"identifiant": ["76/1"], "regle": "CO1", "vu": "", "cle": str(uuid4())},
        {"identifiant": "76/1", "regle": "CO1", "vu": "", "cle": str(uuid4()), "valeurs": {"nom_offre": "x"}},
    ],
)
def test_demande_hostile_is_refused(demande: Any) -> None:
    with pytest.raises(ValidationError):
        DemandeCorrection.model_validate(demande)
