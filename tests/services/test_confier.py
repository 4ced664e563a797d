"""A piece given by a personal link: whose, what, until when; what comes back is a proposal, decided part by part."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from types import SimpleNamespace
from typing import Any
from uuid import uuid4

import pytest
from sqlmodel import Session, col, select

from rxror.ror.champs import champs_de, groupes_de, sections_de
from rxror.ror.confiables import confiables
from rxror.ror.erreurs import AccesRefuse, Conflit, LienRefuse, SaisieInvalide
from rxror.ror.fermeture import DEFINITIVE
from rxror.ror.objets import OBJETS, Contact, OrganisationInterne, Telecommunication
from rxror.services import (
    attentes,
    brouillons,
    confier,
    fiche,
    historique,
    lien_confie,
    modification,
    propositions_recues,
)
from rxror.services.acces import Acteur, Cible
from rxror.services.annulation import annulables
from rxror.services.confier import DemandeConfier, Retrait
from rxror.services.lien_confie import AJOUTER, RELIRE, RETIRER, Confie, Envoi
from rxror.services.propositions_recues import Decision
from rxror.settings import settings
from rxror.tables import Action, Brouillon, Courriel, Habilitation, LienConfie, Proposition, Role, Trace
from tests.fabriques import enregistrer, garder, saisie_de, un_enregistrement
from tests.services.conftest import Monde

NAVIGATEUR, AUTRE = "n" * 64, "a" * 64


@pytest.fixture
def uf(session: Session, place: SimpleNamespace, monde: Monde) -> OrganisationInterne:
    """A UF with two contacts, of whom one may be telephoned."""
    uf: OrganisationInterne = monde.oi(place.eg, "UF de gynécologie", "3")
    for nature in ("07", "08"):
        contact = garder(
            session, Contact(organisation_interne_id=uf.id, nature_contact=nature, niveau_confidentialite="1")
        )
        garder(
            session,
            Telecommunication(
                contact_id=contact.id, canal="2", adresse_telecom="0536491208", niveau_confidentialite="1"
            ),
        )
    return uf


def cible(objet: Any) -> Cible:
    return Cible(objet.GENRE, getattr(objet, "identifiant_oi", None) or getattr(objet, "identifiant", ""))


def demande(objet: Any, section: str = "contacts", **autres: Any) -> DemandeConfier:
    ou = cible(objet)
    valeurs = {"champs": ["contact"], "destinataire": "Jeanne Roux", "jours": "14", "cle": uuid4()} | autres
    return DemandeConfier(genre=ou.genre, identifiant=ou.identifiant, section=section, **valeurs)


def lier(session: Session, acteur: Acteur, objet: Any, section: str = "contacts", **autres: Any) -> LienConfie:
    """A link that its person has opened."""
    voulu = demande(objet, section, **autres)
    assert confier.creer(session, acteur, voulu, str(voulu.cle)).erreurs == {}
    lien = lien_confie.par_secret(session, str(voulu.cle))
    lien_confie.lier(session, lien, NAVIGATEUR)
    return lien


def ouvrir(session: Session, lien: LienConfie, maintenant: datetime | None = None) -> Confie:
    return lien_confie.ouvrir(session, lien, maintenant)


def textes(confie: Confie) -> tuple[dict[str, str], Any, frozenset[str]]:
    """What the page sends when nothing was typed, what it was shown, what it shows."""
    forme = lien_confie.montrer(confie)
    fixes = set(forme.figees)
    lignes = {
        f"{c}.{k}": "1" for c, cles in forme.form.lignes.items() for k in cles if c.partition(".")[0] in groupes(confie)
    }
    tout = {**lignes, **{c: t for c, t in forme.form.valeurs.items() if rendu(confie, c)}}
    sans = {c: t for c, t in tout.items() if not any(c == f or c.startswith(f"{f}.") for f in fixes)}
    return sans, forme.vues, frozenset(forme.montres)


def groupes(confie: Confie) -> set[str]:
    return set(groupes_de(confie.ouvert.classe, confie.ouvert.section.cle))


def rendu(confie: Confie, chemin: str) -> bool:
    """Whether the page has an input there."""
    vue = lien_confie._form_des_vues(confie, lien_confie.montrer(confie).vues)
    return lien_confie._dans_le_lien(confie, vue, chemin)


def repondre(session: Session, lien: LienConfie, mot: str = "", **change: Any) -> Proposition:
    """Send the form with some texts changed; None takes a path away."""
    confie = ouvrir(session, lien)
    saisie, vues, montres = textes(confie)
    voulue = {c: t for c, t in {**saisie, **change}.items() if t is not None}
    forme = lien_confie.recevoir(session, confie, Envoi(voulue, vues, montres=montres, mot=mot))
    assert forme is None, (forme.erreurs, forme.message)
    return session.exec(select(Proposition).where(Proposition.lien_id == lien.id)).one()


def decider(session: Session, acteur: Acteur, proposition: Proposition, **choix: str) -> int:
    page = propositions_recues.lire(session, acteur, proposition.id or 0)
    vu = {p["nom"]: p["vu"] for p in page.parties}
    noms = [p["nom"] for p in page.parties]
    par_rang = {noms[int(rang.removeprefix("p"))]: fait for rang, fait in choix.items()}
    decision = Decision(numero=proposition.id or 0, cle=uuid4(), vu=vu, choix=par_rang)
    return propositions_recues.decider(session, acteur, decision)


def premier(session: Session, uf: Any) -> str:
    """Path of the number of the first contact."""
    contacts = session.exec(select(Contact).where(Contact.organisation_interne_id == uf.id).order_by(Contact.id)).all()
    (moyen,) = session.exec(select(Telecommunication).where(Telecommunication.contact_id == contacts[0].id)).all()
    return f"contact.{contacts[0].id}.telecommunication.{moyen.id}.adresse_telecom"


# --------------------------------------------------------------------------- giving


def test_confiables_are_what_a_plain_page_can_ask():
    assert list(confiables(OBJETS["structure"], "contacts")) == ["contact"]
    assert list(confiables(OBJETS["lieu"], "capacitaire")) == ["capacite_accueil_operationnelle"]
    assert confiables(OBJETS["offre"], "horaires") == confiables(OBJETS["offre"], "zone") == {}
    assert "commune_cog" not in confiables(OBJETS["lieu"], "adresse")
    assert "champ_activite" not in confiables(OBJETS["offre"], "informations_generales")


def test_creer_keeps_a_digest_and_what_is_named_only(session: Session, place: SimpleNamespace, uf: Any):
    voulu = demande(uf)
    fait = confier.creer(session, place.claire, voulu, "empreinte")
    lien = session.exec(select(LienConfie)).one()
    assert (lien.empreinte, lien.champs, lien.navigateur) == ("empreinte", ["contact"], "")
    assert fait.destinataire == "Jeanne Roux"
    trace = session.exec(select(Trace).where(Trace.action == Action.CONFIER)).one()
    assert trace.resultat["destinataire"] == "Jeanne Roux"
    confier.creer(session, place.claire, voulu, "empreinte")
    assert len(session.exec(select(LienConfie)).all()) == 1


@pytest.mark.parametrize(
    ("autres", "champ"),
    [
        ({"champs": []}, "champs"),
        ({"destinataire": "  \u200b "}, "destinataire"),
        ({"destinataire": "x" * 121}, "destinataire"),
        ({"adresse": "jeanne@"}, "adresse"),
        ({"adresse": "a@b.fr\nBcc: tous@b.fr"}, "adresse"),
        ({"jours": "0"}, "jours"),
        ({"jours": "61"}, "jours"),
        ({"jours": "²"}, "jours"),
        ({"mot": "x" * 301}, "mot"),
    ],
)
def test_creer_wrong_answer_says_where(session: Session, place: SimpleNamespace, uf: Any, autres: Any, champ: str):
    assert list(confier.creer(session, place.claire, demande(uf, **autres), "e").erreurs) == [champ]
    assert session.exec(select(LienConfie)).all() == []


@pytest.mark.parametrize("jours", [1, 14, 60])
def test_creer_lasts_as_many_days(session: Session, place: SimpleNamespace, uf: Any, jours: int):
    lien = lier(session, place.claire, uf, jours=str(jours))
    assert lien.expire - lien.cree == timedelta(days=jours)


@pytest.mark.parametrize("champs", [["nom_oi"], ["contact", "boite_lettre_mss"], ["type_oi"], [""]])
def test_creer_field_that_may_not_be_given_is_refused(
    session: Session, place: SimpleNamespace, uf: Any, champs: list[str]
):
    with pytest.raises(AccesRefuse):
        confier.creer(session, place.claire, demande(uf, champs=champs), "e")


@pytest.mark.parametrize("role", [Role.LECTEUR, Role.RESPONSABLE_QUALITE])
def test_creer_is_refused_to_who_only_reads(
    session: Session, place: SimpleNamespace, uf: Any, monde: Monde, role: Role
):
    lecteur = monde.acteur("Louise Pagès")
    monde.habiliter(lecteur, place.eg, role)
    for geste in (
        lambda: confier.creer(session, lecteur, demande(uf), "e"),
        lambda: confier.preparer(session, lecteur, cible(uf), "contacts"),
    ):
        with pytest.raises(AccesRefuse):
            geste()


def test_creer_with_an_address_leaves_one_mail_with_the_link(
    session: Session, place: SimpleNamespace, uf: Any, monkeypatch: pytest.MonkeyPatch
):
    voulu = demande(uf, adresse="Jeanne@CH-ALBI.example", mot="Merci")
    assert list(confier.creer(session, place.claire, voulu, "e", "https://lien").erreurs) == ["adresse"]
    monkeypatch.setenv("RXROR_SMTP_HOST", "smtp.exemple.fr")
    monkeypatch.setenv("RXROR_COURRIEL_EXPEDITEUR", "rxror@exemple.fr")
    settings.cache_clear()
    for _ in range(2):
        assert confier.creer(session, place.claire, voulu, "e", "https://lien").erreurs == {}
    courriel = session.exec(select(Courriel)).one()
    assert courriel.destinataire == session.exec(select(LienConfie)).one().adresse == "Jeanne@ch-albi.example"
    assert all(mot in courriel.texte for mot in ("https://lien", "Merci", "Claire Dumas", "UF de gynécologie"))
    assert "https://lien" not in str(session.exec(select(Trace)).all())


def test_so_many_mails_a_day_even_when_the_links_are_taken_back(
    session: Session, place: SimpleNamespace, uf: Any, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setenv("RXROR_SMTP_HOST", "smtp.exemple.fr")
    monkeypatch.setenv("RXROR_COURRIEL_EXPEDITEUR", "rxror@exemple.fr")
    settings.cache_clear()
    monkeypatch.setattr(confier, "PAR_JOUR", 2)

    def envoyer(adresse: str) -> list[str]:
        return list(
            confier.creer(session, place.claire, demande(uf, adresse=adresse), uuid4().hex, "https://lien").erreurs
        )

    for _ in range(2):
        assert envoyer("jeanne@ch-albi.example") == []
        for lien in session.exec(select(LienConfie).order_by(col(LienConfie.id))):
            lien.retire = datetime.now(UTC)
    assert envoyer("jeanne@ch-albi.example") == ["adresse"]
    assert envoyer("") == []
    for lien in session.exec(select(LienConfie).order_by(col(LienConfie.id))):
        lien.cree -= timedelta(days=1)
    session.flush()
    assert envoyer("jeanne@ch-albi.example") == []


def test_read_view_offers_to_give_only_what_can_be(session: Session, place: SimpleNamespace, uf: Any, monde: Monde):
    def proposees(acteur: Acteur) -> set[str]:
        lues = fiche.lire_sections(session, acteur, cible(uf)).sections
        return {s["cle"] for s in lues if any(g["nom"].startswith("Confier") for g in s["gestes"])}

    assert {"contacts", "boites_mss", "informations_generales", "commentaire"} <= proposees(place.claire)
    lecteur = monde.acteur("Louise Pagès")
    monde.habiliter(lecteur, place.eg, Role.LECTEUR)
    assert proposees(lecteur) == set()


# --------------------------------------------------------------------------- opening


def refus(appel: Callable[[], Any]) -> str:
    with pytest.raises(LienRefuse) as trouve:
        appel()
    return trouve.value.motif


def test_ouvrir_until_the_second_it_expires(session: Session, place: SimpleNamespace, uf: Any):
    lien = lier(session, place.claire, uf)
    fin = lien.expire if lien.expire.tzinfo else lien.expire.replace(tzinfo=UTC)
    assert ouvrir(session, lien, fin - timedelta(seconds=1)).champs == ["contact"]
    assert refus(lambda: ouvrir(session, lien, fin)) == "expire"
    assert refus(lambda: lien_confie.lier(session, lien, NAVIGATEUR, fin)) == "expire"


def test_lier_gives_it_to_the_first_browser_only(session: Session, place: SimpleNamespace, uf: Any):
    lien = lier(session, place.claire, uf)
    lien_confie.lier(session, lien, NAVIGATEUR)
    assert refus(lambda: lien_confie.lier(session, lien, AUTRE)) == "navigateur"
    assert refus(lambda: lien_confie.par_numero(session, lien.id or 0, AUTRE)) == "navigateur"
    assert refus(lambda: lien_confie.par_numero(session, lien.id or 0, "")) == "navigateur"
    assert refus(lambda: lien_confie.par_secret(session, "autre")) == "inconnu"
    assert lien_confie.par_numero(session, lien.id or 0, NAVIGATEUR).ouvert is not None


def test_ouvrir_withdrawn_is_refused(session: Session, place: SimpleNamespace, uf: Any):
    lien = lier(session, place.claire, uf)
    ou = cible(uf)
    retrait = Retrait(genre=ou.genre, identifiant=ou.identifiant, lien=lien.id or 0, cle=uuid4())
    confier.retirer(session, place.mireille, retrait)
    session.refresh(lien)
    assert refus(lambda: ouvrir(session, lien)) == "retire"
    assert [v["etat"] for v in confier.liens_de(session, OrganisationInterne, ou)] == [confier.RETIRE]
    assert len(session.exec(select(Trace).where(Trace.action == Action.RETRAIT)).all()) == 1


def test_retirer_a_link_of_another_object_is_refused(session: Session, place: SimpleNamespace, uf: Any, monde: Monde):
    lien, autre = lier(session, place.claire, uf), monde.oi(place.eg, "Autre", "3")
    retrait = Retrait(genre="structure", identifiant=autre.identifiant_oi, lien=lien.id or 0, cle=uuid4())
    with pytest.raises(AccesRefuse):
        confier.retirer(session, place.claire, retrait)


def test_retirer_what_was_answered_meanwhile_says_so(session: Session, place: SimpleNamespace, uf: Any):
    lien = lier(session, place.claire, uf)
    repondre(session, lien)
    retrait = Retrait(genre="structure", identifiant=uf.identifiant_oi, lien=lien.id or 0, cle=uuid4())
    with pytest.raises(Conflit):
        confier.retirer(session, place.claire, retrait)


def test_ouvrir_giver_without_the_right_any_more_is_refused(session: Session, place: SimpleNamespace, uf: Any):
    lien = lier(session, place.claire, uf)
    droit = session.exec(select(Habilitation).where(Habilitation.utilisateur_id == place.claire.id)).one()
    droit.role = Role.LECTEUR
    session.flush()
    assert refus(lambda: ouvrir(session, lien)) == "droit"
    session.delete(droit)
    session.flush()
    assert refus(lambda: ouvrir(session, lien)) == "droit"


def test_ouvrir_closed_object_is_refused(session: Session, place: SimpleNamespace, uf: Any):
    lien = lier(session, place.claire, uf)
    uf.type_fermeture, uf.date_fermeture = DEFINITIVE, datetime(2020, 1, 1, tzinfo=UTC).date()
    session.flush()
    assert refus(lambda: ouvrir(session, lien)) == "ferme"


def test_refusal_is_traced_with_its_reason_and_nothing_sent(session: Session, place: SimpleNamespace, uf: Any):
    lien = lier(session, place.claire, uf)
    lien_confie.tracer_refus(session, LienRefuse("expire", lien.id), "192.0.2.1")
    lien_confie.tracer_refus(session, LienRefuse("navigateur", 999_999), "192.0.2.1")
    traces = session.exec(select(Trace).where(Trace.action == Action.REFUS).order_by(Trace.id)).all()
    assert [(t.resultat["motif"], t.objet, t.finess, t.adresse) for t in traces] == [
        ("lien expire", lien.objet, place.eg.num_finess, "192.0.2.1"),
        ("lien navigateur", "", "", "192.0.2.1"),
    ]


# --------------------------------------------------------------------------- answering


def test_montrer_shows_the_fields_named_and_nothing_else(session: Session, place: SimpleNamespace, uf: Any):
    uf.description = "SECRET"
    enregistrer(
        session,
        place.claire,
        SimpleNamespace(GENRE="structure", identifiant=uf.identifiant_oi),
        "commentaire",
        commentaire="SECRET",
    )
    lien = lier(session, place.claire, uf, "informations_generales", champs=["nom_oi"])
    forme = lien_confie.montrer(ouvrir(session, lien))
    assert forme.form.valeurs == {"nom_oi": "UF de gynécologie"}
    assert "SECRET" not in str((forme.form, forme.vues, forme.options, forme.figees, forme.visibles))


@pytest.mark.parametrize("genre", ["structure", "lieu", "etablissement"])
def test_every_other_field_of_every_section_is_refused(
    session: Session, place: SimpleNamespace, uf: Any, monde: Monde, genre: str
):
    objet = {"structure": uf, "lieu": monde.lieu(place.eg, place.offre), "etablissement": place.eg}[genre]
    ou = Cible(
        genre, {"structure": uf.identifiant_oi, "etablissement": place.eg.num_finess}.get(genre) or objet.identifiant
    )
    lien = LienConfie(
        **{"empreinte": "e", "objet": ou.cle, "section": "commentaire", "champs": ["commentaire"]},
        **{"destinataire": "J", "utilisateur_id": place.claire.id, "navigateur": NAVIGATEUR},
        **{"cree": datetime.now(UTC), "expire": datetime.now(UTC) + timedelta(days=1)},
    )
    garder(session, lien)
    confie = ouvrir(session, lien)
    classe, essais = OBJETS[genre], list[str]()
    for section in sections_de(classe):
        essais += [n for n in champs_de(classe, section.cle) if n != "commentaire"]
        essais += [f"{n}.p0123abcd" for n in groupes_de(classe, section.cle)]
    essais += ["id", "version", "entite_geographique_id", "commentaire.x", "", ".", "commentaire.", "__class__"]
    saisie, vues, _ = textes(confie)
    for chemin in essais:
        envoi = Envoi({**saisie, chemin: "x"}, vues)
        assert refus(lambda envoi=envoi: lien_confie.recevoir(session, confie, envoi)) == "hors du lien", chemin
    assert len(essais) > 15
    assert session.exec(select(Proposition)).all() == []


def test_inside_a_group_only_what_the_page_asks_is_taken(session: Session, place: SimpleNamespace, uf: Any):
    lien = lier(session, place.claire, uf)
    confie = ouvrir(session, lien)
    saisie, vues, _ = textes(confie)
    un = premier(session, uf).split(".telecommunication")[0]
    for chemin in (
        f"{un}.id",
        f"{un}.organisation_interne_id",
        f"{un}.telecommunication",
        f"{un}.nom.x",
        f"{un}.bidon",
        "contact.999999",
        "contact.999999.nom",
        "contact.p0123ABCD",
        "contact",
        f"{un}.telecommunication.999999.canal",
    ):
        envoi = Envoi({**saisie, chemin: "x"}, vues)
        assert refus(lambda envoi=envoi: lien_confie.recevoir(session, confie, envoi)) == "hors du lien", chemin


@pytest.mark.parametrize(
    "ou", ["nom_oi", "contact.1.nom", "boite_lettre_mss", "", "contact.999.telecommunication", "x.y"]
)
def test_adding_a_row_elsewhere_is_refused(session: Session, place: SimpleNamespace, uf: Any, ou: str):
    confie = ouvrir(session, lier(session, place.claire, uf))
    saisie, vues, _ = textes(confie)
    envoi = Envoi(saisie, vues, faire=AJOUTER, ou=ou)
    assert refus(lambda: lien_confie.recevoir(session, confie, envoi)) == "hors du lien"


def test_rows_are_added_and_taken_away_and_nothing_typed_is_lost(session: Session, place: SimpleNamespace, uf: Any):
    confie = ouvrir(session, lier(session, place.claire, uf))
    saisie, vues, _ = textes(confie)
    chemin = premier(session, uf)
    saisie[chemin] = "pas encore un numéro"
    plus = lien_confie.recevoir(session, confie, Envoi(saisie, vues, faire=AJOUTER, ou="contact"))
    assert plus is not None
    assert len(plus.form.lignes["contact"]) == 3
    assert plus.form.valeurs[chemin] == "pas encore un numéro"
    assert plus.cible.startswith("contact.p")
    assert plus.form.lignes[f"{plus.cible}.telecommunication"]
    moins = lien_confie.recevoir(session, confie, Envoi(dict(plus.form.valeurs), vues, faire=RETIRER, ou=plus.cible))
    assert moins is not None
    assert len(moins.form.lignes["contact"]) == 2
    assert moins.form.valeurs[chemin] == "pas encore un numéro"


def test_wrong_number_is_told_beside_it_and_kept_as_typed(session: Session, place: SimpleNamespace, uf: Any):
    confie = ouvrir(session, lier(session, place.claire, uf))
    saisie, vues, montres = textes(confie)
    chemin = premier(session, uf)
    forme = lien_confie.recevoir(session, confie, Envoi({**saisie, chemin: "05 3"}, vues, montres=montres))
    assert forme is not None
    assert list(forme.erreurs) == [chemin]
    assert forme.form.valeurs[chemin] == "05 3"
    assert session.exec(select(Proposition)).all() == []


def test_what_was_wrong_before_them_does_not_hold_them_back(session: Session, place: SimpleNamespace, uf: Any):
    for moyen in session.exec(select(Telecommunication)):
        moyen.adresse_telecom = "faux"
    session.flush()
    assert repondre(session, lier(session, place.claire, uf)).decidee is not None


def test_an_answer_that_asks_for_more_is_drawn_again_first(session: Session, place: SimpleNamespace, uf: Any):
    confie = ouvrir(session, lier(session, place.claire, uf))
    saisie, vues, montres = textes(confie)
    un = premier(session, uf).split(".telecommunication")[0]
    personne = {**{c: t for c, t in saisie.items() if c != f"{un}.nature_contact"}, f"{un}.qui": "personne"}
    forme = lien_confie.recevoir(session, confie, Envoi(personne, vues, montres=montres))
    assert forme is not None
    assert forme.message
    assert {f"{un}.nom", f"{un}.fonction_contact"} <= set(forme.montres)
    complete = {**personne, f"{un}.nom": "Anne Vidal", f"{un}.fonction_contact": "02"}
    envoi = Envoi(complete, vues, montres=frozenset(forme.montres))
    assert lien_confie.recevoir(session, confie, envoi) is None


def test_relire_keeps_nothing(session: Session, place: SimpleNamespace, uf: Any):
    confie = ouvrir(session, lier(session, place.claire, uf))
    saisie, vues, montres = textes(confie)
    assert lien_confie.recevoir(session, confie, Envoi(saisie, vues, faire=RELIRE, montres=montres)) is not None
    assert session.exec(select(Proposition)).all() == []


def test_a_proposal_changes_nothing_and_uses_the_link_up(session: Session, place: SimpleNamespace, uf: Any):
    lien = lier(session, place.claire, uf)
    confie = ouvrir(session, lien)
    proposition = repondre(session, lien, "Bonjour", **{premier(session, uf): "05 36 49 12 09"})
    assert (proposition.mot, proposition.decidee) == ("Bonjour", None)
    assert session.exec(select(Brouillon)).all() == []
    session.refresh(lien)
    assert refus(lambda: ouvrir(session, lien)) == "repondu"
    saisie, vues, montres = textes(confie)
    encore = Envoi(saisie, vues, montres=montres)
    assert refus(lambda: lien_confie.recevoir(session, confie, encore)) == "repondu"
    (recu,) = propositions_recues.resume(session, proposition)
    assert recu["champ"].startswith("Contact\u00a0:")
    assert "05\u00a036\u00a049\u00a012\u00a009" in str(recu["apres"]) or "05 36 49 12 09" in str(recu["apres"])


def test_nothing_changed_is_an_answer_with_nothing_to_decide(session: Session, place: SimpleNamespace, uf: Any):
    proposition = repondre(session, lier(session, place.claire, uf))
    assert proposition.decidee is not None
    assert attentes.propositions_a_examiner(session, place.claire) == []


# --------------------------------------------------------------------------- deciding


def test_a_proposal_is_told_to_who_may_change_the_object_and_to_nobody_else(
    session: Session, place: SimpleNamespace, uf: Any, monde: Monde
):
    proposition = repondre(session, lier(session, place.claire, uf), **{premier(session, uf): "05 36 49 12 09"})
    lecteur, etranger = monde.acteur("Louise Pagès"), monde.acteur("Hugo Marty")
    monde.habiliter(lecteur, place.eg, Role.LECTEUR)
    monde.habiliter(etranger, monde.eg("Ailleurs"))
    assert [c.nom for c in attentes.propositions_a_examiner(session, place.mireille)] == ["UF de gynécologie"]
    assert attentes.propositions_a_examiner(session, lecteur) == []
    assert attentes.propositions_a_examiner(session, etranger) == []
    assert [c.nom for c in attentes.de_l_objet(session, place.claire, cible(uf).cle).propositions] == ["Jeanne Roux"]
    with pytest.raises(AccesRefuse):
        propositions_recues.lire(session, etranger, proposition.id or 0)
    with pytest.raises(AccesRefuse):
        decider(session, lecteur, proposition, p0="accepter")
    with pytest.raises(AccesRefuse):
        propositions_recues.lire(session, place.claire, 999_999)


def deux_contacts(session: Session, uf: Any) -> list[str]:
    contacts = session.exec(select(Contact).where(Contact.organisation_interne_id == uf.id).order_by(Contact.id)).all()
    return [f"contact.{c.id}" for c in contacts]


def test_one_row_is_accepted_the_other_refused(session: Session, place: SimpleNamespace, uf: Any):
    un, deux = deux_contacts(session, uf)
    proposition = repondre(
        session, lier(session, place.claire, uf), **{f"{un}.description": "le matin", f"{deux}.description": "le soir"}
    )
    assert decider(session, place.mireille, proposition, p0="accepter") == 1
    assert decider(session, place.mireille, proposition, p1="refuser") == 0
    brouillon = session.exec(select(Brouillon)).one()
    assert [c["description"] for c in brouillon.valeurs["contact"]] == ["le matin", ""]
    assert brouillon.utilisateur_id == place.mireille.id
    assert proposition.decidee is not None
    session.refresh(uf)
    assert uf.version == 1, "nothing is published"
    lue = propositions_recues.lire(session, place.claire, proposition.id or 0)
    assert [p["decision"].split(",")[0] for p in lue.parties] == [
        "Acceptée par Mireille Faure",
        "Refusée par Mireille Faure",
    ]
    phrases = [e["phrase"] for e in historique.lire(session, place.claire, cible(uf), historique.Vue()).entrees]
    assert phrases == [
        "a refusé pour Contacts une proposition de Jeanne Roux",
        "a accepté pour Contacts une proposition de Jeanne Roux",
        "a répondu pour Contacts, par le lien confié par Claire Dumas",
        "a confié Contacts à Jeanne Roux",
    ]
    refusee = historique.lire(session, place.claire, cible(uf), historique.Vue()).entrees[0]["changements"]
    assert [c["note"] for c in refusee] == ["Refusée"]


def test_the_same_decision_twice_writes_once_and_its_key_serves_no_other(
    session: Session, place: SimpleNamespace, uf: Any
):
    un, _ = deux_contacts(session, uf)
    proposition = repondre(session, lier(session, place.claire, uf), **{f"{un}.description": "le matin"})
    (partie,) = propositions_recues.lire(session, place.claire, proposition.id or 0).parties
    decision = Decision(
        numero=proposition.id or 0, cle=uuid4(), vu={partie["nom"]: partie["vu"]}, choix={partie["nom"]: "accepter"}
    )
    assert propositions_recues.decider(session, place.claire, decision) == 0
    assert propositions_recues.decider(session, place.claire, decision) == 0
    assert len(session.exec(select(Trace).where(Trace.action == Action.BROUILLON)).all()) == 1
    with pytest.raises(SaisieInvalide):
        propositions_recues.decider(session, place.mireille, decision)


def test_a_part_that_changed_since_is_told_and_never_overwritten_unseen(
    session: Session, place: SimpleNamespace, uf: Any
):
    un, _ = deux_contacts(session, uf)
    proposition = repondre(session, lier(session, place.claire, uf), **{f"{un}.description": "le matin"})
    avant = propositions_recues.lire(session, place.claire, proposition.id or 0).parties
    objet = SimpleNamespace(GENRE="structure", identifiant=uf.identifiant_oi)
    enregistrer(session, place.mireille, objet, "contacts", **{f"{un}.description": "à midi"})
    (partie,) = propositions_recues.lire(session, place.claire, proposition.id or 0).parties
    assert partie["note"].startswith("Changée depuis que Jeanne Roux l’a lue")
    vieux = Decision(
        numero=proposition.id or 0,
        cle=uuid4(),
        vu={p["nom"]: p["vu"] for p in avant},
        choix={partie["nom"]: "accepter"},
    )
    with pytest.raises(Conflit):
        propositions_recues.decider(session, place.claire, vieux)
    assert session.exec(select(Brouillon)).one().valeurs["contact"][0]["description"] == "à midi"
    assert decider(session, place.claire, proposition, p0="accepter") == 0
    assert session.exec(select(Brouillon)).one().valeurs["contact"][0]["description"] == "le matin"


def test_what_a_colleague_changed_elsewhere_in_the_section_is_kept(session: Session, place: SimpleNamespace, uf: Any):
    un, deux = deux_contacts(session, uf)
    proposition = repondre(session, lier(session, place.claire, uf), **{f"{un}.description": "le matin"})
    objet = SimpleNamespace(GENRE="structure", identifiant=uf.identifiant_oi)
    enregistrer(session, place.mireille, objet, "contacts", **{f"{deux}.description": "à midi"})
    decider(session, place.claire, proposition, p0="accepter")
    contacts = session.exec(select(Brouillon)).one().valeurs["contact"]
    assert [c["description"] for c in contacts] == ["le matin", "à midi"]


def test_a_row_taken_away_and_a_new_one(session: Session, place: SimpleNamespace, uf: Any):
    un, deux = deux_contacts(session, uf)
    lien = lier(session, place.claire, uf)
    confie = ouvrir(session, lien)
    saisie, vues, _ = textes(confie)
    sans = {c: t for c, t in saisie.items() if c != un and not c.startswith(f"{un}.")}
    plus = lien_confie.recevoir(session, confie, Envoi(sans, vues, faire=AJOUTER, ou="contact"))
    assert plus is not None
    neuf = plus.cible
    moyen = f"{neuf}.telecommunication.{plus.form.lignes[f'{neuf}.telecommunication'][0]}"
    tapee = {f"{neuf}.nature_contact": "07", f"{moyen}.canal": "2", f"{moyen}.adresse_telecom": "0536491299"}
    envoi = Envoi({**plus.form.valeurs, **tapee}, vues, montres=frozenset(plus.montres))
    assert lien_confie.recevoir(session, confie, envoi) is None
    proposition = session.exec(select(Proposition)).one()
    parties = propositions_recues.lire(session, place.claire, proposition.id or 0).parties
    retiree, venue = (p["changements"][0] for p in parties)
    assert [e["texte"] for e in retiree["apres"]] == ["Retiré"]
    assert venue["avant"] == []
    decider(session, place.claire, proposition, p0="accepter", p1="accepter")
    numeros = [
        c["telecommunication"][0]["adresse_telecom"] for c in session.exec(select(Brouillon)).one().valeurs["contact"]
    ]
    assert numeros == ["0536491208", "0536491299"]
    assert deux.removeprefix("contact.") == session.exec(select(Brouillon)).one().valeurs["contact"][0]["cle"]


def test_beds_of_a_lieu_by_their_grid(session: Session, place: SimpleNamespace, monde: Monde):
    lieu = monde.lieu(place.eg, place.offre)
    lien = lier(session, place.claire, lieu, "capacitaire", champs=["capacite_accueil_operationnelle"])
    confie = ouvrir(session, lien)
    forme = lien_confie.montrer(confie)
    assert list(forme.form.cases.values())[:2] == ["Lits installés", "Lits fermés"]
    proposition = repondre(session, lien, **{"capacite_accueil_operationnelle.g0.nombre_capacite": "12"})
    assert decider(session, place.claire, proposition, p0="accepter") == 0
    (ligne,) = session.exec(select(Brouillon)).one().valeurs["capacite_accueil_operationnelle"]
    assert (ligne["nombre_capacite"], ligne["statut_capacite"]) == (12, "01")


def test_codes_of_a_list_are_merged_with_what_is_kept(session: Session, place: SimpleNamespace):
    eg = place.eg
    eg.aide_financiere, eg.categorie_eg = ["01", "03"], "500"
    session.flush()
    objet = SimpleNamespace(GENRE="etablissement", identifiant=eg.num_finess)
    lien = lier(session, place.claire, objet, "aides", champs=["aide_financiere"])
    proposition = repondre(session, lien, **{"aide_financiere.01": None, "aide_financiere.02": "oui"})
    saisie, base = saisie_de(session, place.mireille, objet, "aides")
    sans = {c: t for c, t in saisie.items() if c != "aide_financiere.03"}
    modification.enregistrer(session, place.mireille, un_enregistrement(objet, "aides", sans, base))
    assert session.exec(select(Brouillon)).one().valeurs["aide_financiere"] == ["01"]
    decider(session, place.claire, proposition, p0="accepter")
    assert session.exec(select(Brouillon)).one().valeurs["aide_financiere"] == ["02"]


def test_accepting_can_be_undone_like_a_save(session: Session, place: SimpleNamespace, uf: Any):
    un, _ = deux_contacts(session, uf)
    proposition = repondre(session, lier(session, place.claire, uf), **{f"{un}.description": "le matin"})
    decider(session, place.claire, proposition, p0="accepter")
    lier(session, place.claire, uf)  # another link does not hide it
    tenus = brouillons.charger(session, [cible(uf).cle])[cible(uf).cle]
    assert annulables(session, place.claire, cible(uf).cle, tenus) == {"contacts"}
