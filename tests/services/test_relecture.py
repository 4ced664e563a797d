"""The review queue: what is in it, in which order, for whom; the card, the answers, two people at once."""

from datetime import UTC, date, datetime, timedelta
from types import SimpleNamespace
from typing import Any
from uuid import uuid4

import pytest
from sqlmodel import Session, col, select

from rxror.ror import parcours
from rxror.ror.dates import aujourd_hui
from rxror.ror.objets import LieuRealisationOffre, OffreLieu, OffreOperationnelle
from rxror.ror.reperes import cle_de, identifiant_de
from rxror.services import demandes_validation, relecture_candidats, relecture_partage, rien_n_a_change, validation
from rxror.services.acces import Cible
from rxror.services.confirmation import Confirmer
from rxror.services.file_relecture import File, file_de, oublier
from rxror.services.relecture import VueRelecture, lire, options, remettre, repondre, reprendre
from rxror.services.relecture_elements import Choix, Rang
from rxror.tables import (
    Action,
    Confirmation,
    Habilitation,
    Portee,
    ReglageEtablissement,
    RelectureOuverte,
    RelectureReportee,
    ReleveFiness,
    Role,
    Trace,
)
from tests.fabriques import enregistrer, une_offre_complete
from tests.services.conftest import Monde

A_JOUR, A_REVOIR, EN_RETARD, RELU = 100, 330, 400, 3  # days since the last validation


def datee(objet: Any, jours: int | None) -> Any:
    objet.date_validation = None if jours is None else datetime.now(UTC) - timedelta(days=jours)
    objet.validateur = "" if jours is None else "Un ancien"
    return objet


def offre(session: Session, place: SimpleNamespace, nom: str, jours: int | None, oi: Any = None) -> OffreOperationnelle:
    """A complete offer and its lieu, validated so many days ago."""
    une = datee(une_offre_complete(session, place.eg, oi, nom_offre=nom), jours)
    for lieu in lieux(session, une):
        datee(lieu, jours)
    session.flush()
    return une


def lieux(session: Session, une: OffreOperationnelle) -> list[LieuRealisationOffre]:
    requete = select(LieuRealisationOffre).join(OffreLieu).where(OffreLieu.offre_operationnelle_id == une.id)
    return list(session.exec(requete.order_by(col(LieuRealisationOffre.id))))


def noms(file: File) -> list[str]:
    return [e.nom for e in file.elements]


def cible(objet: Any) -> Cible:
    return Cible(objet.GENRE, identifiant_de(objet))


def demande(vue: VueRelecture, cle: Any = None) -> Confirmer:
    carte = vue.carte
    return Confirmer(genre=carte.genre, identifiant=carte.identifiant, vu=carte.vu, cle=cle or uuid4())


OFFRES = Choix(genre="offre")


@pytest.fixture
def place(place: SimpleNamespace, session: Session) -> SimpleNamespace:
    """The offer of the place was reviewed three days ago, with its lieu."""
    oublier()
    for objet in (place.offre, *lieux(session, place.offre)):
        datee(objet, RELU)
    session.flush()
    return place


# ----------------------------------------------------------------------------------- the order


def test_the_queue_goes_by_risk_then_by_the_longest_waited(session: Session, place: SimpleNamespace) -> None:
    offre(session, place, "À jour", A_JOUR)
    offre(session, place, "À revoir", A_REVOIR)
    offre(session, place, "En retard", EN_RETARD)
    offre(session, place, "Plus en retard", 2 * EN_RETARD)
    offre(session, place, "Jamais", None)
    incomplete = offre(session, place, "Incomplète", A_JOUR)
    incomplete.champ_activite = ""
    sensible = offre(session, place, "Unité de décontamination", A_JOUR)  # CO3: its name says that it is sensitive
    session.flush()
    file = file_de(session, place.claire, OFFRES)
    assert noms(file) == [
        "Incomplète",
        sensible.nom_offre,
        "Jamais",
        "Plus en retard",
        "En retard",
        "À revoir",
        "À jour",
    ]
    assert [e.rang for e in file.elements[:3]] == [Rang.BLOQUE, Rang.ECART, Rang.RETARD]
    assert (file.faites, file.total, file.reste) == (1, 8, 7)


def test_a_shared_lieu_then_what_finess_changed_come_before_what_is_to_be_looked_at(
    session: Session, place: SimpleNamespace, monde: Monde
) -> None:
    autre = monde.eg("Clinique")
    monde.habiliter(place.claire, autre)
    une = offre(session, place, "À revoir", A_REVOIR)
    (partage,) = lieux(session, une)
    partage.nom = "Partagé"
    session.add(OffreLieu(offre_operationnelle_id=place.offre.id, lieu_realisation_offre_id=partage.id))
    ailleurs = datee(une_offre_complete(session, autre, nom_offre="FINESS a changé"), A_JOUR)
    session.add(
        Trace(
            instant=datetime.now(UTC) - timedelta(days=1),
            action=Action.IMPORT,
            finess=autre.num_finess,
            objet=cle_de(autre),
            version_avant=1,
            version_apres=2,
        )
    )
    session.flush()
    rangs = {e.nom: e.rang for e in file_de(session, place.claire).elements}
    assert (rangs[partage.nom], rangs[ailleurs.nom_offre]) == (Rang.PARTAGE, Rang.SOURCE)
    assert rangs[une.nom_offre] is Rang.PARTAGE  # it is confirmed with that lieu
    assert noms(file_de(session, place.claire, OFFRES)) == [une.nom_offre, ailleurs.nom_offre]
    assert noms(file_de(session, place.claire)).index(partage.nom) > 1


def test_what_hangs_below_a_record_that_differs_from_finess_is_looked_at_early(
    session: Session, place: SimpleNamespace, monde: Monde
) -> None:
    autre = monde.eg("Clinique")
    monde.habiliter(place.claire, autre)
    ailleurs = datee(une_offre_complete(session, autre, nom_offre="Ailleurs"), A_JOUR)
    dit = {"denomination_eg": "CLINIQUE DU TARN"}
    session.add(ReleveFiness(finess=autre.num_finess, jour=date(2026, 1, 8), ecarts=1, valeurs=dit))
    session.flush()
    rangs = {e.nom: e.rang for e in file_de(session, place.claire).elements}
    assert rangs[ailleurs.nom_offre] == Rang.SOURCE


def test_what_is_closed_for_good_is_not_in_it_nor_the_lieux_that_serve_nothing_else(
    session: Session, place: SimpleNamespace
) -> None:
    close = offre(session, place, "Close", EN_RETARD)
    close.type_fermeture, close.date_fermeture = "DEF", aujourd_hui()
    provisoire = offre(session, place, "Fermée pour un temps", EN_RETARD)
    provisoire.type_fermeture, provisoire.date_fermeture = "PRO", aujourd_hui()
    session.flush()
    file = file_de(session, place.claire)
    assert {e.cle for e in file.elements} == {cle_de(provisoire), *map(cle_de, lieux(session, provisoire))}
    assert file.total == 4


def test_what_was_reviewed_comes_back_with_what_is_saved_since(session: Session, place: SimpleNamespace) -> None:
    assert file_de(session, place.claire).elements == []
    enregistrer(session, place.claire, place.offre, "informations_generales", nom_offre="Autrement")
    (element,) = file_de(session, place.claire).elements
    assert (element.rang, element.etat.mot) == (Rang.BROUILLON, "Enregistré, à valider")


# ---------------------------------------------------------------------------- for whom, and how many


def test_nadia_has_what_her_uf_holds_and_louise_nothing_to_confirm(
    session: Session, place: SimpleNamespace, monde: Monde
) -> None:
    pole = monde.oi(place.eg, "Pôle")
    uf = monde.oi(place.eg, "UF", "3", pole)
    sienne, autre = (offre(session, place, nom, EN_RETARD, oi) for nom, oi in (("La sienne", uf), ("Une autre", None)))
    nadia, louise = monde.acteur("Nadia Roux"), monde.acteur("Louise Pagès")
    monde.habiliter(nadia, place.eg, Role.RESPONSABLE_OFFRE, portee=Portee.STRUCTURE, code=uf.identifiant_oi)
    monde.habiliter(louise, place.eg, Role.LECTEUR)
    assert {e.cle for e in file_de(session, nadia).elements} == {cle_de(sienne), *map(cle_de, lieux(session, sienne))}
    vue = lire(session, nadia, Choix(objet=cle_de(autre)))
    assert (vue.carte.cle, vue.absente) == (cle_de(sienne), True)
    vue = lire(session, louise, Choix(objet=cle_de(autre)))
    assert (vue.total, vue.carte.cle, vue.suite) == (0, "", [])


def test_filters_by_etablissement_structure_kind_and_state(
    session: Session, place: SimpleNamespace, monde: Monde
) -> None:
    autre = monde.eg("EHPAD")
    monde.habiliter(place.claire, autre)
    une_offre_complete(session, autre, nom_offre="Hébergement")
    pole = monde.oi(place.eg, "Pôle")
    uf = monde.oi(place.eg, "UF", "3", pole)
    dedans, dehors = offre(session, place, "Dedans", EN_RETARD, uf), offre(session, place, "Dehors", A_JOUR)
    (lieu,) = lieux(session, dedans)

    def trouves(**filtres: str) -> set[str]:
        return {e.cle for e in file_de(session, place.claire, Choix(**filtres)).elements}  # type: ignore[arg-type]

    assert trouves(etablissement=place.eg.num_finess, genre="offre") == {cle_de(dedans), cle_de(dehors)}
    for structure in (pole, uf):
        assert trouves(structure=structure.identifiant_oi) == {cle_de(dedans), cle_de(lieu)}
    assert trouves(structure=uf.identifiant_oi, genre="lieu") == {cle_de(lieu)}
    assert trouves(etablissement=place.eg.num_finess, genre="offre", etat="a_jour") == {cle_de(dehors)}
    assert trouves(etablissement="000000000") == set()
    file = file_de(session, place.claire, Choix(structure=uf.identifiant_oi))
    assert (file.faites, file.total) == (0, 2)
    possibles = options(session, place.claire, Choix(etablissement=place.eg.num_finess))
    assert [nom for _, nom in possibles.etablissements] == ["CH ALBI", "EHPAD"]
    assert [nom for _, nom in possibles.structures] == ["Pôle", "– UF"]
    assert options(session, place.claire, Choix()).structures == []


def test_as_many_statements_for_one_object_as_for_many(
    session: Session, place: SimpleNamespace, monde: Monde, compter: Any
) -> None:
    offre(session, place, "Une", EN_RETARD)
    lire(session, place.claire, Choix())  # what is read once for all is
    session.expire_all()
    oublier()
    with compter() as un:
        lire(session, place.claire, Choix())
    for n in range(6):
        eg = monde.eg(f"EG {n}")
        monde.habiliter(place.claire, eg)
        for k in range(2):
            une_offre_complete(session, eg, nom_offre=f"Offre {n} {k}")
    session.flush()
    session.expire_all()
    oublier()
    with compter() as plusieurs:
        vue = lire(session, place.claire, Choix())
    assert vue.suivantes > 20
    assert len(plusieurs) == len(un)
    session.expire_all()
    with compter() as encore:
        assert lire(session, place.claire, Choix()).suite == vue.suite
    assert len(encore) < len(un)  # the rules were asked already


# ------------------------------------------------------------------------------- the answers


def test_confirming_gives_the_next_card_and_counts(session: Session, place: SimpleNamespace) -> None:
    premiere, seconde = offre(session, place, "Une", 500), offre(session, place, "Deux", 450)
    vue = lire(session, place.claire, OFFRES)
    assert (vue.carte.cle, [s.cle for s in vue.suite]) == (cle_de(premiere), [cle_de(seconde)])
    assert (vue.faites, vue.total) == (1, 3)
    assert repondre(session, place.claire, demande(vue)).bloquantes == []
    suite = lire(session, place.claire, OFFRES, vue.risques)
    assert (suite.carte.cle, suite.faites, suite.suite) == (cle_de(seconde), 2, [])
    repondre(session, place.claire, demande(suite))
    fini = lire(session, place.claire, OFFRES)
    assert (fini.carte.cle, fini.faites, fini.total, fini.reste) == ("", 3, 3, "")


def test_what_a_colleague_has_confirmed_is_said_and_not_confirmed_twice(
    session: Session, place: SimpleNamespace
) -> None:
    offre(session, place, "Une", EN_RETARD)
    vue = lire(session, place.claire, OFFRES)
    cle = uuid4()
    assert repondre(session, place.mireille, demande(vue, cle)).deja == ""
    assert repondre(session, place.mireille, demande(vue, cle)).deja == ""  # the same gesture again
    assert repondre(session, place.claire, demande(vue)).deja.startswith("Mireille Faure l’a déjà confirmé à")
    lignes = session.exec(select(Confirmation).where(Confirmation.objet == vue.carte.cle)).all()
    assert [c.nom for c in lignes] == ["Mireille Faure"]


def test_two_people_on_the_same_queue_are_not_given_the_same_card(session: Session, place: SimpleNamespace) -> None:
    une, deux = offre(session, place, "Une", 500), offre(session, place, "Deux", 450)
    premiere = lire(session, place.claire, OFFRES)
    relecture_partage.prendre(session, place.claire, premiere.carte.cle)
    sienne = lire(session, place.mireille, OFFRES)
    assert (premiere.carte.cle, sienne.carte.cle) == (cle_de(une), cle_de(deux))
    assert (sienne.suite[0].cle, sienne.suite[0].mot) == (cle_de(une), "Relue par Claire Dumas")
    assert lire(session, place.claire, OFFRES).carte.cle == cle_de(une)  # her own stays hers
    relecture_partage.prendre(session, place.claire, "")
    assert lire(session, place.mireille, OFFRES).carte.cle == cle_de(une)


def test_a_card_left_on_a_screen_is_soon_anybody_s(session: Session, place: SimpleNamespace) -> None:
    une, _ = offre(session, place, "Une", 500), offre(session, place, "Deux", 450)
    relecture_partage.prendre(session, place.claire, cle_de(une), datetime.now(UTC) - relecture_partage.DUREE)
    assert lire(session, place.mireille, OFFRES).carte.cle == cle_de(une)


def test_later_puts_a_card_at_the_end_for_oneself_until_it_is_confirmed(
    session: Session, place: SimpleNamespace
) -> None:
    une, deux, trois = (offre(session, place, n, j) for n, j in (("Une", 500), ("Deux", 450), ("Trois", 430)))
    hier = datetime.now(UTC) - timedelta(days=1)
    relecture_partage.reporter(session, place.claire, cible(une), hier)
    relecture_partage.reporter(session, place.claire, cible(deux))
    assert [e.cle for e in file_de(session, place.claire, OFFRES).elements] == [cle_de(o) for o in (trois, une, deux)]
    relecture_partage.reporter(session, place.claire, cible(une))
    assert [e.cle for e in file_de(session, place.claire, OFFRES).elements] == [cle_de(o) for o in (trois, deux, une)]
    assert file_de(session, place.mireille, OFFRES).elements[0].cle == cle_de(une)
    assert file_de(session, place.claire, OFFRES).reste == 3
    repondre(session, place.claire, demande(lire(session, place.claire, Choix(objet=cle_de(une)))))
    assert [r.objet for r in session.exec(select(RelectureReportee))] == [cle_de(deux)]
    assert list(session.exec(select(RelectureOuverte))) == []


def test_a_card_shows_what_is_saved_and_its_forms_come_back_to_it(session: Session, place: SimpleNamespace) -> None:
    une = offre(session, place, "Une", EN_RETARD)
    enregistrer(session, place.claire, une, "informations_generales", nom_offre="Autrement")
    choix = Choix(genre="offre", objet=cle_de(une))
    carte = lire(session, place.claire, choix).carte
    assert (carte.nom, carte.brouillon, carte.a_valider) == ("Autrement", True, True)
    (change,) = [f for f in carte.faits if f["modifie"]]
    assert (change["avant"], change["lignes"][0]["texte"]) == ("Une", "Autrement")
    retour = f"retour=%2Frelecture%3Fgenre%3Doffre%26objet%3Doffre%3A76%2F{une.identifiant_offre[3:]}%23t-item"
    assert change["modifier"] == f"/offre/{une.identifiant_offre}/modifier/informations_generales?{retour}"
    assert "/modifier/contacts?retour=" in carte.modifier
    assert repondre(session, place.claire, demande(lire(session, place.claire, choix))).bloquantes == []
    assert une.nom_offre == "Autrement"


def test_what_blocks_is_on_the_card_with_its_field_and_nothing_is_written(
    session: Session, place: SimpleNamespace
) -> None:
    une = offre(session, place, "Une", EN_RETARD)
    une.champ_activite = ""
    session.flush()
    vue = lire(session, place.claire, OFFRES)
    (point, *_) = vue.carte.bloquants
    assert vue.carte.corriger == point["url"] == vue.carte.modifier
    assert (vue.carte.etat, vue.carte.sorte) == ("À compléter", "retard")
    assert point["url"].endswith("#champ_activite")
    assert repondre(session, place.claire, demande(vue)).bloquantes
    assert list(session.exec(select(Confirmation))) == []
    assert vue.carte.demander.startswith(f"/offre/{une.identifiant_offre}/valider?retour=%2Frelecture")


# ------------------------------------------------------------------------------- what is counted


def test_a_state_is_looked_for_beyond_the_first_candidates_and_counted(
    session: Session, place: SimpleNamespace, monkeypatch: pytest.MonkeyPatch
) -> None:
    offre(session, place, "En retard", EN_RETARD)
    a_jour = offre(session, place, "À jour", A_JOUR)
    monkeypatch.setattr(relecture_candidats, "AU_PLUS", 1)
    file = file_de(session, place.claire, Choix(genre="offre", etat="a_jour"))
    assert [e.cle for e in file.elements] == [cle_de(a_jour)]
    assert (file.faites, file.total) == (1, 2)  # that of the place was reviewed three days ago
    vue = lire(session, place.claire, Choix(genre="offre", etat="en_retard"))
    assert (vue.total, vue.combien, vue.suivantes) == (1, "1 à relire", 0)


def test_a_filter_by_what_the_rules_find_counts_what_it_keeps(session: Session, place: SimpleNamespace) -> None:
    une = offre(session, place, "Incomplète", A_JOUR)
    une.champ_activite = ""
    offre(session, place, "À jour", A_JOUR)
    vue = lire(session, place.claire, Choix(genre="offre", etat="a_completer"), au_plus=1)
    assert (vue.carte.cle, vue.total, vue.combien) == (cle_de(une), 1, "1 à relire")


def test_the_time_left_is_of_the_cards_a_lieu_comes_with_its_first_offer(
    session: Session, place: SimpleNamespace
) -> None:
    une = offre(session, place, "Une", EN_RETARD)
    (seul,) = lieux(session, place.offre)  # its offer was reviewed: it has a card of its own
    datee(seul, EN_RETARD)
    session.flush()
    file = file_de(session, place.claire)
    assert (file.reste, file.fiches) == (3, 2)
    assert lire(session, place.claire, Choix()).reste.startswith("encore 2 fiches, lieux compris, moins d’une minute")
    assert file_de(session, place.claire, Choix(genre="lieu")).fiches == 2
    repondre(session, place.claire, demande(lire(session, place.claire, Choix(objet=cle_de(une)))))
    assert (file_de(session, place.claire).reste, file_de(session, place.claire).fiches) == (1, 1)


def test_the_queue_and_nothing_changed_have_as_many_cards(
    session: Session, place: SimpleNamespace, monde: Monde
) -> None:
    pole = monde.oi(place.eg, "Pôle")
    uf = monde.oi(place.eg, "UF", "3", pole)
    close = offre(session, place, "Close", EN_RETARD, uf)
    close.type_fermeture, close.date_fermeture = "DEF", aujourd_hui()
    offre(session, place, "Ouverte", EN_RETARD, uf)
    session.flush()
    for ou, choix in ((Cible("etablissement", place.eg.num_finess), Choix()), (cible(pole), _dans(pole))):
        liste = rien_n_a_change.preparer(session, place.claire, ou)
        assert len(liste.lignes + liste.a_part) == file_de(session, place.claire, choix).fiches


def _dans(structure: Any) -> Choix:
    return Choix(structure=structure.identifiant_oi)


def test_the_first_card_waits_for_a_part_only_of_what_the_rules_look_at(
    session: Session, place: SimpleNamespace
) -> None:
    offre(session, place, "En retard", EN_RETARD)
    bloquee = offre(session, place, "Incomplète", A_JOUR)
    bloquee.champ_activite = ""
    session.flush()
    vue = lire(session, place.claire, OFFRES, au_plus=1)
    assert (vue.entiere, vue.carte.nom, vue.total) == (False, "En retard", 3)
    suite = lire(session, place.claire, Choix(genre="offre", objet=vue.carte.cle))
    assert (suite.entiere, suite.carte.cle, [s.mot for s in suite.suite]) == (True, vue.carte.cle, ["À compléter"])


# ------------------------------------------------------------------------------- who prepares


def test_what_one_has_asked_somebody_to_validate_leaves_one_s_own_queue(
    session: Session, place: SimpleNamespace
) -> None:
    session.add(ReglageEtablissement(finess=place.eg.num_finess, validation_separee=True))
    droit = session.exec(select(Habilitation).where(Habilitation.utilisateur_id == place.claire.id)).one()
    droit.role = Role.RESPONSABLE_OFFRE
    une, deux = offre(session, place, "Une", 500), offre(session, place, "Deux", 450)
    vue = lire(session, place.claire, OFFRES)
    assert (vue.carte.cle, vue.carte.a_valider) == (cle_de(une), False)
    preparee = validation.preparer(session, place.claire, cible(une)).vu
    voulue = demandes_validation.Demander(genre="offre", identifiant=une.identifiant_offre, vu=preparee, cle=uuid4())
    assert demandes_validation.demander(session, place.claire, voulue) == []
    vue = lire(session, place.claire, OFFRES)
    assert (vue.carte.cle, vue.suite, vue.combien) == (cle_de(deux), [], "2 sur 3, dont 1 demandée")
    assert lire(session, place.mireille, OFFRES).carte.cle == cle_de(une)  # she validates
    assert file_de(session, place.claire).fiches == 3  # one offer, and the lieux: they come with no card of hers
    enregistrer(session, place.claire, une, "informations_generales", nom_offre="Autrement")  # not what was asked
    assert {e.cle for e in file_de(session, place.claire, OFFRES).elements} == {cle_de(une), cle_de(deux)}


def test_an_answer_says_of_what_it_was_once_another_card_is_there(session: Session, place: SimpleNamespace) -> None:
    _, deux = offre(session, place, "Une", 500), offre(session, place, "Deux", 450)
    vue = lire(session, place.claire, OFFRES)
    assert repondre(session, place.claire, demande(vue)).nom == "Une"
    assert repondre(session, place.mireille, demande(vue)).nom == "Une"
    assert remettre(session, place.claire, cible(deux)) == "Deux"


def test_an_answer_names_the_lieux_that_were_confirmed_with_the_offer(session: Session, place: SimpleNamespace) -> None:
    une = offre(session, place, "Une", EN_RETARD)
    (lieu,) = lieux(session, une)
    voulue = demande(lire(session, place.claire, Choix(objet=cle_de(une))))
    assert repondre(session, place.claire, voulue).avec == [lieu.nom]
    deux = offre(session, place, "Deux", EN_RETARD)
    for relu in lieux(session, deux):
        datee(relu, RELU)
    session.flush()
    assert repondre(session, place.claire, demande(lire(session, place.claire, Choix(objet=cle_de(deux))))).avec == []


def test_a_card_that_is_done_says_so_and_leads_to_the_next(session: Session, place: SimpleNamespace) -> None:
    une = offre(session, place, "Une", RELU)
    (lieu,) = lieux(session, une)
    choix = Choix(genre="offre", objet=cle_de(une))
    carte = lire(session, place.claire, choix).carte
    assert (carte.relue, carte.consigne, carte.suivante) == (
        True,
        "Cette offre est déjà relue.",
        "/relecture?genre=offre",
    )
    datee(lieu, EN_RETARD)
    session.flush()
    assert lire(session, place.claire, choix).carte.consigne.endswith("Son lieu reste à relire, plus loin.")
    assert "?" in lire(session, place.claire, Choix(objet=cle_de(lieu))).carte.consigne


def test_what_is_stable_of_a_lieu_is_folded_with_the_rest(session: Session, place: SimpleNamespace) -> None:
    une = offre(session, place, "Une", EN_RETARD)
    (lieu,) = lieux(session, une)
    seul = lire(session, place.claire, Choix(objet=cle_de(lieu))).carte
    ici = lire(session, place.claire, Choix(objet=cle_de(une))).carte
    assert seul.stables
    assert [f["champ"] for f in ici.lieux[0].stables] == [f["champ"] for f in seul.stables]
    assert ici.repliees == len(ici.stables) + len(seul.stables)


# ------------------------------------------------------------------------- after « Valider »


def test_after_a_validation_one_goes_back_to_the_list_of_the_widest_place_one_reviews(
    session: Session, place: SimpleNamespace, monde: Monde
) -> None:
    suite, reste = reprendre(session, place.claire, cible(place.offre))
    assert (suite and suite["url"], reste) == (parcours.url_confirmer("etablissement", place.eg.num_finess), False)
    offre(session, place, "En retard", EN_RETARD)
    assert reprendre(session, place.claire, cible(place.offre))[1]
    lecteur = monde.acteur("Louise Lecteur")
    monde.habiliter(lecteur, place.eg, Role.LECTEUR)
    assert reprendre(session, lecteur, cible(place.offre)) == (None, False)
