"""« Personnes et droits »: give, change, end, delegate, transfer; the last référent stays, nobody raises themselves."""

from datetime import UTC, date, datetime, timedelta
from types import SimpleNamespace
from typing import Any
from uuid import uuid4

import pytest
from sqlmodel import Session, col, select

from rxror.ror.dates import aujourd_hui
from rxror.ror.erreurs import AccesRefuse, Conflit, GesteRefuse, SaisieInvalide
from rxror.ror.nomenclatures import Commune
from rxror.services import gestes_de_droits as gestes
from rxror.services import journal, personnes, referents, reglages, veille_des_referents
from rxror.services.acces import Acteur, Cible, Geste, exiger
from rxror.services.droits_ici import connues
from rxror.services.habilitations import recit, vu_de
from rxror.tables import Action, Habilitation, Portee, ReglageEtablissement, Role, Trace, Utilisateur

NUIT = datetime(2026, 11, 1, 3, tzinfo=UTC)
HIER, AUJOURD_HUI = aujourd_hui() - timedelta(days=1), aujourd_hui()


def dans(jours: int) -> str:
    return (AUJOURD_HUI + timedelta(days=jours)).isoformat()


@pytest.fixture
def ici(session: Session, monde: Any) -> SimpleNamespace:
    """An établissement of the Tarn with its pôle and its UF, another one of the same entité juridique, its people."""
    session.add(
        Commune(code_insee="81004", nom="Albi", code_postal="81000", departement="81", region="76", recherche="albi")
    )
    juridique = monde.ej()
    eg, autre = (monde.eg(n, entite_juridique_id=juridique.id, commune_cog="81004") for n in ("CH ALBI", "EHPAD"))
    pole = monde.oi(eg, "Pôle", "1")
    uf = monde.oi(eg, "UF", "3", pole)
    offre = monde.offre(eg, uf)
    noms = {"mireille": Role.REFERENT, "rose": Role.REFERENT, "claire": Role.RESPONSABLE_OFFRE, "louise": Role.LECTEUR}
    gens = {nom: monde.acteur(nom.capitalize()) for nom in (*noms, "odile", "hugo", "ailleurs")}
    for nom, role in noms.items():
        monde.habiliter(gens[nom], eg, role)
    monde.habiliter(gens["odile"], eg, Role.REFERENT_REGIONAL, portee=Portee.REGION, code="76")
    monde.habiliter(gens["ailleurs"], autre, Role.REFERENT)
    for qui in gens.values():
        session.add(Trace(instant=NUIT, action=Action.CONNEXION, utilisateur_id=qui.id))
    session.flush()
    return SimpleNamespace(eg=eg, autre=autre, juridique=juridique, pole=pole, uf=uf, offre=offre, **gens)


def droit_de(session: Session, qui: Acteur, role: Role | None = None) -> Habilitation:
    requete = select(Habilitation).where(Habilitation.utilisateur_id == qui.id).order_by(col(Habilitation.id))
    trouves = [d for d in session.exec(requete) if role is None or d.role is role]
    assert len(trouves) == 1
    return trouves[0]


def sur(eg: Any, droit: Habilitation, **autres: Any) -> dict[str, Any]:
    return {"identifiant": eg.num_finess, "habilitation": droit.id, "vu": vu_de(droit), "cle": uuid4(), **autres}


def terminer(session: Session, qui: Acteur, eg: Any, droit: Habilitation, **autres: Any) -> str:
    return gestes.terminer(session, qui, gestes.Terminer(**sur(eg, droit, **autres)))


def changer_fin(session: Session, qui: Acteur, eg: Any, droit: Habilitation, fin: str) -> str:
    return gestes.changer_fin(session, qui, gestes.ChangerFin(**sur(eg, droit, fin=fin)))


def changer_role(session: Session, qui: Acteur, eg: Any, droit: Habilitation, role: Role, **autres: Any) -> str:
    return gestes.changer_role(session, qui, gestes.ChangerRole(**sur(eg, droit, role=role, **autres)))


def deleguer(session: Session, qui: Acteur, eg: Any, droit: Habilitation, a: Acteur, fin: str) -> str:
    return gestes.deleguer(session, qui, gestes.Deleguer(**sur(eg, droit, personne=a.id, fin=fin)))


def accorder(session: Session, qui: Acteur, eg: Any, a: Acteur, role: Role, **autres: Any) -> str:
    demande = gestes.Accorder(identifiant=eg.num_finess, personne=a.id, role=role, cle=uuid4(), **autres)
    return gestes.accorder(session, qui, demande)


def transferer(session: Session, qui: Acteur, eg: Any, de: Acteur, vers: Acteur, vu: str | None = None) -> str:
    if vu is None:
        vu = personnes.lire(session, qui, eg.num_finess, str(de.id)).vu
    demande = gestes.Transferer(identifiant=eg.num_finess, personne=de.id, vers=vers.id, vu=vu, cle=uuid4())
    return gestes.transferer(session, qui, demande)


def peut(session: Session, qui: Acteur, eg: Any, geste: Geste = Geste.ADMINISTRER) -> bool:
    try:
        exiger(session, qui, Cible("etablissement", eg.num_finess), geste)
    except AccesRefuse:
        return False
    return True


def photo(session: Session) -> list[Any]:
    session.flush()
    lignes = session.exec(select(Habilitation).order_by(col(Habilitation.id)))
    return [d.model_dump() for d in lignes]


def traces(session: Session) -> list[Trace]:
    requete = select(Trace).where(Trace.action == Action.HABILITATION).order_by(col(Trace.id))
    return list(session.exec(requete))


# -------------------------------------------------------------------------------- end it


def test_a_right_ended_now_is_refused_at_the_next_event(session: Session, ici: Any) -> None:
    cible = Cible("offre", ici.offre.identifiant_offre)
    assert exiger(session, ici.claire, cible, Geste.VALIDER)
    dit = terminer(session, ici.mireille, ici.eg, droit_de(session, ici.claire))
    assert dit == "Claire n’est plus responsable d’offre, CH ALBI."
    with pytest.raises(AccesRefuse):
        exiger(session, ici.claire, cible, Geste.LIRE)
    (ligne,) = traces(session)
    assert (ligne.utilisateur_id, ligne.finess, ligne.objet) == (
        ici.mireille.id,
        ici.eg.num_finess,
        f"personne:{ici.claire.id}",
    )
    assert ligne.changements == [{"champ": "fin", "avant": None, "apres": HIER.isoformat()}]
    assert (ligne.resultat["geste"], ligne.resultat["nom"], ligne.resultat["role"]) == (
        "terminer",
        "Claire",
        "responsable_offre",
    )


def test_a_retry_changes_nothing_more(session: Session, ici: Any) -> None:
    droit, cle = droit_de(session, ici.claire), uuid4()
    demande = gestes.Terminer(**sur(ici.eg, droit, cle=cle))
    dit = gestes.terminer(session, ici.mireille, demande)
    assert gestes.terminer(session, ici.mireille, demande) == dit
    assert len(traces(session)) == 1
    with pytest.raises(SaisieInvalide):
        gestes.changer_fin(session, ici.mireille, gestes.ChangerFin(**sur(ici.eg, droit, cle=cle)))
    with pytest.raises(SaisieInvalide):
        gestes.terminer(session, ici.rose, demande)


def test_a_right_that_changed_since_it_was_shown_is_a_conflict(session: Session, ici: Any) -> None:
    droit = droit_de(session, ici.claire)
    vu = vu_de(droit)
    changer_fin(session, ici.mireille, ici.eg, droit, dans(10))
    with pytest.raises(Conflit):
        terminer(session, ici.rose, ici.eg, droit, vu=vu)


@pytest.mark.parametrize("qui", ["claire", "louise", "hugo", "ailleurs"])
def test_who_does_not_administer_changes_no_right(session: Session, ici: Any, qui: str) -> None:
    avant, acteur = photo(session), getattr(ici, qui)
    louise = droit_de(session, ici.louise)
    for geste in (
        lambda: terminer(session, acteur, ici.eg, louise),
        lambda: changer_fin(session, acteur, ici.eg, louise, dans(3)),
        lambda: changer_role(session, acteur, ici.eg, louise, Role.REFERENT),
        lambda: accorder(session, acteur, ici.eg, ici.louise, Role.REFERENT),
        lambda: deleguer(
            session, acteur, ici.eg, droit_de(session, acteur) if qui != "hugo" else louise, ici.louise, dans(3)
        ),
        lambda: transferer(session, acteur, ici.eg, ici.louise, ici.claire, vu_de(louise)),
        lambda: reglages.regler(
            session, acteur, reglages.Regler(identifiant=ici.eg.num_finess, separee=True, cle=uuid4())
        ),
        lambda: personnes.lister(session, acteur, ici.eg.num_finess),
        lambda: personnes.lire(session, acteur, ici.eg.num_finess, str(ici.louise.id)),
    ):
        with pytest.raises(AccesRefuse):
            geste()
    assert photo(session) == avant
    assert session.exec(select(ReglageEtablissement)).all() == []


def test_a_right_of_another_etablissement_is_refused(session: Session, ici: Any) -> None:
    avant, sien = photo(session), droit_de(session, ici.ailleurs)
    for geste in (
        lambda: terminer(session, ici.mireille, ici.eg, sien),
        lambda: changer_fin(session, ici.mireille, ici.eg, sien, dans(3)),
        lambda: changer_role(session, ici.mireille, ici.eg, sien, Role.LECTEUR),
        lambda: terminer(session, ici.mireille, ici.autre, sien),
        lambda: accorder(session, ici.mireille, ici.eg, ici.ailleurs, Role.LECTEUR),
        lambda: transferer(session, ici.mireille, ici.eg, ici.ailleurs, ici.claire, ""),
        lambda: personnes.lire(session, ici.mireille, ici.eg.num_finess, str(ici.ailleurs.id)),
        lambda: personnes.lire(session, ici.mireille, ici.eg.num_finess, "x"),
        lambda: personnes.lire(session, ici.mireille, ici.eg.num_finess, "٣"),
    ):
        with pytest.raises(AccesRefuse):
            geste()
    assert photo(session) == avant


def test_a_wider_right_is_shown_and_not_edited(session: Session, ici: Any, monde: Any) -> None:
    samir = monde.acteur("Samir")
    monde.habiliter(samir, ici.eg, Role.REFERENT, portee=Portee.ENTITE_JURIDIQUE, code=ici.juridique.num_finess)
    for qui in (samir, ici.odile):
        with pytest.raises(AccesRefuse):
            terminer(session, ici.mireille, ici.eg, droit_de(session, qui))
    vue = personnes.lister(session, ici.mireille, ici.eg.num_finess)
    droits = {p.nom: p.droits[0] for p in vue.personnes}
    assert (droits["Samir"].vient, droits["Samir"].fin) == ("Par l’entité juridique", False)
    assert (droits["Odile"].vient, droits["Odile"].fin) == ("Par la région", False)
    assert droits["Claire"].fin
    assert terminer(session, ici.odile, ici.eg, droit_de(session, samir))


# -------------------------------------------------------------------- the last référent


def test_the_last_referent_stays(session: Session, ici: Any) -> None:
    terminer(session, ici.mireille, ici.eg, droit_de(session, ici.rose))
    mireille, avant = droit_de(session, ici.mireille), photo(session)
    for qui in (ici.mireille, ici.odile):
        for geste in (
            lambda qui=qui: terminer(session, qui, ici.eg, mireille),
            lambda qui=qui: changer_fin(session, qui, ici.eg, mireille, dans(0)),
            lambda qui=qui: changer_fin(session, qui, ici.eg, mireille, dans(400)),
        ):
            with pytest.raises(GesteRefuse, match="n’aurait plus de référent"):
                geste()
    assert photo(session) == avant
    with session.begin_nested() as essai:
        with pytest.raises(GesteRefuse, match="n’aurait plus de référent"):
            changer_role(session, ici.odile, ici.eg, mireille, Role.LECTEUR)
        essai.rollback()
    assert peut(session, ici.mireille, ici.eg)


def test_a_referent_of_the_entite_juridique_counts_a_regional_and_a_deputy_do_not(
    session: Session, ici: Any, monde: Any
) -> None:
    terminer(session, ici.mireille, ici.eg, droit_de(session, ici.rose))
    mireille = droit_de(session, ici.mireille)
    deleguer(session, ici.mireille, ici.eg, mireille, ici.claire, dans(30))
    with pytest.raises(GesteRefuse):
        terminer(session, ici.odile, ici.eg, mireille)
    monde.habiliter(monde.acteur("EJ"), ici.eg, portee=Portee.ENTITE_JURIDIQUE, code=ici.juridique.num_finess)
    assert terminer(session, ici.odile, ici.eg, mireille).endswith("Sa délégation s’arrête aussi.")
    assert not peut(session, ici.claire, ici.eg)


def test_the_referent_of_an_entite_juridique_stays_while_one_of_its_etablissements_has_no_other(
    session: Session, ici: Any, monde: Any
) -> None:
    seul = monde.eg("FOYER", entite_juridique_id=ici.juridique.id, commune_cog="81004")
    samir = monde.acteur("Samir")
    monde.habiliter(samir, ici.eg, portee=Portee.ENTITE_JURIDIQUE, code=ici.juridique.num_finess)
    with pytest.raises(GesteRefuse, match="FOYER n’aurait plus de référent"):
        terminer(session, ici.odile, ici.eg, droit_de(session, samir))
    monde.habiliter(monde.acteur("Autre"), seul, Role.REFERENT)
    assert terminer(session, ici.odile, ici.eg, droit_de(session, samir))


@pytest.mark.parametrize(
    ("fin_de_rose", "fin", "permis"), [(None, 5, True), (10, 10, True), (10, 11, True), (10, 9, False)]
)
def test_referents_last_no_less_long_than_before(
    session: Session, ici: Any, fin_de_rose: int | None, fin: int, permis: bool
) -> None:
    rose, mireille = droit_de(session, ici.rose), droit_de(session, ici.mireille)
    rose.fin = None if fin_de_rose is None else AUJOURD_HUI + timedelta(days=fin_de_rose)
    mireille.fin = AUJOURD_HUI + timedelta(days=10)
    session.flush()
    if permis:
        changer_fin(session, ici.odile, ici.eg, mireille, dans(fin))
        return
    rose.fin = AUJOURD_HUI + timedelta(days=5)
    session.flush()
    with pytest.raises(GesteRefuse, match="n’aurait plus de référent après le"):
        changer_fin(session, ici.odile, ici.eg, mireille, dans(fin))


def test_a_referent_to_come_takes_over_the_very_next_day(session: Session, ici: Any) -> None:
    rose, mireille = droit_de(session, ici.rose), droit_de(session, ici.mireille)
    rose.debut = AUJOURD_HUI + timedelta(days=11)
    session.flush()
    with pytest.raises(GesteRefuse):
        changer_fin(session, ici.odile, ici.eg, mireille, dans(9))
    assert changer_fin(session, ici.odile, ici.eg, mireille, dans(10))


def test_two_referents_cannot_both_leave(session: Session, ici: Any) -> None:
    assert terminer(session, ici.mireille, ici.eg, droit_de(session, ici.mireille))
    with pytest.raises(GesteRefuse):
        terminer(session, ici.rose, ici.eg, droit_de(session, ici.rose))


# ----------------------------------------------------------- nobody raises their own rights


def test_nobody_prolongs_their_own_right_and_may_shorten_it(session: Session, ici: Any) -> None:
    mireille = droit_de(session, ici.mireille)
    changer_fin(session, ici.rose, ici.eg, mireille, dans(10))
    for fin in (dans(11), ""):
        with pytest.raises(GesteRefuse, match="Personne ne prolonge"):
            changer_fin(session, ici.mireille, ici.eg, mireille, fin)
    assert changer_fin(session, ici.mireille, ici.eg, mireille, dans(9))


def test_nobody_gives_themselves_a_right(session: Session, ici: Any) -> None:
    avant, mireille = photo(session), droit_de(session, ici.mireille)
    for geste in (
        lambda: accorder(session, ici.mireille, ici.eg, ici.mireille, Role.RESPONSABLE_OFFRE),
        lambda: changer_role(session, ici.mireille, ici.eg, mireille, Role.RESPONSABLE_OFFRE),
        lambda: deleguer(session, ici.mireille, ici.eg, mireille, ici.mireille, dans(10)),
        lambda: transferer(session, ici.mireille, ici.eg, ici.rose, ici.mireille),
        lambda: transferer(session, ici.mireille, ici.eg, ici.mireille, ici.mireille),
    ):
        with pytest.raises(GesteRefuse, match="Personne ne se donne"):
            geste()
    assert photo(session) == avant


@pytest.mark.parametrize("role", [Role.REFERENT_REGIONAL, Role.RESPONSABLE_QUALITE])
def test_a_referent_gives_only_the_roles_of_the_matrix(session: Session, ici: Any, role: Role) -> None:
    with pytest.raises(AccesRefuse):
        accorder(session, ici.mireille, ici.eg, ici.claire, role)
    with pytest.raises(AccesRefuse):
        changer_role(session, ici.mireille, ici.eg, droit_de(session, ici.claire), role)


def test_a_role_is_given_only_where_it_exists(session: Session, ici: Any) -> None:
    with pytest.raises(GesteRefuse, match="tout l’établissement"):
        accorder(session, ici.mireille, ici.eg, ici.claire, Role.REFERENT, structure=ici.uf.identifiant_oi)
    with pytest.raises(AccesRefuse):
        accorder(session, ici.odile, ici.eg, ici.claire, Role.REFERENT_REGIONAL)


def test_a_structure_of_another_etablissement_is_refused(session: Session, ici: Any, monde: Any) -> None:
    sienne = monde.oi(ici.autre, "Sienne", "3")
    for qui in (ici.mireille, ici.odile):
        with pytest.raises(AccesRefuse):
            accorder(session, qui, ici.eg, ici.claire, Role.LECTEUR, structure=sienne.identifiant_oi)
        with pytest.raises(AccesRefuse):
            accorder(session, qui, ici.eg, ici.claire, Role.LECTEUR, structure="OI-NULLE-PART")


# ------------------------------------------------------------------------ give and change


def test_a_right_on_one_structure(session: Session, ici: Any) -> None:
    dit = accorder(session, ici.mireille, ici.eg, ici.louise, Role.RESPONSABLE_OFFRE, structure=ici.uf.identifiant_oi)
    assert dit == "Louise est maintenant responsable d’offre, UF, CH ALBI."
    assert exiger(session, ici.louise, Cible("offre", ici.offre.identifiant_offre), Geste.VALIDER)
    assert not peut(session, ici.louise, ici.eg, Geste.CREER_OFFRE)
    with pytest.raises(GesteRefuse, match="a déjà ce droit"):
        accorder(session, ici.rose, ici.eg, ici.louise, Role.RESPONSABLE_OFFRE, structure=ici.uf.identifiant_oi)


def test_a_right_that_had_ended_begins_again(session: Session, ici: Any) -> None:
    claire = droit_de(session, ici.claire)
    terminer(session, ici.mireille, ici.eg, claire)
    accorder(session, ici.rose, ici.eg, ici.claire, Role.RESPONSABLE_OFFRE, fin=dans(20))
    assert droit_de(session, ici.claire).id == claire.id
    assert (claire.debut, claire.fin, claire.accordee_par) == (
        AUJOURD_HUI,
        date.fromisoformat(dans(20)),
        ici.rose.id,
    )
    assert [t.resultat["geste"] for t in traces(session)] == ["terminer", "accorder"]


@pytest.mark.parametrize("fin", [dans(-1), "2001-01-01", "31/02/2027", "demain"])
def test_a_date_that_is_no_good_is_refused_in_words(session: Session, ici: Any, fin: str) -> None:
    with pytest.raises(GesteRefuse):
        changer_fin(session, ici.mireille, ici.eg, droit_de(session, ici.claire), fin)


def test_another_role_ends_one_and_gives_one(session: Session, ici: Any) -> None:
    dit = changer_role(session, ici.mireille, ici.eg, droit_de(session, ici.claire), Role.LECTEUR, fin=dans(3))
    assert dit == "Claire est maintenant lecteur, CH ALBI."
    assert not peut(session, ici.claire, ici.eg, Geste.CREER_OFFRE)
    assert peut(session, ici.claire, ici.eg, Geste.LIRE)
    neuf, fini = traces(session)
    assert (neuf.resultat["role"], fini.resultat["role"]) == ("lecteur", "responsable_offre")
    assert (neuf.cle is not None, fini.cle) == (True, None)
    with pytest.raises(GesteRefuse, match="a déjà ce droit"):
        changer_role(session, ici.mireille, ici.eg, droit_de(session, ici.claire, Role.LECTEUR), Role.LECTEUR)


def test_the_regional_names_the_first_referent(session: Session, ici: Any, monde: Any) -> None:
    vide = monde.eg("VIDE", entite_juridique_id=monde.ej().id, commune_cog="81004")
    monde.habiliter(ici.hugo, vide, Role.LECTEUR)
    assert referents.est_sans_referent(session, vide)
    vue = veille_des_referents.lister(session, ici.odile)
    assert ([e.nom for e in vue.lignes], vue.total, vue.lignes[0].jamais) == (["VIDE"], 1, True)
    assert veille_des_referents.alerte(session, ici.odile).total == 1
    accorder(session, ici.odile, vide, ici.hugo, Role.REFERENT)
    assert peut(session, ici.hugo, vide)
    assert not referents.est_sans_referent(session, vide)
    assert veille_des_referents.lister(session, ici.odile).lignes == []


def test_an_etablissement_that_lost_its_referent_is_told_to_those_who_work_there(
    session: Session, ici: Any, monde: Any
) -> None:
    perdu = monde.eg("PERDU", entite_juridique_id=monde.ej().id, commune_cog="81004")
    monde.habiliter(ici.hugo, perdu, Role.REFERENT, fin=HIER)
    monde.habiliter(ici.claire, perdu, Role.RESPONSABLE_OFFRE)
    monde.habiliter(ici.louise, perdu, Role.LECTEUR)
    alertes = {n: veille_des_referents.alerte(session, getattr(ici, n)) for n in ("claire", "mireille", "odile")}
    assert [(a.noms, a.total, a.url) for a in alertes.values()] == [
        (["PERDU"], 0, ""),
        ([], 0, ""),
        ([], 1, "/sans-referent"),
    ]
    assert [e.jamais for e in veille_des_referents.lister(session, ici.odile).lignes] == [False]
    assert veille_des_referents.lister(session, ici.claire).lignes == []


def test_the_list_of_those_without_referent_is_paged(session: Session, ici: Any, monde: Any) -> None:
    for n in range(60):
        monde.eg(f"VIDE {n:02}", entite_juridique_id=ici.juridique.id, commune_cog="81004")
    vue = veille_des_referents.lister(session, ici.odile, 2)
    assert (vue.page, vue.pages, vue.total, len(vue.lignes)) == (2, 2, 60, 10)
    assert vue.lignes[0].nom == "VIDE 50"
    assert veille_des_referents.lister(session, ici.odile, 9).page == 2


def test_only_people_of_the_etablissement_who_have_signed_in_are_known(session: Session, ici: Any, monde: Any) -> None:
    jamais = monde.acteur("Jamais")
    monde.habiliter(jamais, ici.eg, Role.LECTEUR)
    siens = {a.id for a in (ici.mireille, ici.rose, ici.claire, ici.louise)}
    assert connues(session, ici.eg) == siens
    for qui in (jamais, ici.hugo, ici.odile):
        with pytest.raises(AccesRefuse):
            accorder(session, ici.mireille, ici.eg, qui, Role.LECTEUR, structure=ici.uf.identifiant_oi)
    session.get_one(Utilisateur, jamais.id).demonstration = True
    session.flush()
    assert connues(session, ici.eg) == {*siens, jamais.id}


# ------------------------------------------------------------------------------ delegate


def test_a_delegation_gives_what_one_has_until_a_day_and_falls_with_it(session: Session, ici: Any) -> None:
    mireille = droit_de(session, ici.mireille)
    assert "vous supplée jusqu’au" in deleguer(session, ici.mireille, ici.eg, mireille, ici.claire, dans(30))
    assert peut(session, ici.claire, ici.eg)
    deleguee = droit_de(session, ici.claire, Role.REFERENT)
    assert (deleguee.suppleance_de, deleguee.fin) == (mireille.id, date.fromisoformat(dans(30)))
    changer_fin(session, ici.rose, ici.eg, mireille, dans(10))
    assert deleguee.fin == date.fromisoformat(dans(10))
    terminer(session, ici.rose, ici.eg, mireille)
    assert not peut(session, ici.claire, ici.eg)
    assert [t.resultat["nom"] for t in traces(session)] == ["Claire", "Mireille", "Claire", "Mireille", "Claire"]


def test_a_delegation_falls_with_a_right_that_ends_otherwise(session: Session, ici: Any) -> None:
    mireille = droit_de(session, ici.mireille)
    deleguer(session, ici.mireille, ici.eg, mireille, ici.claire, dans(30))
    mireille.fin = HIER  # by hand, in the table
    session.flush()
    assert not peut(session, ici.claire, ici.eg)
    session.delete(mireille)
    session.flush()
    session.expire_all()
    assert [d.role for d in session.exec(select(Habilitation).where(Habilitation.utilisateur_id == ici.claire.id))] == [
        Role.RESPONSABLE_OFFRE
    ]


@pytest.mark.parametrize(
    ("fin", "dit"),
    [("", "Donnez la date"), (dans(366), "un an au plus"), (dans(21), "va lui-même"), (dans(-1), "passée")],
)
def test_a_delegation_has_an_end_within_a_year_and_within_the_right(
    session: Session, ici: Any, fin: str, dit: str
) -> None:
    mireille = droit_de(session, ici.mireille)
    if dit == "va lui-même":
        changer_fin(session, ici.rose, ici.eg, mireille, dans(20))
    with pytest.raises(GesteRefuse, match=dit):
        deleguer(session, ici.mireille, ici.eg, mireille, ici.claire, fin)


def test_a_delegation_is_not_of_somebody_elses_right(session: Session, ici: Any) -> None:
    with pytest.raises(AccesRefuse):
        deleguer(session, ici.mireille, ici.eg, droit_de(session, ici.rose), ici.claire, dans(5))


def test_a_deputy_names_no_referent_delegates_nothing_and_gives_nothing_back(session: Session, ici: Any) -> None:
    mireille = droit_de(session, ici.mireille)
    changer_fin(session, ici.rose, ici.eg, mireille, dans(20))
    deleguer(session, ici.mireille, ici.eg, mireille, ici.claire, dans(10))
    deleguee, avant = droit_de(session, ici.claire, Role.REFERENT), photo(session)
    for erreur, geste in (
        (AccesRefuse, lambda: changer_fin(session, ici.claire, ici.eg, mireille, "")),
        (AccesRefuse, lambda: terminer(session, ici.claire, ici.eg, mireille)),
        (AccesRefuse, lambda: terminer(session, ici.claire, ici.eg, droit_de(session, ici.rose))),
        (AccesRefuse, lambda: accorder(session, ici.claire, ici.eg, ici.louise, Role.REFERENT)),
        (GesteRefuse, lambda: accorder(session, ici.claire, ici.eg, ici.mireille, Role.RESPONSABLE_OFFRE)),
        (GesteRefuse, lambda: changer_fin(session, ici.claire, ici.eg, deleguee, dans(11))),
        (GesteRefuse, lambda: changer_fin(session, ici.claire, ici.eg, deleguee, "")),
        (GesteRefuse, lambda: deleguer(session, ici.claire, ici.eg, deleguee, ici.louise, dans(5))),
        (GesteRefuse, lambda: changer_fin(session, ici.rose, ici.eg, deleguee, dans(15))),
        (GesteRefuse, lambda: changer_role(session, ici.rose, ici.eg, deleguee, Role.LECTEUR)),
    ):
        with pytest.raises(erreur):
            geste()
    assert photo(session) == avant
    assert accorder(session, ici.claire, ici.eg, ici.louise, Role.RESPONSABLE_OFFRE)  # what a référent's deputy is for
    assert changer_fin(session, ici.mireille, ici.eg, deleguee, dans(15))
    assert terminer(session, ici.claire, ici.eg, deleguee)


# ------------------------------------------------------------------------------ transfer


def test_when_somebody_leaves_another_takes_all_their_rights(session: Session, ici: Any, monde: Any) -> None:
    monde.habiliter(ici.claire, ici.eg, Role.LECTEUR, portee=Portee.STRUCTURE, code=ici.pole.identifiant_oi)
    monde.brouillon(ici.claire, f"offre:{ici.offre.identifiant_offre}")
    vue = personnes.lire(session, ici.mireille, ici.eg.num_finess, str(ici.claire.id))
    assert (len(vue.passent), vue.restent, vue.attend) == (2, [], ["1 brouillon ouvert"])
    dit = transferer(session, ici.mireille, ici.eg, ici.claire, ici.louise, vue.vu)
    assert dit == "Les droits de Claire sur CH ALBI sont passés à Louise."
    cible = Cible("offre", ici.offre.identifiant_offre)
    assert exiger(session, ici.louise, cible, Geste.VALIDER)
    with pytest.raises(AccesRefuse):
        exiger(session, ici.claire, cible, Geste.LIRE)
    assert [t.resultat["nom"] for t in traces(session)] == ["Louise", "Louise", "Claire", "Claire"]


def test_the_last_referent_leaves_by_giving_the_role(session: Session, ici: Any) -> None:
    terminer(session, ici.mireille, ici.eg, droit_de(session, ici.rose))
    transferer(session, ici.mireille, ici.eg, ici.mireille, ici.claire)
    assert (peut(session, ici.mireille, ici.eg), peut(session, ici.claire, ici.eg)) == (False, True)


def test_the_deputy_of_who_leaves_becomes_referent(session: Session, ici: Any) -> None:
    terminer(session, ici.mireille, ici.eg, droit_de(session, ici.rose))
    mireille = droit_de(session, ici.mireille)
    deleguer(session, ici.mireille, ici.eg, mireille, ici.claire, dans(10))
    transferer(session, ici.odile, ici.eg, ici.mireille, ici.claire)
    deleguee = droit_de(session, ici.claire, Role.REFERENT)
    assert (deleguee.suppleance_de, deleguee.fin) == (None, None)
    assert peut(session, ici.claire, ici.eg)


def test_a_transfer_keeps_the_longer_of_two_equal_rights(session: Session, ici: Any) -> None:
    changer_fin(session, ici.mireille, ici.eg, droit_de(session, ici.rose), dans(5))
    transferer(session, ici.odile, ici.eg, ici.mireille, ici.rose)
    assert droit_de(session, ici.rose).fin is None
    assert not peut(session, ici.mireille, ici.eg)


def test_a_transfer_of_what_changed_is_a_conflict(session: Session, ici: Any) -> None:
    vu = personnes.lire(session, ici.mireille, ici.eg.num_finess, str(ici.claire.id)).vu
    changer_fin(session, ici.rose, ici.eg, droit_de(session, ici.claire), dans(5))
    with pytest.raises(Conflit):
        transferer(session, ici.mireille, ici.eg, ici.claire, ici.louise, vu)


def test_a_transfer_leaves_what_is_not_ones_to_give(session: Session, ici: Any, monde: Any) -> None:
    monde.habiliter(ici.claire, ici.eg, Role.LECTEUR, portee=Portee.ENTITE_JURIDIQUE, code=ici.juridique.num_finess)
    vue = personnes.lire(session, ici.mireille, ici.eg.num_finess, str(ici.claire.id))
    assert [len(vue.passent), len(vue.restent)] == [1, 1]
    transferer(session, ici.mireille, ici.eg, ici.claire, ici.louise)
    assert peut(session, ici.claire, ici.eg, Geste.LIRE)


# -------------------------------------------------------------------------------- the page


def test_the_page_tells_who_has_what_from_where(session: Session, ici: Any, monde: Any, compter: Any) -> None:
    mireille = droit_de(session, ici.mireille)
    deleguer(session, ici.mireille, ici.eg, mireille, ici.claire, dans(30))
    vue = personnes.lister(session, ici.rose, ici.eg.num_finess)
    assert [p.nom for p in vue.personnes] == ["Claire", "Mireille", "Rose", "Louise", "Odile"]
    assert vue.resume == "5 personnes ont un droit sur cet établissement."
    claire = vue.personnes[0]
    assert [d.suppleance for d in claire.droits] == ["", "Suppléance de Mireille"]
    assert claire.droits[1].par == "Donné par Mireille"
    assert claire.connexion.startswith("Dernière connexion le 1er")
    assert [p.soi for p in vue.personnes] == [False, False, True, False, False]
    assert [r.nom for r in vue.roles] == ["Lecteur", "Responsable d’offre", "Référent"]
    assert [c.nom for c in vue.structures] == ["Pôle", "– UF"]
    with compter() as sql:
        personnes.lister(session, ici.rose, ici.eg.num_finess)
    combien = len(sql)
    for n in range(5):
        monde.habiliter(monde.acteur(f"Autre {n}"), ici.eg, Role.LECTEUR)
    with compter() as sql:
        personnes.lister(session, ici.rose, ici.eg.num_finess)
    assert len(sql) <= combien


def test_people_come_fifty_at_a_time(session: Session, ici: Any, monde: Any) -> None:
    for n in range(60):
        monde.habiliter(monde.acteur(f"Lecteur {n:02}"), ici.eg, Role.LECTEUR)
    vue = personnes.lister(session, ici.mireille, ici.eg.num_finess, 2)
    assert (vue.page, vue.pages, len(vue.personnes)) == (2, 2, 15)
    assert personnes.lister(session, ici.mireille, ici.eg.num_finess, 99).page == 2


def test_an_ended_right_is_told_on_the_page_of_the_person(session: Session, ici: Any) -> None:
    terminer(session, ici.mireille, ici.eg, droit_de(session, ici.claire))
    vue = personnes.lire(session, ici.mireille, ici.eg.num_finess, str(ici.claire.id))
    (droit,) = vue.droits
    assert (droit.termine, droit.fin, droit.change) == (True, False, False)
    assert droit.dates.startswith("Terminé le")
    assert (vue.passent, vue.vu) == ([], vu_de())


def test_each_change_is_told_in_words(session: Session, ici: Any) -> None:
    claire = droit_de(session, ici.claire)
    changer_fin(session, ici.mireille, ici.eg, claire, dans(5))
    changer_role(session, ici.mireille, ici.eg, claire, Role.LECTEUR)
    assert [recit(t) for t in traces(session)] == [
        "a changé la fin du droit « Responsable d’offre » de Claire",
        "a donné à Claire le droit « Lecteur »",
        "a mis fin au droit « Responsable d’offre » de Claire",
    ]
    assert recit(Trace(instant=NUIT, action=Action.HABILITATION)) == ""
    lues = journal.lire(session, ici.rose, Cible("etablissement", ici.eg.num_finess), journal.Vue())
    assert lues.lignes[0]["phrase"].startswith("a mis fin au droit")


# ------------------------------------------------------------------------------ settings


def test_a_referent_separates_validation(session: Session, ici: Any) -> None:
    cible = Cible("offre", ici.offre.identifiant_offre)
    demande = reglages.Regler(identifiant=ici.eg.num_finess, separee=True, cle=uuid4())
    reglages.regler(session, ici.mireille, demande)
    assert "demandent maintenant" in reglages.regler(session, ici.mireille, demande)
    assert Geste.VALIDER not in exiger(session, ici.claire, cible, Geste.DEMANDER).gestes
    (ligne,) = session.exec(select(Trace).where(Trace.action == Action.REGLAGE)).all()
    assert ligne.changements == [{"champ": "validation_separee", "avant": False, "apres": True}]
    reglages.regler(session, ici.odile, reglages.Regler(identifiant=ici.eg.num_finess, separee=False, cle=uuid4()))
    assert exiger(session, ici.claire, cible, Geste.VALIDER)
