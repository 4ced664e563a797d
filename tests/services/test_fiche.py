"""The page of an offer or of a lieu: what one reads, what is missing, what one may do, and in how many statements."""

from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from sqlmodel import Session, select

from rxror.ror.erreurs import AccesRefuse
from rxror.ror.objets import CapaciteAccueilOperationnelle, LieuRealisationOffre, OffreLieu
from rxror.ror.typographie import fr
from rxror.services import fiche, modification
from rxror.services.acces import Cible
from rxror.tables import Role
from tests.fabriques import enregistrer, garder, saisie_de, un_enregistrement, un_lieu, une_offre_complete


def cible_de(objet: Any) -> Cible:
    return Cible(objet.GENRE, getattr(objet, "identifiant_offre", None) or objet.identifiant)


def lire(session: Session, place: Any, objet: Any = None, acteur: Any = None) -> fiche.Fiche:
    objet = objet or place.offre
    lecture = fiche.lire_offre if objet.GENRE == "offre" else fiche.lire_lieu
    return lecture(session, acteur or place.claire, cible_de(objet))


def lieu_de(session: Session) -> LieuRealisationOffre:
    return session.exec(select(LieuRealisationOffre)).first()  # type: ignore[return-value]


def fait(lue: fiche.Fiche, champ: str) -> Any:
    return next((f for s in lue.sections for f in s["faits"] if f["champ"] == champ), None)


@pytest.fixture
def lecteur(place: Any, monde: Any) -> Any:
    acteur = monde.acteur("Louise Lecteur")
    monde.habiliter(acteur, place.eg, Role.LECTEUR)
    return acteur


# ------------------------------------------------------------------------ what one reads


def test_lire_offre_reads_its_sections_in_order_with_the_address_of_each_form(session: Session, place: Any) -> None:
    lue = lire(session, place)
    assert [s["cle"] for s in lue.sections] == [
        "informations_generales",
        "informations_complementaires",
        "accueil",
        "patientele",
        "specificites",
        "adresse",
        "contacts",
        "horaires",
        "boites_mss",
        "fermeture",
        "commentaire",
    ]
    for section in lue.sections:
        attendue = (
            ""
            if section["cle"] in ("informations_complementaires", "fermeture")
            else f"/offre/{place.offre.identifiant_offre}/modifier/{section['cle']}"
        )
        assert section["modifier"] == attendue
    assert (lue.nom, lue.modifiable, lue.manques) == ("Gynécologie, hospitalisation complète", True, [])


def test_lire_offre_gives_to_others_only_the_sections_that_say_something(session: Session, place: Any) -> None:
    def donnees() -> set[str]:
        sections = lire(session, place).sections
        return {s["cle"] for s in sections if any("appliquer" in geste["url"] for geste in s["gestes"])}

    assert {"contacts", "patientele"} <= donnees()
    assert "commentaire" not in donnees()
    enregistrer(session, place.claire, place.offre, "commentaire", commentaire="Sonner deux fois.")
    assert "commentaire" in donnees()


def test_lire_offre_names_what_is_above(session: Session, place: Any, monde: Any) -> None:
    uf = monde.oi(place.eg, "UF Gynécologie", "3", monde.oi(place.eg, "Pôle femme", "1"))
    lue = lire(session, place, une_offre_complete(session, place.eg, uf, nom_offre="HDJ"))
    assert lue.surtitre == "Offre de l’UF Gynécologie"
    assert [m["nom"] for m in lue.chemin] == ["CH ALBI", "femme", "Gynécologie", "HDJ"]
    assert [m["url"] for m in lue.chemin][0::3] == [f"/etablissement/{place.eg.num_finess}", ""]
    assert fait(lue, "rattachement")["lignes"][0]["texte"] == "UF Gynécologie"


def test_lire_offre_shows_the_brouillon_and_what_is_published(session: Session, place: Any) -> None:
    enregistrer(session, place.mireille, place.offre, "informations_generales", nom_offre="Gynécologie HC")
    lue = lire(session, place)
    section = lue.sections[0]
    assert lue.nom == "Gynécologie HC"
    assert "Mireille Faure" in section["brouillon"]
    assert section["brouillon"].endswith("à valider")
    nom = fait(lue, "nom_offre")
    assert (nom["modifie"], nom["avant"]) == (True, "Gynécologie, hospitalisation complète")
    assert "à valider" in lue.brouillon


def test_lire_offre_puts_empty_facts_in_one_line(session: Session, place: Any) -> None:
    specificites = next(s for s in lire(session, place).sections if s["cle"] == "specificites")
    assert "Actes spécifiques" in specificites["vides"]
    assert all(f["lignes"] for f in specificites["faits"])


def test_lire_offre_lists_its_lieux_with_their_beds(session: Session, place: Any) -> None:
    lieu = lieu_de(session)
    garder(
        session,
        CapaciteAccueilOperationnelle(
            lieu_realisation_offre_id=lieu.id,
            nature_capacite="02",
            statut_capacite="05",
            temporalite_capacite="01",
            nombre_capacite=2,
        ),
    )
    (lu,) = lire(session, place).lieux
    assert lu["detail"] == "Hébergement MCO, 12 lits installés, 2 places fermées"
    assert lu["adresse"] == "22 BD SIBILLE, 81013 ALBI CEDEX 9"
    assert (lu["sert"], lu["url"]) == (
        "sert 1 offre",
        f"/lieu/{lieu.identifiant}?offre={place.offre.identifiant_offre.replace('/', '%2F')}",
    )


def test_lire_offre_shows_a_lieu_attached_in_the_brouillon_and_not_the_one_detached(
    session: Session, place: Any
) -> None:
    ancien, neuf = lieu_de(session), un_lieu(session, place.eg, nom="Neuf")
    enregistrer(session, place.claire, place.offre, "adresse", **{f"lieu_realisation_offre.{neuf.identifiant}": "oui"})
    assert {li["nom"] for li in lire(session, place).lieux} == {ancien.nom, "Neuf"}
    saisie, jalon = saisie_de(session, place.claire, place.offre, "adresse")
    saisie.pop(f"lieu_realisation_offre.{ancien.identifiant}")
    modification.enregistrer(session, place.claire, un_enregistrement(place.offre, "adresse", saisie, jalon))
    assert [li["nom"] for li in lire(session, place).lieux] == ["Neuf"]


@pytest.mark.parametrize(
    ("jours", "etat", "sorte"),
    [
        (None, "Jamais validée", "retard"),
        (1, "À jour", "ajour"),
        (330, "À revoir", "revoir"),
        (400, "En retard", "retard"),
    ],
)
def test_lire_offre_says_how_fresh_it_is(
    session: Session, place: Any, jours: int | None, etat: str, sorte: str
) -> None:
    place.offre.date_validation = None if jours is None else datetime.now(UTC) - timedelta(days=jours)
    session.flush()
    lue = lire(session, place)
    assert (lue.etat, lue.sorte) == (etat, sorte)
    assert bool(lue.quand) is (jours is not None)


def test_closed_offre_says_since_when(session: Session, place: Any) -> None:
    place.offre.date_fermeture, place.offre.type_fermeture = date(2026, 1, 1), "DEF"
    session.flush()
    lue = lire(session, place)
    assert (lue.etat, lue.quand) == ("Fermée définitivement", "le 1er\u00a0janvier\u00a02026")


def test_offre_without_anything_is_read_with_all_that_it_misses(session: Session, place: Any, monde: Any) -> None:
    nue = monde.offre(place.eg, nom="", jours=None)
    lue = lire(session, place, nue)
    assert lue.nom == "Sans nom"
    assert lue.lieux == []
    assert {m["bloque"] for m in lue.manques} == {True, False}


def test_name_with_html_or_dashes_is_read_as_typed(session: Session, place: Any) -> None:
    for nom in ("<img src=x onerror=alert(1)>", "UHCD-AL-81"):
        enregistrer(session, place.claire, place.offre, "informations_generales", nom_offre=nom)
        assert lire(session, place).nom == nom
        assert fait(lire(session, place), "nom_offre")["lignes"][0]["texte"] == nom


# ------------------------------------------------------------------------ what is missing


@pytest.mark.parametrize(
    ("section", "changements", "chemin"),
    [
        ("informations_generales", {"nom_offre": ""}, "nom_offre"),
        ("accueil", {"type_offre": ""}, "type_offre"),
    ],
)
def test_each_manque_leads_to_the_very_field(
    session: Session, place: Any, section: str, changements: dict[str, str], chemin: str
) -> None:
    enregistrer(session, place.claire, place.offre, section, **changements)
    (manque,) = lire(session, place).manques
    assert manque["url"] == f"/offre/{place.offre.identifiant_offre}/modifier/{section}#{chemin}"
    assert manque["poids"] == ("Bloque la validation" if manque["bloque"] else "À corriger, ne bloque pas")


def test_manque_of_a_lieu_leads_to_its_own_form_and_back_to_the_offre(session: Session, place: Any) -> None:
    lieu = lieu_de(session)
    lieu.commune_cog = ""
    session.flush()
    (manque,) = lire(session, place).manques
    assert manque["texte"].startswith(fr(f"Lieu {lieu.nom} : "))
    offre = place.offre.identifiant_offre.replace("/", "%2F")
    assert manque["url"] == f"/lieu/{lieu.identifiant}/modifier/adresse?offre={offre}#commune_cog"


def test_unreadable_text_is_a_manque_that_blocks(session: Session, place: Any) -> None:
    cle = session.connection().exec_driver_sql("select id from patientele").scalar()
    enregistrer(session, place.claire, place.offre, "patientele", **{f"patientele.{cle}.age_max": "cent vingt"})
    (manque,) = lire(session, place).manques
    assert manque["bloque"]
    assert "cent vingt" in manque["texte"]
    assert manque["url"].endswith(f"/modifier/patientele#patientele.{cle}.age_max")


def test_blocking_manques_come_first(session: Session, place: Any) -> None:
    enregistrer(session, place.claire, place.offre, "accueil", type_offre="")
    lieu_de(session).commune_cog = ""
    session.flush()
    assert [m["bloque"] for m in lire(session, place).manques] == [True, False]


# --------------------------------------------------------------------------- who reads


def test_lecteur_reads_everything_and_is_offered_no_form(session: Session, place: Any, lecteur: Any) -> None:
    enregistrer(session, place.claire, place.offre, "informations_generales", nom_offre="")
    lue = lire(session, place, acteur=lecteur)
    assert lue.modifiable is False
    assert [s["modifier"] for s in lue.sections] == [""] * len(lue.sections)
    assert [m["url"] for m in lue.manques] == [""]
    lieu = lire(session, place, lieu_de(session), lecteur)
    assert [s["modifier"] for s in lieu.sections] == [""] * len(lieu.sections)


def test_who_has_no_right_reads_nothing(session: Session, place: Any, monde: Any) -> None:
    etranger = monde.acteur("Hugo")
    monde.habiliter(etranger, monde.eg("AUTRE"))
    for objet in (place.offre, lieu_de(session)):
        with pytest.raises(AccesRefuse):
            lire(session, place, objet, etranger)
    with pytest.raises(AccesRefuse):
        fiche.lire_confirmation(session, etranger, cible_de(place.offre))


def test_lire_confirmation_says_who_and_when_or_nobody(session: Session, place: Any) -> None:
    confirmation = fiche.lire_confirmation(session, place.claire, cible_de(place.offre))
    assert (confirmation.quand, confirmation.par) == (None, "")
    place.offre.date_validation, place.offre.validateur = datetime(2026, 11, 23, 9, tzinfo=UTC), "Claire Dumas"
    session.flush()
    confirmation = fiche.lire_confirmation(session, place.claire, cible_de(place.offre))
    assert (confirmation.quand, confirmation.par) == (place.offre.date_validation, "Claire Dumas")


def test_lire_confirmation_of_a_lieu_without_validation_says_so(session: Session, place: Any) -> None:
    assert fiche.lire_confirmation(session, place.claire, cible_de(lieu_de(session))).quand is None


# ---------------------------------------------------------------------------- the lieu


def test_lire_lieu_says_the_offres_that_it_serves(session: Session, place: Any) -> None:
    lieu = lieu_de(session)
    autre = une_offre_complete(session, place.eg, nom_offre="Autre")
    garder(session, OffreLieu(offre_operationnelle_id=autre.id, lieu_realisation_offre_id=lieu.id))
    lue = lire(session, place, lieu)
    assert [o["nom"] for o in lue.sert] == ["Autre", "Gynécologie, hospitalisation complète"]
    assert lue.surtitre == "Lieu de CH ALBI, Hébergement MCO"
    assert fait(lue, "commune_cog")["lignes"][0]["texte"] == "Albi (81004)"


@pytest.mark.parametrize(("depuis", "suite"), [("76/0000009", "/offre/76/0000009"), ("", None)])
def test_lire_lieu_goes_back_to_the_offre_one_comes_from(
    session: Session, place: Any, depuis: str, suite: str | None
) -> None:
    lue = fiche.lire_lieu(session, place.claire, cible_de(lieu_de(session)), depuis)
    assert lue.url_suite == (suite or f"/offre/{place.offre.identifiant_offre}")


def test_lire_lieu_that_serves_nobody_leads_nowhere(session: Session, place: Any) -> None:
    seul = un_lieu(session, place.eg, nom="", fonction_lieu="")
    lue = lire(session, place, seul)
    assert (lue.sert, lue.url_suite, lue.nom) == ([], "", seul.identifiant)


def test_lieu_that_is_only_an_address_has_neither_beds_nor_equipment(session: Session, place: Any) -> None:
    adresse = un_lieu(session, place.eg, fonction_lieu="005")
    assert {s["cle"] for s in lire(session, place, adresse).sections}.isdisjoint({"capacitaire", "equipements"})


def test_lieu_shows_its_brouillon_in_the_offre_it_serves(session: Session, place: Any) -> None:
    enregistrer(session, place.claire, lieu_de(session), "informations_generales", nom="Autre nom")
    lue = lire(session, place)
    assert (lue.lieux[0]["nom"], lue.lieux[0]["etat"]) == ("Autre nom", "Enregistré, à valider")
    assert "à valider" in lue.brouillon


# ------------------------------------------------------------------------- statements


def test_lire_offre_sends_ten_statements_at_most_however_many_lieux_and_offres(
    session: Session, place: Any, monde: Any, compter: Any
) -> None:
    enregistrer(session, place.claire, place.offre, "informations_generales", nom_offre="X")
    lieu = lieu_de(session)
    enregistrer(session, place.claire, lieu, "informations_generales", nom="Y")

    def mesurer() -> int:
        with compter() as sql:
            lire(session, place)
        return len(sql)

    seule = mesurer()
    for _ in range(4):
        voisine = une_offre_complete(session, place.eg)
        garder(session, OffreLieu(offre_operationnelle_id=voisine.id, lieu_realisation_offre_id=lieu.id))
    for _ in range(4):
        neuf = un_lieu(session, place.eg)
        garder(session, OffreLieu(offre_operationnelle_id=place.offre.id, lieu_realisation_offre_id=neuf.id))
        enregistrer(session, place.mireille, neuf, "informations_generales", nom="Z")
    assert mesurer() == seule <= 10


def test_lire_lieu_sends_ten_statements_at_most_however_many_offres(session: Session, place: Any, compter: Any) -> None:
    lieu = lieu_de(session)
    enregistrer(session, place.claire, lieu, "informations_generales", nom="Y")

    def mesurer() -> int:
        with compter() as sql:
            lire(session, place, lieu)
        return len(sql)

    seule = mesurer()
    for _ in range(4):
        voisine = une_offre_complete(session, place.eg)
        garder(session, OffreLieu(offre_operationnelle_id=voisine.id, lieu_realisation_offre_id=lieu.id))
    assert mesurer() == seule <= 10
