"""« C’est à jour » on a card: what is shown, what is confirmed, by whom, and how it is taken back."""

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from types import SimpleNamespace
from typing import Any
from uuid import uuid4

import pytest
from sqlmodel import Session, col, select

from rxror.ror.dates import aujourd_hui, utc
from rxror.ror.erreurs import AccesRefuse, Conflit, SaisieInvalide
from rxror.ror.fraicheur import tout_est_a_relire, vient_d_etre_relu
from rxror.ror.objets import LieuRealisationOffre, OffreLieu, OffreOperationnelle
from rxror.ror.reperes import identifiant_de
from rxror.services import dossier, dossiers, validation
from rxror.services.acces import Acteur, Cible, Geste
from rxror.services.cartes import Carte, cartes
from rxror.services.confirmation import (
    CHANGE,
    Confirmer,
    ConfirmerPlusieurs,
    ObjetLu,
    confirmer,
    confirmer_plusieurs,
)
from rxror.services.dedit import Dedire, a_dedire, dedire
from rxror.tables import Action, Confirmation, Habilitation, Portee, ReglageEtablissement, Role, Trace, WebSession
from tests.fabriques import enregistrer, garder, une_offre_complete, une_validation
from tests.services.conftest import Monde
from tests.services.test_versions import Temoin, valider

IL_Y_A_UN_AN = datetime.now(UTC) - timedelta(days=340)


@pytest.fixture
def place(place: SimpleNamespace, session: Session) -> SimpleNamespace:
    """The offer and its lieu were validated a year ago; Claire is signed in."""
    place.lieu = session.exec(select(LieuRealisationOffre)).one()
    for objet in (place.offre, place.lieu):
        objet.date_validation = objet.date_mise_jour = IL_Y_A_UN_AN
        objet.validateur = "Un ancien"
    place.claire = signe(session, place.claire)
    session.flush()
    return place


def signe(session: Session, acteur: Acteur) -> Acteur:
    """The same person, with a web session of their own."""
    empreinte = uuid4().hex * 2
    instant = datetime.now(UTC) - timedelta(minutes=5)
    garder(session, WebSession(empreinte=empreinte, utilisateur_id=acteur.id, debut=instant, vue=instant))
    return replace(acteur, empreinte=empreinte)


def une_carte(session: Session, acteur: Acteur, objet: Any, jour: date | None = None) -> Carte:
    cible = Cible(objet.GENRE, identifiant_de(objet))
    return cartes(session, acteur, [cible], jour)[cible.cle]


def demande_de(carte: Carte, cle: Any = None) -> Confirmer:
    return Confirmer(genre=carte.genre, identifiant=carte.identifiant, vu=carte.vu, cle=cle or uuid4())


def lu(carte: Carte) -> ObjetLu:
    return ObjetLu(genre=carte.genre, identifiant=carte.identifiant, vu=carte.vu)


def confirmees(session: Session) -> list[Confirmation]:
    return list(session.exec(select(Confirmation).order_by(col(Confirmation.id))))


# --------------------------------------------------------------------------------- what is shown


def test_a_card_shows_what_one_asserts_and_folds_what_is_stable(session: Session, place: SimpleNamespace) -> None:
    carte = une_carte(session, place.claire, place.offre)

    assert [f["champ"] for f in carte.faits] == [
        "mode_prise_en_charge",
        "modalite_accueil",
        "age_min",
        "age_max",
        "activite_operationnelle",
        "contact",
    ]
    assert {"champ_activite", "type_offre", "public_pris_en_charge"} <= {f["champ"] for f in carte.stables}
    (lieu,) = carte.lieux
    assert [(f["champ"], f["lignes"][0]["texte"]) for f in lieu.faits] == [
        ("capacite_accueil_operationnelle", "12 lits installés")
    ]
    assert (carte.nom, carte.a_valider, carte.complete) == ("Gynécologie, hospitalisation complète", True, False)


def test_what_is_contested_or_required_and_empty_is_never_folded(session: Session, place: SimpleNamespace) -> None:
    place.offre.type_offre = "pas-un-code"
    place.offre.champ_activite = ""
    session.flush()

    carte = une_carte(session, place.claire, place.offre)

    faits = {f["champ"]: f for f in carte.faits}
    assert faits["type_offre"]["points"]
    assert "champ_activite" in faits
    assert {"type_offre", "champ_activite"}.isdisjoint(f["champ"] for f in carte.stables)
    assert carte.bloquants


def test_what_changed_in_several_publications_is_shown_too(session: Session, place: SimpleNamespace) -> None:
    def publications(n: int, jours: int) -> None:
        for _ in range(n):
            garder(
                session,
                Trace(
                    instant=datetime.now(UTC) - timedelta(days=jours),
                    action=Action.VALIDATION,
                    objet=f"offre:{place.offre.identifiant_offre}",
                    changements=[{"champ": "public_pris_en_charge", "avant": [], "apres": ["07"]}],
                    resultat={"date_avant": IL_Y_A_UN_AN.isoformat()},
                ),
            )

    def montre() -> bool:
        return "public_pris_en_charge" in {f["champ"] for f in une_carte(session, place.claire, place.offre).faits}

    publications(3, 40 * 31)  # too long ago
    publications(1, 100)
    assert not montre()
    publications(1, 50)
    assert montre()


@pytest.mark.parametrize(("mois", "attendu"), [(23, False), (25, True)])
def test_everything_comes_round_every_third_year(
    session: Session, place: SimpleNamespace, mois: int, attendu: bool
) -> None:
    jour = aujourd_hui() + timedelta(days=30 * mois - 340)  # so long after the last time all was on one page

    carte = une_carte(session, place.claire, place.offre, jour)

    assert carte.complete is attendu
    assert bool(carte.stables) is not attendu


def test_a_card_that_was_not_whole_does_not_put_off_the_one_that_is(session: Session, place: SimpleNamespace) -> None:
    confirmer(session, place.claire, demande_de(une_carte(session, place.claire, place.offre)))
    dans_treize_mois = aujourd_hui() + timedelta(days=13 * 31)

    assert une_carte(session, place.claire, place.offre, aujourd_hui() + timedelta(days=330)).complete is False
    assert une_carte(session, place.claire, place.offre, dans_treize_mois).complete is True


def test_valider_which_shows_what_changes_only_does_not_put_it_off_either(
    session: Session, place: SimpleNamespace
) -> None:
    dans_deux_ans = aujourd_hui() + timedelta(days=13 * 31)
    place.offre.date_mise_jour = place.offre.date_validation
    enregistrer(session, place.claire, place.offre, "commentaire", commentaire="Entrée B.")
    valider(session, place.claire, place.offre)

    assert une_carte(session, place.claire, place.offre, aujourd_hui() + timedelta(days=330)).complete is False
    assert une_carte(session, place.claire, place.offre, dans_deux_ans).complete is True


def test_bounds_of_a_review_and_of_its_third_year() -> None:
    jour = date(2026, 11, 23)

    def a(j: date) -> datetime:
        return datetime(j.year, j.month, j.day, 12, tzinfo=UTC)

    assert vient_d_etre_relu(a(date(2026, 10, 25)), jour)
    assert not vient_d_etre_relu(a(date(2026, 10, 24)), jour)
    assert not vient_d_etre_relu(None, jour)
    assert tout_est_a_relire(None, jour)
    assert tout_est_a_relire(a(date(2024, 11, 23)), jour)
    assert not tout_est_a_relire(a(date(2024, 11, 24)), jour)


def test_many_cards_ask_no_more_statements_than_one(
    session: Session, place: SimpleNamespace, compter: Callable[[], Any]
) -> None:
    autres = [une_offre_complete(session, place.eg) for _ in range(6)]
    toutes = [Cible("offre", o.identifiant_offre) for o in [place.offre, *autres]]
    cartes(session, place.claire, toutes)  # code lists are read once
    with compter() as une:
        cartes(session, place.claire, toutes[:1])
    with compter() as plusieurs:
        lues = cartes(session, place.claire, toutes)

    assert len(lues) == 7
    assert len(plusieurs) == len(une)


def test_many_open_as_one_opens(session: Session, place: SimpleNamespace) -> None:
    partage = session.exec(select(OffreLieu)).one().lieu_realisation_offre_id
    seconde = une_offre_complete(session, place.eg, nom_offre="")
    garder(session, OffreLieu(offre_operationnelle_id=seconde.id, lieu_realisation_offre_id=partage))
    place.lieu.statut = "1"
    session.flush()
    enregistrer(session, place.claire, place.lieu, "informations_generales", nom="Autre nom")
    objets = [place.offre, seconde, place.lieu]
    cibles = [Cible(o.GENRE, identifiant_de(o)) for o in objets]

    ouverts = dossiers.ouvrir_plusieurs(session, place.claire, cibles, Geste.VALIDER)

    assert list(ouverts) == [c.cle for c in cibles]
    for cible in cibles:
        un, lu_avec = dossier.ouvrir(session, place.claire, cible, Geste.VALIDER), ouverts[cible.cle]
        assert lu_avec.anomalies() == un.anomalies()
        assert [(p.cle, p.publiees, p.valeurs) for p in lu_avec.pieces] == [
            (p.cle, p.publiees, p.valeurs) for p in un.pieces
        ]
        assert lu_avec.usages == un.usages


# ------------------------------------------------------------------------------------ confirming


def test_confirming_moves_the_date_and_keeps_what_was_shown(session: Session, place: SimpleNamespace) -> None:
    temoin = Temoin(session)
    carte = une_carte(session, place.claire, place.offre)

    assert confirmer(session, place.claire, demande_de(carte)) == []

    session.refresh(place.offre)
    session.refresh(place.lieu)
    assert place.offre.validateur == place.lieu.validateur == "Claire Dumas"
    assert place.offre.date_mise_jour == place.offre.date_validation
    assert utc(place.offre.date_validation) > IL_Y_A_UN_AN
    une, du_lieu = confirmees(session)
    assert une.montres == ["nom_offre", *(f["champ"] for f in carte.faits)]
    assert "type_offre" not in une.montres
    assert {"champ": "age_min", "label": "Age minimum", "texte": ["15 années"]} in une.faits
    assert (du_lieu.objet, du_lieu.montres) == (
        f"lieu:{place.lieu.identifiant}",
        ["nom", "capacite_accueil_operationnelle"],
    )
    assert (une.nom, une.change, une.complete) == ("Claire Dumas", False, False)
    assert datetime.fromisoformat(une.avant["date_validation"]) == IL_Y_A_UN_AN
    assert set(temoin.verifier()) == {une.objet, du_lieu.objet}
    traces = session.exec(select(Trace).where(Trace.action == Action.CONFIRMATION).order_by(col(Trace.id))).all()
    assert [t.objet for t in traces] == [une.objet, du_lieu.objet]
    assert datetime.fromisoformat(traces[0].resultat["date_avant"]) == IL_Y_A_UN_AN
    assert une_carte(session, place.claire, place.offre).relue


def test_a_lieu_that_was_just_reviewed_is_not_confirmed_again(session: Session, place: SimpleNamespace) -> None:
    place.lieu.date_validation = datetime.now(UTC) - timedelta(days=3)
    session.flush()
    carte = une_carte(session, place.claire, place.offre)

    confirmer(session, place.claire, demande_de(carte))

    assert carte.lieux[0].faits == []
    assert carte.lieux[0].quand.startswith("Relu le")
    assert [c.objet for c in confirmees(session)] == [carte.cle]


def test_the_same_key_again_changes_nothing(session: Session, place: SimpleNamespace) -> None:
    demande = demande_de(une_carte(session, place.claire, place.offre))
    confirmer(session, place.claire, demande)
    version = place.offre.version

    assert confirmer(session, place.claire, demande) == []
    session.refresh(place.offre)
    assert place.offre.version == version
    with pytest.raises(SaisieInvalide):
        confirmer(session, place.mireille, demande)


def test_what_blocks_is_not_confirmed(session: Session, place: SimpleNamespace) -> None:
    place.offre.nom_offre = ""
    session.flush()
    carte = une_carte(session, place.claire, place.offre)

    assert [a.regle for a in confirmer(session, place.claire, demande_de(carte))] == ["OBL-02"]
    assert confirmees(session) == []
    assert place.offre.validateur == "Un ancien"


def test_what_changed_since_it_was_read_is_not_confirmed(session: Session, place: SimpleNamespace) -> None:
    carte = une_carte(session, place.claire, place.offre)
    enregistrer(session, place.mireille, place.lieu, "informations_generales", nom="Autre nom")

    with pytest.raises(Conflit):
        confirmer(session, place.claire, demande_de(carte))


def test_two_people_with_the_same_lieu_do_not_disturb_each_other(session: Session, place: SimpleNamespace) -> None:
    seconde = une_offre_complete(session, place.eg)
    garder(session, OffreLieu(offre_operationnelle_id=seconde.id, lieu_realisation_offre_id=place.lieu.id))
    sienne, autre = (une_carte(session, place.claire, o) for o in (place.offre, seconde))

    assert confirmer(session, place.claire, demande_de(sienne)) == []
    assert confirmer(session, place.mireille, demande_de(autre)) == []


def test_a_lieu_whose_facts_were_hidden_is_not_confirmed(session: Session, place: SimpleNamespace) -> None:
    """It was « Relu », so only its name was on the card; meanwhile the other person takes that back."""
    mireille = signe(session, place.mireille)
    confirmer(session, mireille, demande_de(une_carte(session, mireille, place.lieu)))
    carte = une_carte(session, place.claire, place.offre)
    assert (carte.lieux[0].faits, carte.lieux[0].quand[:4]) == ([], "Relu")
    dedire(session, mireille, Dedire(confirmations=[f.numero for f in a_dedire(session, mireille)], cle=uuid4()))

    assert confirmer(session, place.claire, demande_de(carte)) == []

    assert [c.objet for c in confirmees(session) if c.utilisateur_id == place.claire.id] == [carte.cle]
    assert not une_carte(session, place.claire, place.lieu).relue


@pytest.mark.parametrize("vu", ["", ".", "a.1", f"{'0' * 40}.1", "." + "f" * 63, f"{'0' * 40}.-1"])
def test_a_digest_that_no_page_made_is_refused(session: Session, place: SimpleNamespace, vu: str) -> None:
    demande = Confirmer(genre="offre", identifiant=place.offre.identifiant_offre, vu=vu, cle=uuid4())
    with pytest.raises(Conflit):
        confirmer(session, place.claire, demande)


def test_what_publishing_would_take_away_is_shown_as_a_change(session: Session, place: SimpleNamespace) -> None:
    place.offre.secteur_psychiatrique = "81G01"  # hidden outside psychiatry: « Valider » empties it
    session.flush()

    carte = une_carte(session, place.claire, place.offre)

    assert [c["champ"] for c in carte.changements] == ["Secteur psychiatrique"]
    assert (carte.brouillon, carte.relue) == (True, False)
    confirmer(session, place.claire, demande_de(carte))
    assert next((c.change, c.objet) for c in confirmees(session)) == (True, carte.cle)
    assert f"offre:{place.offre.identifiant_offre}" not in {f.objet for f in a_dedire(session, place.claire)}


def test_a_validation_that_showed_changes_only_is_no_whole_reading(session: Session, place: SimpleNamespace) -> None:
    for annees in range(2):
        nom = f"Gynécologie {annees}"
        enregistrer(session, place.claire, place.offre, "informations_generales", nom_offre=nom)
        vu = validation.preparer(session, place.claire, Cible("offre", place.offre.identifiant_offre)).vu
        validation.valider(session, place.claire, une_validation(place.offre, vu))
    dans_treize_mois = aujourd_hui() + timedelta(days=13 * 31)

    assert une_carte(session, place.claire, place.offre, aujourd_hui() + timedelta(days=330)).complete is False
    assert une_carte(session, place.claire, place.offre, dans_treize_mois).complete is True


def test_a_card_with_something_saved_publishes_it(session: Session, place: SimpleNamespace) -> None:
    enregistrer(session, place.mireille, place.offre, "informations_generales", nom_offre="Gynécologie HC")
    carte = une_carte(session, place.claire, place.offre)

    confirmer(session, place.claire, demande_de(carte))

    session.refresh(place.offre)
    assert place.offre.nom_offre == "Gynécologie HC"
    assert [c["champ"] for c in carte.changements] == ["Nom de l’offre"]
    assert [(c.change, c.objet.partition(":")[0]) for c in confirmees(session)] == [(True, "offre"), (False, "lieu")]


def test_who_may_only_read_prepare_or_watch_elsewhere_does_not_confirm(
    session: Session, monde: Monde, place: SimpleNamespace
) -> None:
    lectrice, passant = monde.acteur("Louise Pagès"), monde.acteur("Hugo Marty")
    monde.habiliter(lectrice, place.eg, Role.LECTEUR)
    carte = une_carte(session, place.claire, place.offre)

    assert not une_carte(session, lectrice, place.offre).a_valider
    assert cartes(session, passant, [Cible("offre", place.offre.identifiant_offre)]) == {}
    for personne in (lectrice, passant):
        with pytest.raises(AccesRefuse):
            confirmer(session, personne, demande_de(carte))
        assert confirmer_plusieurs(
            session, personne, ConfirmerPlusieurs(objets=[lu(carte)], cle=uuid4())
        ).refus.keys() == {carte.cle}


def test_where_validation_is_separate_who_prepares_does_not_confirm(
    session: Session, monde: Monde, place: SimpleNamespace
) -> None:
    prepare = monde.acteur("Paul Prat")
    monde.habiliter(prepare, place.eg, Role.RESPONSABLE_OFFRE)
    cible = Cible("offre", place.offre.identifiant_offre)
    assert une_carte(session, prepare, place.offre).a_valider
    garder(session, ReglageEtablissement(finess=place.eg.num_finess, validation_separee=True))

    carte = une_carte(session, prepare, place.offre)

    assert (carte.a_valider, carte.modifiable) == (False, True)
    assert dossiers.ouvrir_plusieurs(session, prepare, [cible], Geste.VALIDER) == {}
    assert une_carte(session, place.claire, place.offre).a_valider  # a référent


def test_a_right_on_one_uf_confirms_its_offers_only(session: Session, monde: Monde, place: SimpleNamespace) -> None:
    uf, autre = monde.oi(place.eg, "UF Gynécologie", "3"), monde.oi(place.eg, "UF Autre", "3")
    siennes, ailleurs = une_offre_complete(session, place.eg, uf), une_offre_complete(session, place.eg, autre)
    nadia = monde.acteur("Nadia Roux")
    garder(
        session,
        Habilitation(
            utilisateur_id=nadia.id, role=Role.RESPONSABLE_OFFRE, portee=Portee.STRUCTURE, code=uf.identifiant_oi
        ),
    )
    cibles = [Cible("offre", o.identifiant_offre) for o in (siennes, ailleurs)]

    lues = cartes(session, nadia, cibles)

    assert [c.a_valider for c in lues.values()] == [True, False]
    assert [x.a_confirmer for c in lues.values() for x in c.lieux] == [True, False]
    bilan = confirmer_plusieurs(session, nadia, ConfirmerPlusieurs(objets=[lu(c) for c in lues.values()], cle=uuid4()))
    assert (bilan.faits, list(bilan.refus)) == ([cibles[0].cle], [cibles[1].cle])


def test_many_are_confirmed_each_whole_or_left_with_its_reason(session: Session, place: SimpleNamespace) -> None:
    bonne, partage, changee, bloquee = (une_offre_complete(session, place.eg) for _ in range(4))
    garder(session, OffreLieu(offre_operationnelle_id=partage.id, lieu_realisation_offre_id=place.lieu.id))
    bloquee.nom_offre = ""
    session.flush()
    enregistrer(session, place.mireille, place.lieu, "informations_generales", nom="Gynécologie, 3e étage")
    objets = [place.offre, bonne, partage, changee, bloquee]
    lues = [une_carte(session, place.claire, o) for o in objets]
    enregistrer(session, place.mireille, changee, "informations_generales", nom_offre="Autre")
    temoin = Temoin(session)
    demande = ConfirmerPlusieurs(objets=[lu(c) for c in lues], cle=uuid4())

    bilan = confirmer_plusieurs(session, place.claire, demande)

    assert bilan.faits == [c.cle for c in lues[:3]]
    assert list(bilan.refus) == [c.cle for c in lues[3:]]
    assert bilan.refus[lues[3].cle] == CHANGE
    publies = set(temoin.verifier())
    assert {c.cle for c in lues[:3]} < publies
    assert f"lieu:{place.lieu.identifiant}" in publies
    faites = [c.objet for c in confirmees(session)]
    assert len(faites) == len(set(faites)) == 6
    assert confirmer_plusieurs(session, place.claire, demande).faits == bilan.faits
    assert len(confirmees(session)) == 6


def test_a_lieu_listed_with_its_offer_is_done_once_and_said_as_done(session: Session, place: SimpleNamespace) -> None:
    lues = [une_carte(session, place.claire, o) for o in (place.offre, place.lieu)]

    bilan = confirmer_plusieurs(session, place.claire, ConfirmerPlusieurs(objets=[lu(c) for c in lues], cle=uuid4()))

    assert (bilan.faits, bilan.refus) == ([c.cle for c in lues], {})
    assert [c.objet for c in confirmees(session)] == [c.cle for c in lues]


# ------------------------------------------------------------------------------- taking it back


def test_what_was_confirmed_in_this_session_is_taken_back(session: Session, place: SimpleNamespace) -> None:
    confirmer(session, place.claire, demande_de(une_carte(session, place.claire, place.offre)))
    temoin = Temoin(session)
    faites = a_dedire(session, place.claire)
    assert [f.nom for f in faites] == ["Gynécologie, 2e étage", "Gynécologie, hospitalisation complète"]
    demande = Dedire(confirmations=[f.numero for f in faites], cle=uuid4())

    bilan = dedire(session, place.claire, demande)

    assert sorted(bilan.faits) == sorted(f.objet for f in faites)
    for objet in (place.offre, place.lieu):
        session.refresh(objet)
        assert (utc(objet.date_validation), objet.validateur) == (IL_Y_A_UN_AN, "Un ancien")
    temoin.verifier()
    lignes = session.exec(select(Trace).where(Trace.action == Action.DEDIT).order_by(col(Trace.id))).all()
    assert [t.resultat["confirmation"] for t in lignes] == sorted(demande.confirmations)
    assert a_dedire(session, place.claire) == []
    assert not une_carte(session, place.claire, place.offre).relue
    assert dedire(session, place.claire, demande).faits == []


def test_another_person_session_or_publication_is_not_taken_back(session: Session, place: SimpleNamespace) -> None:
    confirmer(session, place.claire, demande_de(une_carte(session, place.claire, place.offre)))
    numeros = [f.numero for f in a_dedire(session, place.claire)]
    demain = replace(place.claire, empreinte="0" * 64)

    assert a_dedire(session, demain) == []
    for personne in (demain, signe(session, place.mireille)):
        assert dedire(session, personne, Dedire(confirmations=numeros, cle=uuid4())).faits == []
    enregistrer(session, place.mireille, place.offre, "informations_generales", nom_offre="Autre")
    confirmer(session, place.mireille, demande_de(une_carte(session, place.mireille, place.offre)))
    restantes = [f.objet for f in a_dedire(session, place.claire)]
    assert restantes == [f"lieu:{place.lieu.identifiant}"]


def test_the_card_of_an_offre_has_no_secret_of_a_lieu_elsewhere(session: Session, place: SimpleNamespace) -> None:
    assert session.exec(select(OffreOperationnelle)).all() == [place.offre]
    assert (
        dossiers.ouvrir_plusieurs(session, place.claire, [Cible("etablissement", place.eg.num_finess)], Geste.LIRE)
        == {}
    )
