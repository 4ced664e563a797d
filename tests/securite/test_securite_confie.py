"""The pages of a personal link, attacked by HTTP: what they open is one field, for one browser, for some days."""

import html
import re
import secrets
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

import httpx2
import pytest
from sqlmodel import Session, select

from rxror.auth import sessions
from rxror.tables import Habilitation, LienConfie, Proposition, Role, Utilisateur

pytestmark = pytest.mark.serveur
NON = "Ce lien ne s’ouvre pas"


@dataclass
class Lien:
    """A link just given, and who holds it."""

    serveur: Any
    numero: int
    secret: str = field(repr=False)

    def navigateur(self) -> httpx2.Client:
        """A browser of its own."""
        base = self.serveur.base
        return httpx2.Client(base_url=base, headers={"Origin": base}, trust_env=False, follow_redirects=False)

    def ouvrir(self, qui: httpx2.Client) -> httpx2.Response:
        return qui.post(f"/confie/{self.secret}")

    def lu(self) -> LienConfie:
        with Session(self.serveur.engine) as session:
            return session.exec(select(LienConfie).where(LienConfie.id == self.numero)).one()

    def propositions(self) -> list[Proposition]:
        with Session(self.serveur.engine) as session:
            return list(session.exec(select(Proposition).where(Proposition.lien_id == self.numero)))


@pytest.fixture
def confier(serveur: Any, claire: Any) -> Callable[..., Lien]:
    """Give the commentaire of Claire's UF: confier(expire=…, retire=…)."""

    def confier(**autres: Any) -> Lien:
        secret, maintenant = secrets.token_urlsafe(32), datetime.now(UTC)
        with Session(serveur.engine) as session, session.begin():
            donneur = session.exec(select(Utilisateur).where(Utilisateur.sub == claire.nom)).one()
            valeurs = {
                "empreinte": sessions.empreinte(secret),
                "objet": f"structure:uf-{claire.finess}",
                "section": "commentaire",
                "champs": ["commentaire"],
                "destinataire": "Jeanne",
                "utilisateur_id": donneur.id,
                "cree": maintenant,
                "expire": maintenant + timedelta(days=14),
            }
            lien = LienConfie(**(valeurs | autres))
            session.add(lien)
            session.flush()
            return Lien(serveur, lien.id or 0, secret)

    return confier


def caches(page: str) -> dict[str, str]:
    """The hidden inputs of a form."""
    trouves = re.findall(r'<input type="hidden" name="([^"]*)" value="([^"]*)">', page)
    return {html.unescape(n): html.unescape(v) for n, v in trouves}


def refusee(reponse: httpx2.Response) -> bool:
    return reponse.status_code == 404 and NON in reponse.text


def test_a_mail_scanner_binds_nothing(confier: Any) -> None:
    lien = confier()
    with lien.navigateur() as robot:
        for _ in range(2):
            page = robot.get(f"/confie/{lien.secret}")
            assert page.status_code == 200
            assert ">Ouvrir</button>" in page.text
            assert not page.headers.get_list("set-cookie")
            assert page.headers["x-robots-tag"] == "noindex, nofollow"
            assert page.headers["cache-control"] == "no-store"
    assert (lien.lu().navigateur, lien.lu().ouvert) == ("", None)


def test_opening_leaves_the_secret_behind(confier: Any, claire: Any) -> None:
    lien = confier()
    with lien.navigateur() as jeanne:
        ouverture = lien.ouvrir(jeanne)
        assert (ouverture.status_code, ouverture.headers["location"]) == (303, "/confie")
        (cookie,) = ouverture.headers.get_list("set-cookie")
        assert all(mot in cookie.lower() for mot in ("httponly", "samesite=lax", "path=/confie"))
        assert lien.secret not in cookie
        page = jeanne.get("/confie").text
        assert lien.secret not in page
        assert set(re.findall(r' name="([^"]+)"', page)) - {"viewport", "color-scheme"} == {
            "_vu",
            "_montres",
            "_faire",
            "_mot",
            "commentaire",
        }
        retour = jeanne.get(f"/confie/{lien.secret}")
        assert retour.status_code == 200, "the same browser may come back by the mail"
    assert lien.secret not in lien.serveur.journal


def test_an_answer_is_one_proposal_and_is_read_again_by_its_author_only(confier: Any) -> None:
    lien = confier()
    with lien.navigateur() as jeanne, lien.navigateur() as autre:
        lien.ouvrir(jeanne)
        champs = caches(jeanne.get("/confie").text)
        piege = "<img src=x onerror=alert(1)>"
        envoi = {**champs, "commentaire": piege, "_mot": piege, "_faire": "envoyer"}
        assert jeanne.post("/confie", data=envoi).headers["location"] == "/confie/recu"
        recu = jeanne.get("/confie/recu").text
        assert html.escape(piege) in recu
        assert piege not in recu
        assert jeanne.get("/confie").headers["location"] == "/confie/recu"
        encore = jeanne.post("/confie", data={**envoi, "commentaire": "autre chose"})
        assert encore.headers["location"] == "/confie/recu"
        assert refusee(autre.get("/confie/recu"))
        assert refusee(lien.ouvrir(autre))
    (proposition,) = lien.propositions()
    assert proposition.valeurs["valeurs"] == {"commentaire": piege}


def test_every_other_browser_is_refused(confier: Any) -> None:
    lien = confier()
    with lien.navigateur() as jeanne, lien.navigateur() as autre:
        lien.ouvrir(jeanne)
        champs = caches(jeanne.get("/confie").text)
        traces = len(lien.serveur.traces())
        for essai in (
            autre.get(f"/confie/{lien.secret}"),
            lien.ouvrir(autre),
            autre.get("/confie"),
            autre.post("/confie", data={**champs, "commentaire": "x"}),
        ):
            assert refusee(essai)
        assert lien.serveur.traces()[traces:] == ["refus"] * 4
        assert jeanne.get("/confie").status_code == 200
    assert lien.propositions() == []


@pytest.mark.parametrize("origine", [None, "null", "https://ailleurs.exemple"])
def test_a_form_of_another_site_is_refused(confier: Any, origine: str | None) -> None:
    lien = confier()
    with lien.navigateur() as jeanne:
        lien.ouvrir(jeanne)
        envoi = {**caches(jeanne.get("/confie").text), "commentaire": "x"}
        del jeanne.headers["Origin"]
        entetes = {"Origin": origine} if origine else {}
        assert refusee(jeanne.post("/confie", data=envoi, headers=entetes))
    autre = confier()
    with autre.navigateur() as jeanne:
        del jeanne.headers["Origin"]
        assert refusee(jeanne.post(f"/confie/{autre.secret}", headers=entetes))
    assert (lien.propositions(), autre.lu().navigateur) == ([], "")


def test_what_was_signed_cannot_be_altered_nor_lent(confier: Any) -> None:
    lien, second = confier(), confier()
    with lien.navigateur() as jeanne, second.navigateur() as paule:
        lien.ouvrir(jeanne)
        second.ouvrir(paule)
        champs, siens = caches(jeanne.get("/confie").text), caches(paule.get("/confie").text)
        for vu in ("", champs["_vu"][:-1], "x" + champs["_vu"], siens["_vu"], champs["_vu"].split(".")[0], "a.b"):
            assert refusee(jeanne.post("/confie", data={**champs, "_vu": vu, "commentaire": "x"})), vu
        bon = jeanne.cookies["rxror_confie"]
        for cookie in ("", bon[:-2], bon + "a", bon.split(".")[0], champs["_vu"], "é"):
            jeanne.cookies.clear()
            entetes = {"Cookie": f"rxror_confie={cookie}".encode()}
            assert refusee(jeanne.get("/confie", headers=entetes)), cookie
    assert lien.propositions() == second.propositions() == []


@pytest.mark.parametrize(
    "chemin", ["nom_oi", "description", "contact.p0123abcd", "id", "entite_geographique_id", "commentaire.x", "_autre"]
)
def test_a_field_that_is_not_named_is_refused(confier: Any, chemin: str) -> None:
    lien = confier()
    with lien.navigateur() as jeanne:
        lien.ouvrir(jeanne)
        champs = caches(jeanne.get("/confie").text)
        assert refusee(jeanne.post("/confie", data={**champs, "commentaire": "x", chemin: "ATTAQUE"}))
        for faire in (f"ajouter:{chemin}", "ajouter:", "ajouter:contact"):
            assert refusee(jeanne.post("/confie", data={**champs, "_faire": faire})), faire
        assert "lien hors du lien" in str(_motifs(lien))
    assert lien.propositions() == []


def _motifs(lien: Lien) -> list[str]:
    with lien.serveur.engine.connect() as connexion:
        return [
            str(ligne) for ligne in connexion.exec_driver_sql("SELECT resultat FROM trace ORDER BY id DESC LIMIT 9")
        ]


def test_no_longer_good_and_never_were_read_the_same(confier: Any) -> None:
    hier = datetime.now(UTC) - timedelta(seconds=1)
    lien = confier()
    with lien.navigateur() as jeanne:
        reponses = [
            *(jeanne.get(f"/confie/{secret}") for secret in ("x", "a" * 43, secrets.token_urlsafe(32))),
            *(jeanne.get(f"/confie/{confier(**perdu).secret}") for perdu in ({"expire": hier}, {"retire": hier})),
            *(confier(**perdu).ouvrir(jeanne) for perdu in ({"expire": hier}, {"retire": hier})),
            *(confier(**faux).ouvrir(jeanne) for faux in ({"objet": "offre:76/absente"}, {"section": "fermees"})),
            confier(champs=["nom_oi"]).ouvrir(jeanne),
        ]
    assert {r.status_code for r in reponses} == {404}
    assert len({r.text for r in reponses}) == 1
    assert NON in reponses[0].text


def test_the_right_of_the_giver_is_asked_each_time(confier: Any, claire: Any) -> None:
    lien = confier()
    droit: dict[str, Any] = {}
    with lien.navigateur() as jeanne:
        lien.ouvrir(jeanne)
        envoi = {**caches(jeanne.get("/confie").text), "commentaire": "x"}
        with Session(lien.serveur.engine) as session, session.begin():
            tenu = session.exec(select(Habilitation).where(Habilitation.code == claire.finess)).one()
            droit = tenu.model_dump()
            tenu.role = Role.LECTEUR
        try:
            assert refusee(jeanne.get("/confie"))
            assert refusee(jeanne.post("/confie", data=envoi))
        finally:
            with Session(lien.serveur.engine) as session, session.begin():
                session.exec(select(Habilitation).where(Habilitation.id == droit["id"])).one().role = droit["role"]
        assert jeanne.get("/confie").status_code == 200
    assert lien.propositions() == []


def test_too_much_is_not_read(confier: Any) -> None:
    lien = confier()
    with lien.navigateur() as jeanne:
        lien.ouvrir(jeanne)
        champs = caches(jeanne.get("/confie").text)
        gros = {**champs, "commentaire": "x" * 200_001}
        nombreux = {**champs, **{f"c{i}": "x" for i in range(2_001)}}
        long = {**champs, "c" * 201: "x"}
        for envoi in (gros, nombreux, long):
            assert jeanne.post("/confie", data=envoi).status_code == 413
        for corps in (b"\xff\xfe\x00", b"{}", b"&&&", b"%00=%00", b"a" * 150):
            entetes = {"Content-Type": "application/json"}
            assert refusee(jeanne.post("/confie", content=corps, headers=entetes))
    assert lien.propositions() == []


def test_hostile_texts_are_kept_readable_or_told(confier: Any) -> None:
    for texte in ("\x00\x01a", "\ud83d".encode("utf-8", "replace").decode(), "‮retourné", "a" * 5_000, "%s{}<>'\"`"):
        lien = confier()
        with lien.navigateur() as jeanne:
            lien.ouvrir(jeanne)
            champs = caches(jeanne.get("/confie").text)
            reponse = jeanne.post("/confie", data={**champs, "commentaire": texte})
            assert reponse.status_code in (200, 303)
            if reponse.status_code == 200:
                assert "à corriger" in reponse.text


def test_two_browsers_at_once_one_has_it_and_two_taps_are_one_answer(confier: Any) -> None:
    lien = confier()
    with ThreadPoolExecutor(6) as ensemble:
        clients = [lien.navigateur() for _ in range(6)]
        codes = list(ensemble.map(lambda qui: lien.ouvrir(qui).status_code, clients))
        assert sorted(codes) == [303, *[404] * 5]
        jeanne = clients[codes.index(303)]
        envoi = {**caches(jeanne.get("/confie").text), "commentaire": "une fois", "_faire": "envoyer"}
        fins = list(ensemble.map(lambda _: jeanne.post("/confie", data=envoi).headers["location"], range(6)))
        assert fins == ["/confie/recu"] * 6
        for client in clients:
            client.close()
    assert len(lien.propositions()) == 1
