"""« Rien n’a changé » on a node: who is in the list, what is said, what one gesture confirms, and back."""

from types import SimpleNamespace
from typing import Any
from uuid import uuid4

import pytest
from sqlmodel import Session, col, select

from rxror.ror.erreurs import AccesRefuse
from rxror.ror.objets import LieuRealisationOffre, OffreLieu
from rxror.services import consultation, rien_n_a_change
from rxror.services.acces import Cible
from rxror.services.confirmation import CHANGE, ConfirmerPlusieurs, ObjetLu
from rxror.services.dedit import Dedire, dedire
from rxror.tables import Action, Confirmation, Portee, ReglageEtablissement, Role, Trace
from rxror.ui.pages.rien_n_a_change import PREPARE, RIEN_ICI, _resume
from tests.fabriques import enregistrer, garder, un_lieu, une_offre_complete
from tests.services.test_confirmation import IL_Y_A_UN_AN, signe
from tests.services.test_versions import valider


@pytest.fixture
def ici(session: Session, place: Any, monde: Any) -> SimpleNamespace:
    """A pôle with a UF of two offers, and one offer of another UF; Claire is signed in."""
    pole = monde.oi(place.eg, "Pôle Femme-Mère-Enfant")
    uf, autre_uf = monde.oi(place.eg, "UF Gynécologie", "3", pole), monde.oi(place.eg, "UF Urgences", "3")
    place.offre.organisation_interne_id = uf.id
    jour = une_offre_complete(session, place.eg, uf, nom_offre="Hôpital de jour")
    urgences = une_offre_complete(session, place.eg, autre_uf, nom_offre="Urgences")
    for objet in (place.offre, jour, urgences, *session.exec(select(LieuRealisationOffre))):
        objet.date_validation = objet.date_mise_jour = IL_Y_A_UN_AN
    session.flush()
    claire = signe(session, place.claire)
    return SimpleNamespace(
        **vars(place) | {"claire": claire}, pole=pole, uf=uf, autre_uf=autre_uf, jour=jour, urgences=urgences
    )


def voir(session: Session, ici: Any, noeud: Any = None, qui: Any = None) -> rien_n_a_change.Vue:
    noeud = noeud or ici.pole
    return rien_n_a_change.preparer(session, qui or ici.claire, Cible("structure", noeud.identifiant_oi))


def une_demande(*lignes: Any) -> ConfirmerPlusieurs:
    lus = []
    for ligne in lignes:
        genre, _, identifiant = ligne["cle"].partition(":")
        lus.append(ObjetLu(genre=genre, identifiant=identifiant, vu=ligne["vu"]))
    return ConfirmerPlusieurs(objets=lus, cle=uuid4())


def noms(vue: rien_n_a_change.Vue) -> set[str]:
    return {ligne["nom"] for ligne in vue.lignes}


def test_a_node_lists_what_hangs_below_with_its_facts(session: Session, ici: Any) -> None:
    vue = voir(session, ici)
    assert noms(vue) == {"Gynécologie, hospitalisation complète", "Hôpital de jour"}
    assert noms(voir(session, ici, ici.autre_uf)) == {"Urgences"}
    tout = rien_n_a_change.preparer(session, ici.claire, Cible("etablissement", ici.eg.num_finess))
    assert (tout.restent, noms(tout)) == ((3, 3), noms(vue) | {"Urgences"})
    for ligne in vue.lignes:
        (lieu,) = ligne["lieux"]
        assert "Capacités" in {f["label"] for f in lieu["faits"]}  # confirmed with its offer: its beds are read
        assert ligne["faits"]
        assert all(f["texte"] for f in [*ligne["faits"], *lieu["faits"]])


def test_what_stayed_ticked_is_confirmed_and_leaves_the_list(session: Session, ici: Any) -> None:
    premiere, _ = voir(session, ici).lignes
    bilan = rien_n_a_change.confirmer(session, ici.claire, une_demande(premiere))
    assert (bilan.faits, bilan.refus) == ([premiere["cle"]], {})
    vue = voir(session, ici)
    assert (premiere["nom"] in noms(vue), vue.restent, vue.relus) == (False, (1, 1), (1, 1))
    (geste,) = vue.faites
    assert [f["nom"] for f in geste["lignes"]] == [premiere["nom"], "Lieu Gynécologie, 2e étage"]
    lignes = session.exec(select(Trace).where(Trace.action == Action.CONFIRMATION).order_by(col(Trace.id))).all()
    assert [t.objet.partition(":")[0] for t in lignes] == ["offre", "lieu"]  # one line for each object


def test_back_gives_the_former_dates_unless_somebody_changed_it_since(session: Session, ici: Any) -> None:
    vue = voir(session, ici)
    rien_n_a_change.confirmer(session, ici.claire, une_demande(*vue.lignes))
    enregistrer(session, ici.mireille, ici.jour, "informations_generales", nom_offre="Hôpital de jour, 2e")
    valider(session, ici.mireille, ici.jour)
    (geste,) = voir(session, ici).faites
    assert "Hôpital de jour, 2e" not in {f["nom"] for f in geste["lignes"]}
    demande = Dedire(confirmations=geste["numeros"], cle=uuid4())
    assert len(dedire(session, ici.claire, demande).faits) == geste["n"]
    session.refresh(ici.offre)
    assert {n for n in noms(voir(session, ici)) if not n.startswith("Lieu")} == {
        "Gynécologie, hospitalisation complète"
    }
    assert ici.offre.version == 3  # a new version, told in the trace


def test_each_gesture_is_taken_back_without_the_others(session: Session, ici: Any, monkeypatch: Any) -> None:
    premiere, seconde = voir(session, ici).lignes
    rien_n_a_change.confirmer(session, ici.claire, une_demande(premiere))
    rien_n_a_change.confirmer(session, ici.claire, une_demande(seconde))
    dernier, avant = voir(session, ici).faites
    assert [g["nom"] for g in (dernier, avant)] == [seconde["nom"], premiere["nom"]]
    assert not set(dernier["numeros"]) & set(avant["numeros"])
    faits = dedire(session, ici.claire, Dedire(confirmations=dernier["numeros"], cle=uuid4())).faits
    assert seconde["cle"] in faits
    (reste,) = voir(session, ici).faites
    assert reste["numeros"] == avant["numeros"]
    assert noms(voir(session, ici)) == {seconde["nom"]}
    monkeypatch.setattr(rien_n_a_change, "MONTREES", 1)
    (borne,) = voir(session, ici).faites
    assert (len(borne["lignes"]), borne["reste"], borne["n"]) == (1, 1, 2)  # the button still takes both back


def test_who_prepares_is_told_so_and_finds_no_way_here(session: Session, ici: Any, monde: Any) -> None:
    garder(session, ReglageEtablissement(finess=ici.eg.num_finess, validation_separee=True))
    prepare, louise = monde.acteur("Paul Prat"), monde.acteur("Louise")
    monde.habiliter(prepare, ici.eg, Role.RESPONSABLE_OFFRE)
    monde.habiliter(louise, ici.eg, Role.LECTEUR)
    for qui, phrase, attendu in (
        (prepare, PREPARE, False),
        (louise, RIEN_ICI, False),
        (ici.claire, "À relire : 2 offres et 2 lieux", True),
    ):
        dit = _resume(voir(session, ici, qui=qui)).replace("\xa0", " ")
        assert dit.startswith(phrase.replace("\xa0", " "))
        structure = consultation.structure(session, qui, ici.pole.identifiant_oi)
        etablissement = consultation.etablissement(session, qui, ici.eg.num_finess)
        for vue in (structure, etablissement):
            assert bool(vue.url_confirmer) == bool(vue.url_valider) == attendu


def test_what_blocks_or_waits_stands_apart_with_its_link(session: Session, ici: Any) -> None:
    enregistrer(session, ici.claire, ici.offre, "informations_generales", nom_offre="")
    enregistrer(session, ici.claire, ici.jour, "commentaire", commentaire="Entrée B.")
    vue = voir(session, ici)
    assert vue.lignes == []
    dits = {a["nom"]: (a["raison"], len(a["points"]), a["url"].rpartition("/")[2]) for a in vue.a_part}
    assert dits["Hôpital de jour"] == ("Enregistré, à valider", 0, "valider")
    bloque = next(a for n, a in zip(dits, vue.a_part, strict=True) if n != "Hôpital de jour")
    assert (bloque["raison"], len(bloque["points"])) == ("1 point bloque", 1)
    assert bloque["points"][0]["url"].endswith("#nom_offre")


def test_a_card_that_changed_since_is_left_with_its_reason(session: Session, ici: Any) -> None:
    premiere, seconde = voir(session, ici).lignes
    enregistrer(session, ici.mireille, ici.jour, "commentaire", commentaire="Entrée B.")
    bilan = rien_n_a_change.confirmer(session, ici.claire, une_demande(premiere, seconde))
    assert bilan.faits == [f"offre:{ici.offre.identifiant_offre}"]
    assert bilan.refus == {f"offre:{ici.jour.identifiant_offre}": CHANGE}


def test_only_what_one_may_validate_is_listed_and_confirmed(session: Session, ici: Any, monde: Any) -> None:
    demande = une_demande(*voir(session, ici).lignes)
    louise, nadia, hugo = (monde.acteur(n) for n in ("Louise", "Nadia", "Hugo"))
    monde.habiliter(louise, ici.eg, Role.LECTEUR)
    monde.habiliter(nadia, ici.eg, Role.RESPONSABLE_OFFRE, portee=Portee.STRUCTURE, code=ici.autre_uf.identifiant_oi)
    for qui in (louise, nadia):
        assert (voir(session, ici, qui=qui).lignes, voir(session, ici, qui=qui).restent) == ([], (0, 0))
        with pytest.raises(AccesRefuse):
            rien_n_a_change.confirmer(session, qui, demande)
    assert noms(voir(session, ici, ici.autre_uf, nadia)) == {"Urgences"}
    with pytest.raises(AccesRefuse):
        voir(session, ici, qui=hugo)
    with pytest.raises(AccesRefuse):
        rien_n_a_change.preparer(session, ici.claire, Cible("offre", ici.offre.identifiant_offre))


def test_a_lieu_that_no_offer_covers_is_alone_in_the_list(session: Session, ici: Any) -> None:
    seul = un_lieu(session, ici.eg, nom="Rez-de-jardin")
    partage = un_lieu(session, ici.eg, nom="Bloc")
    garder(session, OffreLieu(offre_operationnelle_id=ici.offre.id, lieu_realisation_offre_id=partage.id))
    tout = rien_n_a_change.preparer(session, ici.claire, Cible("etablissement", ici.eg.num_finess))
    assert {n for n in noms(tout) if n.startswith("Lieu")} == {"Lieu Rez-de-jardin"}
    assert seul.identifiant in {ligne["cle"].partition(":")[2] for ligne in tout.lignes}


def test_a_lieu_of_several_offers_is_read_once_and_confirmed_with_the_line_that_shows_it(
    session: Session, ici: Any
) -> None:
    partage = un_lieu(session, ici.eg, nom="Bloc")
    partage.date_validation = partage.date_mise_jour = IL_Y_A_UN_AN
    for offre in (ici.offre, ici.jour):
        garder(session, OffreLieu(offre_operationnelle_id=offre.id, lieu_realisation_offre_id=partage.id))
    premiere, seconde = voir(session, ici).lignes
    bloc, encore = (next(x for x in ligne["lieux"] if x["nom"] == "Bloc") for ligne in (premiere, seconde))
    assert (bloc["dit"].replace("\xa0", " "), bool(bloc["faits"])) == ("sert 2 offres", True)
    assert encore["faits"] == []
    assert premiere["nom"] in encore["dit"]

    rien_n_a_change.confirmer(session, ici.claire, une_demande(seconde))  # the other one was unticked
    assert partage.date_validation == IL_Y_A_UN_AN
    (reste,) = voir(session, ici).lignes
    (bloc,) = [x for x in reste["lieux"] if x["nom"] == "Bloc"]
    assert bloc["faits"]
    rien_n_a_change.confirmer(session, ici.claire, une_demande(reste))
    assert partage.date_validation != IL_Y_A_UN_AN
    lus = session.exec(select(Confirmation).where(Confirmation.objet == f"lieu:{partage.identifiant}")).all()
    assert [bool(c.faits) for c in lus] == [True]


def test_a_lieu_is_read_on_the_first_line_that_can_be_confirmed(session: Session, ici: Any) -> None:
    lieu_de_l_offre = session.exec(select(LieuRealisationOffre).order_by(col(LieuRealisationOffre.id))).first()
    assert lieu_de_l_offre is not None
    garder(session, OffreLieu(offre_operationnelle_id=ici.jour.id, lieu_realisation_offre_id=lieu_de_l_offre.id))
    enregistrer(session, ici.claire, ici.offre, "informations_generales", nom_offre="")  # blocks: stands apart
    (ligne,) = voir(session, ici).lignes
    assert ligne["nom"] == "Hôpital de jour"
    assert all(x["faits"] for x in ligne["lieux"])


def test_pages_are_bounded_and_cost_the_same(session: Session, ici: Any, compter: Any, monkeypatch: Any) -> None:
    monkeypatch.setattr(rien_n_a_change, "AU_PLUS", 2)
    with compter() as peu:
        voir(session, ici)
    for n in range(5):
        offre = une_offre_complete(session, ici.eg, ici.uf, nom_offre=f"Offre {n}")
        offre.date_validation = IL_Y_A_UN_AN
    session.flush()
    with compter() as beaucoup:
        vue = voir(session, ici)
    assert (len(vue.lignes), vue.restent, vue.pages) == (2, (7, 7), 4)
    assert len(beaucoup) <= len(peu) + 1
    derniere = rien_n_a_change.preparer(session, ici.claire, Cible("structure", ici.pole.identifiant_oi), 99)
    assert (derniere.rang, len(derniere.lignes)) == (4, 1)
