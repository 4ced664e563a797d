"""The whole tree of an établissement: its states day by day, its counts, its filters, whose offers they are."""

from datetime import UTC, date, datetime
from typing import Any

import pytest
from sqlmodel import Session

from rxror.ror.erreurs import AccesRefuse
from rxror.ror.fraicheur import BROUILLON, EN_COURS
from rxror.services import ensemble
from rxror.services.ensemble_vues import Filtre, Noeud, Vue, VueEnsemble
from rxror.tables import Portee, Role

JOUR = date(2026, 11, 23)


@pytest.fixture
def ch(monde):
    """Two pôles, a service, three UF, offers in each state, one that hangs from the établissement."""
    eg = monde.eg("CH ALBI")
    femme, medecine = monde.oi(eg, "Pôle Femme"), monde.oi(eg, "Pôle Médecine")
    service = monde.oi(eg, "Service de cardiologie", "2", medecine)
    gyneco = monde.oi(eg, "UF Gynécologie", "3", femme)
    cardio = monde.oi(eg, "UF Cardiologie", "3", service)
    vide = monde.oi(eg, "UF Rythmologie", "3", service)
    a = monde.offre(eg, gyneco, "Échographie", 400)
    b = monde.offre(eg, gyneco, "Consultations de gynécologie", 30)
    c = monde.offre(eg, cardio, "Consultations de cardiologie", None)
    d = monde.offre(eg, service, "Avis du service", 320)
    e = monde.offre(eg, None, "Imagerie", 10)
    claire = monde.acteur()
    monde.habiliter(claire, eg)
    return locals()


def lire(session: Session, ch: Any, qui: Any = None, ici: str = "", **voulue: Any) -> VueEnsemble:
    return ensemble.lire(session, qui or ch["claire"], ch["eg"].num_finess, Vue(**voulue), ici, JOUR)


def noms(vue: VueEnsemble) -> list[str]:
    def de(noeud: Noeud) -> list[str]:
        return [f["nom"] for f in noeud.offres] + [nom for e in noeud.enfants for nom in de(e)]

    return [
        nom for noeud in vue.noeuds if noeud.identifiant in vue.branches for nom in de(vue.branches[noeud.identifiant])
    ]


def test_each_node_says_how_many_of_its_offers_are_up_to_date(session, ch):
    vue = lire(session, ch)
    assert [(n.nom, n.avancement, n.alerte) for n in vue.noeuds] == [
        ("Pôle Femme", "1 sur 2 à jour", "1 en retard"),
        ("Pôle Médecine", "0 sur 2 à jour", "1 en retard"),
        ("Offres rattachées directement à l’établissement", "1 sur 1 à jour", ""),
    ]
    assert (vue.branches, vue.avancement) == ({}, "2 sur 5 à jour")
    pole = ensemble.branche(session, ch["claire"], ch["medecine"].identifiant_oi, JOUR)
    (service,) = pole.enfants
    assert [(n.nom, n.avancement) for n in (service, *service.enfants)] == [
        ("Service de cardiologie", "0 sur 2 à jour"),
        ("UF Cardiologie", "0 sur 1 à jour"),
        ("UF Rythmologie", "Aucune offre"),
    ]
    assert [f["nom"] for f in service.offres] == ["Avis du service"]
    assert [f["mot"] for f in service.enfants[0].offres] == ["Jamais validée"]


@pytest.mark.parametrize(
    ("validee", "mot", "filtre"),
    [
        (date(2025, 11, 22), "En retard", Filtre.EN_RETARD),
        (date(2025, 11, 23), "À revoir", Filtre.A_REVOIR),
        (date(2026, 1, 22), "À revoir", Filtre.A_REVOIR),
        (date(2026, 1, 23), "À jour", Filtre.A_JOUR),
        (None, "Jamais validée", Filtre.JAMAIS),
    ],
)
def test_a_state_turns_on_its_day_on_screen_and_in_the_filter(session, ch, monde, validee, mot, filtre):
    offre = monde.offre(ch["eg"], ch["gyneco"], "Témoin", None)
    offre.date_validation = validee and datetime(validee.year, validee.month, validee.day, 12, tzinfo=UTC)
    session.flush()
    (noeud,) = lire(session, ch, q="témoin").branches.values()
    assert [f["mot"] for f in noeud.enfants[0].offres] == [mot]
    for autre in Filtre:
        assert ("Témoin" in noms(lire(session, ch, q="témoin", etat=autre))) == (autre in (filtre, Filtre.TOUT))


def test_what_is_saved_is_a_brouillon_under_way_until_all_of_it_can_be_read(session, ch, monde):
    claire, lieu = ch["claire"], monde.lieu(ch["eg"], ch["b"])
    monde.brouillon(claire, f"offre:{ch['a'].identifiant_offre}")
    du_lieu = monde.brouillon(claire, f"lieu:{lieu.identifiant}", "capacitaire")
    assert noms(lire(session, ch, etat="enregistre")) == ["Consultations de gynécologie", "Échographie"]
    du_lieu.illisibles = {"date_ouverture": "31 février"}
    session.flush()
    assert noms(lire(session, ch, etat="enregistre")) == ["Échographie"]
    assert noms(lire(session, ch, etat="en_cours")) == ["Consultations de gynécologie"]
    uf = ensemble.branche(session, claire, ch["femme"].identifiant_oi, JOUR).enfants[0]
    assert [f["brouillon"] for f in uf.offres] == [EN_COURS.mot, BROUILLON.mot]


def test_filters_are_counted_and_one_that_keeps_nothing_is_not_shown(session, ch, monde):
    monde.offre(ch["eg"], ch["cardio"], "Fermée", 900, date_fermeture=date(2025, 1, 1))
    monde.offre(ch["eg"], ch["cardio"], "Partie", 900, date_fermeture=date(2025, 1, 1), type_fermeture="DEF")
    vue = lire(session, ch, etat="en_retard", q="echo")
    assert [(c["nom"], c["choisi"]) for c in vue.etats] == [
        ("Tout (7)", False),
        ("En retard (1)", True),
        ("Jamais validée (1)", False),
        ("À revoir (1)", False),
        ("À jour (2)", False),
        ("Fermées (2)", False),
    ]
    assert vue.etats[2]["url"] == f"/etablissement/{ch['eg'].num_finess}/arbre?q=echo&etat=jamais"
    assert (noms(vue), vue.resume) == (["Échographie"], "1 offre.")
    assert noms(lire(session, ch, etat="fermee")) == ["Fermée", "Partie"]
    assert [n.nom for n in lire(session, ch).noeuds][-1] == "Fermées définitivement"


def test_a_search_reads_names_without_accent_and_the_structures_above(session, ch):
    assert noms(lire(session, ch, q="echographie")) == ["Échographie"]
    assert noms(lire(session, ch, q="CONSULTATIONS")) == [
        "Consultations de gynécologie",
        "Consultations de cardiologie",
    ]
    assert noms(lire(session, ch, q="pole medecine")) == ["Avis du service", "Consultations de cardiologie"]
    assert noms(lire(session, ch, q=ch["a"].identifiant_offre)) == ["Échographie"]
    vide = lire(session, ch, q="rythmo")
    assert (noms(vide), vide.resume) == ([], "Aucune offre, 1 structure sans offre trouvée.")
    assert vide.branches[ch["medecine"].identifiant_oi].enfants[0].enfants[0].nom == "UF Rythmologie"
    for rien in ("zzz", "%", "' OR 1=1 --"):
        assert noms(lire(session, ch, q=rien)) == ([] if rien != "%" else noms(lire(session, ch, deplie="1")))
    assert lire(session, ch, q="zzz").resume.startswith("Rien ne correspond")


def test_a_month_keeps_what_is_due_in_it_at_paris_and_not_what_is_late(session, ch):
    fin, debut = (datetime(2025, 11, 30, h, 30, tzinfo=UTC) for h in (22, 23))  # 23 h 30, then 0 h 30 of December
    ch["a"].date_validation, ch["b"].date_validation = fin, debut
    session.flush()
    assert noms(lire(session, ch, mois="2026-11")) == ["Échographie"]
    vue = lire(session, ch, mois="2026-12")
    assert noms(vue) == ["Consultations de gynécologie"]
    assert [c["nom"].replace("\xa0", " ") for c in vue.rappel] == ["À valider en décembre 2026"]
    ch["a"].date_validation = datetime(2025, 11, 2, tzinfo=UTC)
    session.flush()
    assert noms(lire(session, ch, mois="2026-11")) == []


def test_who_answers_for_one_uf_has_its_offers_to_do_and_reads_the_rest(session, ch, monde):
    nadia = monde.acteur("Nadia Roux")
    code = ch["gyneco"].identifiant_oi
    monde.habiliter(nadia, ch["eg"], Role.RESPONSABLE_OFFRE, portee=Portee.STRUCTURE, code=code)
    vue = lire(session, ch, nadia)
    assert [c["nom"] for c in vue.etats] == ["Tout (5)", "En retard (1)", "À jour (1)"]
    assert vue.partiel.startswith("Les filtres comptent ce qui vous est confié")
    assert "2 offres sur 5" in vue.partiel
    assert [(n.avancement, n.alerte) for n in vue.noeuds[:2]] == [
        ("1 sur 2 à jour", "1 en retard"),
        ("0 sur 2 à jour", ""),
    ]
    assert noms(lire(session, ch, nadia, etat="jamais")) == []
    tout = lire(session, ch, nadia, deplie="1")
    lues = {f["nom"]: f["lecture"] for n in tout.branches.values() for u in n.enfants for f in u.offres}
    assert lues["Échographie"] is False
    assert lues["Avis du service"] is True
    assert lire(session, ch).partiel == ""


def test_the_queue_of_what_is_shown_is_for_who_may_answer(session, ch, monde):
    finess, femme = ch["eg"].num_finess, ch["femme"].identifiant_oi
    assert lire(session, ch, etat="jamais").url_relecture == f"/relecture?etablissement={finess}&etat=en_retard"
    assert lire(session, ch, dans=femme).url_relecture == f"/relecture?etablissement={finess}&structure={femme}"
    assert lire(session, ch, dans=f"directes:{finess}").url_relecture == f"/relecture?etablissement={finess}"
    louise = monde.acteur("Louise Pagès")
    monde.habiliter(louise, ch["eg"], Role.LECTEUR)
    assert lire(session, ch, louise).url_relecture == ""


def test_an_address_opens_its_branches_and_shows_its_place(session, ch):
    femme, cardio = ch["femme"].identifiant_oi, ch["cardio"].identifiant_oi
    assert noms(lire(session, ch, ouverts=f"{femme},inconnu")) == ["Consultations de gynécologie", "Échographie"]
    for ici in (cardio, ch["c"].identifiant_offre):
        (pole,) = lire(session, ch, ici=ici).branches.values()
        assert pole.enfants[0].ouvert
        assert [e.ouvert for e in pole.enfants[0].enfants] == [True, False]
    assert lire(session, ch, ici="ailleurs").branches == {}


def test_an_etablissement_without_uf_opens_on_its_offers(session, monde):
    eg, acteur = monde.eg("EHPAD", categorie_eg="500"), monde.acteur()
    monde.habiliter(acteur, eg)
    monde.offre(eg, None, "Hébergement")
    assert noms(ensemble.lire(session, acteur, eg.num_finess, Vue(), jour=JOUR)) == ["Hébergement"]


def test_three_hundred_offers_come_by_pages_in_a_constant_number_of_statements(session, ch, monde, compter):
    claire, femme = ch["claire"], ch["femme"].identifiant_oi
    lectures = (
        lambda: lire(session, ch),
        lambda: lire(session, ch, deplie="1"),
        lambda: lire(session, ch, q="consultations", etat="a_jour"),
        lambda: ensemble.branche(session, claire, femme, JOUR),
    )

    def nombres() -> list[int]:
        comptes = []
        for lecture in lectures:
            with compter() as sql:
                lecture()
            comptes.append(len(sql))
        return comptes

    avant = nombres()
    for rang in range(300):
        monde.offre(ch["eg"], ch["gyneco"], f"Offre {rang:03d}", rang)
    assert nombres() == avant
    assert max(avant) <= 7
    vue = lire(session, ch, deplie="1")
    assert (len(noms(vue)), vue.page, vue.pages, vue.url_avant) == (100, 1, 4, "")
    assert vue.url_apres.endswith("?deplie=1&page=2")
    derniere = lire(session, ch, deplie="1", page=9)
    assert (len(noms(derniere)), derniere.page, derniere.url_apres) == (5, 4, "")
    pole = ensemble.branche(session, claire, femme, JOUR)
    assert len(pole.enfants[0].offres) == 100
    assert "302" in pole.suite
    assert pole.url_suite.endswith(f"dans={femme}")
    assert len(noms(lire(session, ch, dans=femme, page=4))) == 2


def test_what_was_opened_first_is_folded_again_beyond_a_hundred_rows():
    offre = {
        "ancre": "",
        "nom": "",
        "url": "",
        "mot": "",
        "sorte": "",
        "precision": "",
        "brouillon": "",
        "lecture": False,
    }
    branches: dict[str, Noeud] = {}
    for nom in "abc":
        ensemble.garder(branches, nom, Noeud(nom, nom, offres=[offre] * 50))  # type: ignore[list-item]
    assert list(branches) == ["b", "c"]
    ensemble.garder(branches, "d", Noeud("d", "d", offres=[offre] * 120))  # type: ignore[list-item]
    assert list(branches) == ["d"]


def test_another_s_tree_and_a_node_of_elsewhere_are_refused(session, ch, monde):
    etranger, autre = monde.acteur("Étranger"), monde.eg("AILLEURS")
    la_bas = monde.oi(autre, "Pôle d’ailleurs")
    with pytest.raises(AccesRefuse):
        lire(session, ch, etranger)
    uf, finess = ch["gyneco"].identifiant_oi, ch["eg"].num_finess
    for qui, noeud in (
        (etranger, ch["femme"].identifiant_oi),
        (etranger, f"directes:{finess}"),
        (ch["claire"], la_bas.identifiant_oi),
        (ch["claire"], f"directes:{autre.num_finess}"),
        (ch["claire"], f"inconnu:{finess}"),
        (ch["claire"], ""),
    ):
        with pytest.raises(AccesRefuse):
            ensemble.branche(session, qui, noeud, JOUR)
    assert ensemble.branche(session, ch["claire"], f"directes:{finess}", JOUR).offres[0]["nom"] == "Imagerie"
    assert [f["mot"] for f in ensemble.branche(session, ch["claire"], uf, JOUR).offres] == ["À jour", "En retard"]
