"""What is loaded, how it adds up, and that loading again harms nothing."""

import logging
from collections import Counter
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import event
from sqlmodel import Session, SQLModel, col, func, select

from rxror.demonstration.charger import charger
from rxror.demonstration.lire import Contenu, instant, lire
from rxror.ror.fraicheur import Fraicheur, fraicheur_de
from rxror.ror.objets import (
    CapaciteAccueilOperationnelle,
    Contact,
    EntiteGeographique,
    LieuRealisationOffre,
    OffreLieu,
    OffreOperationnelle,
    OrganisationInterne,
    Telecommunication,
)
from rxror.ror.objets.lieu import COURANT, INSTALLE, LIT, PLACE, SAISIE_MANUELLE
from rxror.services import desaccords
from rxror.services.acces import Acteur, Cible, Geste, exiger
from rxror.tables import Action, Brouillon, Habilitation, ReleveFiness, Role, Trace, Utilisateur

AUJOURD_HUI = date(2026, 11, 23)
CH_ALBI = "810000505"
MEDICO_SOCIAUX = sorted(set(lire().par("lieux", "etablissement")) - {CH_ALBI})
# Beds and places CH ALBI declared on 31 December 2023. Source: DREES, SAE 2023, bordereaux MCO, USLD, HAD, REA.
SAE_2023 = {
    ("medecine", LIT): 159, ("medecine", PLACE): 8, ("chirurgie", LIT): 50, ("chirurgie", PLACE): 8,
    ("obstetrique", LIT): 23, ("obstetrique", PLACE): 1, ("usld", LIT): 74, ("had", PLACE): 48,
    ("reanimation", LIT): 8, ("usic", LIT): 6, ("unv", LIT): 6, ("surveillance_continue", LIT): 4, ("uhcd", LIT): 8,
}  # fmt: skip
TABLES = [t for t in SQLModel.metadata.sorted_tables if t.name not in ("concept", "nomenclature", "commune")]


def objets_de(session: Session, classe: Any, finess: str) -> list[Any]:
    return list(session.exec(select(classe).join(EntiteGeographique).where(EntiteGeographique.num_finess == finess)))


def offre(session: Session, identifiant: str) -> OffreOperationnelle:
    return session.exec(select(OffreOperationnelle).where(OffreOperationnelle.identifiant_offre == identifiant)).one()


def contenu_des_tables(session: Session) -> dict[str, list[Any]]:
    session.flush()
    return {t.name: list(session.connection().execute(t.select())) for t in TABLES}


def test_ch_albi_has_8_poles_30_uf_80_offers_45_lieux(demonstration: Session):
    structures = Counter(o.type_oi for o in objets_de(demonstration, OrganisationInterne, CH_ALBI))
    assert structures == {"1": 8, "3": 30}
    offres = objets_de(demonstration, OffreOperationnelle, CH_ALBI)
    assert len(offres) == 80
    assert all(o.organisation_interne_id for o in offres)
    assert len(objets_de(demonstration, LieuRealisationOffre, CH_ALBI)) == 45


def test_poles_hold_the_numbers_of_uf_and_offers_of_the_mock_ups(demonstration: Session):
    structures = {o.id: o for o in demonstration.exec(select(OrganisationInterne))}
    uf = Counter(structures[o.parent_id].nom_oi for o in structures.values() if o.parent_id)
    offres = Counter(
        structures[structures[o.organisation_interne_id].parent_id].nom_oi
        for o in objets_de(demonstration, OffreOperationnelle, CH_ALBI)
    )
    assert {nom: (uf[nom], offres[nom]) for nom in uf} == {
        "Pôle Femme-Mère-Enfant": (5, 12),
        "Pôle Médecine": (6, 16),
        "Pôle Chirurgie et anesthésie": (5, 14),
        "Pôle Urgences et soins critiques": (4, 11),
        "Pôle Gériatrie": (4, 9),
        "Pôle Médico-technique": (3, 8),
        "Pôle Consultations et prévention": (2, 6),
        "Pôle Hospitalisation à domicile": (1, 4),
    }


def test_each_of_ten_medico_social_etablissements_has_two_or_three_offers_of_its_own(demonstration: Session):
    assert len(MEDICO_SOCIAUX) == 10
    for numero in MEDICO_SOCIAUX:
        offres = objets_de(demonstration, OffreOperationnelle, numero)
        assert len(offres) in (2, 3)
        assert all(o.champ_activite == "04" and o.organisation_interne_id is None and o.type_offre for o in offres)
        assert all(o.temporalite_accueil for o in offres if o.mode_prise_en_charge == "46")


def test_installed_beds_and_places_are_those_of_the_sae(demonstration: Session):
    lieux = {o.identifiant: o for o in objets_de(demonstration, LieuRealisationOffre, CH_ALBI)}
    totaux: Counter[tuple[str, str]] = Counter()
    for ligne in lire().lignes("capacites"):
        if ligne["lieu"] in lieux and ligne["statut"] == INSTALLE:
            totaux[ligne["discipline"], ligne["nature"]] += int(ligne["nombre"])
    assert totaux == SAE_2023
    en_base = demonstration.exec(
        select(func.sum(CapaciteAccueilOperationnelle.nombre_capacite)).where(
            col(CapaciteAccueilOperationnelle.lieu_realisation_offre_id).in_([o.id for o in lieux.values()]),
            CapaciteAccueilOperationnelle.statut_capacite == INSTALLE,
            CapaciteAccueilOperationnelle.temporalite_capacite == COURANT,
            CapaciteAccueilOperationnelle.type_source_capacite == SAISIE_MANUELLE,
        )
    ).one()
    assert en_base == sum(SAE_2023.values())


def test_every_offer_has_a_lieu_and_some_lieux_serve_many(demonstration: Session):
    liens = demonstration.exec(select(OffreLieu)).all()
    assert {lien.offre_operationnelle_id for lien in liens} == set(demonstration.exec(select(OffreOperationnelle.id)))
    noms = {o.id: o.nom for o in objets_de(demonstration, LieuRealisationOffre, CH_ALBI)}
    services = Counter(noms[x.lieu_realisation_offre_id] for x in liens if x.lieu_realisation_offre_id in noms)
    assert set(services) == set(noms.values())
    assert services["Gynécologie, 2e étage"] == 4
    assert services["Bloc opératoire central"] == 14


def test_medico_social_accommodation_has_places_on_its_lieux(demonstration: Session):
    installees = set(
        demonstration.exec(
            select(OffreLieu.offre_operationnelle_id)
            .join(
                CapaciteAccueilOperationnelle,
                col(CapaciteAccueilOperationnelle.lieu_realisation_offre_id) == OffreLieu.lieu_realisation_offre_id,
            )
            .where(CapaciteAccueilOperationnelle.nature_capacite == PLACE)
            .where(col(CapaciteAccueilOperationnelle.nombre_capacite) > 0)
        )
    )
    for o in demonstration.exec(select(OffreOperationnelle).where(OffreOperationnelle.champ_activite == "04")):
        assert o.mode_prise_en_charge in ("49", "54") or o.id in installees, o.nom_offre


def test_states_at_ch_albi_are_12_62_and_6(demonstration: Session):
    etats = Counter(
        fraicheur_de(o.date_validation, AUJOURD_HUI) for o in objets_de(demonstration, OffreOperationnelle, CH_ALBI)
    )
    assert etats == {Fraicheur.A_JOUR: 12, Fraicheur.A_REVOIR: 62, Fraicheur.EN_RETARD: 5, Fraicheur.JAMAIS: 1}


def test_states_are_the_same_whatever_the_day_of_the_load():
    offres = [o for o in lire().lignes("offres") if o["rattachement"].startswith("OI")]
    for jour in (AUJOURD_HUI + timedelta(days=j) for j in range(0, 1461, 7)):
        etats = Counter(fraicheur_de(instant(jour, o["jours"]), jour) for o in offres)
        assert etats == {Fraicheur.A_JOUR: 12, Fraicheur.A_REVOIR: 62, Fraicheur.EN_RETARD: 6}, jour


def test_charger_without_a_day_counts_from_today(finess: Session):
    charger(finess)
    validations = [v for v in finess.exec(select(OffreOperationnelle.date_validation)) if v]
    assert max(validations).date() == datetime.now(UTC).date() - timedelta(days=25)


def test_everything_loaded_says_it_is_a_demonstration(demonstration: Session):
    for classe in (OrganisationInterne, LieuRealisationOffre, OffreOperationnelle, Utilisateur):
        assert all(demonstration.exec(select(classe.demonstration))), classe.__name__
    requete = select(EntiteGeographique.num_finess).where(col(EntiteGeographique.demonstration))
    assert list(demonstration.exec(requete)) == ["810005538"]  # its record differs from FINESS on purpose


def test_loading_twice_leaves_the_same_rows(chargee: Session):
    avant = contenu_des_tables(chargee)
    charger(chargee, AUJOURD_HUI + timedelta(days=30))
    assert contenu_des_tables(chargee) == avant


def nouvelle_version(monkeypatch: pytest.MonkeyPatch, changer: Any = None) -> None:
    contenu = lire()
    if changer:
        changer(contenu)
    neuf = Contenu(contenu.fichiers, "0" * 64)
    monkeypatch.setattr("rxror.demonstration.charger.lire", lambda: neuf)


def test_loading_a_new_version_of_the_content_duplicates_nothing(chargee: Session, monkeypatch: pytest.MonkeyPatch):
    avant = {nom: len(lignes) for nom, lignes in contenu_des_tables(chargee).items()}
    nouvelle_version(monkeypatch)
    charger(chargee, AUJOURD_HUI)
    assert {nom: len(lignes) for nom, lignes in contenu_des_tables(chargee).items()} == avant


def test_a_new_version_of_the_content_reaches_the_objects_nobody_touched(
    chargee: Session, monkeypatch: pytest.MonkeyPatch
):
    def renommer(contenu: Contenu) -> None:
        contenu.lignes("offres")[0]["nom"] = "Gynécologie"

    nouvelle_version(monkeypatch, renommer)
    charger(chargee, AUJOURD_HUI)
    assert offre(chargee, "76/0000001").nom_offre == "Gynécologie"
    premiere, seconde = chargee.exec(select(Trace).where(Trace.objet == "offre:76/0000001").order_by(col(Trace.id)))
    assert {(t.nom, t.utilisateur_id, t.action) for t in (premiere, seconde)} == {
        ("Démonstration", None, Action.IMPORT)
    }
    assert (premiere.version_apres, seconde.version_avant, seconde.version_apres) == (1, 1, 2)
    assert [c["champ"] for c in seconde.changements] == ["nom_offre"]

    def renommer_encore(contenu: Contenu) -> None:
        contenu.lignes("offres")[0]["nom"] = "Gynécologie 2"

    nouvelle_version(monkeypatch, renommer_encore)
    monkeypatch.setattr("rxror.demonstration.charger.deja_charge", lambda *_: False)
    charger(chargee, AUJOURD_HUI)
    assert (offre(chargee, "76/0000001").nom_offre, offre(chargee, "76/0000001").version) == ("Gynécologie 2", 3)


def test_each_object_of_the_content_has_one_line_that_tells_all_of_it(chargee: Session):
    lignes = chargee.exec(select(Trace).where(Trace.action == Action.IMPORT, Trace.nom == "Démonstration")).all()
    objets = {t.objet for t in lignes}
    fiches = set(lire().par("fiches", "etablissement"))
    ecrits = sum(len(lire().lignes(f)) for f in ("structures", "lieux", "offres")) + len(fiches)
    assert len(lignes) == len(objets) == ecrits
    (ligne,) = [t for t in lignes if t.objet == "offre:76/0000001"]
    assert {"nom_offre", "contact", "horaire", "lieu_realisation_offre"} <= {c["champ"] for c in ligne.changements}


def _modifier(session: Session) -> None:
    offre(session, "76/0000001").version = 2


def _enregistrer(session: Session) -> None:
    personne = session.exec(select(Utilisateur.id)).first()
    session.add(
        Brouillon(objet="offre:76/0000001", section="contacts", utilisateur_id=personne or 0, modifie=datetime.now(UTC))
    )


def _tracer(session: Session) -> None:
    session.add(Trace(instant=datetime.now(UTC), action=Action.ABANDON, objet="offre:76/0000001"))


@pytest.mark.parametrize("geste", [_modifier, _enregistrer, _tracer])
def test_a_new_version_of_the_content_spares_what_a_person_touched(
    chargee: Session, monkeypatch: pytest.MonkeyPatch, geste: Any
):
    sienne = offre(chargee, "76/0000001")
    sienne.nom_offre = "Le nom d’une personne"
    contact = chargee.exec(select(Contact).where(Contact.offre_operationnelle_id == sienne.id)).first()
    assert contact
    contact.description = "Sa précision"
    geste(chargee)
    chargee.flush()
    nouvelle_version(monkeypatch)
    charger(chargee, AUJOURD_HUI)
    assert offre(chargee, "76/0000001").nom_offre == "Le nom d’une personne"
    chargee.expire_all()
    assert chargee.get_one(Contact, contact.id).description == "Sa précision"


def test_an_offer_a_person_made_is_never_taken_for_ours(finess: Session):
    eg = finess.exec(select(EntiteGeographique)).first()
    assert eg
    finess.add(
        OffreOperationnelle(entite_geographique_id=eg.id or 0, identifiant_offre="76/0000001", nom_offre="La sienne")
    )
    finess.flush()
    charger(finess, AUJOURD_HUI)
    assert offre(finess, "76/0000001").nom_offre == "La sienne"
    assert finess.exec(select(func.count()).select_from(OffreOperationnelle)).one() == 103


def test_an_etablissement_finess_does_not_know_is_skipped_and_tried_again(
    session: Session, caplog: pytest.LogCaptureFixture
):
    with caplog.at_level(logging.WARNING):
        charger(session, AUJOURD_HUI)
        charger(session, AUJOURD_HUI)
    assert caplog.text.count(CH_ALBI) == 2
    assert session.exec(select(OffreOperationnelle)).all() == []
    assert len(session.exec(select(Utilisateur)).all()) == 9


def test_people_have_the_rights_their_role_gives(demonstration: Session):
    def acteur(sub: str) -> Acteur:
        personne = demonstration.exec(select(Utilisateur).where(Utilisateur.sub == sub)).one()
        return Acteur(personne.id or 0, personne.iss, personne.sub, personne.nom_complet)

    roles: dict[str, Counter[Role]] = {}
    habilites = select(Utilisateur.sub, col(Habilitation.role)).join(
        Habilitation, col(Habilitation.utilisateur_id) == Utilisateur.id
    )
    for sub, role in demonstration.exec(habilites):
        roles.setdefault(sub, Counter())[role] += 1
    assert roles == {
        "claire-dumas": {Role.RESPONSABLE_OFFRE: 1},
        "mireille-faure": {Role.REFERENT: 11},
        "samir-costes": {Role.RESPONSABLE_OFFRE: 1},
        "louise-pages": {Role.LECTEUR: 1},
        "nadia-roux": {Role.RESPONSABLE_OFFRE: 1},
        "emile-castan": {Role.RESPONSABLE_OFFRE: 1},
        "odile-marsac": {Role.REFERENT_REGIONAL: 1},
        "bruno-teyssier": {Role.RESPONSABLE_QUALITE: 1},
    }
    gyneco = Cible("offre", "76/0000001")
    assert exiger(demonstration, acteur("claire-dumas"), gyneco, Geste.VALIDER).etablissement.num_finess == CH_ALBI
    assert not exiger(demonstration, acteur("louise-pages"), gyneco, Geste.LIRE).permet(Geste.MODIFIER)
    assert exiger(demonstration, acteur("nadia-roux"), gyneco, Geste.LIRE).permet(Geste.VALIDER)
    assert exiger(demonstration, acteur("emile-castan"), gyneco, Geste.LIRE).gestes == {Geste.LIRE}


def test_numbers_and_domains_are_kept_for_fiction(demonstration: Session):
    moyens = demonstration.exec(select(Telecommunication)).all()
    assert {"2", "3"} <= {moyen.canal for moyen in moyens}
    for moyen in moyens:
        adresse = moyen.adresse_telecom
        if moyen.canal == "2":
            assert adresse.startswith("053649"), adresse
            assert len(adresse) == 10
        else:
            domaine = adresse.split("@")[-1].removeprefix("https://").split("/")[0]
            assert domaine.endswith(".example"), adresse


def test_named_people_are_fictitious_and_hold_no_post_of_direction(demonstration: Session):
    nommes = demonstration.exec(select(Contact).where(col(Contact.nom) != "")).all()
    assert nommes
    assert all(c.fonction_contact in ("03", "05", "22") and c.description == "Personne fictive" for c in nommes)


def test_loading_asks_nothing_for_each_row(finess: Session):
    envoyes: list[str] = []
    moteur = finess.get_bind()

    def noter(*arguments: Any) -> None:
        envoyes.append(arguments[2])

    event.listen(moteur, "before_cursor_execute", noter)
    charger(finess, AUJOURD_HUI)
    event.remove(moteur, "before_cursor_execute", noter)
    assert len([sql for sql in envoyes if sql.startswith("SELECT")]) < 99


def test_the_record_that_differs_from_finess_says_which_value_is_invented(chargee: Session):
    numero = "810005538"
    eg = chargee.exec(select(EntiteGeographique).where(EntiteGeographique.num_finess == numero)).one()
    dit = {"numero_voie": "22", "denomination_eg": "LE PETIT CANTOU"}
    chargee.add(ReleveFiness(finess=numero, jour=date(2021, 1, 8), valeurs=dit))
    chargee.flush()
    personne = chargee.exec(select(Utilisateur).where(Utilisateur.sub == "mireille-faure")).one()
    qui = Acteur(personne.id or 0, personne.iss, personne.sub, personne.nom_complet)
    lus = {d["label"]: d["note"] for d in desaccords.lire(chargee, qui, Cible("etablissement", numero))}
    assert eg.numero_voie == "16"
    assert ("est inventée" in lus["Adresse"], lus["Dénomination"]) == (True, "")
