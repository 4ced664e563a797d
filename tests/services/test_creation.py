"""« Créer + »: under what, by whom, with which answers; a lieu attached to the brouillon only."""

from concurrent.futures import ThreadPoolExecutor
from threading import Barrier
from typing import Any
from uuid import uuid4

import pytest
from pydantic import ValidationError
from sqlmodel import Session, select

from rxror import db
from rxror.echanges.reference import NOMENCLATURES, charger_nomenclatures
from rxror.ror.erreurs import AccesRefuse, SaisieInvalide
from rxror.ror.objets import LieuRealisationOffre, OffreLieu, OffreOperationnelle, Patientele
from rxror.services import creation, creation_lieu, identifiants, modification, validation
from rxror.services.acces import Cible
from rxror.services.creation import Creation
from rxror.tables import Action, Brouillon, Role, Trace
from tests.fabriques import saisie_de, un_enregistrement, une_offre_complete, une_validation
from tests.services.conftest import Monde

NEUVE = {"nom_offre": "Gynécologie HDJ", "champ_activite": "01", "mode_prise_en_charge": "29"}
SOCIALE = {"nom_offre": "Hébergement permanent", "champ_activite": "04", "mode_prise_en_charge": "46"}


def une_creation(parent: Any, saisie: dict[str, str], cle: Any = None) -> Creation:
    identifiant = next(
        getattr(parent, n)
        for n in ("identifiant_oi", "identifiant_offre", "num_finess", "identifiant")
        if hasattr(parent, n)
    )
    return Creation(genre=parent.GENRE, identifiant=identifiant, cle=cle or uuid4(), saisie=saisie)


@pytest.fixture
def uf(place: Any, monde: Any) -> Any:
    pole = monde.oi(place.eg, "Pôle femme", "1")
    return monde.oi(place.eg, "UF Gynécologie", "3", pole)


def un_ehpad(monde: Any, *acteurs: Any, categorie: str = "500", role: Role = Role.REFERENT) -> Any:
    ehpad = monde.eg("EHPAD LA RENAUDIE", categorie_eg=categorie, region_source="76")
    for acteur in acteurs:
        monde.habiliter(acteur, ehpad, role)
    return ehpad


def offre_de(session: Session, identifiant: str) -> OffreOperationnelle:
    return session.exec(select(OffreOperationnelle).where(OffreOperationnelle.identifiant_offre == identifiant)).one()


# -------------------------------------------------------------------------- an offer


def test_creer_offre_under_a_uf_hangs_it_there_to_be_completed(session: Session, place: Any, uf: Any) -> None:
    identifiant, erreurs = creation.creer_offre(session, place.claire, une_creation(uf, NEUVE))

    assert erreurs == {}
    offre = offre_de(session, identifiant)
    assert (offre.organisation_interne_id, offre.entite_geographique_id) == (uf.id, place.eg.id)
    assert {n: getattr(offre, n) for n in NEUVE} == NEUVE
    assert (offre.version, offre.date_validation, offre.region_source) == (1, None, "76")
    patientele = session.exec(select(Patientele).where(Patientele.offre_operationnelle_id == offre.id)).one()
    assert (patientele.age_min, patientele.age_min_unite, patientele.age_max, patientele.age_max_unite) == (
        0,
        "d",
        120,
        "a",
    )


def test_creer_offre_under_a_medico_social_hangs_it_on_the_etablissement(
    session: Session, place: Any, monde: Any
) -> None:
    ehpad = un_ehpad(monde, place.claire)
    identifiant, _ = creation.creer_offre(session, place.claire, une_creation(ehpad, SOCIALE))
    offre = offre_de(session, identifiant)
    assert (offre.entite_geographique_id, offre.organisation_interne_id) == (ehpad.id, None)


@pytest.mark.parametrize("type_oi", ["1", "2"])
def test_creer_offre_under_a_pole_or_a_service_is_refused(
    session: Session, place: Any, monde: Any, type_oi: str
) -> None:
    with pytest.raises(AccesRefuse):
        creation.creer_offre(session, place.claire, une_creation(monde.oi(place.eg, "Pôle", type_oi), NEUVE))


def test_creer_offre_under_an_etablissement_sanitaire_is_refused(session: Session, place: Any) -> None:
    with pytest.raises(AccesRefuse):
        creation.creer_offre(session, place.claire, une_creation(place.eg, NEUVE))


@pytest.mark.parametrize("genre", ["offre", "lieu", "juridique", "", "x" * 20])
def test_creer_offre_under_anything_else_is_refused(session: Session, place: Any, genre: str) -> None:
    demande = Creation(genre=genre, identifiant=place.offre.identifiant_offre, cle=uuid4(), saisie=NEUVE)
    with pytest.raises(AccesRefuse):
        creation.creer_offre(session, place.claire, demande)


@pytest.mark.parametrize("champ", ["04", "05", "06", "99", "' OR 1=1"])
def test_creer_offre_under_a_uf_refuses_a_champ_that_is_not_sanitaire(
    session: Session, place: Any, uf: Any, champ: str
) -> None:
    identifiant, erreurs = creation.creer_offre(
        session, place.claire, une_creation(uf, {**NEUVE, "champ_activite": champ})
    )
    assert (identifiant, set(erreurs)) == ("", {"champ_activite"})
    assert len(session.exec(select(OffreOperationnelle)).all()) == 1
    assert session.exec(select(Trace)).all() == []


@pytest.mark.parametrize(
    ("categorie", "permis"),
    [("500", {"04"}), ("182", {"04"}), ("209", {"04"}), ("603", {"05"}), ("124", {"05"}), ("SA05", {"05"})],
)
def test_ouvrir_offre_shows_only_the_champs_that_the_etablissement_allows(
    session: Session, place: Any, monde: Any, categorie: str, permis: set[str]
) -> None:
    eg = un_ehpad(monde, place.claire, categorie=categorie)
    ecran = creation.ouvrir_offre(session, place.claire, "etablissement", eg.num_finess)
    assert {c.cle for c in ecran.options["champ_activite"]} == permis
    assert ecran.valeurs == {"champ_activite": next(iter(permis))}
    identifiant, erreurs = creation.creer_offre(
        session, place.claire, une_creation(eg, {**SOCIALE, "champ_activite": "01"})
    )
    assert (identifiant, set(erreurs)) == ("", {"champ_activite"})


def test_ouvrir_offre_under_a_uf_shows_where_one_is(session: Session, place: Any, uf: Any) -> None:
    ecran = creation.ouvrir_offre(session, place.claire, "structure", uf.identifiant_oi)
    assert {c.cle for c in ecran.options["champ_activite"]} == {"01", "02", "03"}
    assert (ecran.nom, ecran.retour, ecran.avec_uf) == ("UF Gynécologie", f"/structure/{uf.identifiant_oi}", True)
    assert [m["nom"] for m in ecran.chemin] == ["CH ALBI", "femme", "Gynécologie"]
    assert ecran.valeurs == {}


def test_creer_offre_names_every_missing_answer_and_writes_nothing(session: Session, place: Any, uf: Any) -> None:
    identifiant, erreurs = creation.creer_offre(
        session, place.claire, une_creation(uf, {"nom_offre": " \u00a0 ", "mode_prise_en_charge": "99"})
    )
    assert identifiant == ""
    assert set(erreurs) == set(NEUVE)
    assert "Nom de l’offre" in erreurs["nom_offre"]
    assert session.exec(select(Trace)).all() == []


def test_creer_offre_ignores_and_does_not_trace_forged_answers(session: Session, place: Any, uf: Any) -> None:
    forgee = {
        **NEUVE,
        "identifiant_offre": "99/1",
        "version": "7",
        "date_validation": "2026-01-01",
        "validateur": "moi",
        "demonstration": "oui",
    }
    identifiant, _ = creation.creer_offre(session, place.claire, une_creation(uf, forgee))
    offre = offre_de(session, identifiant)
    assert (offre.version, offre.validateur, offre.demonstration) == (1, "", False)
    (trace,) = session.exec(select(Trace)).all()
    assert trace.action == Action.CREATION
    assert {c["champ"]: c["apres"] for c in trace.changements if "d_office" not in c} == NEUVE


def test_identifiant_is_region_and_seven_digits_never_given_twice(session: Session, place: Any, uf: Any) -> None:
    premier, _ = creation.creer_offre(session, place.claire, une_creation(uf, NEUVE))
    region, _, numero = premier.partition("/")
    assert region == "76"
    assert len(numero) == 7
    assert numero.isdigit()
    une_offre_complete(session, place.eg, identifiant_offre=f"76/{int(numero) + 2:07d}")
    autres = {
        creation.creer_offre(session, place.claire, une_creation(uf, NEUVE | {"nom_offre": f"HDJ {n}"}))[0]
        for n in range(3)
    }
    assert len(autres | {premier}) == 4


def test_identifiant_takes_the_region_of_the_etablissement(session: Session, place: Any, monde: Any) -> None:
    ehpad = monde.eg("EHPAD", categorie_eg="500", region_source="93")
    monde.habiliter(place.claire, ehpad)
    identifiant, _ = creation.creer_offre(session, place.claire, une_creation(ehpad, SOCIALE))
    assert identifiant.startswith("93/")


def test_identifiant_and_frozen_answers_never_change_afterwards(session: Session, place: Any, uf: Any) -> None:
    identifiant, _ = creation.creer_offre(session, place.claire, une_creation(uf, NEUVE))
    offre = offre_de(session, identifiant)
    saisie, jalon = saisie_de(
        session, place.claire, offre, "informations_generales", champ_activite="03", identifiant_offre="76/0"
    )
    modification.enregistrer(session, place.claire, un_enregistrement(offre, "informations_generales", saisie, jalon))
    session.refresh(offre)
    assert (offre.identifiant_offre, offre.champ_activite) == (identifiant, "01")
    assert session.exec(select(Brouillon)).all() == []


def test_creer_offre_twice_with_one_cle_creates_once(session: Session, place: Any, uf: Any) -> None:
    demande = une_creation(uf, NEUVE)
    assert creation.creer_offre(session, place.claire, demande) == creation.creer_offre(session, place.claire, demande)
    assert len(session.exec(select(OffreOperationnelle)).all()) == 2
    with pytest.raises(SaisieInvalide):
        creation.creer_offre(session, place.mireille, demande)


def test_cle_of_another_gesture_is_refused(session: Session, place: Any, uf: Any) -> None:
    demande = une_creation(place.offre, {"nom": "Bloc", "fonction_lieu": "006"})
    creation_lieu.creer_lieu(session, place.claire, demande)
    with pytest.raises(SaisieInvalide):
        creation.creer_offre(session, place.claire, une_creation(uf, NEUVE, demande.cle))


@pytest.mark.parametrize(
    ("role", "permis"), [(Role.LECTEUR, False), (Role.RESPONSABLE_OFFRE, True), (Role.REFERENT, True), (None, False)]
)
def test_who_may_create_an_offre_and_a_lieu(
    session: Session, place: Any, monde: Any, uf: Any, role: Role | None, permis: bool
) -> None:
    acteur = monde.acteur("Louise")
    monde.habiliter(acteur, monde.eg("AUTRE"))
    if role:
        monde.habiliter(acteur, place.eg, role)
    gestes = (
        lambda: creation.ouvrir_offre(session, acteur, "structure", uf.identifiant_oi),
        lambda: creation.creer_offre(session, acteur, une_creation(uf, NEUVE)),
        lambda: creation_lieu.ouvrir_lieu(session, acteur, "offre", place.offre.identifiant_offre),
        lambda: creation_lieu.creer_lieu(
            session, acteur, une_creation(place.offre, {"nom": "Bloc", "fonction_lieu": "006"})
        ),
    )
    for geste in gestes:
        if permis:
            assert geste()
        else:
            with pytest.raises(AccesRefuse):
                geste()


def test_who_has_lost_the_right_cannot_replay_an_old_creation(
    session: Session, place: Any, monde: Any, uf: Any
) -> None:
    demande = une_creation(uf, NEUVE)
    creation.creer_offre(session, place.claire, demande)
    monde_sans = monde.acteur("Hugo")
    with pytest.raises(AccesRefuse):
        creation.creer_offre(session, monde_sans, demande)


@pytest.mark.parametrize(
    "saisie",
    [{"nom_offre": "x" * 1001}, {f"c{i}": "x" for i in range(21)}, {"x" * 1001: "y"}],
    ids=["text", "fields", "name"],
)
def test_creation_that_no_page_sends_is_refused_at_the_door(saisie: dict[str, str]) -> None:
    with pytest.raises(ValidationError):
        Creation(genre="structure", identifiant="U1", cle=uuid4(), saisie=saisie)


def test_name_too_long_is_told(session: Session, place: Any, uf: Any) -> None:
    identifiant, erreurs = creation.creer_offre(
        session, place.claire, une_creation(uf, {**NEUVE, "nom_offre": "x" * 256})
    )
    assert (identifiant, list(erreurs)) == ("", ["nom_offre"])
    assert "255" in erreurs["nom_offre"]


# --------------------------------------------------------------------------- a lieu

ADRESSE = {
    "numero_voie": "22",
    "type_voie": "BD",
    "libelle_voie": "SIBILLE",
    "code_postal": "81013",
    "localite": "ALBI CEDEX 9",
    "commune_cog": "81004",
}
BLOC = {"nom": "Bloc opératoire", "fonction_lieu": "006"}


def poser_l_adresse(session: Session, eg: Any) -> None:
    for nom, valeur in ADRESSE.items():
        setattr(eg, nom, valeur)
    session.flush()


def test_creer_lieu_takes_the_address_of_the_etablissement(session: Session, place: Any) -> None:
    poser_l_adresse(session, place.eg)
    identifiant, erreurs = creation_lieu.creer_lieu(session, place.claire, une_creation(place.offre, BLOC))
    assert erreurs == {}
    lieu = session.exec(select(LieuRealisationOffre).where(LieuRealisationOffre.identifiant == identifiant)).one()
    assert {n: getattr(lieu, n) for n in ADRESSE} == ADRESSE
    assert (lieu.nom, lieu.fonction_lieu, lieu.statut, lieu.entite_geographique_id) == (
        "Bloc opératoire",
        "006",
        "3",
        place.eg.id,
    )


def test_creer_lieu_attaches_it_to_the_brouillon_only(session: Session, place: Any) -> None:
    poser_l_adresse(session, place.eg)
    (publie,) = session.exec(select(OffreLieu.lieu_realisation_offre_id)).all()
    identifiant, _ = creation_lieu.creer_lieu(session, place.claire, une_creation(place.offre, BLOC))

    assert list(session.exec(select(OffreLieu.lieu_realisation_offre_id))) == [publie]
    brouillon = session.exec(select(Brouillon)).one()
    assert (brouillon.section, brouillon.valeurs["lieu_realisation_offre"][-1]) == ("adresse", identifiant)
    assert len(brouillon.valeurs["lieu_realisation_offre"]) == 2

    vu = validation.preparer(session, place.claire, Cible("offre", place.offre.identifiant_offre)).vu
    assert validation.valider(session, place.claire, une_validation(place.offre, vu)) == []
    assert len(session.exec(select(OffreLieu)).all()) == 2


def test_creer_two_lieux_keeps_both_in_one_brouillon(session: Session, place: Any) -> None:
    deux = [
        creation_lieu.creer_lieu(session, place.claire, une_creation(place.offre, BLOC | {"nom": f"Bloc {n}"}))[0]
        for n in range(2)
    ]
    session.flush()
    brouillon = session.exec(select(Brouillon)).one()
    assert brouillon.valeurs["lieu_realisation_offre"][1:] == deux
    assert brouillon.version == 2


def test_abandonner_the_section_detaches_the_new_lieu(session: Session, place: Any) -> None:
    creation_lieu.creer_lieu(session, place.claire, une_creation(place.offre, BLOC))
    session.flush()
    cible = Cible("offre", place.offre.identifiant_offre)
    vue = modification.ouvrir(session, place.claire, cible, "adresse")
    modification.abandonner(session, place.claire, cible, "adresse", vue.marque)
    session.flush()
    lus = validation.preparer(session, place.claire, Cible("offre", place.offre.identifiant_offre)).dossier.lieux
    assert len(lus) == 1


def test_creer_lieu_twice_with_one_cle_creates_and_attaches_once(session: Session, place: Any) -> None:
    demande = une_creation(place.offre, BLOC)
    assert creation_lieu.creer_lieu(session, place.claire, demande) == creation_lieu.creer_lieu(
        session, place.claire, demande
    )
    session.flush()
    assert len(session.exec(select(LieuRealisationOffre)).all()) == 2
    assert len(session.exec(select(Brouillon)).one().valeurs["lieu_realisation_offre"]) == 2


@pytest.mark.parametrize(
    ("saisie", "champs"),
    [
        ({}, {"nom", "fonction_lieu"}),
        ({"nom": "Bloc", "fonction_lieu": "999"}, {"fonction_lieu"}),
        ({"nom": " ", "fonction_lieu": "006"}, {"nom"}),
    ],
)
def test_creer_lieu_names_what_is_missing_and_writes_nothing(
    session: Session, place: Any, saisie: dict[str, str], champs: set[str]
) -> None:
    identifiant, erreurs = creation_lieu.creer_lieu(session, place.claire, une_creation(place.offre, saisie))
    assert (identifiant, set(erreurs)) == ("", champs)
    assert session.exec(select(Brouillon)).all() == []
    assert len(session.exec(select(LieuRealisationOffre)).all()) == 1


def test_creer_lieu_for_a_structure_or_a_lieu_is_refused(session: Session, place: Any, uf: Any) -> None:
    lieu = session.exec(select(LieuRealisationOffre)).one()
    for parent in (uf, lieu):
        with pytest.raises(AccesRefuse):
            creation_lieu.creer_lieu(session, place.claire, une_creation(parent, BLOC))


def test_ouvrir_lieu_offers_the_functions_in_force(session: Session, place: Any) -> None:
    ecran = creation_lieu.ouvrir_lieu(session, place.claire, "offre", place.offre.identifiant_offre)
    assert len(ecran.options["fonction_lieu"]) == 29
    assert ecran.retour == f"/offre/{place.offre.identifiant_offre}"


def test_creer_lieu_in_an_etablissement_serves_no_offre_yet(session: Session, place: Any) -> None:
    poser_l_adresse(session, place.eg)
    identifiant, _ = creation_lieu.creer_lieu(session, place.claire, une_creation(place.eg, BLOC))
    lieu = session.exec(select(LieuRealisationOffre).where(LieuRealisationOffre.identifiant == identifiant)).one()
    assert (lieu.entite_geographique_id, lieu.libelle_voie) == (place.eg.id, "SIBILLE")
    assert session.exec(select(Brouillon)).all() == []
    assert len(session.exec(select(OffreLieu)).all()) == 1


def test_ouvrir_lieu_says_where_its_address_comes_from(session: Session, place: Any) -> None:
    finess = place.eg.num_finess
    sans = creation_lieu.ouvrir_lieu(session, place.claire, "etablissement", finess)
    assert "FINESS ne donne pas l’adresse complète" in sans.dit
    poser_l_adresse(session, place.eg)
    avec = creation_lieu.ouvrir_lieu(session, place.claire, "etablissement", finess)
    assert "22 BD SIBILLE, 81013 ALBI CEDEX 9" in avec.dit
    assert avec.retour == f"/etablissement/{finess}"


# ---------------------------------------------------------------- a name that is there already


def test_name_already_there_is_asked_then_accepted(session: Session, place: Any, uf: Any) -> None:
    creation.creer_offre(session, place.claire, une_creation(uf, NEUVE))
    pareil = NEUVE | {"nom_offre": "GYNECOLOGIE  hdj"}
    identifiant, erreurs = creation.creer_offre(session, place.claire, une_creation(uf, pareil))
    assert (identifiant, list(erreurs)) == ("", ["homonyme"])
    assert "« Gynécologie HDJ »" in erreurs["homonyme"].replace("\u00a0", " ")
    autre_nom = pareil | {"homonyme": "Gynécologie"}
    assert list(creation.creer_offre(session, place.claire, une_creation(uf, autre_nom))[1]) == ["homonyme"]
    confirmee = pareil | {"homonyme": pareil["nom_offre"]}
    assert creation.creer_offre(session, place.claire, une_creation(uf, confirmee))[0]


def test_same_name_elsewhere_asks_nothing(session: Session, place: Any, monde: Any, uf: Any) -> None:
    creation.creer_offre(session, place.claire, une_creation(uf, NEUVE))
    autre = monde.oi(place.eg, "UF Chirurgie", "3")
    assert creation.creer_offre(session, place.claire, une_creation(autre, NEUVE))[1] == {}


def test_lieu_of_the_same_name_in_the_etablissement_is_asked(session: Session, place: Any) -> None:
    creation_lieu.creer_lieu(session, place.claire, une_creation(place.eg, BLOC))
    _, erreurs = creation_lieu.creer_lieu(session, place.claire, une_creation(place.offre, BLOC))
    assert list(erreurs) == ["homonyme"]


# ---------------------------------------------------------------------- at the same instant


def test_number_taken_meanwhile_gives_the_next_one(
    session: Session, place: Any, uf: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What PostgreSQL does to the second of two: its number is refused, and it tries again."""
    pris = place.offre.identifiant_offre
    reponses = iter([pris, pris, "76/9999999"])
    monkeypatch.setattr(identifiants, "suivant", lambda *_: next(reponses))
    identifiant, erreurs = creation.creer_offre(session, place.claire, une_creation(uf, NEUVE))
    assert (identifiant, erreurs) == ("76/9999999", {})
    assert len(session.exec(select(OffreOperationnelle)).all()) == 2
    assert (
        len(
            session.exec(
                select(Patientele).where(Patientele.offre_operationnelle_id == offre_de(session, identifiant).id)
            ).all()
        )
        == 1
    )


@pytest.mark.usefixtures("tables")
def test_two_people_who_create_at_once_both_succeed() -> None:
    with db.transaction() as session:
        monde = Monde(session)
        charger_nomenclatures(session, NOMENCLATURES)
        eg = monde.eg(region_source="76")
        acteurs, ou = [monde.acteur(nom) for nom in ("Claire", "Mireille")], monde.oi(eg, "UF", "3")
        for acteur in acteurs:
            monde.habiliter(acteur, eg)
        parent = Cible("structure", ou.identifiant_oi)
    depart = Barrier(2)

    def creer(acteur: Any) -> list[str]:
        depart.wait()
        crees = []
        for n in range(5):
            saisie = NEUVE | {"nom_offre": f"{acteur.nom} {n}"}
            demande = Creation(genre=parent.genre, identifiant=parent.identifiant, cle=uuid4(), saisie=saisie)
            with db.transaction() as session:
                crees.append(creation.creer_offre(session, acteur, demande)[0])
        return crees

    with ThreadPoolExecutor(2) as fils:
        identifiants_crees = [i for crees in fils.map(creer, acteurs) for i in crees]
    assert len(set(identifiants_crees)) == 10
    assert all(identifiants_crees)
