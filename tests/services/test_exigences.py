"""The national requirements as shown: of an offer with its brouillons, of an établissement as published."""

from datetime import UTC, date, datetime
from typing import Any

import pytest
from sqlmodel import Session, select

from rxror.ror.erreurs import AccesRefuse
from rxror.ror.objets import (
    ActiviteOperationnelle,
    CapaciteAccueilOperationnelle,
    EntiteJuridique,
    LieuRealisationOffre,
    OffreLieu,
    Patientele,
)
from rxror.services import dossier, exigences, fiche, validation
from rxror.services.acces import Cible, Geste
from rxror.services.exigences_vues import AU_PLUS, ExigencesOffre, VueExigences
from rxror.tables import AutorisationFiness, Brouillon, ReleveActivites, ReleveFiness, Role, StatutAutorisation
from tests.fabriques import enregistrer, garder, saisie_de, une_offre_complete

JOUR = date(2026, 11, 23)


def autoriser(session: Session, finess: str, *codes: tuple[str, str]) -> None:
    """FINESS+ was read for the EG, with these AMF authorisations."""
    garder(session, ReleveActivites(finess=finess, finess_ej="810000331", jour=date(2026, 8, 18)))
    for rang, (activite, modalite) in enumerate(codes):
        garder(
            session,
            AutorisationFiness(
                finess=finess,
                identifiant=str(rang),
                nature="AMF",
                activite=activite,
                modalite=modalite,
                fin=date(2031, 1, 1),
                statut=StatutAutorisation.MISE_EN_OEUVRE,
            ),
        )


def de_l_offre(session: Session, place: Any, offre: Any = None, acteur: Any = None) -> ExigencesOffre:
    cible = Cible("offre", (offre or place.offre).identifiant_offre)
    return exigences.de_l_offre(session, dossier.ouvrir(session, acteur or place.claire, cible, Geste.LIRE))


def de_l_eg(session: Session, place: Any, acteur: Any = None) -> VueExigences:
    cible = Cible("etablissement", place.eg.num_finess)
    return exigences.de_l_etablissement(session, acteur or place.claire, cible, JOUR)


def etats(lues: ExigencesOffre) -> dict[str, str]:
    return {ligne["reference"].partition(",")[0]: ligne["etat"] for ligne in lues.lignes}


def par_id(vue: VueExigences, cle: str) -> Any:
    return next(e for e in vue.exigences if e["reference"].startswith(f"{cle},"))


@pytest.fixture
def urgences(session: Session, place: Any) -> Any:
    offre = une_offre_complete(session, place.eg, nom_offre="Accueil de nuit", mode_prise_en_charge="33")
    garder(session, ActiviteOperationnelle(offre_operationnelle_id=offre.id, activite_operationnelle="157"))
    return offre


# --------------------------------------------------------------------------- one offer


def test_offre_complete_is_conform_and_says_what_does_not_concern_it(session: Session, place: Any) -> None:
    lues = de_l_offre(session, place)
    assert etats(lues) == {"CP4": "Conforme", "CO3": "Conforme", "RE1.2": "Écart"}  # never updated: no date
    assert lues.sans_objet == "CO1, CP5, CP6"
    assert lues.url_etablissement == f"/etablissement/{place.eg.num_finess}/exigences"


def test_offre_is_judged_on_its_brouillon(session: Session, place: Any, urgences: Any) -> None:
    assert etats(de_l_offre(session, place, urgences))["CO1"] == "Écart"
    enregistrer(session, place.claire, urgences, "informations_generales", nom_offre="Urgences de nuit")
    assert etats(de_l_offre(session, place, urgences))["CO1"] == "Non vérifiable"
    autoriser(session, place.eg.num_finess, ("14", "23"))
    assert etats(de_l_offre(session, place, urgences))["CO1"] == "Conforme"


def test_offre_incomplete_leads_to_the_field(session: Session, place: Any) -> None:
    ouverte, _ = saisie_de(session, place.claire, place.offre, "patientele")
    chemin = next(c for c in ouverte if c.endswith(".age_min"))
    enregistrer(session, place.claire, place.offre, "patientele", **{chemin: ""})
    ligne = next(e for e in de_l_offre(session, place).lignes if e["reference"].startswith("CP4"))
    assert ligne["etat"] == "Écart"
    assert "les âges" in ligne["texte"]
    assert ligne["url"] == f"/offre/{place.offre.identifiant_offre}/modifier/patientele#{chemin}"


def test_offre_in_a_sensitive_uf_and_the_correction(session: Session, place: Any, monde: Any) -> None:
    uf = monde.oi(place.eg, "UF USMP", "3")
    offre = une_offre_complete(session, place.eg, uf, nom_offre="Consultations")
    ligne = next(e for e in de_l_offre(session, place, offre).lignes if e["reference"].startswith("CO3"))
    assert (ligne["etat"], ligne["remede"]) == ("Écart", f"/offre/{offre.identifiant_offre}/corriger/CO3")
    uf.date_fermeture, uf.type_fermeture = date(2026, 1, 1), "DEF"
    session.add(uf)
    assert etats(de_l_offre(session, place, offre))["CO3"] == "Conforme"


def test_offre_reader_has_no_link(session: Session, place: Any, monde: Any, urgences: Any) -> None:
    louise = monde.acteur("Louise")
    monde.habiliter(louise, place.eg, Role.LECTEUR)
    lues = de_l_offre(session, place, urgences, louise)
    assert {(e["url"], e["remede"]) for e in lues.lignes} == {("", "")}
    assert fiche.lire_offre(session, louise, Cible("offre", urgences.identifiant_offre)).corrections == []


def test_offre_capacities_of_its_lieux_count_for_cp6(session: Session, place: Any, monde: Any) -> None:
    ehpad = monde.eg("EHPAD", categorie_eg="500", region_source="76")
    monde.habiliter(place.claire, ehpad)
    offre = une_offre_complete(session, ehpad, champ_activite="04", mode_prise_en_charge="46", type_offre="20")
    lues = de_l_offre(session, place, offre)
    assert etats(lues)["CP6"] == "Conforme"
    assert etats(lues)["CP5"] == "Écart"
    lieu = session.exec(
        select(LieuRealisationOffre.id).join(OffreLieu).where(OffreLieu.offre_operationnelle_id == offre.id)
    ).one()
    capacite = session.exec(
        select(CapaciteAccueilOperationnelle).where(CapaciteAccueilOperationnelle.lieu_realisation_offre_id == lieu)
    ).one()
    capacite.statut_capacite = "05"
    session.add(capacite)
    session.flush()
    cp6 = next(e for e in de_l_offre(session, place, offre).lignes if e["reference"].startswith("CP6"))
    assert cp6["etat"] == "Écart"
    assert "/modifier/capacitaire?offre=" in cp6["url"]


def test_valider_shows_the_same_requirements(session: Session, place: Any, urgences: Any) -> None:
    prete = validation.preparer(session, place.claire, Cible("offre", urgences.identifiant_offre))
    assert etats(prete.exigences)["CO1"] == "Écart"
    assert [c["url"].rpartition("/")[2] for c in prete.corrections] == ["CO1"]
    lieu = next(iter(prete.dossier.lieux))
    assert validation.preparer(session, place.claire, Cible("lieu", lieu)).exigences.lignes == []


# ------------------------------------------------------------------- one établissement


def test_etablissement_counts_and_names_the_offers(session: Session, place: Any, urgences: Any) -> None:
    session.delete(session.exec(select(Patientele).where(Patientele.offre_operationnelle_id == urgences.id)).one())
    session.flush()
    vue = de_l_eg(session, place)
    cp4, co1 = par_id(vue, "CP4"), par_id(vue, "CO1")
    assert (cp4["etat"], cp4["compte"]) == ("Écart", "2 offres\u00a0: 1 écart, 1 conforme")
    assert [o["nom"] for o in cp4["offres"]] == ["Accueil de nuit"]
    assert co1["offres"][0]["remede"] == f"/offre/{urgences.identifiant_offre}/corriger/CO1"
    assert [(e["champ"], e["etat"], e["compte"]) for e in vue.peuplement] == [
        ("MCO", "En cours", "1 offre complète sur 2")
    ]
    assert vue.exigences[0]["etat"] == "Écart", "what is to be done comes first"


def test_etablissement_ignores_brouillons(session: Session, place: Any, urgences: Any) -> None:
    enregistrer(session, place.claire, urgences, "informations_generales", nom_offre="Urgences de nuit")
    assert par_id(de_l_eg(session, place), "CO1")["etat"] == "Écart"


def test_etablissement_authorisations_loaded_or_not(session: Session, place: Any) -> None:
    vue = de_l_eg(session, place)
    assert par_id(vue, "EX3")["etat"] == "Non vérifiable"
    assert "non chargées" in vue.sources[1]
    autoriser(session, place.eg.num_finess, ("15", "09"))
    vue = de_l_eg(session, place)
    assert par_id(vue, "EX3")["etat"] == "Écart"
    assert "EX4" in vue.sans_objet
    assert "18\u00a0août\u00a02026" in vue.sources[1]
    garder(session, ActiviteOperationnelle(offre_operationnelle_id=place.offre.id, activite_operationnelle="127"))
    assert par_id(de_l_eg(session, place), "EX3")["etat"] == "Conforme"


def test_etablissement_finess_loaded_or_not(session: Session, place: Any) -> None:
    assert par_id(de_l_eg(session, place), "CO4")["etat"] == "Non vérifiable"
    ej = session.get_one(EntiteJuridique, place.eg.entite_juridique_id).num_finess
    dit = {"categorie_eg": "355", "date_fermeture": None, "type_fermeture": "", "entite_juridique_id": ej}
    releve = ReleveFiness(finess=place.eg.num_finess, jour=date(2026, 5, 12), valeurs=dit)
    session.add(releve)
    vue = de_l_eg(session, place)
    assert {par_id(vue, cle)["etat"] for cle in ("CO4", "EX2", "ST2")} == {"Conforme"}
    releve.valeurs = dit | {"categorie_eg": "101", "entite_juridique_id": "810000331"}
    vue = de_l_eg(session, place)
    assert [par_id(vue, cle)["etat"] for cle in ("CO4", "EX2", "ST2")] == ["Écart", "Conforme", "Écart"]


def test_etablissement_same_national_identifier_twice(session: Session, place: Any, monde: Any) -> None:
    place.eg.id_nat_struct = "1820000001"
    session.add(place.eg)
    assert par_id(de_l_eg(session, place), "ST3")["etat"] == "Conforme"
    monde.eg("Autre région", id_nat_struct="1820000001", region_source="84")
    monde.eg("Fermé", id_nat_struct="1820000001", region_source="76", date_fermeture=date(2020, 1, 1))
    assert par_id(de_l_eg(session, place), "ST3")["etat"] == "Conforme"
    monde.eg("Doublon", id_nat_struct="1820000001", region_source="76")
    assert par_id(de_l_eg(session, place), "ST3")["etat"] == "Écart"


def test_etablissement_recency_national_and_whole(session: Session, place: Any, monde: Any) -> None:
    for rang in range(7):
        offre = monde.offre(place.eg, nom=f"Offre {rang}", jours=30 if rang < 2 else 400)
        offre.date_mise_jour = offre.date_validation
    session.flush()
    vue = de_l_eg(session, place)
    assert (vue.recence.etat, vue.recence.a_jour, vue.recence.total) == ("Conforme", 2, 8)
    assert vue.recence.texte == "2 sur 8 mises à jour depuis un an, il en faut 2."
    place.offre.date_mise_jour = datetime(2026, 11, 1, tzinfo=UTC)
    session.add(place.offre)
    assert de_l_eg(session, place).recence.texte.startswith("3 sur 8")


def test_etablissement_more_than_a_hundred_offers_says_how_many_others(
    session: Session, place: Any, monde: Any
) -> None:
    for rang in range(AU_PLUS + 3):
        monde.offre(place.eg, nom=f"Offre {rang:03}")
    cp4 = par_id(de_l_eg(session, place), "CP4")
    assert (len(cp4["offres"]), cp4["suite"]) == (AU_PLUS, "et 3 autres")


def test_etablissement_without_any_offer_has_everything_to_do(session: Session, place: Any, monde: Any) -> None:
    ehpad = monde.eg("EHPAD", categorie_eg="500")
    monde.habiliter(place.claire, ehpad)
    vue = exigences.de_l_etablissement(session, place.claire, Cible("etablissement", ehpad.num_finess), JOUR)
    assert (par_id(vue, "CP4")["etat"], vue.recence.etat) == ("Écart", "Conforme")


def test_etablissement_queries_do_not_depend_on_the_offers(
    session: Session, place: Any, monde: Any, compter: Any
) -> None:
    autoriser(session, place.eg.num_finess, ("14", "23"), ("15", "09"))
    with compter() as peu:
        de_l_eg(session, place)
    for _ in range(12):
        une_offre_complete(session, place.eg, monde.oi(place.eg, "UF", "3"))
    with compter() as beaucoup:
        de_l_eg(session, place)
    assert len(beaucoup) == len(peu) <= 12


def _sans_lieu(place: Any) -> Brouillon:
    """The offer gives up its only lieu: what is published must still be read with it."""
    return Brouillon(
        objet=f"offre:{place.offre.identifiant_offre}",
        section="adresse",
        valeurs={"lieu_realisation_offre": []},
        utilisateur_id=place.claire.id,
        modifie=datetime.now(UTC),
    )


def test_what_valider_moves_is_told_with_what_is_published(session: Session, place: Any) -> None:
    cible = Cible("offre", place.offre.identifiant_offre)
    garder(session, _sans_lieu(place))

    lues = exigences.avant_apres(session, dossier.ouvrir(session, place.claire, cible, Geste.LIRE))

    dites = [(b["exigence"], b["avant"], b["apres"]) for b in lues.bascules]
    assert dites == [("CP4", "Conforme", "Écart"), ("RE1.2", "Écart", "Conforme")]  # an update dates the offer
    assert {e["publie"] for e in lues.lignes if e["reference"].startswith("CP4")} == {"Conforme"}


def test_offre_queries_are_few(session: Session, place: Any, monde: Any, compter: Any) -> None:
    ouvert = dossier.ouvrir(session, place.claire, Cible("offre", place.offre.identifiant_offre), Geste.LIRE)
    for _ in range(5):
        une_offre_complete(session, place.eg)
    exigences.de_l_offre(session, ouvert)
    with compter() as sql:
        exigences.de_l_offre(session, ouvert)
    assert len(sql) <= 7  # four, and the rows that the test made SQLAlchemy forget


@pytest.mark.parametrize("finess", ["", "810000505", "' OR 1=1", "x" * 5000])
def test_etablissement_of_somebody_else_is_refused(session: Session, place: Any, monde: Any, finess: str) -> None:
    hugo = monde.acteur("Hugo")
    for cible in (Cible("etablissement", finess), Cible("etablissement", place.eg.num_finess), Cible("", "")):
        with pytest.raises(AccesRefuse):
            exigences.de_l_etablissement(session, hugo, cible)
