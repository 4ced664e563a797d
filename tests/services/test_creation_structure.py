"""« Créer + » a pôle, a service or a UF: under what (STR-03), by whom, once."""

from typing import Any
from uuid import uuid4

import pytest
from sqlmodel import Session, select

from rxror.ror.erreurs import AccesRefuse, SaisieInvalide
from rxror.ror.objets import OrganisationInterne
from rxror.services import consultation, creation_structure, lieux
from rxror.services.creation import Creation
from rxror.tables import Action, Role, Trace
from tests.services.test_creation import un_ehpad, une_creation

POLE, SERVICE, UF = "1", "2", "3"
# STR-03: the parent of a pôle is an EG; of a service a pôle or an EG; of a UF a pôle, a service or an EG.
PERMIS = {"": {POLE, SERVICE, UF}, POLE: {SERVICE, UF}, SERVICE: {UF}, UF: set()}


def une_structure(type_oi: str, nom: str = "Urgences") -> dict[str, str]:
    return {"type_oi": type_oi, "nom_oi": nom, "description": ""}


def creer(session: Session, acteur: Any, parent: Any, saisie: dict[str, str], cle: Any = None) -> Any:
    return creation_structure.creer_structure(session, acteur, une_creation(parent, saisie, cle))


def structure_de(session: Session, identifiant: str) -> OrganisationInterne:
    return session.exec(select(OrganisationInterne).where(OrganisationInterne.identifiant_oi == identifiant)).one()


@pytest.mark.parametrize("dessus", PERMIS)
@pytest.mark.parametrize("type_oi", [POLE, SERVICE, UF])
def test_what_may_hang_under_what(session: Session, place: Any, monde: Any, dessus: str, type_oi: str) -> None:
    parent = monde.oi(place.eg, "Parent", dessus) if dessus else place.eg
    if not PERMIS[dessus]:
        with pytest.raises(AccesRefuse):
            creer(session, place.claire, parent, une_structure(type_oi))
        return
    identifiant, erreurs = creer(session, place.claire, parent, une_structure(type_oi))
    if type_oi not in PERMIS[dessus]:
        assert (identifiant, list(erreurs)) == ("", ["type_oi"])
        return
    neuve = structure_de(session, identifiant)
    assert (neuve.type_oi, neuve.nom_oi, neuve.entite_geographique_id) == (type_oi, "Urgences", place.eg.id)
    assert neuve.parent_id == (parent.id if dessus else None)
    assert identifiant.startswith("OI76-")


@pytest.mark.parametrize("dessus", ["", POLE, SERVICE])
def test_ouvrir_structure_offers_what_may_hang_there(session: Session, place: Any, monde: Any, dessus: str) -> None:
    parent = monde.oi(place.eg, "Parent", dessus) if dessus else place.eg
    genre, identifiant = parent.GENRE, parent.identifiant_oi if dessus else parent.num_finess
    ecran = creation_structure.ouvrir_structure(session, place.claire, genre, identifiant)
    assert {c.cle for c in ecran.options["type_oi"]} == PERMIS[dessus]
    assert ecran.valeurs == ({"type_oi": UF} if dessus == SERVICE else {})


def test_medico_social_has_no_structure(session: Session, place: Any, monde: Any) -> None:
    ehpad = un_ehpad(monde, place.claire)
    with pytest.raises(AccesRefuse):
        creer(session, place.claire, ehpad, une_structure(POLE))


def test_an_offre_and_a_lieu_hold_no_structure(session: Session, place: Any) -> None:
    with pytest.raises(AccesRefuse):
        creer(session, place.claire, place.offre, une_structure(UF))


@pytest.mark.parametrize(
    ("role", "permis"), [(Role.LECTEUR, False), (Role.RESPONSABLE_OFFRE, False), (Role.REFERENT, True), (None, False)]
)
def test_who_may_create_a_structure(session: Session, place: Any, monde: Any, role: Role | None, permis: bool) -> None:
    acteur = monde.acteur("Louise")
    monde.habiliter(acteur, monde.eg("AUTRE"))
    if role:
        monde.habiliter(acteur, place.eg, role)
    if permis:
        assert creer(session, acteur, place.eg, une_structure(POLE))[0]
        return
    with pytest.raises(AccesRefuse):
        creer(session, acteur, place.eg, une_structure(POLE))
    with pytest.raises(AccesRefuse):
        creation_structure.ouvrir_structure(session, acteur, "etablissement", place.eg.num_finess)


@pytest.mark.parametrize(
    ("saisie", "champs"),
    [
        ({}, {"type_oi", "nom_oi"}),
        (une_structure("4"), {"type_oi"}),
        (une_structure("EG"), {"type_oi"}),
        (une_structure(POLE, " \u00a0"), {"nom_oi"}),
        (une_structure(POLE, "x" * 256), {"nom_oi"}),
    ],
)
def test_what_is_missing_or_wrong_is_told_beside_its_field(
    session: Session, place: Any, saisie: dict[str, str], champs: set[str]
) -> None:
    identifiant, erreurs = creer(session, place.claire, place.eg, saisie)
    assert (identifiant, set(erreurs)) == ("", champs)
    assert session.exec(select(Trace)).all() == []
    assert session.exec(select(OrganisationInterne)).all() == []


def test_one_gesture_creates_once_and_leaves_one_trace(session: Session, place: Any) -> None:
    cle = uuid4()
    saisie = une_structure(POLE) | {"description": "Le pôle des urgences."}
    premier = creer(session, place.claire, place.eg, saisie, cle)
    assert creer(session, place.claire, place.eg, saisie, cle) == premier
    (trace,) = session.exec(select(Trace)).all()
    assert (trace.action, trace.objet, trace.cle) == (Action.CREATION, f"structure:{premier[0]}", str(cle))
    assert {c["champ"]: c["apres"] for c in trace.changements if "d_office" not in c} == saisie
    with pytest.raises(SaisieInvalide):
        creer(session, place.mireille, place.eg, saisie, cle)


def test_forged_answers_are_ignored(session: Session, place: Any) -> None:
    saisie = une_structure(POLE) | {"identifiant_oi": "OI1", "parent_id": "1", "version": "9", "date_fermeture": "x"}
    neuve = structure_de(session, creer(session, place.claire, place.eg, saisie)[0])
    assert (neuve.parent_id, neuve.version, neuve.date_fermeture) == (None, 1, None)
    assert neuve.identifiant_oi != "OI1"


def test_same_name_is_asked_under_the_same_parent_only(session: Session, place: Any, monde: Any) -> None:
    pole = monde.oi(place.eg, "Pôle Urgences", POLE)
    _, erreurs = creer(session, place.claire, place.eg, une_structure(POLE, "POLE URGENCES"))
    assert list(erreurs) == ["homonyme"]
    assert creer(session, place.claire, pole, une_structure(UF, "Pôle Urgences"))[1] == {}
    confirmee = une_structure(POLE, "POLE URGENCES") | {"homonyme": "POLE URGENCES"}
    assert creer(session, place.claire, place.eg, confirmee)[1] == {}


@pytest.mark.parametrize("genre", ["", "juridique", "x" * 20])
def test_unknown_kinds_are_refused(session: Session, place: Any, genre: str) -> None:
    demande = Creation(genre=genre, identifiant=place.eg.num_finess, cle=uuid4(), saisie=une_structure(POLE))
    with pytest.raises(AccesRefuse):
        creation_structure.creer_structure(session, place.claire, demande)


# ------------------------------------------------------------------- the buttons « Créer + »


def test_pages_offer_to_create_what_the_model_and_the_role_allow(session: Session, place: Any, monde: Any) -> None:
    pole = monde.oi(place.eg, "Pôle", POLE)
    service, uf = monde.oi(place.eg, "Service", SERVICE, pole), monde.oi(place.eg, "UF", UF, pole)
    responsable = monde.acteur("Samir")
    monde.habiliter(responsable, place.eg, Role.RESPONSABLE_OFFRE)
    vue = consultation.etablissement(session, place.claire, place.eg.num_finess)
    assert vue.structure_a_creer == "un pôle, un service ou une UF"
    assert (vue.url_creer, bool(vue.url_creer_structure), bool(vue.url_creer_lieu)) == ("", True, True)
    vue = consultation.etablissement(session, responsable, place.eg.num_finess)
    assert (vue.url_creer_structure, bool(vue.url_creer_lieu)) == ("", True)
    vues = {oi.type_oi: consultation.structure(session, place.claire, oi.identifiant_oi) for oi in (pole, service, uf)}
    assert {t: v.structure_a_creer for t, v in vues.items()} == {
        POLE: "un service ou une UF",
        SERVICE: "une UF",
        UF: "",
    }
    assert {t: bool(v.url_creer) for t, v in vues.items()} == {POLE: False, SERVICE: False, UF: True}
    assert [bool(e.url_creer) for e in vues[POLE].structures] == [False, True]


# ----------------------------------------------------------------------------- the lieux


def test_lister_finds_lieux_by_the_start_of_words_without_accents(session: Session, place: Any, monde: Any) -> None:
    monde.lieu(place.eg, nom="Hôpital de jour, rez-de-chaussée")
    vue = lieux.lister(session, place.claire, place.eg.num_finess, "hopital REZ")
    assert [ligne.nom for ligne in vue.lignes] == ["Hôpital de jour, rez-de-chaussée"]
    assert vue.lignes[0].usage == "ne sert encore aucune offre"
    assert lieux.lister(session, place.claire, place.eg.num_finess, "zzz").resume == "Aucun lieu"


def test_lister_never_sends_more_than_a_hundred(session: Session, place: Any, monde: Any) -> None:
    for n in range(101):
        monde.lieu(place.eg, nom=f"Chambre {n}")
    vue = lieux.lister(session, place.claire, place.eg.num_finess)
    assert len(vue.lignes) == 100
    assert vue.resume.startswith("102 lieux, les 100 premiers")


def test_lister_the_lieux_of_somebody_else_is_refused(session: Session, place: Any, monde: Any) -> None:
    with pytest.raises(AccesRefuse):
        lieux.lister(session, monde.acteur("Hugo"), place.eg.num_finess)
