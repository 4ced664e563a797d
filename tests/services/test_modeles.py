"""An offer made with a modèle de saisie: what it is asked, shown, allowed; a later version, shown then taken."""

import tomllib
from typing import Any
from uuid import uuid4

import pytest
from sqlmodel import Session, select

from rxror.echanges.modeles import MODELES, BilanModeles, ecrire
from rxror.ror.champs import champs_de
from rxror.ror.erreurs import AccesRefuse, Conflit, SaisieInvalide
from rxror.ror.modeles import ModeleSaisie, lire
from rxror.ror.objets import OffreOperationnelle, Patientele
from rxror.services import dossier, fiche, modeles, modification, version_modele
from rxror.services.acces import Cible, Geste
from rxror.services.nomenclatures import proposer
from rxror.services.version_modele import DemandeVersion
from rxror.tables import Action, Brouillon, Role, Trace
from tests.fabriques import enregistrer


@pytest.fixture(autouse=True)
def _sans_memoire() -> Any:
    modeles.oublier()
    yield
    modeles.oublier()


def ms_141(**autres: Any) -> ModeleSaisie:
    return lire({**tomllib.loads((MODELES / "MS-141.toml").read_text("utf-8")), **autres}, "MS-141.toml")


def une_suite(*champs: dict[str, Any], section: str = "accueil") -> ModeleSaisie:
    """MS-141|2, a whole form of a few fields."""
    return ms_141(version="2", extrait=False, section=[{"cle": section, "champ": list(champs)}])


def charger(session: Session, *venus: ModeleSaisie) -> None:
    ecrire(session, BilanModeles(nouveaux=list(venus)))
    session.flush()
    modeles.oublier()


@pytest.fixture
def offre(session: Session, place: Any) -> OffreOperationnelle:
    """The complete offer of the place, made with MS-141|1."""
    charger(session, ms_141())
    place.offre.modele_saisie = "MS-141|1"
    session.flush()
    return place.offre


def cible(offre: OffreOperationnelle) -> Cible:
    return Cible("offre", offre.identifiant_offre)


def anomalies(session: Session, place: Any, offre: OffreOperationnelle) -> dict[str, str]:
    ouvert = dossier.ouvrir(session, place.claire, cible(offre), Geste.VALIDER)
    return {a.chemin: a.regle for a in ouvert.anomalies()}


# ---------------------------------------------------------------------- in the form


def test_the_form_offers_the_codes_of_the_modele_and_shows_what_it_shows(
    session: Session, place: Any, offre: Any
) -> None:
    ouverte = modification.ouvrir(session, place.claire, cible(offre), "accueil")
    assert {o["cle"] for o in ouverte.options["modalite_accueil"]} == {"02", "03", "04", "09", "10", "11"}
    assert ouverte.visibles["mode_gestion"] is True
    assert ouverte.visibles["temporalite_accueil"] is False
    assert ouverte.visibles["!type_offre"] is True
    assert ouverte.visibles["!modalite_accueil"] is False


def test_the_search_offers_the_codes_of_the_modele(session: Session, place: Any, offre: Any) -> None:
    contexte = modification.ouvrir(session, place.claire, cible(offre), "specificites").contexte
    champ = champs_de(OffreOperationnelle)["niveau_expertise"]
    trouves = proposer(session, place.claire, champ, "niveau_expertise", "", contexte)
    assert {p.cle for p in trouves} == {f"TRE_R344:{n}" for n in ("26", "31", "32", "33")}


def test_a_code_outside_the_modele_is_refused_beside_its_field(session: Session, place: Any, offre: Any) -> None:
    reponse = enregistrer(
        session, place.claire, offre, "accueil", **{"type_offre": "155", "modalite_accueil.09": "oui"}
    )
    assert "MS-141" in reponse.erreurs["type_offre"]
    brouillon = session.exec(select(Brouillon)).one()
    assert brouillon.illisibles == {"type_offre": "155"}
    assert brouillon.valeurs["modalite_accueil"] == ["03", "09"]


def test_a_code_already_held_stays_and_is_told(session: Session, place: Any, offre: Any) -> None:
    offre.type_offre, offre.modalite_accueil = "155", ["03", "08"]
    session.flush()
    assert enregistrer(session, place.claire, offre, "accueil").erreurs == {}
    assert session.exec(select(Brouillon)).all() == []
    dites = anomalies(session, place, offre)
    assert (dites["type_offre"], dites["modalite_accueil"]) == ("COH-03", "COH-03-CODES")


def test_what_the_modele_asks_is_an_alert_said_once_in_its_name(session: Session, place: Any, offre: Any) -> None:
    offre.type_offre = ""
    session.exec(select(Patientele)).one().public_pris_en_charge = []
    session.flush()
    ouvert = dossier.ouvrir(session, place.claire, cible(offre), Geste.VALIDER)
    dites = [a for a in ouvert.anomalies() if "type_offre" in a.chemin or "public" in a.chemin]
    assert {(a.regle, a.bloque) for a in dites} == {("OBL-01-MODELE", False)}
    assert len(dites) == 2
    assert all("demandée par le modèle de saisie MS-141" in a.message for a in dites)


def test_without_a_modele_nothing_changes(session: Session, place: Any) -> None:
    charger(session, ms_141())
    ouverte = modification.ouvrir(session, place.claire, cible(place.offre), "accueil")
    assert "12" not in {o["cle"] for o in ouverte.options["modalite_accueil"]}
    assert len(ouverte.options["modalite_accueil"]) > 7
    assert ouverte.visibles["mode_gestion"] is False
    assert enregistrer(session, place.claire, place.offre, "accueil", type_offre="155").erreurs == {}


def test_an_offer_keeps_a_version_that_was_retired(session: Session, place: Any, offre: Any) -> None:
    charger(session, ms_141(statut="retired"))
    ouverte = modification.ouvrir(session, place.claire, cible(offre), "accueil")
    assert ouverte.visibles["mode_gestion"] is True


def test_an_offer_of_an_unknown_modele_uses_the_general_form(session: Session, place: Any, offre: Any) -> None:
    offre.modele_saisie = "MS-999|1"
    session.flush()
    assert modification.ouvrir(session, place.claire, cible(offre), "accueil").contexte.modele is None
    lue = fiche.lire_offre(session, place.claire, cible(offre))
    assert "MS-999|1, que rxror ne connaît pas" in str(lue.sections)
    assert lue.evolution is None


# -------------------------------------------------------------------- a later version


def test_the_page_says_that_a_later_version_exists_and_what_it_changes(
    session: Session, place: Any, offre: Any
) -> None:
    suite = une_suite(
        {"chemin": "type_offre", "codes": {"155": "Autre"}},
        {"chemin": "temporalite_accueil", "visible": True, "obligatoire": True},
    )
    charger(session, suite, ms_141(version="3", statut="draft"))
    evolution = fiche.lire_offre(session, place.claire, cible(offre)).evolution
    assert evolution
    assert "MS-141|2" in evolution.titre
    texte = "\n".join(evolution.changements).replace("\u00a0", " ").replace("\u202f", " ")
    assert "Apparaît : Temporalité d’accueil." in texte
    assert "Réponse demandée : Temporalité d’accueil." in texte
    disparait = next(ligne for ligne in texte.splitlines() if ligne.startswith("Disparaît"))
    assert "Modalité d’accueil" in disparait
    assert "Mode de gestion" in disparait
    assert "Ce qui est écrit dans « Modalité d’accueil » ne sera plus publié." in texte
    assert "Ne sera plus proposé dans « Type d’offre » : Unité hospitalière de gynécologie" in texte
    assert "Nom de l’offre" not in texte


def test_nothing_is_said_of_a_version_to_who_may_only_read_nor_when_there_is_none(
    session: Session, place: Any, offre: Any, monde: Any
) -> None:
    assert fiche.lire_offre(session, place.claire, cible(offre)).evolution is None
    charger(session, ms_141(version="2"))
    lectrice = monde.acteur("Louise Pagès")
    monde.habiliter(lectrice, place.eg, Role.LECTEUR)
    assert fiche.lire_offre(session, lectrice, cible(offre)).evolution is None
    evolution = fiche.lire_offre(session, place.claire, cible(offre)).evolution
    assert evolution
    assert evolution.changements == []


def demande(offre: Any, reference: str = "MS-141|2", cle: Any = None) -> DemandeVersion:
    return DemandeVersion(genre="offre", identifiant=offre.identifiant_offre, reference=reference, cle=cle or uuid4())


def test_prendre_moves_the_offer_leaves_its_values_and_is_traced(session: Session, place: Any, offre: Any) -> None:
    charger(session, une_suite({"chemin": "type_offre"}))
    geste = demande(offre)
    assert version_modele.prendre(session, place.claire, geste) == "MS-141|2"
    assert (offre.modele_saisie, offre.version, offre.modalite_accueil) == ("MS-141|2", 2, ["03"])
    trace = session.exec(select(Trace).where(Trace.action == Action.MODELE)).one()
    assert trace.changements == [{"champ": "modele_saisie", "avant": "MS-141|1", "apres": "MS-141|2"}]

    assert version_modele.prendre(session, place.claire, geste) == "MS-141|2"
    assert offre.version == 2
    with pytest.raises(SaisieInvalide):
        version_modele.prendre(session, place.mireille, geste)


@pytest.mark.parametrize("reference", ["MS-141|1", "MS-141|3", "MS-142|1", ""])
def test_prendre_a_version_that_the_page_could_not_show_is_refused(
    session: Session, place: Any, offre: Any, reference: str
) -> None:
    charger(session, ms_141(version="2"), ms_141(version="3", statut="draft"), ms_141(id="MS-142"))
    with pytest.raises(Conflit):
        version_modele.prendre(session, place.claire, demande(offre, reference))
    assert offre.modele_saisie == "MS-141|1"


def test_prendre_needs_the_right_to_edit(session: Session, place: Any, offre: Any, monde: Any) -> None:
    charger(session, ms_141(version="2"))
    lectrice = monde.acteur("Louise Pagès")
    monde.habiliter(lectrice, place.eg, Role.LECTEUR)
    for personne in (lectrice, monde.acteur("Hugo Marty")):
        with pytest.raises(AccesRefuse):
            version_modele.prendre(session, personne, demande(offre))
    assert offre.modele_saisie == "MS-141|1"


def test_what_a_version_hides_is_kept_and_no_longer_published(session: Session, place: Any, offre: Any) -> None:
    charger(session, une_suite({"chemin": "type_offre"}))
    version_modele.prendre(session, place.claire, demande(offre))
    ouvert = dossier.ouvrir(session, place.claire, cible(offre), Geste.VALIDER)
    assert ouvert.principale.publiees["modalite_accueil"] == ["03"]
    assert ouvert.principale.publiables["modalite_accueil"] == []
    enregistrer(session, place.claire, offre, "accueil", type_offre="157")
    assert session.exec(select(Brouillon)).all() == []


def test_a_group_of_too_many_rows_is_told_and_keeps_the_first_ones(session: Session, place: Any, offre: Any) -> None:
    lignes = {"modalite_accueil.04": "oui"}
    for n in range(7):
        lignes |= {f"lien_teleconsultation.n{n}": "1"}
        lignes |= {f"lien_teleconsultation.n{n}.adresse_telecom": f"https://visio{n}.example"}
    reponse = enregistrer(session, place.claire, offre, "accueil", **lignes)
    assert "5" in reponse.erreurs["lien_teleconsultation"]
    assert "7" in reponse.erreurs["lien_teleconsultation"]
    gardees = session.exec(select(Brouillon)).one().valeurs["lien_teleconsultation"]
    assert [ligne["cle"] for ligne in gardees] == ["n0", "n1", "n2", "n3", "n4"]
