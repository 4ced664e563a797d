from datetime import UTC, date, datetime

import pytest
from sqlmodel import col, select

from rxror.echanges.reference import charger_sae
from rxror.ror.erreurs import AccesRefuse
from rxror.ror.fraicheur import BROUILLON
from rxror.ror.typographie import fr
from rxror.services import consultation, exigences, relecture_partage
from rxror.services.acces import Cible
from rxror.tables import Attestation, Portee, RepereSae, Role

JOUR = date(2026, 11, 23)


@pytest.fixture
def albi(monde):
    """CH ALBI: two pôles, three UF, five open offers and a closed one; Claire is its référent."""
    eg = monde.eg("CH ALBI", recherche="ch albi 81013 810000505 26810001300013")
    femme, medecine = monde.oi(eg, "Pôle Femme-Mère-Enfant"), monde.oi(eg, "Pôle Médecine")
    gyneco = monde.oi(eg, "UF Gynécologie", "3", femme)
    mater = monde.oi(eg, "UF Maternité", "3", femme)
    cardio = monde.oi(eg, "UF Cardiologie", "3", medecine)
    a = monde.offre(eg, gyneco, "Gynécologie, consultations", 400)
    b = monde.offre(eg, gyneco, "Gynécologie, hospitalisation", 320)
    c = monde.offre(eg, mater, "Maternité", 30)
    d = monde.offre(eg, cardio, "Cardiologie", None)
    monde.offre(eg, cardio, "Ancienne offre", 900, date_fermeture=date(2025, 1, 1))
    claire = monde.acteur()
    monde.habiliter(claire, eg)
    return locals()


def test_accueil_says_what_remains_and_where_to_start(session, albi):
    vue = consultation.accueil(session, albi["claire"], JOUR)
    assert vue.reste == "Il reste 3 offres à revoir, dont 2 en retard."
    assert (vue.prochaine, vue.url_prochaine) == ("Cardiologie", f"/offre/{albi['d'].identifiant_offre}")
    assert (vue.a_jour, vue.total) == (1, 4)
    assert vue.jour == "Lundi 23 novembre 2026".replace(" ", "\xa0")
    assert [e.nom for e in vue.etablissements] == ["CH ALBI"]
    assert vue.etablissements[0].etat.mot == fr("En retard : 2 offres")
    assert [(e.quand.replace("\xa0", " "), e.quoi) for e in vue.echeances] == [
        ("En retard", "1 offre"),
        ("Jamais validée", "1 offre"),
        ("Janvier 2027", "1 offre à valider"),
    ]
    assert vue.reprise.url == ""


def test_the_calendar_goes_by_month_and_names_each_place_with_the_way_to_its_offres(session, albi, monde):
    claire = albi["claire"]
    autres = [monde.eg(f"EHPAD {rang}") for rang in range(5)]
    for autre in autres:
        monde.habiliter(claire, autre)
        monde.offre(autre, jours=320)
    monde.offre(autres[0], jours=320)
    vue = consultation.accueil(session, claire, JOUR)
    finess, premier = albi["eg"].num_finess, autres[0].num_finess
    retard, jamais, janvier = vue.echeances
    assert [(lieu.nom, lieu.nombre, lieu.url) for lieu in retard.lieux] == [
        ("CH ALBI", "1 offre", f"/etablissement/{finess}/arbre?etat=en_retard")
    ]
    assert jamais.lieux[0].url == f"/etablissement/{finess}/arbre?etat=jamais"
    assert (janvier.quoi, janvier.suite) == ("7 offres à valider", "et 2 autres établissements")
    assert [lieu.nom for lieu in janvier.lieux] == ["EHPAD 0", "CH ALBI", "EHPAD 1", "EHPAD 2"]
    assert janvier.lieux[0].url == f"/etablissement/{premier}/arbre?mois=2027-01"
    (octobre,) = vue.plus_tard
    assert (octobre.quand.replace("\xa0", " "), octobre.quoi) == ("Octobre 2027", "1 offre à valider")


def test_the_calendar_changes_month_at_midnight_in_paris_and_leaves_out_what_is_closed(session, monde):
    eg, claire = monde.eg(), monde.acteur()
    monde.habiliter(claire, eg)
    instants = [datetime(2025, 11, 30, h, 30, tzinfo=UTC) for h in (22, 23)]  # 23 h 30, then 0 h 30 of December
    for instant in (*instants, datetime(2025, 11, 23, 12, tzinfo=UTC), datetime(2026, 11, 23, 8, tzinfo=UTC)):
        monde.offre(eg, jours=None).date_validation = instant
    monde.offre(eg, jours=330, date_fermeture=date(2026, 1, 1))
    session.flush()
    vue = consultation.accueil(session, claire, JOUR)
    dues = [(e.quand.replace("\xa0", " "), e.quoi) for e in (*vue.echeances, *vue.plus_tard)]
    assert dues == [
        ("Novembre 2026", "2 offres à valider"),
        ("Décembre 2026", "1 offre à valider"),
        ("Novembre 2027", "1 offre à valider"),
    ]


def test_both_indicators_are_those_of_the_page_of_requirements(session, albi, monde):
    claire, eg = albi["claire"], albi["eg"]
    albi["a"].date_mise_jour = datetime(2026, 11, 1, tzinfo=UTC)
    session.flush()
    de_la_page = exigences.de_l_etablissement(session, claire, Cible("etablissement", eg.num_finess), JOUR).recence
    assert (de_la_page.etat, de_la_page.texte) == ("Conforme", "1 sur 5 mises à jour depuis un an, il en faut 1.")
    assert de_la_page.phrase == "2 sur 4 validées depuis moins d’un an"
    assert consultation.etablissement(session, claire, eg.num_finess, JOUR).recence == de_la_page
    assert consultation.accueil(session, claire, JOUR).recence == de_la_page
    monde.habiliter(claire, monde.eg("AUTRE"))
    assert consultation.accueil(session, claire, JOUR).recence.etat == ""


def test_accueil_of_who_answers_for_one_uf_counts_what_is_theirs(session, albi, monde):
    nadia = monde.acteur("Nadia Roux")
    code = albi["gyneco"].identifiant_oi
    monde.habiliter(nadia, albi["eg"], Role.RESPONSABLE_OFFRE, portee=Portee.STRUCTURE, code=code)
    vue = consultation.accueil(session, nadia, JOUR)
    assert (vue.reste, vue.prochaine) == ("Il reste 2 offres à revoir, dont 1 en retard.", "Gynécologie, consultations")
    assert [e.quoi for e in vue.echeances] == ["1 offre", "1 offre à valider"]
    (ligne,) = consultation.mes_etablissements(session, nadia, "", "", 1, JOUR).lignes
    assert (ligne.nom, ligne.a_jour, ligne.total) == ("CH ALBI", 0, 2)
    ailleurs = monde.acteur("Émile Castan")
    monde.habiliter(ailleurs, albi["eg"], Role.LECTEUR)
    assert consultation.accueil(session, ailleurs, JOUR).total == 4


def test_accueil_of_someone_without_habilitation_is_empty(session, albi, monde):
    vue = consultation.accueil(session, monde.acteur("Inconnu"), JOUR)
    assert (vue.etablissements, vue.total, vue.prochaine, vue.echeances) == ([], 0, "", [])
    assert vue.reste.startswith("Aucune offre")


def test_accueil_says_when_all_is_done(session, monde):
    eg, acteur = monde.eg(), monde.acteur()
    monde.habiliter(acteur, eg)
    monde.offre(eg, jours=3)
    vue = consultation.accueil(session, acteur, JOUR)
    assert vue.reste == "Toutes vos offres sont à jour. Rien à faire aujourd’hui."
    assert vue.url_prochaine == ""


def test_accueil_leads_to_the_attestation_of_what_is_wholly_a_jour_for_who_may(session, albi, monde, compter):
    eg, acteur, lecteur, de_l_uf = monde.eg("EHPAD"), monde.acteur(), monde.acteur("Lise"), monde.acteur("Nadia")
    uf = monde.oi(eg, "UF Unique", "3")
    monde.offre(eg, uf, jours=3)
    monde.habiliter(acteur, eg)
    monde.habiliter(acteur, albi["eg"])  # not wholly à jour
    monde.habiliter(lecteur, eg, Role.LECTEUR)
    monde.habiliter(de_l_uf, eg, Role.RESPONSABLE_OFFRE, portee=Portee.STRUCTURE, code=uf.identifiant_oi)
    url = f"/etablissement/{eg.num_finess}/attestation"

    def dites(qui):
        return [(a.nom, a.etat, a.url) for a in consultation.accueil(session, qui, JOUR).attestations]

    assert dites(acteur) == [("EHPAD", "à établir", url)]
    assert dites(lecteur) == dites(de_l_uf) == []
    for code, cible, mois in (("A", eg.num_finess, 3), ("B", eg.num_finess, 11), ("C", albi["eg"].num_finess, 12)):
        session.add(
            Attestation(
                code=code,
                objet=f"etablissement:{cible}",
                finess=cible,
                du=JOUR,
                au=JOUR,
                cree=datetime(2026, mois, 2, 12, tzinfo=UTC),
                utilisateur_id=acteur.id,
                contenu="{}",
                empreinte="",
                pdf=b"",
                empreinte_pdf="",
            )
        )
    session.flush()
    with compter() as une:
        assert dites(acteur) == [("EHPAD", fr("établie le 2\xa0novembre\xa02026"), url)]
    for rang in range(3):
        autre = monde.eg(f"SSIAD {rang}")
        monde.offre(autre, jours=3)
        monde.habiliter(acteur, autre)
    with compter() as plusieurs:
        assert len(dites(acteur)) == 3
    assert len(plusieurs) <= len(une)


def test_reprendre_is_my_latest_brouillon_that_i_may_still_open(session, albi, monde):
    claire, autre = albi["claire"], monde.eg("AILLEURS")
    lieu = monde.lieu(albi["eg"], albi["a"], nom="Gynécologie, 2e étage")
    monde.brouillon(claire, f"offre:{albi['a'].identifiant_offre}", "contacts", 8)
    assert consultation.accueil(session, claire, JOUR).reprise.url.endswith("/modifier/contacts")
    monde.brouillon(claire, f"lieu:{lieu.identifiant}", "capacitaire", 9)
    monde.brouillon(claire, f"offre:{monde.offre(autre).identifiant_offre}", "contacts", 10)
    monde.brouillon(monde.acteur("Paul"), f"offre:{albi['b'].identifiant_offre}", "contacts", 11)
    reprise = consultation.accueil(session, claire, JOUR).reprise
    assert reprise.nom == "Gynécologie, 2e étage"
    assert reprise.url == f"/lieu/{lieu.identifiant}/modifier/capacitaire"
    assert reprise.detail.replace("\xa0", " ") == (
        "Lieu. Section Capacitaire, enregistrée aujourd’hui à 10 h 42. Pas encore validée."
    )


def test_reprendre_is_the_card_of_the_queue_when_one_was_there_last(session, albi, monde):
    claire, a, b = albi["claire"], albi["a"], albi["b"]
    cle, adresse = f"offre:{b.identifiant_offre}", f"/relecture?etat=en_retard&objet=offre:{b.identifiant_offre}"
    monde.brouillon(claire, f"offre:{a.identifiant_offre}", "contacts", 9)
    for heure, attendue in ((8, f"/offre/{a.identifiant_offre}/modifier/contacts"), (10, adresse)):
        relecture_partage.prendre(session, claire, cle, datetime(2026, 11, 23, heure, tzinfo=UTC), adresse)
        assert consultation.accueil(session, claire, JOUR).reprise.url == attendue
    reprise = consultation.accueil(session, claire, JOUR).reprise
    assert (reprise.nom, reprise.brouillon) == (b.nom_offre, False)
    assert reprise.detail.replace("\xa0", " ") == (
        "Dans la relecture, aujourd’hui à 11 h 00. La fiche attend votre réponse."
    )
    relecture_partage.oublier(session, Cible("offre", b.identifiant_offre))  # somebody reviewed it
    assert consultation.accueil(session, claire, JOUR).reprise.url.endswith("/modifier/contacts")


def test_reprendre_leads_to_the_section_of_a_structure_and_not_where_one_may_only_read(session, albi, monde):
    lecteur = monde.acteur("Louise Pagès")
    monde.habiliter(lecteur, albi["eg"], Role.LECTEUR)
    for qui in (albi["claire"], lecteur):
        monde.brouillon(qui, f"structure:{albi['femme'].identifiant_oi}", f"contacts{qui.id}")
    claire = consultation.accueil(session, albi["claire"], JOUR).reprise
    assert claire.url.startswith(f"/structure/{albi['femme'].identifiant_oi}/modifier/contacts")
    assert consultation.accueil(session, lecteur, JOUR).reprise.url == ""


def test_etablissements_are_found_without_accent_by_any_of_their_names(session, monde):
    acteur = monde.acteur()
    for nom, recherche in (
        ("CH ALBI", "ch albi 810000505 26810001300013"),
        ("EHPAD LA RENAUDIE", "ehpad la renaudie albi 810003418"),
        ("CLINIQUE", "clinique castres"),
    ):
        monde.habiliter(acteur, monde.eg(nom, recherche=recherche))

    def noms(texte: str) -> list[str]:
        return [ligne.nom for ligne in consultation.mes_etablissements(session, acteur, texte, jour=JOUR).lignes]

    assert noms("") == ["CH ALBI", "CLINIQUE", "EHPAD LA RENAUDIE"]
    assert noms("Albí") == ["CH ALBI", "EHPAD LA RENAUDIE"]
    assert noms("268 100 013 00013") == ["CH ALBI"]
    assert noms("renaudie ehpad") == ["EHPAD LA RENAUDIE"]
    assert noms("albi%castres") == noms("_ _x") == []


def test_etablissements_are_filtered_by_state_and_counted(session, monde):
    acteur = monde.acteur()
    for nom, jours in (("A", 400), ("B", 320), ("C", 10), ("D", None)):
        eg = monde.eg(nom)
        monde.habiliter(acteur, eg)
        monde.offre(eg, jours=jours)
    monde.habiliter(acteur, monde.eg("E, sans offre"))
    vue = consultation.mes_etablissements(session, acteur, filtre="en_retard", jour=JOUR)
    assert [ligne.nom for ligne in vue.lignes] == ["A", "D"]
    assert (vue.tous, vue.en_retard, vue.a_revoir, vue.a_jour) == (5, 2, 1, 1)
    assert vue.resume == "2 établissements, aucune offre à jour sur 2"
    assert consultation.mes_etablissements(session, acteur, filtre="forgé", jour=JOUR).resume == "Aucun établissement"


def test_etablissements_come_twenty_at_a_time(session, monde):
    acteur = monde.acteur()
    for rang in range(45):
        monde.habiliter(acteur, monde.eg(f"EG {rang:02d}"))
    vue = consultation.mes_etablissements(session, acteur, page=3, jour=JOUR)
    assert (vue.page, vue.pages, len(vue.lignes)) == (3, 3, 5)
    assert consultation.mes_etablissements(session, acteur, page=99, jour=JOUR).page == 3
    assert consultation.mes_etablissements(session, acteur, page=-4, jour=JOUR).page == 1


def test_the_only_etablissement_opens_directly_unless_one_searched(session, albi, monde):
    vue = consultation.mes_etablissements(session, albi["claire"], jour=JOUR)
    assert vue.seul == f"/etablissement/{albi['eg'].num_finess}"
    assert consultation.mes_etablissements(session, albi["claire"], "albi", jour=JOUR).seul == ""
    monde.habiliter(albi["claire"], monde.eg("B"))
    assert consultation.mes_etablissements(session, albi["claire"], jour=JOUR).seul == ""


def test_two_roles_in_one_etablissement_count_its_offres_once(session, albi, monde):
    monde.habiliter(albi["claire"], albi["eg"], Role.LECTEUR)
    vue = consultation.mes_etablissements(session, albi["claire"], jour=JOUR)
    assert (vue.tous, vue.lignes[0].total) == (1, 4)


def test_an_habilitation_that_ended_shows_nothing(session, monde):
    eg, acteur = monde.eg(), monde.acteur()
    monde.habiliter(acteur, eg, fin=date(2026, 11, 22))
    assert consultation.mes_etablissements(session, acteur, jour=JOUR).lignes == []


def test_etablissement_sanitaire_shows_its_poles_with_counts(session, albi):
    vue = consultation.etablissement(session, albi["claire"], albi["eg"].num_finess, JOUR)
    assert (vue.nom, vue.sanitaire, vue.contenu) == ("CH ALBI", True, "2 pôles, 3 UF, 4 offres")
    assert (vue.etat.mot, vue.suite) == (fr("En retard : 2 offres"), "1 à revoir, 1 à jour, 1 fermée")
    pole = vue.structures[0]
    assert (pole.nom, pole.contenu, pole.a_jour, pole.total) == ("Pôle Femme-Mère-Enfant", "2 UF, 3 offres", 1, 3)
    assert (vue.offres, vue.url_creer) == ([], "")
    assert vue.chemin[-1] == {"nom": "CH ALBI", "url": ""}


def test_etablissement_says_what_finess_says_and_that_a_name_is_missing(session, monde):
    acteur, ej = monde.acteur(), monde.ej(raison_sociale="", num_finess="810000331")
    eg = monde.eg(
        entite_juridique_id=ej.id,
        num_siret="26810001300013",
        telephone_finess="0563474747",
        categorie_libelle="Centre Hospitalier",
        source_finess=date(2021, 1, 8),
        numero_voie="22",
        type_voie="BD",
        libelle_voie="SIBILLE",
        code_postal="81013",
        localite="ALBI CEDEX 9",
    )
    monde.habiliter(acteur, eg)
    vue = consultation.etablissement(session, acteur, eg.num_finess, JOUR)
    faits = {i.label: (i.valeur, i.origine) for i in vue.identification}
    assert faits["FINESS entité juridique"] == ("810000331", "nom absent de l’extrait FINESS, 1 établissement")
    assert faits["SIRET"][0] == "268 100 013 00013"
    assert faits["Téléphone"][0] == "05\xa063\xa047\xa047\xa047"
    assert faits["Adresse"][0] == "22 BD SIBILLE, 81013 ALBI CEDEX 9"
    assert vue.source.replace("\xa0", " ") == "Source : FINESS, 8 janvier 2021"


def test_etablissement_shows_what_it_declared_in_the_sae(session, monde):
    charger_sae(session)
    acteur, eg = monde.acteur(), monde.eg(num_finess="810000505")
    monde.habiliter(acteur, eg)
    vue = consultation.etablissement(session, acteur, eg.num_finess, JOUR)
    assert vue.reperes.annee == "2023"
    assert [(c.label, c.lits, c.places) for c in vue.reperes.capacites] == [
        ("Médecine", "159", "8"),
        ("Chirurgie", "50", "8"),
        ("Obstétrique", "23", "1"),
        ("Néonatologie, hors soins intensifs", "6", ""),
        ("Réanimation adulte", "8", ""),
        ("Soins intensifs cardiologiques (USIC)", "6", ""),
        ("Soins intensifs neurovasculaires", "6", ""),
        ("Autres soins intensifs", "2", ""),
        ("Surveillance continue adulte", "4", ""),
        ("Hospitalisation de courte durée aux urgences (UHCD)", "8", ""),
        ("Soins de longue durée (USLD)", "74", ""),
        ("Hospitalisation à domicile (HAD)", "", "48"),
    ]
    assert [(a.label, a.valeur) for a in vue.reperes.autres] == [
        ("Maternité", "type 2"),
        ("Urgences générales", "35\u202f846 passages dans l’année"),
    ]


def test_etablissement_shows_no_figure_that_is_null_unknown_or_of_another(session, monde):
    acteur, eg = monde.acteur(), monde.eg()
    monde.habiliter(acteur, eg)
    for finess, rubrique, nombre in (
        (eg.num_finess, "medecine_lits", 0),
        (eg.num_finess, "inconnue_lits", 5),
        ("810000505", "chirurgie_lits", 50),
    ):
        session.add(RepereSae(finess=finess, rubrique=rubrique, nombre=nombre, annee=2023, fichier_source="x"))
    vue = consultation.etablissement(session, acteur, eg.num_finess, JOUR)
    assert (vue.reperes.capacites, vue.reperes.autres) == ([], [])


def test_every_rubrique_of_the_sae_is_worded_but_the_activities_of_smr(session):
    charger_sae(session)
    rubriques = set(session.exec(select(RepereSae.rubrique).where(~col(RepereSae.rubrique).regexp_match("^smr_5"))))
    capacites = {rubrique for _, *deux in consultation.CAPACITES_SAE for rubrique in deux if rubrique}
    assert capacites | {rubrique for _, rubrique, _ in consultation.AUTRES_SAE} == rubriques


def test_etablissement_medico_social_shows_its_offres_and_creates_there(session, monde):
    acteur, eg = monde.acteur(), monde.eg("EHPAD", categorie_eg="500")
    monde.habiliter(acteur, eg)
    monde.offre(eg, nom="Hébergement permanent", jours=320)
    vue = consultation.etablissement(session, acteur, eg.num_finess, JOUR)
    assert [(o.nom, o.etat.mot) for o in vue.offres] == [("Hébergement permanent", "À revoir")]
    assert vue.url_creer == f"/creer/offre/etablissement/{eg.num_finess}"


def test_a_lecteur_is_offered_no_creation(session, monde):
    acteur, eg = monde.acteur(), monde.eg(categorie_eg="500")
    monde.habiliter(acteur, eg, Role.LECTEUR)
    uf = monde.oi(eg, "UF", "3")
    assert consultation.etablissement(session, acteur, eg.num_finess, JOUR).url_creer == ""
    assert consultation.structure(session, acteur, uf.identifiant_oi, JOUR).url_creer == ""


def test_pole_shows_its_uf_and_opens_the_most_urgent(session, albi):
    vue = consultation.structure(session, albi["claire"], albi["femme"].identifiant_oi, JOUR)
    assert [(s.nom, s.contenu, len(s.offres)) for s in vue.structures] == [
        ("UF Gynécologie", "2 offres", 2),
        ("UF Maternité", "1 offre", 0),
    ]
    assert (vue.est_uf, vue.type, vue.etablissement) == (False, "Pôle", "CH ALBI")
    assert vue.structures[0].url_creer == f"/creer/offre/structure/{albi['gyneco'].identifiant_oi}"
    assert vue.chemin == [
        {"nom": "CH ALBI", "url": f"/etablissement/{albi['eg'].num_finess}"},
        {"nom": "Femme-Mère-Enfant", "url": ""},
    ]


def test_uf_shows_its_offres_with_their_state_and_date(session, albi):
    vue = consultation.structure(session, albi["claire"], albi["gyneco"].identifiant_oi, JOUR)
    assert [(o.nom, o.etat.mot, o.precision.replace("\xa0", " ")) for o in vue.offres] == [
        ("Gynécologie, consultations", "En retard", "était à valider avant le 19 octobre 2026"),
        ("Gynécologie, hospitalisation", "À revoir", "à valider avant le 7 janvier 2027"),
    ]
    assert [m["nom"] for m in vue.chemin] == ["CH ALBI", "Femme-Mère-Enfant", "Gynécologie"]


def test_a_closed_offre_is_said_closed_and_not_counted(session, albi):
    vue = consultation.structure(session, albi["claire"], albi["cardio"].identifiant_oi, JOUR)
    assert [(o.nom, o.etat.mot) for o in vue.offres] == [
        ("Ancienne offre", "Fermée"),
        ("Cardiologie", "Jamais validée"),
    ]
    assert vue.etat.mot == fr("En retard : 1 offre")


def test_a_brouillon_on_the_offre_or_on_its_lieu_shows_wherever_the_offre_appears(session, albi, monde):
    claire = albi["claire"]
    lieu = monde.lieu(albi["eg"], albi["c"])
    monde.brouillon(claire, f"offre:{albi['a'].identifiant_offre}")
    monde.brouillon(claire, f"lieu:{lieu.identifiant}", "capacitaire")
    gyneco = consultation.structure(session, claire, albi["gyneco"].identifiant_oi, JOUR)
    assert [o.brouillon for o in gyneco.offres] == [True, False]
    mater = consultation.structure(session, claire, albi["mater"].identifiant_oi, JOUR)
    assert [o.brouillon for o in mater.offres] == [True]
    assert mater.brouillons == fr(f"{BROUILLON.mot} : 1 offre")
    pole = consultation.structure(session, claire, albi["femme"].identifiant_oi, JOUR)
    assert pole.brouillons == fr(f"{BROUILLON.mot} : 2 offres")
    eg = consultation.etablissement(session, claire, albi["eg"].num_finess, JOUR)
    assert eg.brouillons == fr(f"{BROUILLON.mot} : 2 offres")
    assert eg.structures[0].brouillons == fr(f"{BROUILLON.mot} : 2 offres")
    assert consultation.accueil(session, claire, JOUR).etablissements[0].brouillons == fr(f"{BROUILLON.mot} : 2 offres")


def test_structures_in_a_loop_do_not_hang(session, monde):
    acteur, eg = monde.acteur(), monde.eg()
    monde.habiliter(acteur, eg)
    a = monde.oi(eg, "A")
    b = monde.oi(eg, "B", "3", a)
    a.parent_id = b.id
    session.flush()
    vue = consultation.structure(session, acteur, a.identifiant_oi, JOUR)
    assert [m["nom"] for m in vue.chemin] == ["CH ALBI", "B", "A"]


@pytest.mark.parametrize("fonction", ["etablissement", "structure"])
def test_each_place_is_refused_without_habilitation(session, albi, monde, fonction):
    etranger = monde.acteur("Étranger")
    identifiant = albi["eg"].num_finess if fonction == "etablissement" else albi["femme"].identifiant_oi
    for demande in (identifiant, "", "inexistant", "' OR 1=1 --"):
        with pytest.raises(AccesRefuse):
            getattr(consultation, fonction)(session, etranger, demande, JOUR)


def test_statements_do_not_grow_with_the_offres(session, albi, monde, compter):
    claire, eg, gyneco, femme = (albi[k] for k in ("claire", "eg", "gyneco", "femme"))
    monde.brouillon(claire, f"offre:{albi['a'].identifiant_offre}")
    monde.habiliter(claire, monde.eg("EG 0"))
    finess, pole, uf = eg.num_finess, femme.identifiant_oi, gyneco.identifiant_oi
    ecrans = (
        lambda: consultation.accueil(session, claire, JOUR),
        lambda: consultation.mes_etablissements(session, claire, "albi", "", 1, JOUR),
        lambda: consultation.etablissement(session, claire, finess, JOUR),
        lambda: consultation.structure(session, claire, pole, JOUR),
        lambda: consultation.structure(session, claire, uf, JOUR),
    )

    def nombres() -> list[int]:
        resultats = []
        for ecran in ecrans:
            with compter() as sql:
                ecran()
            resultats.append(len(sql))
        return resultats

    avant = nombres()
    for rang in range(40):
        monde.lieu(eg, monde.offre(eg, gyneco, f"Offre {rang}", rang * 10))
        monde.habiliter(claire, monde.eg(f"EG {rang}"))
    assert nombres() == avant
    assert max(avant) <= 10
