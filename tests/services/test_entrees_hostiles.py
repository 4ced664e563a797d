"""Bad input, sent as a page sends it: refused beside its field in French, and the rest of what was typed is kept."""

from datetime import UTC, datetime
from typing import Any
from uuid import uuid4

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from pydantic import ValidationError
from sqlmodel import Session, SQLModel, delete, select

from rxror.ror.champs import groupes_de
from rxror.ror.erreurs import AccesRefuse
from rxror.ror.nomenclatures import Commune, Concept, Nomenclature
from rxror.ror.objets import (
    EntiteGeographique,
    LieuRealisationOffre,
    OffreLieu,
    OffreOperationnelle,
    OrganisationInterne,
)
from rxror.ror.saisie import LIGNES_MAXIMUM
from rxror.services import contenu, dossier, modification, nomenclatures, validation
from rxror.services.acces import IDENTIFIANTS, Cible, Geste
from rxror.services.modification import Enregistrement
from rxror.services.section_ouverte import MODIFIABLES
from rxror.tables import Brouillon, Trace
from tests.fabriques import enregistrer, saisie_de, un_enregistrement, un_lieu, une_validation
from tests.ror.test_saisie import CODES, SECTIONS, valeurs_de

NOMS_ETRANGES = ["<script>alert(1)</script>", "=cmd|' /C calc'!A0", "👩\u200d⚕\ufe0f Gynécologie", "a' OR 1=1 --"]


def brouillon_de(session: Session, section: str) -> Brouillon:
    return session.exec(select(Brouillon).where(Brouillon.section == section)).one()


# ------------------------------------------------------------------- one field at a time


@pytest.mark.parametrize("nom", NOMS_ETRANGES)
def test_a_text_is_a_text(session: Session, place: Any, nom: str) -> None:
    reponse = enregistrer(session, place.claire, place.offre, "informations_generales", nom_offre=nom)
    assert "nom_offre" not in reponse.erreurs
    assert brouillon_de(session, "informations_generales").valeurs == {"nom_offre": nom}


@pytest.mark.parametrize(
    ("nom", "mot"),
    [
        ("a" * 256, "255 caractères au plus"),
        ("🙂" * 300, "255 caractères au plus"),
        ("CH \u202eIBLA", "sens de lecture"),
    ],
)
def test_a_name_too_long_or_turned_round_is_refused_beside_it(session: Session, place: Any, nom: str, mot: str) -> None:
    reponse = enregistrer(
        session, place.claire, place.offre, "informations_generales", nom_offre=nom, unite_sensible="oui"
    )
    assert mot in reponse.erreurs["nom_offre"].replace("\u00a0", " ")
    garde = brouillon_de(session, "informations_generales")
    assert (garde.illisibles, garde.valeurs) == ({"nom_offre": nom}, {"unite_sensible": True})
    rouverte = modification.ouvrir(
        session, place.claire, Cible("offre", place.offre.identifiant_offre), "informations_generales"
    )
    assert rouverte.form.valeurs["nom_offre"] == nom
    assert mot in rouverte.erreurs["nom_offre"].replace("\u00a0", " ")


@pytest.mark.parametrize(
    ("champ", "texte", "mot"),
    [
        ("age_min", "-3", "positif"),
        ("age_min", "quinze", "nombre entier"),
        ("age_min", "1e3", "nombre entier"),
        ("age_min", "९", "nombre entier"),
        ("age_min", "9" * 30, "nombre entier"),
        ("age_max_unite", "h", "de la liste"),
        ("age_max_unite", "01", "de la liste"),
    ],
)
def test_a_wrong_age_is_refused_beside_it_and_the_other_kept(
    session: Session, place: Any, champ: str, texte: str, mot: str
) -> None:
    saisie, _ = saisie_de(session, place.claire, place.offre, "patientele")
    prefixe = next(n for n in saisie if n.endswith(".age_min")).removesuffix("age_min")
    autre = "age_max" if champ == "age_min" else "age_min"
    reponse = enregistrer(
        session, place.claire, place.offre, "patientele", **{prefixe + champ: texte, prefixe + autre: "42"}
    )
    assert mot in reponse.erreurs[prefixe + champ]
    garde = brouillon_de(session, "patientele")
    assert garde.illisibles == {prefixe + champ: texte}
    assert garde.valeurs["patientele"][0][autre] == 42


@pytest.mark.parametrize("code", ["022", "0013", "999", "oui", "", "155' --", "../x"])
def test_a_code_of_another_list_is_refused_and_the_right_ones_kept(session: Session, place: Any, code: str) -> None:
    reponse = enregistrer(
        session,
        place.claire,
        place.offre,
        "accueil",
        **{f"modalite_accueil.{code}": "oui", "modalite_accueil.04": "oui"},
    )
    assert reponse.erreurs["modalite_accueil"] == "Choisissez une réponse de la liste."
    assert brouillon_de(session, "accueil").valeurs["modalite_accueil"] == ["03", "04"]


def test_a_retired_code_is_refused_by_its_name(session: Session, place: Any) -> None:
    reponse = enregistrer(session, place.claire, place.offre, "accueil", **{"modalite_accueil.12": "oui"})
    assert "n’est plus en vigueur" in reponse.erreurs["modalite_accueil"]


@pytest.mark.parametrize(("texte", "mot"), [("-1", "positif"), ("douze", "nombre entier"), ("12,5", "nombre entier")])
def test_a_wrong_number_of_beds_is_refused_beside_it(session: Session, place: Any, texte: str, mot: str) -> None:
    lieu = session.exec(select(LieuRealisationOffre)).first()
    saisie, _ = saisie_de(session, place.claire, lieu, "capacitaire")
    chemin = next(n for n in saisie if n.endswith(".nombre_capacite"))
    reponse = enregistrer(session, place.claire, lieu, "capacitaire", **{chemin: texte})
    assert mot in reponse.erreurs[chemin]
    assert brouillon_de(session, "capacitaire").illisibles == {chemin: texte}


@pytest.mark.parametrize("code", ["99999", "81000", "Albi", "2C004", "٨١٠٠٤"])
def test_an_unknown_commune_is_refused_beside_it_and_the_street_kept(session: Session, place: Any, code: str) -> None:
    lieu = session.exec(select(LieuRealisationOffre)).first()
    reponse = enregistrer(session, place.claire, lieu, "adresse", commune_cog=code, libelle_voie="TEULIER")
    assert "code officiel géographique" in reponse.erreurs["commune_cog"]
    garde = brouillon_de(session, "adresse")
    assert garde.illisibles == {"commune_cog": code}
    assert garde.valeurs["libelle_voie"] == "TEULIER"


def test_a_lieu_of_another_etablissement_is_refused_and_one_of_ours_kept(
    session: Session, place: Any, monde: Any
) -> None:
    ailleurs = un_lieu(session, monde.eg("CH CASTRES"))
    ici = un_lieu(session, place.eg, nom="Consultations")
    reponse = enregistrer(
        session,
        place.claire,
        place.offre,
        "adresse",
        **{f"lieu_realisation_offre.{lieu.identifiant}": "oui" for lieu in (ailleurs, ici)},
    )
    assert reponse.erreurs["lieu_realisation_offre"] == "Ce lieu n’est pas de cet établissement."
    gardes = brouillon_de(session, "adresse").valeurs["lieu_realisation_offre"]
    assert ici.identifiant in gardes
    assert ailleurs.identifiant not in gardes


@pytest.mark.parametrize("nombre", [LIGNES_MAXIMUM + 1, 300])
def test_too_many_contacts_are_told_and_the_first_ones_kept(session: Session, place: Any, nombre: int) -> None:
    lignes = {f"contact.n{n}": "1" for n in range(nombre)} | {f"contact.n{n}.nom": f"Agent {n}" for n in range(nombre)}
    lignes |= {f"contact.n{n}.qui": "personne" for n in range(nombre)}
    reponse = enregistrer(session, place.claire, place.offre, "contacts", **lignes)
    assert f"{LIGNES_MAXIMUM} lignes au plus" in reponse.erreurs["contact"].replace("\u00a0", " ")
    gardes = brouillon_de(session, "contacts").valeurs["contact"]
    assert len(gardes) == LIGNES_MAXIMUM
    assert "Agent 0" in {c["nom"] for c in gardes}


def test_ten_thousand_contacts_are_no_form_of_ours(session: Session, place: Any) -> None:
    with pytest.raises(ValidationError):
        un_enregistrement(place.offre, "contacts", {f"contact.n{n}": "1" for n in range(10_000)})
    assert session.exec(select(Trace)).all() == []


@pytest.mark.parametrize("texte", ["a" * (6 * modification.COMMUNES_MAXIMUM + 1), "\ud800"], ids=["long", "surrogate"])
def test_a_text_that_no_form_sends_is_refused_whole(place: Any, texte: str) -> None:
    with pytest.raises(ValidationError):
        un_enregistrement(place.offre, "informations_generales", {"nom_offre": texte})


def test_a_frozen_field_says_why_and_stays(session: Session, place: Any) -> None:
    reponse = enregistrer(session, place.claire, place.offre, "informations_generales", champ_activite="04")
    assert "créez une nouvelle offre" in reponse.erreurs["champ_activite"]
    assert session.exec(select(Brouillon)).all() == []


# --------------------------------------------------------- resubmitted as it was displayed


@pytest.fixture
def listes(session: Session, place: Any) -> Any:
    """Only the short lists of the builders, two communes and two lieux: any of their values can be published."""
    session.exec(delete(Concept))
    for jdv, codes in CODES.items():
        session.merge(Nomenclature(jdv=jdv, identifiant=jdv, titre=jdv, charge=datetime.now(UTC)))
        session.flush()
        session.add_all(Concept(jdv=jdv, cle=c, code=c, libelle=f"Libellé {c}") for c in codes.split())
    for code in ("2A004", "01001", "97411"):
        session.add(Commune(code_insee=code, nom=code, code_postal="0", departement="", region="", recherche="x"))
    for identifiant in ("L1", "L2-a"):
        un_lieu(session, place.eg, identifiant=identifiant)
    session.flush()
    nomenclatures.oublier()
    yield place
    nomenclatures.oublier()


def objet_de(session: Session, place: Any, monde: Any, classe: type[SQLModel]) -> Any:
    if classe is EntiteGeographique:
        return place.eg
    if classe is OrganisationInterne:
        return monde.oi(place.eg, "UF Gynécologie", "3")
    return place.offre if classe is OffreOperationnelle else un_lieu(session, place.eg)


@pytest.mark.parametrize("classe", MODIFIABLES, ids=lambda c: c.GENRE)
def test_what_is_displayed_and_sent_back_changes_nothing(
    session: Session, listes: Any, monde: Any, classe: Any
) -> None:
    objet = objet_de(session, listes, monde, classe)
    cible = Cible(classe.GENRE, str(getattr(objet, IDENTIFIANTS[classe.GENRE].key)))

    @settings(
        max_examples=6, phases=[Phase.generate], database=None, deadline=None, suppress_health_check=list(HealthCheck)
    )
    @given(st.data())
    def renvoyer(donnees: Any) -> None:
        essai = session.begin_nested()
        try:
            for section in (cle for c, cle in SECTIONS if c is classe):
                publier(session, objet, donnees.draw(valeurs_de(classe, section), label=section))
                renvoyer_la_section(session, listes.claire, cible, section)
        finally:
            essai.rollback()

    renvoyer()


def renvoyer_la_section(session: Session, acteur: Any, cible: Cible, section: str) -> None:
    """Open a section and send it back as a browser does: what is not shown sends nothing."""
    try:
        ouverte = modification.ouvrir(session, acteur, cible, section)
    except AccesRefuse:  # this object does not show that section
        return
    lignes = {f"{chemin}.{cle}": "1" for chemin, cles in ouverte.form.lignes.items() for cle in cles}
    cachees = tuple(chemin for chemin, vu in ouverte.visibles.items() if vu is False)
    saisie = {
        chemin: texte.replace("\n", "\r\n")
        for chemin, texte in {**lignes, **ouverte.form.valeurs}.items()
        if not any(chemin == c or chemin.startswith(c + ".") for c in cachees)
    }
    demande = Enregistrement(
        genre=cible.genre,
        identifiant=cible.identifiant,
        section=section,
        base=ouverte.base,
        cle=uuid4(),
        saisie=saisie,
    )
    reponse = modification.enregistrer(session, acteur, demande)
    assert not reponse.change, session.exec(select(Brouillon)).all()
    assert session.exec(select(Brouillon)).all() == []
    assert session.exec(select(Trace)).all() == []


def publier(session: Session, objet: Any, valeurs: dict[str, Any]) -> None:
    """Write values as « Valider » does; no rule lets the question of the unité sensible be without answer."""
    classe = type(objet)
    if valeurs.get("unite_sensible", False) is None:
        valeurs["unite_sensible"] = False
    publiees = contenu.lire(session, classe, [objet])[objet.id]
    for nom, valeur in contenu.colonnes_changees(classe, publiees, {**publiees, **valeurs}).items():
        setattr(objet, nom, valeur)
    parties = {n: v for n, v in valeurs.items() if n in groupes_de(classe) or n == "lieu_realisation_offre"}
    contenu.ecrire_les_parties(session, objet, publiees, parties)
    session.flush()
    session.expire_all()


# ------------------------------------------------------------ whatever is saved, then validated

TEXTES = [
    *("", "0", "-1", "15", "200", "oui", "non", "a" * 300, "CH \u202eIBLA", *NOMS_ETRANGES),
    *("01", "03", "04", "07", "1", "2", "3", "022", "157", "a", "d", "h", "81004", "2A004", "99999", "05", "service"),
    *("0536491208", "05", "nom@exemple.fr", "https://a.example", "personne", "2026-11-23", "31/02/2026", "25:00"),
]


@pytest.mark.parametrize("classe", [OffreOperationnelle, LieuRealisationOffre], ids=lambda c: c.GENRE)
def test_no_sequence_of_saves_and_validations_publishes_what_a_blocking_rule_refuses(
    session: Session, listes: Any, monde: Any, classe: Any
) -> None:
    lieu = session.exec(select(LieuRealisationOffre).join(OffreLieu)).one()
    objet = lieu if classe is LieuRealisationOffre else listes.offre
    sections = [cle for c, cle in SECTIONS if c is classe]
    gestes = st.tuples(st.sampled_from(sections), st.integers(0, 400), st.sampled_from(TEXTES), st.booleans())

    @settings(
        max_examples=20, phases=[Phase.generate], database=None, deadline=None, suppress_health_check=list(HealthCheck)
    )
    @given(st.lists(gestes, min_size=1, max_size=6))
    def jouer(suite: list[Any]) -> None:
        essai = session.begin_nested()
        try:
            for section, rang, texte, retirer in suite:
                changer_un_champ(session, listes.claire, objet, section, rang, texte, retirer=retirer)
                valider_si_possible(session, listes)
        finally:
            essai.rollback()

    jouer()


def changer_un_champ(
    session: Session, acteur: Any, objet: Any, section: str, rang: int, texte: str, *, retirer: bool
) -> None:
    """Type one text in one field of a section, or take that field away, then « Enregistrer »."""
    try:
        saisie, base = saisie_de(session, acteur, objet, section)
    except AccesRefuse:  # the section is not shown
        return
    if saisie:
        chemin = sorted(saisie)[rang % len(saisie)]
        saisie = {c: t for c, t in saisie.items() if c != chemin} if retirer else {**saisie, chemin: texte}
    modification.enregistrer(session, acteur, un_enregistrement(objet, section, saisie, base))


def valider_si_possible(session: Session, place: Any) -> None:
    cible = Cible(OffreOperationnelle.GENRE, place.offre.identifiant_offre)
    vu = validation.preparer(session, place.claire, cible).vu
    if validation.valider(session, place.claire, une_validation(place.offre, vu)):
        return
    session.flush()
    session.expire_all()
    ouvert = dossier.ouvrir(session, place.claire, cible, Geste.VALIDER)
    assert [a for a in ouvert.anomalies() if a.bloque] == []
    assert not any(piece.brouillons for piece in ouvert.pieces)
