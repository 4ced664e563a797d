"""The link of an invitation in a browser: out of the address at once, one page for all that is worth nothing."""

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from itertools import count
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest
from itsdangerous import TimestampSigner
from sqlmodel import col, select
from starlette.testclient import TestClient

from rxror import db
from rxror.auth import invitations as pages_d_invitation
from rxror.auth import routes
from rxror.auth.entetes import EntetesSecurite
from rxror.auth.secret import secret
from rxror.services import invitations
from rxror.services.acces import Acteur
from rxror.services.invitations import Inviter
from rxror.settings import settings
from rxror.tables import Action, Courriel, Habilitation, Invitation, Role, Trace, Utilisateur
from tests.services.conftest import Monde

ORIGINE = {"Origin": "http://localhost:3000"}
_numeros = count()
RIEN = "Ce lien ne donne rien"


@dataclass
class Offre:
    """An invitation sent by mail, and its link."""

    mireille: Acteur
    finess: str
    lien: str


@pytest.fixture
def offre(base: None, regler: Callable[..., None]) -> Offre:
    regler(smtp_host="localhost", smtp_securite="aucune", courriel_expediteur="rxror@exemple.fr")
    pages_d_invitation._debit.cache_clear()
    return offrir()


def offrir(nom: str = "Mireille Faure", il_y_a: timedelta = timedelta(0)) -> Offre:
    with db.transaction() as session:
        monde = Monde(session)
        monde._numero = 10 * next(_numeros)  # FINESS numbers of its own
        eg, mireille = monde.eg("CH <ALBI>"), monde.acteur(nom)
        monde.habiliter(mireille, eg)
        demande = Inviter(finess=eg.num_finess, role=Role.LECTEUR, adresse="paul@exemple.fr", cle=uuid4())
        invitations.inviter(session, mireille, demande, datetime.now(UTC) - il_y_a)
        courriel = session.exec(select(Courriel).order_by(col(Courriel.id).desc())).first()
        assert courriel is not None
        (lien,) = re.findall(r"http://localhost:3000(/auth/invitation/\S+)", courriel.texte)
    return Offre(mireille, eg.num_finess, lien)


def droits() -> list[str]:
    with db.lecture() as session:
        personne = session.exec(select(Utilisateur.id).where(Utilisateur.prenom == "Claire")).first()
        return [h.code for h in session.exec(select(Habilitation).where(Habilitation.utilisateur_id == personne))]


def refus() -> list[Trace]:
    with db.lecture() as session:
        return list(session.exec(select(Trace).where(Trace.action == Action.REFUS).order_by(col(Trace.id))))


def ouvrir(navigateur: TestClient, lien: str) -> Any:
    reponse = navigateur.get(lien)
    assert (reponse.status_code, reponse.headers["location"]) == (303, "/auth/invitation")
    return navigateur.get("/auth/invitation")


def test_from_the_mail_to_the_right(offre: Offre, navigateur: TestClient, connecter: Callable[..., Any]) -> None:
    page = ouvrir(navigateur, offre.lien)
    assert page.status_code == 200
    for mot in ("Une invitation pour vous", "Mireille Faure", "Lecteur", "CH &lt;ALBI&gt;", "sans date de fin"):
        assert mot in page.text
    (suite,) = re.findall(r'href="/auth/connexion\?next=([^"]+)"', page.text)
    assert connecter(suite).headers["location"] == "/auth/invitation"
    page = navigateur.get("/auth/invitation")
    assert "Vous allez recevoir un droit" in page.text
    assert "Vous êtes identifié\u00a0: Claire Dumas" in page.text
    assert droits() == []
    reponse = navigateur.post("/auth/invitation", headers=ORIGINE)
    assert (reponse.status_code, reponse.headers["location"]) == (303, "/auth/invitation")
    assert droits() == [offre.finess]
    assert "C’est fait" in navigateur.get("/auth/invitation").text
    navigateur.post("/auth/invitation", headers=ORIGINE)
    assert droits() == [offre.finess]


def test_the_secret_is_in_no_answer_no_cookie_no_trace(offre: Offre, navigateur: TestClient) -> None:
    jeton = offre.lien.rpartition("/")[2]
    reponse = navigateur.get(offre.lien)
    suite = navigateur.get("/auth/invitation")
    assert jeton not in f"{reponse.headers}{reponse.text}{suite.headers}{suite.text}{dict(navigateur.cookies)}"
    cookie = reponse.headers["set-cookie"]
    for drapeau in ("HttpOnly", "SameSite=lax", "Path=/auth/invitation", "Max-Age=3600"):
        assert drapeau in cookie
    with db.lecture() as session:
        assert jeton not in "".join(t.model_dump_json() for t in session.exec(select(Trace)))


def test_headers_keep_the_address_to_ourselves(offre: Offre, tmp_path: Path) -> None:
    application = EntetesSecurite(routes.application(), lambda: tmp_path)
    with TestClient(application, base_url=settings().url, follow_redirects=False) as navigateur:
        for adresse in (offre.lien, "/auth/invitation/faux"):
            entetes = navigateur.get(adresse).headers
            assert (entetes["cache-control"], entetes["referrer-policy"]) == ("no-store", "no-referrer")
        entetes = navigateur.get("/auth/invitation").headers  # a form under no-referrer would send « Origin: null »
        assert (entetes["cache-control"], entetes["referrer-policy"]) == ("no-store", "same-origin")


def test_all_that_is_worth_nothing_gives_one_page(
    offre: Offre, navigateur: TestClient, connecter: Callable[..., Any]
) -> None:
    expiree = offrir("Anne Vidal", timedelta(days=7)).lien
    retiree, perdue = offrir("Lucie Roux"), offrir("Marc Petit")
    with db.transaction() as session:
        for ligne in session.exec(select(Invitation).where(Invitation.invite_par == retiree.mireille.id)):
            ligne.issue = invitations.RETIREE
        for droit in session.exec(select(Habilitation).where(Habilitation.utilisateur_id == perdue.mireille.id)):
            session.delete(droit)
    mauvais = [
        expiree,
        retiree.lien,
        perdue.lien,
        offre.lien[:-1],
        offre.lien + "A",
        "/auth/invitation/x",
        "/auth/invitation/%00%3Cscript%3E",
        "/auth/invitation/" + "a" * 5000,
    ]
    for connecte in (False, True):
        if connecte:
            connecter()
        pages = {(p.status_code, p.text) for p in (ouvrir(navigateur, lien) for lien in mauvais)}
        ((statut, texte),) = pages
        assert statut == 404
        assert RIEN in texte
        assert "référent ROR" in texte
    for lien in mauvais:
        ouvrir(navigateur, lien)
        assert navigateur.post("/auth/invitation", headers=ORIGINE).status_code == 404
    assert droits() == []
    anonymes = [t.resultat["motif"] for t in refus() if t.utilisateur_id is None]
    inconnus = ["invitation_inconnue"] * 5
    assert anonymes == ["invitation_expiree", "invitation_retiree", "invitation_revoquee", *inconnus]
    assert len([t for t in refus() if t.utilisateur_id]) == 3 * len(mauvais)


def test_without_link_or_with_a_forged_cookie_nothing_is_given(
    offre: Offre, navigateur: TestClient, connecter: Callable[..., Any]
) -> None:
    connecter()
    marque = invitations.empreinte(offre.lien.rpartition("/")[2])
    vieux = TimestampSigner(secret(), salt="rxror.autre").sign(marque).decode()
    for cookie in ("", marque, vieux, f"{marque}.x.y"):
        navigateur.cookies.set("rxror_invitation", cookie, domain="localhost.local", path="/auth/invitation")
        assert RIEN in navigateur.get("/auth/invitation").text
        navigateur.post("/auth/invitation", headers=ORIGINE)
    assert droits() == []


@pytest.mark.parametrize("entetes", [{}, {"Origin": "https://autre.fr"}, {"Origin": "null"}])
def test_another_site_accepts_nothing(
    offre: Offre, navigateur: TestClient, connecter: Callable[..., Any], entetes: dict[str, str]
) -> None:
    ouvrir(navigateur, offre.lien)
    connecter()
    assert navigateur.post("/auth/invitation", headers=entetes).status_code == 403
    assert droits() == []


def test_anonymous_accepts_nothing(offre: Offre, navigateur: TestClient) -> None:
    ouvrir(navigateur, offre.lien)
    assert navigateur.post("/auth/invitation", headers=ORIGINE).status_code == 303
    assert "M’identifier" in navigateur.get("/auth/invitation").text
    with db.lecture() as session:
        assert session.exec(select(Invitation)).one().issue == ""


def test_the_inviter_is_told_that_it_is_their_own(
    offre: Offre, navigateur: TestClient, connecter: Callable[..., Any]
) -> None:
    connecter()
    with db.transaction() as session:
        claire = session.exec(select(Utilisateur).where(Utilisateur.prenom == "Claire")).one()
        session.exec(select(Invitation)).one().invite_par = claire.id or 0
    page = ouvrir(navigateur, offre.lien)
    assert (page.status_code, "vient de vous" in page.text) == (403, True)
    assert navigateur.post("/auth/invitation", headers=ORIGINE).status_code == 403
    assert droits() == []


def test_too_many_links_from_one_address_are_refused(offre: Offre, navigateur: TestClient) -> None:
    statuts = [navigateur.get(f"/auth/invitation/{n}").status_code for n in range(pages_d_invitation.PAR_MINUTE + 20)]
    assert statuts[0] == 303
    assert statuts[-1] == 429
    pages_d_invitation._debit.cache_clear()
