"""The grid « Capacités du site »: what it shows, what it keeps, what it refuses, what it never overwrites."""

import json
from datetime import UTC, datetime
from typing import Any
from uuid import uuid4

import pytest
from sqlmodel import Session, col, select

from rxror.ror.capacites_du_site import CAPACITES, Cellule
from rxror.ror.erreurs import AccesRefuse, SaisieInvalide
from rxror.ror.objets import CapaciteAccueilOperationnelle, LieuRealisationOffre
from rxror.ror.typographie import fr
from rxror.services import (
    annulation,
    capacites,
    capacites_gestes,
    capacites_preparees,
    confirmation,
    historique,
    validation,
)
from rxror.services.acces import Cible
from rxror.services.annulation import Annulation
from rxror.services.capacites import TOUS, Vue
from rxror.services.capacites_gestes import CaseChangee, EnregistrerCapacites
from rxror.services.confirmation import Bilan, ConfirmerPlusieurs, ObjetLu
from rxror.services.validation import DemandeValidation
from rxror.tables import Action, Brouillon, RepereSae, Role, Trace
from tests import fabriques
from tests.fabriques import enregistrer as enregistrer_une_section

INSTALLES, DISPONIBLES, FERMES, SUPPLEMENTAIRES = "01.01.01", "01.02.01", "01.05.01", "01.06.01"
TOUT = Vue(montrer=TOUS)


@pytest.fixture
def site(monde: Any, place: Any) -> Any:
    """CH ALBI, its responsable, two lieux of 12 beds served by the offers of two pôles."""
    monde.eg_ = monde.eg()
    monde.qui = monde.acteur()
    monde.habiliter(monde.qui, monde.eg_)
    s = monde.session
    monde.poles = [monde.oi(monde.eg_, nom) for nom in ("Pôle Femme", "Pôle Urgences")]
    ufs = [monde.oi(monde.eg_, f"UF {p.nom_oi}", "3", p) for p in monde.poles]
    monde.offres = [monde.offre(monde.eg_, uf) for uf in ufs]
    monde.a, monde.b = (
        fabriques.un_lieu(s, monde.eg_, nom=nom, identifiant=i) for nom, i in (("Gynéco", "LA"), ("UHCD", "LB"))
    )
    for lieu, offre in ((monde.a, monde.offres[0]), (monde.a, monde.offres[1]), (monde.b, monde.offres[1])):
        lien(s, lieu, offre)
    return monde


def lien(session: Session, lieu: Any, offre: Any) -> None:
    from rxror.ror.objets import OffreLieu

    fabriques.garder(session, OffreLieu(offre_operationnelle_id=offre.id, lieu_realisation_offre_id=lieu.id))


def ligne(session: Session, lieu: Any, statut: str, nombre: int, **autres: Any) -> Any:
    valeurs = {"nature_capacite": "01", "temporalite_capacite": "01", **autres}
    return fabriques.garder(
        session,
        CapaciteAccueilOperationnelle(
            lieu_realisation_offre_id=lieu.id, statut_capacite=statut, nombre_capacite=nombre, **valeurs
        ),
    )


def changer(*cases: tuple[str, str, str, str], finess: str, cle: Any = None) -> EnregistrerCapacites:
    """(lieu, cell, shown, typed) of each changed cell."""
    dites = [CaseChangee(identifiant=i, cellule=c, base=b, texte=t) for i, c, b, t in cases]
    return EnregistrerCapacites(identifiant=finess, cases=dites, cle=cle or uuid4())


def garder(monde: Any, *cases: tuple[str, str, str, str], qui: Any = None, cle: Any = None) -> Any:
    demande = changer(*cases, finess=monde.eg_.num_finess, cle=cle)
    return capacites_gestes.enregistrer(monde.session, qui or monde.qui, demande)


def montrer(monde: Any, vue: Vue = TOUT, qui: Any = None) -> Any:
    return capacites.montrer(monde.session, qui or monde.qui, monde.eg_.num_finess, vue)


def cases(grille: Any) -> dict[str, str]:
    return {c["nom"]: c["texte"] for g in grille.groupes for r in g["rangees"] for c in r["cases"]}


def traces(session: Session) -> list[Trace]:
    return list(session.exec(select(Trace).where(Trace.action == Action.BROUILLON).order_by(col(Trace.id))))


def test_a_lieu_of_two_poles_stands_once_and_it_is_said(site: Any) -> None:
    grille = montrer(site)
    assert [(g["nom"], [r["nom"] for r in g["rangees"]]) for g in grille.groupes] == [
        ("Pôle Femme", ["Gynéco"]),
        ("Pôle Urgences", ["UHCD"]),
    ]
    assert "Pôle Urgences" in grille.groupes[0]["rangees"][0]["usage"]
    assert cases(grille)["c.LA.01.01.01"] == "12"
    assert grille.bilan.totaux == ["24", "–", "–", "–"]


def test_a_filter_on_a_pole_shows_every_lieu_that_serves_it(site: Any) -> None:
    vue = Vue(montrer=site.poles[1].identifiant_oi)
    assert {r["nom"] for g in montrer(site, vue).groupes for r in g["rangees"]} == {"Gynéco", "UHCD"}


def test_all_changed_cells_are_kept_in_one_act_one_line_of_trace_each(site: Any) -> None:
    reponse = garder(site, ("LA", INSTALLES, "12", "10"), ("LA", FERMES, "", "2"), ("LB", INSTALLES, "12", " 1 4 "))
    assert (reponse.cases, reponse.lieux) == (3, 2)
    assert cases(montrer(site)) == {
        **cases(montrer(site)),
        "c.LA.01.01.01": "10",
        "c.LA.01.05.01": "2",
        "c.LB.01.01.01": "14",
    }
    lues = traces(site.session)
    assert [t.resultat["cellule"] for t in lues] == [INSTALLES, FERMES, INSTALLES]
    assert [t.objet for t in lues] == ["lieu:LA", "lieu:LA", "lieu:LB"]
    assert lues[0].changements[0]["apres"] == lues[1].changements[0]["avant"]
    publiees = site.session.exec(select(CapaciteAccueilOperationnelle.nombre_capacite)).all()
    assert set(publiees) == {12}  # nothing is published


def test_the_same_key_again_changes_nothing(site: Any) -> None:
    cle = uuid4()
    garder(site, ("LA", INSTALLES, "12", "10"), cle=cle)
    assert garder(site, ("LA", INSTALLES, "12", "10"), cle=cle).cases == 1
    assert len(traces(site.session)) == 1


def test_a_key_of_another_gesture_is_refused(site: Any) -> None:
    cle = uuid4()
    saisie, base = fabriques.saisie_de(site.session, site.qui, site.a, "commentaire", commentaire="x")
    from rxror.services import modification

    demande = fabriques.un_enregistrement(site.a, "commentaire", saisie, base, cle)
    modification.enregistrer(site.session, site.qui, demande)
    with pytest.raises(SaisieInvalide):
        garder(site, ("LA", INSTALLES, "12", "10"), cle=cle)


def test_what_a_colleague_changed_in_the_same_cell_is_said_and_not_overwritten(site: Any) -> None:
    autre = site.acteur("Mireille Faure")
    site.habiliter(autre, site.eg_)
    garder(site, ("LA", INSTALLES, "12", "13"), qui=autre)
    reponse = garder(site, ("LA", INSTALLES, "12", "10"), ("LB", INSTALLES, "12", "11"))
    assert not reponse.fait
    (conflit,) = reponse.conflits
    assert (conflit["nom"], conflit["leur"]) == ("c.LA.01.01.01", "13")
    assert "Mireille Faure" in conflit["phrase"]
    assert "10" in conflit["phrase"]
    assert cases(montrer(site))["c.LB.01.01.01"] == "12"  # all or nothing, and it is said
    assert garder(site, ("LA", INSTALLES, "13", "10"), ("LB", INSTALLES, "12", "11")).fait  # once it was seen


def test_a_colleague_in_another_cell_of_the_same_lieu_is_no_conflict(site: Any) -> None:
    autre = site.acteur("Mireille Faure")
    site.habiliter(autre, site.eg_)
    enregistrer_une_section(site.session, autre, site.a, "capacitaire", **{f"{CAPACITES}.g1.nombre_capacite": "3"})
    assert garder(site, ("LA", INSTALLES, "12", "10")).fait
    assert cases(montrer(site))["c.LA.01.05.01"] == "3"
    brouillon = site.session.exec(select(Brouillon).where(Brouillon.objet == "lieu:LA")).one()
    auteurs = {cle: dit[0] for cle, dit in brouillon.auteurs.items() if "." in cle}
    assert set(auteurs.values()) == {autre.id, site.qui.id}


def test_a_cell_that_cannot_be_read_is_said_and_nothing_is_kept(site: Any) -> None:
    reponse = garder(site, ("LA", INSTALLES, "12", "douze"), ("LB", INSTALLES, "12", "11"))
    assert [f["nom"] for f in reponse.refus] == ["c.LA.01.01.01"]
    assert traces(site.session) == []


def test_a_line_fed_by_another_system_and_several_lines_are_shown_and_not_typed(site: Any) -> None:
    ligne(site.session, site.a, "02", 3, type_source_capacite="02")
    for commentaire in ("un", "deux"):
        ligne(site.session, site.a, "06", 2, commentaire=commentaire)
    rangee = montrer(site).groupes[0]["rangees"][0]
    sortes = {c["nom"]: (c["sorte"], c["texte"]) for c in rangee["cases"]}
    assert sortes["c.LA.01.02.01"] == ("recue", "3")
    assert sortes["c.LA.01.06.01"] == ("plusieurs", "4")
    assert rangee["cases"][1]["source"]
    for cellule, base in ((DISPONIBLES, "3"), (SUPPLEMENTAIRES, "4")):
        assert not garder(site, ("LA", cellule, base, "9")).fait
    assert traces(site.session) == []


def test_a_reader_sees_the_grid_and_changes_nothing(site: Any) -> None:
    lecteur = site.acteur("Louise Pagès")
    site.habiliter(lecteur, site.eg_, Role.LECTEUR)
    grille = montrer(site, qui=lecteur)
    assert {c["sorte"] for g in grille.groupes for r in g["rangees"] for c in r["cases"]} == {"lecture"}
    with pytest.raises(AccesRefuse):
        garder(site, ("LA", INSTALLES, "12", "10"), qui=lecteur)


def test_a_right_on_one_uf_changes_its_lieux_only(site: Any) -> None:
    responsable = site.acteur("Nadia Roux")
    from rxror.tables import Portee

    uf = site.poles[0]
    site.habiliter(responsable, site.eg_, Role.RESPONSABLE_OFFRE, portee=Portee.STRUCTURE, code=uf.identifiant_oi)
    assert garder(site, ("LA", INSTALLES, "12", "10"), qui=responsable).fait
    with pytest.raises(AccesRefuse):
        garder(site, ("LB", INSTALLES, "12", "10"), qui=responsable)


def test_the_lieu_of_another_etablissement_is_refused_as_one_that_does_not_exist(site: Any) -> None:
    ailleurs = fabriques.un_lieu(site.session, site.eg("Ailleurs"), identifiant="LX")
    for nom in (ailleurs.identifiant, "INCONNU"):
        with pytest.raises(AccesRefuse):
            garder(site, (nom, INSTALLES, "12", "10"))


def test_available_beds_under_a_closed_offer_are_refused_at_their_cell(site: Any) -> None:
    from datetime import date

    site.offres[1].type_fermeture, site.offres[1].date_fermeture = "PRO", date(2020, 1, 1)
    site.session.add(site.offres[1])
    site.session.flush()
    reponse = garder(site, ("LB", DISPONIBLES, "", "2"))
    assert [f["nom"] for f in reponse.refus] == ["c.LB.01.02.01"]
    assert "fermée" in reponse.refus[0]["texte"]
    assert garder(site, ("LA", DISPONIBLES, "", "2")).fait  # it serves an open offer too


def test_more_closed_than_installed_is_said_while_typing_and_kept(site: Any) -> None:
    tapees = {("LA", Cellule("01", "05", "01")): "20"}
    fautes, bilan = capacites.verifier(site.session, site.qui, site.eg_.num_finess, TOUT, tapees)
    assert [(f["nom"], f["bloque"]) for f in fautes] == [("c.LA.01.05.01", False)]
    assert bilan.totaux[2] == "20"
    assert garder(site, ("LA", FERMES, "", "20")).fait


def test_an_emptied_cell_takes_its_line_away_at_valider(site: Any) -> None:
    garder(site, ("LA", INSTALLES, "12", ""), ("LA", FERMES, "", "1"))
    cible = Cible("lieu", "LA")
    vu = validation.preparer(site.session, site.qui, cible).vu
    demande = DemandeValidation(genre="lieu", identifiant="LA", vu=vu, cle=uuid4())
    assert validation.valider(site.session, site.qui, demande) == []
    restantes = site.session.exec(
        select(CapaciteAccueilOperationnelle.statut_capacite).where(
            CapaciteAccueilOperationnelle.lieu_realisation_offre_id == site.a.id
        )
    ).all()
    assert list(restantes) == ["05"]


def test_what_was_saved_in_the_grid_is_undone_at_once(site: Any) -> None:
    garder(site, ("LA", INSTALLES, "12", "10"), ("LA", FERMES, "", "2"))
    cible = Cible("lieu", "LA")
    (entree,) = historique.lire(site.session, site.qui, cible, historique.Vue()).entrees
    assert "depuis la grille du site" in entree["phrase"]  # the cells of one act are told together
    apercu = annulation.preparer(site.session, site.qui, cible, "capacitaire")
    annulation.annuler(
        site.session,
        site.qui,
        Annulation(genre="lieu", identifiant="LA", section="capacitaire", vu=apercu.vu, cle=uuid4()),
    )
    assert cases(montrer(site))["c.LA.01.01.01"] == "12"
    assert cases(montrer(site))["c.LA.01.05.01"] == ""


def test_what_is_saved_is_listed_before_and_after_with_its_author(site: Any) -> None:
    garder(site, ("LA", INSTALLES, "12", "10"))
    lues = capacites_preparees.lire(site.session, site.qui, site.eg_.num_finess)
    (prepare,) = lues.prepares
    (ecart,) = prepare["ecarts"]
    assert (ecart["label"], ecart["avant"], ecart["apres"]) == ("Lits installés", "12", "10")
    assert ecart["qui"]
    assert [lu["nom"] for lu in lues.a_confirmer] == ["UHCD"]


def test_ticked_lieux_are_validated_together_from_what_the_page_shows(site: Any) -> None:
    garder(site, ("LA", INSTALLES, "12", "10"))
    lues = capacites_preparees.lire(site.session, site.qui, site.eg_.num_finess)
    objets = [
        ObjetLu(genre="lieu", identifiant=lu["cle"].removeprefix("lieu:"), vu=lu["vu"])
        for lu in [*lues.prepares, *lues.a_confirmer]
    ]
    bilan = confirmation.confirmer_plusieurs(site.session, site.qui, ConfirmerPlusieurs(objets=objets, cle=uuid4()))
    assert bilan.faits == ["lieu:LA", "lieu:LB"]
    apres = capacites_preparees.lire(site.session, site.qui, site.eg_.num_finess)
    assert (apres.prepares, apres.a_confirmer, apres.relus) == ([], [], 2)
    assert cases(montrer(site))["c.LA.01.01.01"] == "10"


def test_a_pasted_block_by_name_says_all_its_bad_cells(site: Any) -> None:
    texte = "Lieu\tInstallés\tDisponibles\nuhcd\t1 4\t\nGYNECO\tdouze\t3\nAilleurs\t1\n"
    lu, _ = capacites.coller(site.session, site.qui, site.eg_.num_finess, TOUT, texte, "")
    assert lu.changements == {("LB", 0): "14", ("LA", 1): "3"}
    assert [(f.ligne, f.colonne, f.valeur) for f in lu.fautes] == [(3, 2, "douze"), (4, 1, "Ailleurs")]


def test_the_number_of_queries_does_not_follow_the_number_of_lieux(site: Any, compter: Any) -> None:
    with compter() as peu:
        montrer(site)
    for rang in range(8):
        lien(site.session, fabriques.un_lieu(site.session, site.eg_, nom=f"Lieu {rang}"), site.offres[0])
    with compter() as beaucoup:
        montrer(site)
    assert len(beaucoup) == len(peu)


def test_a_lieu_that_is_only_an_address_is_not_in_the_grid(site: Any) -> None:
    fabriques.un_lieu(site.session, site.eg_, nom="Accueil", fonction_lieu="005")
    noms = {r["nom"] for g in montrer(site).groupes for r in g["rangees"]}
    assert "Accueil" not in noms
    assert LieuRealisationOffre.GENRE == "lieu"


def test_an_accommodation_without_installed_places_is_said_at_that_cell_and_kept(site: Any) -> None:
    site.eg_.categorie_eg = "500"
    site.offres[1].mode_prise_en_charge = "46"
    site.session.add_all([site.eg_, site.offres[1]])
    site.session.flush()
    tapees = {(i, Cellule("01", "01")): "0" for i in ("LA", "LB")}
    fautes, _ = capacites.verifier(site.session, site.qui, site.eg_.num_finess, TOUT, tapees)
    assert [(f["nom"], f["bloque"]) for f in fautes] == [("c.LA.02.01.01", False)]
    assert garder(site, ("LA", INSTALLES, "12", "0"), ("LB", INSTALLES, "12", "0")).fait


def test_a_text_kept_by_the_form_of_the_lieu_is_shown_and_corrected_here(site: Any) -> None:
    ligne_ = site.session.exec(
        select(CapaciteAccueilOperationnelle).where(
            CapaciteAccueilOperationnelle.lieu_realisation_offre_id == site.a.id
        )
    ).one()
    chemin = f"{CAPACITES}.{ligne_.id}.nombre_capacite"
    enregistrer_une_section(site.session, site.qui, site.a, "capacitaire", **{chemin: "douze"})
    assert cases(montrer(site))["c.LA.01.01.01"] == "douze"
    assert garder(site, ("LA", INSTALLES, "douze", "11")).fait
    brouillon = site.session.exec(select(Brouillon).where(Brouillon.objet == "lieu:LA")).one()
    assert brouillon.illisibles == {}


def test_what_a_colleague_left_unreadable_is_taken_as_it_is(site: Any) -> None:
    ligne_ = site.session.exec(
        select(CapaciteAccueilOperationnelle).where(
            CapaciteAccueilOperationnelle.lieu_realisation_offre_id == site.a.id
        )
    ).one()
    autre = site.acteur("Mireille Faure")
    site.habiliter(autre, site.eg_)
    texte = '8 "ou" 9'
    saisie = {f"{CAPACITES}.{ligne_.id}.nombre_capacite": texte}
    enregistrer_une_section(site.session, autre, site.a, "capacitaire", **saisie)
    (conflit,) = garder(site, ("LA", INSTALLES, "12", "10")).conflits
    assert json.loads(conflit["prendre"]) == {conflit["nom"]: texte}


def test_a_cell_without_a_validated_number_says_nothing_of_it(site: Any) -> None:
    dits = [case["avant"] for case in montrer(site).groupes[0]["rangees"][0]["cases"]]
    assert [bool(dit) for dit in dits] == [True, False, False, False]


def test_the_year_of_what_was_last_validated_is_that_of_paris(site: Any) -> None:
    site.a.date_validation = datetime(2025, 12, 31, 23, 30, tzinfo=UTC)
    site.session.add(site.a)
    site.session.flush()
    assert montrer(site).groupes[0]["rangees"][0]["cases"][0]["avant"] == "validé en 2026 : 12".replace(
        " :", "\xa0:"
    ).replace(": ", ":\xa0")


def test_an_alert_is_shown_where_one_confirms(site: Any) -> None:
    ligne(site.session, site.b, "05", 20)
    garder(site, ("LA", FERMES, "", "13"))
    lues = capacites_preparees.lire(site.session, site.qui, site.eg_.num_finess)
    dits = [[alerte["texte"] for alerte in lu["alertes"]] for lu in (*lues.prepares, *lues.a_confirmer)]
    assert [[texte for texte in siens if "fermés" in texte] for siens in dits] == [
        [fr("13 lits fermés pour 12 installés : vérifiez.")],
        [fr("20 lits fermés pour 12 installés : vérifiez.")],
    ]


def test_saved_lieux_beyond_one_gesture_are_on_the_next_page(site: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(capacites_preparees, "AU_PLUS", 1)
    garder(site, ("LA", INSTALLES, "12", "10"), ("LB", INSTALLES, "12", "11"))
    pages = [capacites_preparees.lire(site.session, site.qui, site.eg_.num_finess, rang) for rang in (1, 2, 3)]
    assert [[lu["nom"] for lu in page.prepares] for page in pages] == [["Gynéco"], ["UHCD"], ["UHCD"]]
    assert [(page.total, page.rang, page.pages) for page in pages] == [(2, 1, 2), (2, 2, 2), (2, 2, 2)]


def test_what_was_validated_and_what_was_not_is_said() -> None:
    dits = [
        capacites_preparees.dire(Bilan(faits, refus))
        for faits, refus in (
            (["lieu:LA", "lieu:LB"], {}),
            (["lieu:LA"], {"lieu:LB": "x"}),
            ([], {"lieu:LA": "x", "lieu:LB": "x"}),
        )
    ]
    assert dits == [
        "2 lieux validés, à la date d’aujourd’hui.",
        fr("1 lieu validé, à la date d’aujourd’hui."),
        "Rien n’est validé.",
    ]


def test_what_the_sae_says_of_the_site_stands_beside_its_total_and_is_no_fault(site: Any) -> None:
    assert montrer(site).sae == ["", "", "", ""]
    for rubrique, nombre in (("medecine_lits", 159), ("usld_lits", 74), ("uhcd_lits", 6), ("medecine_places", 8)):
        finess = site.eg_.num_finess
        repere = RepereSae(finess=finess, rubrique=rubrique, nombre=nombre, annee=2023, fichier_source="MCO")
        fabriques.garder(site.session, repere)
    grille = montrer(site)
    assert grille.sae == [fr("SAE 2023 : 233"), "", "", ""]  # the UHCD may be counted in a discipline already
    assert grille.fautes == []
    assert montrer(site, Vue(montrer=TOUS, nature="02")).sae[0] == fr("SAE 2023 : 8")
    assert montrer(site, Vue(montrer=TOUS, temporalite="02")).sae == ["", "", "", ""]
