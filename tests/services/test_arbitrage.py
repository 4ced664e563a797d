"""Two people on one part of a section: what is refused waits, and its owner chooses; nobody's answer is lost."""

from datetime import UTC, datetime
from typing import Any
from uuid import uuid4

import pytest
from pydantic import ValidationError
from sqlmodel import Session, select

from rxror.ror.champs import sections_de
from rxror.ror.erreurs import AccesRefuse, Conflit, ObjetFerme, SaisieInvalide
from rxror.ror.nomenclatures import Commune
from rxror.ror.objets import LieuRealisationOffre, OffreOperationnelle
from rxror.ror.objets.commun import Horaire
from rxror.services import arbitrage, conflits, modification, validation
from rxror.services.acces import Acteur, Cible
from rxror.services.arbitrage import RETIREE, Decision
from rxror.services.arbitrage_vues import disputes_vues, reunis
from rxror.services.conflits import FORMULAIRES_MAXIMUM
from rxror.services.fusion import base_de, parties_de
from rxror.services.section_ouverte import charger_section
from rxror.tables import Action, Brouillon, Differend, Habilitation, Trace
from tests.fabriques import enregistrer, saisie_de, un_enregistrement, un_lieu, une_validation

GENERALES = "informations_generales"
UN, DEUX = "11111111-1111-4111-8111-111111111111", "22222222-2222-4222-8222-222222222222"


def cible(objet: Any) -> Cible:
    return Cible(objet.GENRE, getattr(objet, "identifiant_offre", None) or objet.identifiant)


def brouillon(session: Session) -> Any:
    session.flush()
    return session.exec(select(Brouillon)).first()


def differends(session: Session) -> list[Differend]:
    session.flush()
    return list(session.exec(select(Differend).order_by(Differend.id)))  # type: ignore[arg-type]


def opposer(
    session: Session, place: Any, objet: Any, section: str, siennes: dict[str, str], autres: dict[str, str]
) -> tuple[dict[str, str], modification.Reponse]:
    """Claire types `siennes` on a page that she opened before Mireille saved `autres`."""
    saisie, base = saisie_de(session, place.claire, objet, section, **siennes)
    enregistrer(session, place.mireille, objet, section, **autres)
    demande = un_enregistrement(objet, section, saisie, base, formulaire=UN)
    return saisie, modification.enregistrer(session, place.claire, demande)


def disputes(session: Session, qui: Acteur, objet: Any, section: str = GENERALES) -> list[arbitrage.Dispute]:
    session.flush()
    return arbitrage.ouvrir(session, qui, cible(objet), section).disputes


def decision(
    session: Session, qui: Acteur, objet: Any, section: str = GENERALES, sorte: str = "mienne", **autres: Any
) -> Decision:
    """The same answer for all that there is to choose."""
    montrees = disputes(session, qui, objet, section)
    choix = {d.nom: v.code for d in montrees for v in d.versions if v.sorte == sorte}
    return Decision(
        **{
            "genre": objet.GENRE,
            "identifiant": cible(objet).identifiant,
            "section": section,
            "cle": uuid4(),
            "vu": {d.nom: d.vu for d in montrees},
            "choix": choix,
            **autres,
        }
    )


def choisir(session: Session, qui: Acteur, objet: Any, section: str = GENERALES, sorte: str = "mienne") -> None:
    assert arbitrage.trancher(session, qui, decision(session, qui, objet, section, sorte)) == {}
    session.flush()


def cle_de(session: Session, place: Any, objet: Any, section: str, groupe: str) -> str:
    return modification.ouvrir(session, place.claire, cible(objet), section).form.lignes[groupe][0]


# ---------------------------------------------------------------------------- what is refused waits


def test_what_both_changed_waits_and_the_rest_of_the_save_is_kept(session: Session, place: Any) -> None:
    lieu = un_lieu(session, place.eg)

    _, reponse = opposer(
        session,
        place,
        lieu,
        GENERALES,
        {"nom": "Nom de Claire", "description": "Au fond"},
        {"nom": "Nom de Mireille"},
    )

    assert [(a.chemin, a.auteur, a.de_soi) for a in reponse.attente] == [("nom", "Mireille Faure", False)]
    assert brouillon(session).valeurs == {"nom": "Nom de Mireille", "description": "Au fond"}
    (attente,) = differends(session)
    assert attente.parties["nom"][""]["valeur"] == "Nom de Claire"
    derniere = session.exec(select(Trace).where(Trace.nom == "Claire Dumas")).one()
    assert [c["champ"] for c in derniere.changements] == ["description"]
    assert derniere.resultat["attente"] == [{"champ": "nom", "cle": "", "valeur": "Nom de Claire", "illisibles": {}}]


def test_the_page_shows_both_with_author_and_time_and_nobody_wins(session: Session, place: Any) -> None:
    opposer(session, place, place.offre, GENERALES, {"nom_offre": "Nom de Claire"}, {"nom_offre": "Nom de Mireille"})

    ouvert = arbitrage.ouvrir(session, place.claire, cible(place.offre), GENERALES)

    (vue,) = disputes_vues(session, ouvert)
    assert [(v["titre"], v["lignes"][0]["texte"], v["qui"].split(",")[0]) for v in vue["versions"]] == [
        ("Garder la mienne", "Nom de Claire", "Claire Dumas"),
        ("Prendre l’autre", "Nom de Mireille", "Mireille Faure"),
        ("Revenir à ce qui est publié", "Gynécologie, hospitalisation complète", "Publié"),
    ]
    assert disputes(session, place.mireille, place.offre) == []


def test_what_nobody_disputes_is_told_as_merged(session: Session, place: Any) -> None:
    opposer(
        session,
        place,
        place.offre,
        GENERALES,
        {"nom_offre": "Nom de Claire"},
        {"nom_offre": "Nom de Mireille", "unite_sensible": "oui"},
    )
    (reuni,) = reunis(session, arbitrage.ouvrir(session, place.claire, cible(place.offre), GENERALES))
    assert (reuni["lignes"][0]["texte"], reuni["qui"].split(",")[0]) == ("Oui", "Mireille Faure")


def test_a_later_save_of_the_same_page_never_overwrites_the_other(session: Session, place: Any) -> None:
    saisie, reponse = opposer(
        session, place, place.offre, GENERALES, {"nom_offre": "Claire"}, {"nom_offre": "Mireille"}
    )
    for texte in ("Claire, en", "Claire, encore"):
        demande = un_enregistrement(place.offre, GENERALES, {**saisie, "nom_offre": texte}, reponse.base, formulaire=UN)
        reponse = modification.enregistrer(session, place.claire, demande)
        assert [a.chemin for a in reponse.attente] == ["nom_offre"]
    assert brouillon(session).valeurs == {"nom_offre": "Mireille"}
    (attente,) = differends(session)
    assert attente.parties["nom_offre"][""]["valeur"] == "Claire, encore"
    traces = session.exec(select(Trace).where(Trace.nom == "Claire Dumas")).all()
    assert [t.resultat["attente"][0]["valeur"] for t in traces] == ["Claire", "Claire, en", "Claire, encore"]


def test_typing_what_the_other_typed_ends_the_conflict(session: Session, place: Any) -> None:
    saisie, reponse = opposer(
        session, place, place.offre, GENERALES, {"nom_offre": "Claire"}, {"nom_offre": "Mireille"}
    )
    pareille = {**saisie, "nom_offre": "Mireille"}
    reponse = modification.enregistrer(
        session, place.claire, un_enregistrement(place.offre, GENERALES, pareille, reponse.base, formulaire=UN)
    )
    assert (reponse.attente, differends(session)) == ([], [])
    suite = {**saisie, "nom_offre": "Mireille et Claire"}
    modification.enregistrer(
        session, place.claire, un_enregistrement(place.offre, GENERALES, suite, reponse.base, formulaire=UN)
    )
    assert brouillon(session).valeurs == {"nom_offre": "Mireille et Claire"}


def test_the_same_key_twice_answers_the_same_and_leaves_one_line(session: Session, place: Any) -> None:
    saisie, base = saisie_de(session, place.claire, place.offre, GENERALES, nom_offre="Claire")
    enregistrer(session, place.mireille, place.offre, GENERALES, nom_offre="Mireille")
    demande = un_enregistrement(place.offre, GENERALES, saisie, base, formulaire=UN)

    premiere = modification.enregistrer(session, place.claire, demande)
    seconde = modification.enregistrer(session, place.claire, demande)

    assert (premiere.base, premiere.attente, premiere.marque) == (seconde.base, seconde.attente, seconde.marque)
    assert len(session.exec(select(Trace).where(Trace.nom == "Claire Dumas")).all()) == 1
    assert len(differends(session)) == 1


def test_two_tabs_of_one_person_lose_nothing_of_each_other(session: Session, place: Any) -> None:
    pages = {
        f: saisie_de(session, place.claire, place.offre, GENERALES, nom_offre=f"Onglet {f[0]}") for f in (UN, DEUX)
    }
    reponses = [
        modification.enregistrer(
            session, place.claire, un_enregistrement(place.offre, GENERALES, saisie, base, formulaire=f)
        )
        for f, (saisie, base) in pages.items()
    ]

    assert [[a.de_soi for a in r.attente] for r in reponses] == [[], [True]]
    saisie, base = saisie_de(session, place.claire, place.offre, GENERALES, unite_sensible="oui")
    ailleurs = un_enregistrement(place.offre, GENERALES, saisie, base, formulaire=str(uuid4()))
    tiers = modification.enregistrer(session, place.claire, ailleurs)
    assert (tiers.attente, tiers.ailleurs) == ([], 1)  # a third page still says that a choice waits
    (vue,) = disputes_vues(session, arbitrage.ouvrir(session, place.claire, cible(place.offre), GENERALES))
    assert vue["versions"][1]["titre"] == "Prendre celle de mon autre onglet"
    assert vue["versions"][1]["qui"].startswith("Vous, dans un autre onglet")


def test_two_tabs_against_a_third_answer_are_three_cards(session: Session, place: Any) -> None:
    pages = {
        f: saisie_de(session, place.claire, place.offre, GENERALES, nom_offre=f"Onglet {f[0]}") for f in (UN, DEUX)
    }
    enregistrer(session, place.mireille, place.offre, GENERALES, nom_offre="Mireille")
    for f, (saisie, base) in pages.items():
        modification.enregistrer(
            session, place.claire, un_enregistrement(place.offre, GENERALES, saisie, base, formulaire=f)
        )

    (dispute,) = disputes(session, place.claire, place.offre)
    assert [v.partie.valeur for v in dispute.versions][:3] == ["Onglet 1", "Onglet 2", "Mireille"]
    code = dispute.versions[1].code
    choix = decision(session, place.claire, place.offre, choix={dispute.nom: code})
    assert arbitrage.trancher(session, place.claire, choix) == {}
    assert brouillon(session).valeurs == {"nom_offre": "Onglet 2"}
    ecartees = (
        session.exec(select(Trace).where(Trace.action == Action.ARBITRAGE)).one().resultat["choix"][0]["ecartees"]
    )
    assert [e["valeur"] for e in ecartees] == ["Onglet 1", "Mireille"]


def test_what_waits_is_bounded(session: Session, place: Any) -> None:
    pages = [
        saisie_de(session, place.claire, place.offre, GENERALES, nom_offre=f"Onglet {n}")
        for n in range(FORMULAIRES_MAXIMUM + 2)
    ]
    enregistrer(session, place.mireille, place.offre, GENERALES, nom_offre="Mireille")
    for saisie, base in pages:
        demande = un_enregistrement(place.offre, GENERALES, saisie, base, formulaire=str(uuid4()))
        modification.enregistrer(session, place.claire, demande)
        session.flush()
    valeurs = [d.parties["nom_offre"][""]["valeur"] for d in differends(session)]
    assert valeurs == [f"Onglet {n}" for n in range(2, FORMULAIRES_MAXIMUM + 2)]
    dites = [t.resultat["attente"][0]["valeur"] for t in session.exec(select(Trace)) if t.resultat.get("attente")]
    assert "Onglet 0" in dites  # the oldest one is still told by the trace
    with pytest.raises(ValidationError):
        un_enregistrement(place.offre, GENERALES, {}, formulaire="<script>")


def test_what_only_remembers_a_choice_makes_room_before_what_waits(session: Session, place: Any) -> None:
    pages = [
        saisie_de(session, place.claire, place.offre, GENERALES, nom_offre=f"Onglet {n}")
        for n in range(FORMULAIRES_MAXIMUM + 1)
    ]
    enregistrer(session, place.mireille, place.offre, GENERALES, nom_offre="Mireille")
    for n, (saisie, base) in enumerate(pages):
        demande = un_enregistrement(place.offre, GENERALES, saisie, base, formulaire=str(uuid4()))
        modification.enregistrer(session, place.claire, demande)
        session.flush()
        if n == FORMULAIRES_MAXIMUM - 1:
            choisie = differends(session)[-1]
            conflits.trancher(session, choisie, {("nom_offre", ""): "autre"})
    valeurs = [d.parties["nom_offre"][""]["valeur"] for d in differends(session)]
    assert valeurs == ["Onglet 0", "Onglet 1", "Onglet 2", "Onglet 3", "Onglet 5"]


# ---------------------------------------------------------------------------------- one chooses


@pytest.mark.parametrize(
    ("sorte", "garde", "ecartee"),
    [("mienne", "Claire", "Mireille"), ("leur", "Mireille", "Claire")],
)
def test_what_is_chosen_is_kept_and_the_other_stays_in_the_trace(
    session: Session, place: Any, sorte: str, garde: str, ecartee: str
) -> None:
    opposer(session, place, place.offre, GENERALES, {"nom_offre": "Claire"}, {"nom_offre": "Mireille"})

    choisir(session, place.claire, place.offre, sorte=sorte)

    assert brouillon(session).valeurs == {"nom_offre": garde}
    assert disputes(session, place.claire, place.offre) == []
    trace = session.exec(select(Trace).where(Trace.action == Action.ARBITRAGE)).one()
    (choix,) = trace.resultat["choix"]
    assert (choix["champ"], choix["garde"]["valeur"]) == ("nom_offre", garde)
    assert [e["valeur"] for e in choix["ecartees"]] == [ecartee]
    assert trace.changements == (
        [{"champ": "nom_offre", "avant": "Mireille", "apres": "Claire"}] if sorte == "mienne" else []
    )


def test_going_back_to_what_is_published_drops_the_brouillon(session: Session, place: Any) -> None:
    opposer(session, place, place.offre, GENERALES, {"nom_offre": "Claire"}, {"nom_offre": "Mireille"})
    choisir(session, place.claire, place.offre, sorte="publiee")
    assert (brouillon(session), differends(session)[0].parties) == (None, {})


def test_a_part_without_a_choice_refuses_the_whole(session: Session, place: Any) -> None:
    lieu = un_lieu(session, place.eg)
    opposer(session, place, lieu, GENERALES, {"nom": "C", "description": "c"}, {"nom": "M", "description": "m"})
    demande = decision(session, place.claire, lieu)
    del demande.choix["nom."]

    assert arbitrage.trancher(session, place.claire, demande) == {"nom.": "Choisissez une réponse."}
    inconnue = demande.model_copy(update={"choix": {"nom.": "autre", "description.": "autre"}})
    assert len(arbitrage.trancher(session, place.claire, inconnue)) == 2
    assert brouillon(session).valeurs == {"nom": "M", "description": "m"}


def test_choosing_twice_with_one_key_writes_once(session: Session, place: Any) -> None:
    opposer(session, place, place.offre, GENERALES, {"nom_offre": "Claire"}, {"nom_offre": "Mireille"})
    demande = decision(session, place.claire, place.offre)
    for _ in range(2):
        assert arbitrage.trancher(session, place.claire, demande) == {}
        session.flush()
    assert len(session.exec(select(Trace).where(Trace.action == Action.ARBITRAGE)).all()) == 1
    with pytest.raises(SaisieInvalide):
        arbitrage.trancher(session, place.mireille, demande)


def test_a_conflict_of_a_conflict_writes_nothing_and_is_shown_again(session: Session, place: Any) -> None:
    opposer(session, place, place.offre, GENERALES, {"nom_offre": "Claire"}, {"nom_offre": "Mireille"})
    demande = decision(session, place.claire, place.offre)
    enregistrer(session, place.mireille, place.offre, GENERALES, nom_offre="Mireille, encore")

    with pytest.raises(Conflit):
        arbitrage.trancher(session, place.claire, demande)

    assert brouillon(session).valeurs == {"nom_offre": "Mireille, encore"}
    (dispute,) = disputes(session, place.claire, place.offre)
    assert [v.partie.valeur for v in dispute.versions][:2] == ["Claire", "Mireille, encore"]
    assert dispute.versions[0].code == demande.choix["nom_offre."]  # the choice already made is still there


def test_another_field_saved_meanwhile_does_not_disturb_the_choice(session: Session, place: Any) -> None:
    opposer(session, place, place.offre, GENERALES, {"nom_offre": "Claire"}, {"nom_offre": "Mireille"})
    demande = decision(session, place.claire, place.offre)
    enregistrer(session, place.mireille, place.offre, GENERALES, unite_sensible="oui")
    assert arbitrage.trancher(session, place.claire, demande) == {}
    assert brouillon(session).valeurs == {"nom_offre": "Claire", "unite_sensible": True}


def test_a_choice_made_elsewhere_is_not_asked_again_by_the_page_that_still_shows_it(
    session: Session, place: Any
) -> None:
    saisie, reponse = opposer(
        session, place, place.offre, GENERALES, {"nom_offre": "Claire"}, {"nom_offre": "Mireille"}
    )
    choisir(session, place.claire, place.offre, sorte="leur")
    suite = {**saisie, "unite_sensible": "oui"}
    reponse = modification.enregistrer(
        session, place.claire, un_enregistrement(place.offre, GENERALES, suite, reponse.base, formulaire=UN)
    )
    assert reponse.attente == []
    assert brouillon(session).valeurs == {"nom_offre": "Mireille", "unite_sensible": True}
    encore = {**suite, "nom_offre": "Claire, tout de même"}
    reponse = modification.enregistrer(
        session, place.claire, un_enregistrement(place.offre, GENERALES, encore, reponse.base, formulaire=UN)
    )
    assert [a.chemin for a in reponse.attente] == ["nom_offre"]  # typed again: asked again, never in silence


def test_what_became_the_same_waits_for_nothing(session: Session, place: Any) -> None:
    opposer(session, place, place.offre, GENERALES, {"nom_offre": "Claire"}, {"nom_offre": "Mireille"})
    enregistrer(session, place.mireille, place.offre, GENERALES, nom_offre="Claire")
    ouvert = arbitrage.ouvrir(session, place.claire, cible(place.offre), GENERALES)
    assert (ouvert.disputes, ouvert.vaines) == ([], True)
    arbitrage.ranger(session, place.claire, cible(place.offre), GENERALES)
    assert differends(session) == []


def test_dropping_the_brouillon_drops_what_one_has_waiting_and_not_what_others_have(
    session: Session, place: Any
) -> None:
    saisie, base = saisie_de(session, place.mireille, place.offre, GENERALES, nom_offre="Mireille, avant")
    opposer(session, place, place.offre, GENERALES, {"nom_offre": "Claire"}, {"nom_offre": "Mireille"})
    modification.enregistrer(
        session, place.mireille, un_enregistrement(place.offre, GENERALES, saisie, base, formulaire=DEUX)
    )
    vue = modification.ouvrir(session, place.claire, cible(place.offre), GENERALES)
    assert vue.attente == 1
    modification.abandonner(session, place.claire, cible(place.offre), GENERALES, vue.marque)
    assert [d.utilisateur_id for d in differends(session)] == [place.mireille.id]
    abandon = session.exec(select(Trace).where(Trace.action == Action.ABANDON)).one()
    assert [a["valeur"] for a in abandon.resultat["attente"]] == ["Claire"]


# -------------------------------------------------------------------------------- kinds of parts


def test_fields_of_the_only_row_are_merged_one_by_one(session: Session, place: Any) -> None:
    debut = f"patientele.{cle_de(session, place, place.offre, 'patientele', 'patientele')}."
    _, reponse = opposer(
        session,
        place,
        place.offre,
        "patientele",
        {debut + "age_min": "18", debut + "age_max": "90"},
        {debut + "age_max": "80"},
    )
    assert [a.chemin for a in reponse.attente] == [debut + "age_max"]
    (ligne,) = brouillon(session).valeurs["patientele"]
    assert (ligne["age_min"], ligne["age_max"]) == (18, 80)
    (dispute,) = disputes(session, place.claire, place.offre, "patientele")
    choisir(session, place.claire, place.offre, "patientele")
    (ligne,) = brouillon(session).valeurs["patientele"]
    assert (ligne["age_min"], ligne["age_max"], dispute.cle) == (18, 90, "age_max")


def test_an_unreadable_text_waits_as_it_was_typed_and_comes_back_if_chosen(session: Session, place: Any) -> None:
    debut = f"patientele.{cle_de(session, place, place.offre, 'patientele', 'patientele')}."
    opposer(session, place, place.offre, "patientele", {debut + "age_min": "douze"}, {debut + "age_min": "18"})
    (vue,) = disputes_vues(session, arbitrage.ouvrir(session, place.claire, cible(place.offre), "patientele"))
    assert vue["versions"][0]["lignes"][0]["texte"] == "«\u00a0douze\u00a0»"

    choisir(session, place.claire, place.offre, "patientele")

    assert brouillon(session).illisibles == {debut + "age_min": "douze"}


def test_the_row_that_both_changed_is_chosen_whole(session: Session, place: Any) -> None:
    contact = f"contact.{cle_de(session, place, place.offre, 'contacts', 'contact')}"
    opposer(
        session,
        place,
        place.offre,
        "contacts",
        {f"{contact}.description": "Le matin"},
        {f"{contact}.description": "Le soir"},
    )
    (vue,) = disputes_vues(session, arbitrage.ouvrir(session, place.claire, cible(place.offre), "contacts"))
    assert vue["titre"].startswith("Contact\u00a0: ")
    assert any("Le matin" in ligne["texte"] + ligne["origine"] for ligne in vue["versions"][0]["lignes"])
    choisir(session, place.claire, place.offre, "contacts")
    (ligne,) = brouillon(session).valeurs["contact"]
    assert ligne["description"] == "Le matin"


@pytest.mark.parametrize(("sorte", "restent"), [("mienne", 1), ("leur", 0)])
def test_a_row_removed_by_the_other_and_changed_by_me(session: Session, place: Any, sorte: str, restent: int) -> None:
    contact = f"contact.{cle_de(session, place, place.offre, 'contacts', 'contact')}"
    saisie, base = saisie_de(session, place.claire, place.offre, "contacts", **{f"{contact}.description": "Le matin"})
    sans, base_sans = saisie_de(session, place.mireille, place.offre, "contacts")
    sans = {c: t for c, t in sans.items() if not c.startswith("contact.")}
    modification.enregistrer(session, place.mireille, un_enregistrement(place.offre, "contacts", sans, base_sans))
    session.flush()
    modification.enregistrer(session, place.claire, un_enregistrement(place.offre, "contacts", saisie, base))

    (vue,) = disputes_vues(session, arbitrage.ouvrir(session, place.claire, cible(place.offre), "contacts"))
    assert (vue["versions"][1]["code"], vue["versions"][1]["lignes"][0]["texte"]) == (RETIREE, "Retiré")
    assert vue["versions"][1]["qui"].startswith("Mireille Faure")
    choisir(session, place.claire, place.offre, "contacts", sorte)
    assert len(brouillon(session).valeurs["contact"]) == restent


def test_a_row_removed_by_me_and_changed_by_the_other(session: Session, place: Any) -> None:
    contact = f"contact.{cle_de(session, place, place.offre, 'contacts', 'contact')}"
    sans, base = saisie_de(session, place.claire, place.offre, "contacts")
    sans = {c: t for c, t in sans.items() if not c.startswith("contact.")}
    enregistrer(session, place.mireille, place.offre, "contacts", **{f"{contact}.description": "Le soir"})

    reponse = modification.enregistrer(session, place.claire, un_enregistrement(place.offre, "contacts", sans, base))

    assert [a.chemin for a in reponse.attente] == ["contact"]  # the row is no more on the page
    choisir(session, place.claire, place.offre, "contacts")
    assert brouillon(session).valeurs["contact"] == []


def test_the_cell_of_the_grid_that_both_filled(session: Session, place: Any) -> None:
    lieu = un_lieu(session, place.eg)
    form = modification.ouvrir(session, place.claire, cible(lieu), "capacitaire").form
    vide = next(c for c in form.lignes["capacite_accueil_operationnelle"] if not c.isdigit())
    nombre = f"capacite_accueil_operationnelle.{vide}.nombre_capacite"
    _, reponse = opposer(session, place, lieu, "capacitaire", {nombre: "4"}, {nombre: "7"})
    assert [a.chemin for a in reponse.attente] == [nombre]
    choisir(session, place.claire, lieu, "capacitaire")
    lignes = brouillon(session).valeurs["capacite_accueil_operationnelle"]
    assert {e["cle"]: e["nombre_capacite"] for e in lignes}[vide] == 4


def test_codes_ticked_by_two_people_are_all_kept(session: Session, place: Any) -> None:
    _, reponse = opposer(
        session, place, place.offre, "accueil", {"modalite_accueil.04": "oui"}, {"modalite_accueil.05": "oui"}
    )
    assert reponse.attente == []
    assert sorted(brouillon(session).valeurs["modalite_accueil"]) == ["03", "04", "05"]


def test_two_zones_are_merged_and_two_unreadable_lists_are_chosen(session: Session, place: Any) -> None:
    for code in ("81001", "81002", "81003"):
        session.add(
            Commune(code_insee=code, nom=code, code_postal="81000", departement="81", region="76", recherche="")
        )
    session.flush()
    place.offre.zone_intervention = ["81004"]  # the modèle of an offer that has one asks for it
    session.flush()
    zone = "zone_intervention"
    _, reponse = opposer(session, place, place.offre, "zone", {zone: "81004 81001 xx1"}, {zone: "81004 81002 xx2"})
    garde = brouillon(session)
    assert garde.valeurs[zone] == ["81001", "81002", "81004"]
    assert (garde.illisibles, [a.chemin for a in reponse.attente]) == ({zone: "XX2"}, [zone])
    choisir(session, place.claire, place.offre, "zone")
    assert brouillon(session).illisibles == {zone: "XX1"}


# ------------------------------------------------------------------ what happens to the object meanwhile


def publier(session: Session, place: Any) -> None:
    session.flush()
    vu = validation.preparer(session, place.mireille, cible(place.offre)).vu
    assert validation.valider(session, place.mireille, une_validation(place.offre, vu)) == []
    session.flush()
    session.expire_all()


def test_the_other_answer_published_meanwhile_is_told_as_published(session: Session, place: Any) -> None:
    opposer(session, place, place.offre, GENERALES, {"nom_offre": "Claire"}, {"nom_offre": "Mireille"})
    publier(session, place)
    (vue,) = disputes_vues(session, arbitrage.ouvrir(session, place.claire, cible(place.offre), GENERALES))
    assert [v["titre"] for v in vue["versions"]] == ["Garder la mienne", "Prendre l’autre"]
    assert vue["versions"][1]["qui"].startswith("Publié par Mireille Faure")
    choisir(session, place.claire, place.offre)
    assert brouillon(session).valeurs == {"nom_offre": "Claire"}


def test_a_row_that_a_publication_renamed_is_still_the_same_row(session: Session, place: Any) -> None:
    saisie, base = saisie_de(session, place.claire, place.offre, "contacts")
    neuve = modification.ligne_neuve(type(place.offre), "contact", "n1").valeurs
    saisie |= {"contact.n1": "1", **neuve, "contact.n1.nature_contact": "03", "contact.n1.description": "Le matin"}
    saisie |= {"contact.n1.telecommunication.n1a": "1", "contact.n1.telecommunication.n1a.canal": "2"}
    saisie |= {
        "contact.n1.telecommunication.n1a.adresse_telecom": "0536491299",
        "contact.n1.telecommunication.n1a.niveau_confidentialite": "2",
    }
    reponse = modification.enregistrer(session, place.claire, un_enregistrement(place.offre, "contacts", saisie, base))
    publier(session, place)
    suite = {**saisie, "contact.n1.description": "Le soir"}

    reponse = modification.enregistrer(
        session, place.claire, un_enregistrement(place.offre, "contacts", suite, reponse.base)
    )

    assert reponse.attente == []
    lignes = brouillon(session).valeurs["contact"]
    assert [(e["cle"].isdigit(), e.get("description") or "") for e in lignes] == [(True, ""), (True, "Le soir")]


def test_a_row_taken_away_after_a_publication_renamed_it_does_not_come_back(session: Session, place: Any) -> None:
    saisie, base = saisie_de(session, place.claire, place.offre, "contacts")
    neuve = modification.ligne_neuve(type(place.offre), "contact", "n1").valeurs
    avec = saisie | {
        "contact.n1": "1",
        **neuve,
        "contact.n1.nature_contact": "03",
        "contact.n1.description": "Le matin",
    }
    avec |= {"contact.n1.telecommunication.n1a": "1", "contact.n1.telecommunication.n1a.canal": "2"}
    avec |= {
        "contact.n1.telecommunication.n1a.adresse_telecom": "0536491299",
        "contact.n1.telecommunication.n1a.niveau_confidentialite": "2",
    }
    reponse = modification.enregistrer(session, place.claire, un_enregistrement(place.offre, "contacts", avec, base))
    publier(session, place)

    sans = {c: t for c, t in saisie.items() if not c.startswith("contact.n1")}
    reponse = modification.enregistrer(
        session, place.claire, un_enregistrement(place.offre, "contacts", sans, reponse.base)
    )

    assert (reponse.attente, reponse.change) == ([], True)
    assert len(brouillon(session).valeurs["contact"]) == 1


def test_who_lost_the_right_or_finds_the_object_closed_sees_nothing(
    session: Session, place: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    opposer(session, place, place.offre, GENERALES, {"nom_offre": "Claire"}, {"nom_offre": "Mireille"})
    demande = decision(session, place.claire, place.offre)
    place.offre.type_fermeture, place.offre.date_fermeture = "DEF", None
    monkeypatch.setattr("rxror.services.acces.est_archive", lambda *_: True)
    for geste in (
        lambda: arbitrage.ouvrir(session, place.claire, cible(place.offre), GENERALES),
        lambda: arbitrage.trancher(session, place.claire, demande),
    ):
        with pytest.raises(ObjetFerme):
            geste()
    for habilitation in session.exec(select(Habilitation).where(Habilitation.utilisateur_id == place.claire.id)):
        session.delete(habilitation)
    session.flush()
    with pytest.raises(AccesRefuse):
        arbitrage.trancher(session, place.claire, demande)
    assert differends(session)[0].parties["nom_offre"][""]["valeur"] == "Claire"  # and nothing is lost


# ----------------------------------------------------------------------------- whatever the section

CLASSES = (OffreOperationnelle, LieuRealisationOffre)
SECTIONS = [
    (c, s.cle) for c in CLASSES for s in sections_de(c) if s.modifiable and (s.visible_si is None or s.cle == "zone")
]


@pytest.mark.parametrize(("classe", "section"), SECTIONS, ids=[f"{c.GENRE}-{s}" for c, s in SECTIONS])
def test_every_part_of_every_section_can_be_read_and_chosen(
    session: Session, place: Any, classe: Any, section: str
) -> None:
    objet = place.offre if classe is OffreOperationnelle else un_lieu(session, place.eg)
    if section == "zone":
        objet.zone_intervention = ["81004"]
    if section == "horaires":
        session.add(Horaire(offre_operationnelle_id=objet.id, type_horaire="01", jour_semaine=1, heure_debut="08:30"))
    session.flush()
    ouvert = charger_section(session, place.claire, cible(objet), section)
    instant = datetime.now(UTC)
    siennes = {
        nom: {
            cle: {
                "valeur": p.valeur,
                "illisibles": {},
                "empreinte": f"autre{i}",
                "leur": p.empreinte,
                "leur_cle": cle,
                "instant": instant.isoformat(),
            }
            for i, (cle, p) in enumerate(parties_de(classe, nom, ouvert.gardees).items())
        }
        for nom in base_de(classe, section, ouvert.gardees)
    }
    session.add(
        Differend(
            objet=cible(objet).cle,
            section=section,
            utilisateur_id=place.claire.id,
            parties=siennes,
            modifie=instant,
        )
    )
    session.flush()

    vues = disputes_vues(session, arbitrage.ouvrir(session, place.claire, cible(objet), section))

    assert len(vues) == sum(len(s) for s in siennes.values())
    assert all(d["titre"] and all(v["lignes"] and v["lignes"][0]["texte"] for v in d["versions"]) for d in vues)
    if vues:
        choisir(session, place.claire, objet, section)
    assert disputes(session, place.claire, objet, section) == []
