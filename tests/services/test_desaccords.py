"""What FINESS says otherwise than the record: asked, taken or kept, and asked again only when FINESS changes."""

from datetime import date
from pathlib import Path
from types import SimpleNamespace
from typing import Any
from uuid import uuid4

import pytest
from sqlmodel import Session, col, select

from rxror.echanges.finess.importer import importer
from rxror.echanges.finess.lire import COLONNES
from rxror.echanges.finess.traduire import etablissement
from rxror.ror import finess
from rxror.ror.erreurs import AccesRefuse, Conflit, GesteRefuse
from rxror.ror.messages import RETENUES
from rxror.ror.objets import EntiteGeographique, EntiteJuridique
from rxror.services import alertes, desaccords, fiche
from rxror.services.acces import Cible, Geste
from rxror.services.alertes import GardeAlerte
from rxror.services.desaccords import Desaccord, PrendreFiness
from rxror.services.registre import desaccords_par_etablissement
from rxror.tables import Action, AlerteGardee, ReleveFiness, Role, Trace
from tests.echanges.test_finess_importer import CH_ALBI, un_fichier, une_ligne
from tests.fabriques import un_lieu

ALBI = Cible("etablissement", "810000505")


@pytest.fixture
def ici(session: Session, monde: Any, tmp_path: Path) -> SimpleNamespace:
    """CH ALBI as FINESS gave it, with an offer below; a référent and a lecteur; `lire` imports a later line."""
    importer(session, [un_fichier(tmp_path, une_ligne(CH_ALBI))])
    eg = session.exec(select(EntiteGeographique)).one()
    monde.offre(eg)
    claire, louise = monde.acteur("Claire Dumas"), monde.acteur("Louise Pagès")
    monde.habiliter(claire, eg)
    monde.habiliter(louise, eg, Role.LECTEUR)

    def lire(jour: str, suivre: bool = False, **changements: str) -> Any:
        return importer(session, [un_fichier(tmp_path, une_ligne(CH_ALBI, **changements), jour=jour)], suivre=suivre)

    return SimpleNamespace(eg=eg, claire=claire, louise=louise, lire=lire)


def ecarts(session: Session, ici: Any, qui: Any = None) -> dict[str, Desaccord]:
    session.flush()
    return {d["point"]: d for d in desaccords.lire(session, qui or ici.claire, ALBI)}


def demandes(session: Session, ici: Any) -> list[str]:
    """The points that are asked, not those that are kept; as the page, the list of findings and the queue say."""
    lus = sorted(cle for cle, d in ecarts(session, ici).items() if not d["garde"])
    file = desaccords_par_etablissement(session, ici.claire, Geste.VALIDER).get("810000505", [])
    manques = fiche.lire_sections(session, ici.claire, ALBI).manques
    assert file == lus
    assert len([m for m in manques if "FINESS dit" in m["texte"]]) == len(lus)
    return lus


def prise(lu: Desaccord, **autres: Any) -> PrendreFiness:
    contexte = {nom: lu[nom] for nom in ("genre", "identifiant", "point", "vu")}  # type: ignore[literal-required]
    return PrendreFiness.model_validate({**contexte, "cle": uuid4(), **autres})


def garder(session: Session, ici: Any, lu: Desaccord, motif: str) -> str:
    demande = GardeAlerte(genre="etablissement", identifiant="810000505", alerte=lu["alerte"], motif=motif)
    return alertes.garder(session, ici.claire, demande)


def releve(session: Session) -> ReleveFiness:
    session.flush()
    return session.exec(select(ReleveFiness)).one()


def test_every_field_that_is_compared_is_read_from_the_file():
    ligne = {nom: CH_ALBI.get(nom, "") for nom in COLONNES["structureet"]}
    lues = etablissement(ligne, date.max, (), print)
    assert finess.contreparties().keys() - lues.keys() == {"latitude", "longitude", "entite_juridique_id"}
    assert list(finess.points()) == ["FIN-01", "FIN-02", "FIN-03", "FIN-04", "FIN-05"]


def test_importer_keeps_what_finess_says_apart_and_twice_changes_nothing(session: Session, ici: Any):
    premier = releve(session).model_dump()
    assert (premier["jour"], premier["ecarts"]) == (date(2021, 1, 8), 0)
    assert premier["valeurs"]["denomination_eg"] == "CH ALBI"
    assert premier["valeurs"]["entite_juridique_id"] == "810000331"
    ici.lire("2021-01-08")
    nom = releve(session).fichier_source
    assert releve(session).model_dump() == premier | {"fichier_source": nom}
    assert (ici.eg.version, demandes(session, ici)) == (1, [])


def test_a_newer_value_is_asked_where_something_hangs_below_and_followed_elsewhere(session: Session, ici: Any):
    bilan = ici.lire("2022-01-08", rs="CH D'ALBI", telephone="0563000000")
    assert bilan.a_demander == {"810000505"}
    assert (ici.eg.denomination_eg, ici.eg.telephone_finess) == ("CH ALBI", "0563000000")
    (lu,) = ecarts(session, ici).values()
    assert (lu["label"], lu["fiche"], lu["finess"]) == ("Dénomination", "CH ALBI", "CH D'ALBI")
    assert lu["quand"].replace("\xa0", " ") == "Fichier du 8 janvier 2022"
    assert "Import FINESS du 8 janvier 2021" in lu["depuis"].replace("\xa0", " ")
    assert demandes(session, ici) == ["FIN-01"]
    assert "d'albi" in ici.eg.recherche or "d albi" in ici.eg.recherche  # found by both names
    ici.lire("2022-02-08", nofinesset="810100297", rs="USLD", categetab="362")
    ici.lire("2022-03-08", nofinesset="810100297", rs="USLD D'ALBI", categetab="362")
    usld = session.exec(select(EntiteGeographique).where(EntiteGeographique.num_finess == "810100297")).one()
    assert usld.denomination_eg == "USLD D'ALBI"


def test_what_is_kept_is_not_asked_again_until_finess_changes(session: Session, ici: Any):
    ici.lire("2022-01-08", rs="CH D'ALBI")
    lu = ecarts(session, ici)["FIN-01"]
    assert "motif" in garder(session, ici, lu, "") or "pourquoi" in garder(session, ici, lu, "")
    assert garder(session, ici, lu, "Le nom de FINESS est une coquille.") == ""
    assert demandes(session, ici) == []
    assert "coquille" in ecarts(session, ici)["FIN-01"]["garde"]
    ici.lire("2022-02-08", rs="CH D'ALBI", telephone="")
    ici.lire("2022-03-08", rs="CH D'ALBI", suivre=True)
    assert (demandes(session, ici), ici.eg.denomination_eg) == ([], "CH ALBI")
    ici.lire("2022-04-08", rs="CENTRE HOSPITALIER D'ALBI")
    assert demandes(session, ici) == ["FIN-01"]
    ici.lire("2022-05-08")
    assert ecarts(session, ici) == {}


def test_prendre_publishes_the_whole_point_with_one_version_and_one_line(session: Session, ici: Any):
    un_lieu(session, ici.eg)
    point = {"numvoie": "24", "compvoie": "", "lieuditbp": "CS 12345", "ligneacheminement": "81030 ALBI CEDEX 9"}
    ici.lire("2022-01-08", **point)
    lu = ecarts(session, ici)["FIN-02"]
    assert lu["prendre"]
    assert lu["fiche"] == "22 B BD SIBILLE, 81013 ALBI CEDEX 9, BP 401"
    assert lu["suite"] == "1 lieu porte l’adresse de la fiche et ne change pas avec elle."
    demande = prise(lu)
    desaccords.prendre(session, ici.claire, demande)
    session.refresh(ici.eg)
    eg = ici.eg
    assert (eg.numero_voie, eg.extension, eg.mention_distribution, eg.code_postal) == ("24", "", "CS 12345", "81030")
    assert (eg.version, ecarts(session, ici), releve(session).ecarts) == (2, {}, 0)
    desaccords.prendre(session, ici.claire, demande)
    (ligne,) = session.exec(select(Trace).where(Trace.action == Action.FINESS)).all()
    assert (ligne.version_avant, ligne.version_apres, ligne.nom) == (1, 2, "Claire Dumas")
    champs = {c["champ"]: (c["avant"], c["apres"]) for c in ligne.changements}
    assert champs["numero_voie"] == ("22", "24")
    assert champs.keys() == {"numero_voie", "extension", "mention_distribution", "code_postal"}
    ici.lire("2022-01-08", **point)
    assert (eg.version, demandes(session, ici)) == (2, [])


def test_coordinates_wait_with_the_address_they_are_those_of(session: Session, ici: Any, tmp_path: Path):
    geo = "geolocalisation;810000505;631171.8;6314483.8;;2022-01-08"
    fichier = un_fichier(tmp_path, une_ligne(CH_ALBI, numvoie="24"), geo, jour="2022-01-08")
    importer(session, [fichier])
    assert ici.eg.latitude is None
    desaccords.prendre(session, ici.claire, prise(ecarts(session, ici)["FIN-02"]))
    session.refresh(ici.eg)
    assert (str(ici.eg.latitude), str(ici.eg.longitude)) == ("43.925997", "2.142955")


def test_prendre_takes_the_label_of_the_category_with_it(session: Session, ici: Any):
    ici.lire("2022-01-08", categetab="365", libcategetab="Etablissement de Soins Pluridisciplinaire")
    desaccords.prendre(session, ici.claire, prise(ecarts(session, ici)["FIN-03"]))
    session.refresh(ici.eg)
    assert (ici.eg.categorie_eg, ici.eg.categorie_libelle) == ("365", "Etablissement de Soins Pluridisciplinaire")


@pytest.mark.parametrize(
    ("changements", "point", "raison"),
    [
        ({"categetab": "500", "libcategetab": "EHPAD"}, "FIN-03", "parcours"),
        ({"departement": "31", "commune": "555", "ligneacheminement": "31000 TOULOUSE"}, "FIN-02", "departement"),
        ({"nofinessej": "810000349"}, "FIN-05", "droits"),
    ],
)
def test_what_may_not_be_taken_says_why_and_may_be_kept(
    session: Session, ici: Any, changements: dict[str, str], point: str, raison: str
):
    ici.lire("2022-01-08", **changements)
    lu = ecarts(session, ici)[point]
    assert (lu["prendre"], lu["retenue"][:20]) == (False, RETENUES[raison][:20])
    with pytest.raises(GesteRefuse):
        desaccords.prendre(session, ici.claire, prise(lu))
    assert (ici.eg.version, ici.eg.categorie_eg, ici.eg.commune_cog) == (1, "355", "81004")
    assert garder(session, ici, lu, "Vu avec l’ARS.") == ""
    assert demandes(session, ici) == []


def test_suivre_is_the_way_of_who_runs_the_service(session: Session, ici: Any):
    ici.lire("2022-01-08", nofinessej="810000349", rs="CH D'ALBI")
    assert demandes(session, ici) == ["FIN-01", "FIN-05"]
    ici.lire("2022-01-08", suivre=True, nofinessej="810000349", rs="CH D'ALBI")
    ej = session.get_one(EntiteJuridique, ici.eg.entite_juridique_id)
    assert (ej.num_finess, ici.eg.denomination_eg, demandes(session, ici)) == ("810000349", "CH D'ALBI", [])


def test_closed_in_the_record_and_open_in_finess_is_said(session: Session, ici: Any):
    ici.eg.date_fermeture, ici.eg.type_fermeture = date(2021, 6, 1), "PRO"
    session.add(ici.eg)
    ici.lire("2022-01-08")
    lu = ecarts(session, ici)["FIN-04"]
    assert (lu["fiche"].replace("\xa0", " "), lu["finess"]) == ("Fermé provisoirement le 1er juin 2021", "Ouvert")
    desaccords.prendre(session, ici.claire, prise(lu))
    session.refresh(ici.eg)
    assert (ici.eg.date_fermeture, ici.eg.type_fermeture) == (None, "")


def test_prendre_refuses_what_the_page_did_not_show(session: Session, ici: Any):
    ici.lire("2022-01-08", rs="CH D'ALBI")
    vieux = ecarts(session, ici)["FIN-01"]
    ici.lire("2022-02-08", rs="CH DE L'ALBIGEOIS")
    for demande in (prise(vieux), prise(vieux, vu="x"), prise(vieux, point="FIN-02"), prise(vieux, point="OBL-01")):
        with pytest.raises(Conflit):
            desaccords.prendre(session, ici.claire, demande)
    assert ici.eg.denomination_eg == "CH ALBI"


def test_who_may_only_read_sees_both_values_and_chooses_nothing(session: Session, ici: Any, monde: Any):
    ici.lire("2022-01-08", rs="CH D'ALBI")
    lu = ecarts(session, ici, ici.louise)["FIN-01"]
    assert (lu["finess"], lu["prendre"], lu["alerte"]) == ("CH D'ALBI", False, "")
    hugo = monde.acteur("Hugo Marty")
    for qui in (ici.louise, hugo):
        with pytest.raises(AccesRefuse):
            desaccords.prendre(session, qui, prise(lu))
        assert desaccords_par_etablissement(session, qui, Geste.VALIDER) == {}
    with pytest.raises(AccesRefuse):
        desaccords.lire(session, hugo, ALBI)
    assert session.exec(select(AlerteGardee)).all() == []


def test_queue_asks_two_statements_however_many_etablissements(session: Session, ici: Any, monde: Any, compter: Any):
    ici.lire("2022-01-08", rs="CH D'ALBI")
    for rang in range(5):
        eg = monde.eg(f"EHPAD {rang}")
        monde.habiliter(ici.claire, eg)
        dit = {"categorie_eg": "500"}
        session.add(ReleveFiness(finess=eg.num_finess, jour=date(2022, 1, 8), ecarts=1, valeurs=dit))
    with compter() as sql:
        trouves = desaccords_par_etablissement(session, ici.claire)
    assert (len(sql), len(trouves)) == (2, 6)
    autres = session.exec(select(EntiteGeographique).where(col(EntiteGeographique.num_finess) != "810000505")).all()
    assert {trouves[eg.num_finess][0] for eg in autres} == {"FIN-03"}
