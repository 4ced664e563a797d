"""« Garder (motif) »: an alert is kept with a reason until what it is about changes; what blocks is never kept."""

from typing import Any

import pytest
from sqlmodel import Session, select

from rxror.ror.controles import Anomalie
from rxror.ror.erreurs import AccesRefuse, SaisieInvalide
from rxror.services import alertes, validation
from rxror.services.acces import Cible
from rxror.services.alertes import GardeAlerte
from rxror.services.gardes import nom_de
from rxror.tables import Action, AlerteGardee, Role, Trace
from tests.fabriques import enregistrer, une_offre_complete, une_validation

MOTIF = "Le type n’est pas encore décidé par la direction."


def anomalies(session: Session, place: Any) -> list[Anomalie]:
    prete = validation.preparer(session, place.claire, Cible("offre", place.offre.identifiant_offre))
    return [a for a in prete.anomalies if a.severite != "I"]


def sans_type(session: Session, place: Any) -> Anomalie:
    enregistrer(session, place.claire, place.offre, "accueil", type_offre="")
    (alerte,) = anomalies(session, place)
    return alerte


def demande(place: Any, alerte: Anomalie, motif: str = MOTIF) -> GardeAlerte:
    cible = Cible("offre", place.offre.identifiant_offre)
    return GardeAlerte(genre=cible.genre, identifiant=cible.identifiant, alerte=nom_de(alerte, cible.cle), motif=motif)


def test_garder_says_who_and_why_and_leaves_a_trace(session: Session, place: Any) -> None:
    alerte = sans_type(session, place)

    assert alertes.garder(session, place.claire, demande(place, alerte)) == ""

    (gardee,) = anomalies(session, place)
    assert gardee.garde.startswith("Gardé par Claire Dumas le ")
    assert gardee.garde.endswith(MOTIF)
    trace = session.exec(select(Trace).where(Trace.action == Action.GARDE)).one()
    assert trace.changements == [
        {
            "objet": f"offre:{place.offre.identifiant_offre}",
            "champ": "OBL-10 type_offre",
            "avant": "",
            "apres": MOTIF,
        }
    ]


def test_kept_alert_is_asked_again_when_its_value_changes_and_not_when_it_comes_back(
    session: Session, place: Any
) -> None:
    enregistrer(session, place.claire, place.offre, "patientele", **age(session, place, "140"))
    (alerte,) = anomalies(session, place)
    alertes.garder(session, place.claire, demande(place, alerte, "Base d’origine"))

    enregistrer(session, place.claire, place.offre, "patientele", **age(session, place, "141"))
    assert [a.garde for a in anomalies(session, place)] == [""]

    enregistrer(session, place.claire, place.offre, "patientele", **age(session, place, "140"))
    assert "Base d’origine" in anomalies(session, place)[0].garde


def age(session: Session, place: Any, annees: str) -> dict[str, str]:
    from rxror.services import modification

    ouverte = modification.ouvrir(session, place.claire, Cible("offre", place.offre.identifiant_offre), "patientele")
    return {f"patientele.{ouverte.form.lignes['patientele'][0]}.age_max": annees}


def test_kept_alert_survives_the_publication_of_its_row(session: Session, place: Any) -> None:
    alerte = sans_type(session, place)
    alertes.garder(session, place.claire, demande(place, alerte))
    vu = validation.preparer(session, place.claire, Cible("offre", place.offre.identifiant_offre)).vu

    assert validation.valider(session, place.claire, une_validation(place.offre, vu)) == []

    assert MOTIF in anomalies(session, place)[0].garde


def test_what_blocks_cannot_be_kept(session: Session, place: Any) -> None:
    enregistrer(session, place.claire, place.offre, "informations_generales", nom_offre="")
    (bloquante,) = anomalies(session, place)

    assert "n’est plus la même" in alertes.garder(session, place.claire, demande(place, bloquante))

    assert session.exec(select(AlerteGardee)).all() == []
    assert [a.regle for a in anomalies(session, place) if a.bloque] == ["OBL-02"]


@pytest.mark.parametrize("motif", ["", "   ", "\u200b", "x" * 301])
def test_garder_wants_a_reason_of_300_characters_at_most(session: Session, place: Any, motif: str) -> None:
    alerte = sans_type(session, place)

    assert alertes.garder(session, place.claire, demande(place, alerte, motif))

    assert session.exec(select(AlerteGardee)).all() == []


def test_garder_again_replaces_the_reason(session: Session, place: Any) -> None:
    alerte = sans_type(session, place)
    for personne, motif in ((place.claire, "Un"), (place.mireille, "x" * 300)):
        assert alertes.garder(session, personne, demande(place, alerte, motif)) == ""

    assert session.exec(select(AlerteGardee)).one().motif == "x" * 300
    assert "Mireille Faure" in anomalies(session, place)[0].garde


def test_garder_an_alert_that_is_no_longer_there_says_so(session: Session, place: Any) -> None:
    alerte = sans_type(session, place)
    enregistrer(session, place.claire, place.offre, "accueil", type_offre="157")

    assert "n’est plus la même" in alertes.garder(session, place.claire, demande(place, alerte))


def test_reprendre_asks_the_alert_again(session: Session, place: Any) -> None:
    alerte = sans_type(session, place)
    alertes.garder(session, place.claire, demande(place, alerte))

    assert alertes.reprendre(session, place.mireille, demande(place, alerte, ""))

    assert anomalies(session, place)[0].garde == ""
    assert not alertes.reprendre(session, place.mireille, demande(place, alerte, ""))
    assert session.exec(select(Trace).where(Trace.action == Action.REPRISE)).one().nom == "Mireille Faure"


def test_of_two_alerts_the_one_that_is_named_is_kept(session: Session, place: Any) -> None:
    enregistrer(session, place.claire, place.offre, "patientele", **age(session, place, "140"))
    enregistrer(session, place.claire, place.offre, "accueil", type_offre="")
    premiere, seconde = anomalies(session, place)

    alertes.garder(session, place.claire, demande(place, seconde))

    assert [(a.regle, bool(a.garde)) for a in anomalies(session, place)] == [
        (premiere.regle, False),
        (seconde.regle, True),
    ]


def test_an_alert_kept_on_one_offre_is_asked_on_another(session: Session, place: Any) -> None:
    alertes.garder(session, place.claire, demande(place, sans_type(session, place)))
    autre = une_offre_complete(session, place.eg, nom_offre="Autre")
    enregistrer(session, place.claire, autre, "accueil", type_offre="")

    prete = validation.preparer(session, place.claire, Cible("offre", autre.identifiant_offre))

    assert [a.garde for a in prete.anomalies if a.regle == "OBL-10"] == [""]


@pytest.mark.parametrize("alerte", ["", "|||", "offre:autre|OBL-10|type_offre|x", "a|b|c|d|e"])
def test_reprendre_of_something_else_is_a_forged_event(session: Session, place: Any, alerte: str) -> None:
    fausse = GardeAlerte(genre="offre", identifiant=place.offre.identifiant_offre, alerte=alerte)
    with pytest.raises(SaisieInvalide):
        alertes.reprendre(session, place.claire, fausse)


def test_who_may_only_read_keeps_nothing(session: Session, place: Any, monde: Any) -> None:
    alerte = sans_type(session, place)
    lecteur = monde.acteur("Louise")
    monde.habiliter(lecteur, place.eg, Role.LECTEUR)
    for personne in (lecteur, monde.acteur("Hugo")):
        for geste in (alertes.garder, alertes.reprendre):
            with pytest.raises(AccesRefuse):
                geste(session, personne, demande(place, alerte))
