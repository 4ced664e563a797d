"""Documents over HTTP, behind the session; and the public page that verifies them, without a session or a name."""

import hashlib
from collections.abc import Iterator
from datetime import UTC, date, datetime
from io import BytesIO
from threading import BoundedSemaphore

import pytest
from pypdf import PdfReader
from sqlmodel import col, select
from starlette.testclient import TestClient

from rxror import db
from rxror.auth import documents, routes, sessions
from rxror.imprimes import composer
from rxror.ror.objets import EntiteGeographique, EntiteJuridique, OffreOperationnelle
from rxror.services.attestation import canonique
from rxror.tables import Action, Attestation, Habilitation, Role, Trace, Utilisateur
from rxror.verification import routes as verification
from tests.imprimes.test_imprimes import un_contenu

FINESS, CODE = "810000505", "7F3K-92QD-M4XT"
JSON, PDF = canonique(un_contenu()), b"%PDF-1.7\n" + bytes(range(256))


@pytest.fixture
def client(tables: None) -> Iterator[TestClient]:
    """A reader of one établissement, signed in; its attestation, and another établissement that is not hers."""
    for debit in (documents._debit, verification._debit, verification._debit_des_inconnus):
        debit.cache_clear()
    with db.transaction() as session:
        ej = EntiteJuridique(num_finess="810000331")
        session.add(ej)
        session.flush()
        for n in (FINESS, "810000999"):
            eg = EntiteGeographique(num_finess=n, entite_juridique_id=ej.id or 0, denomination_eg="CH ALBI")
            session.add(eg)
            session.flush()
            session.add(
                OffreOperationnelle(entite_geographique_id=eg.id, identifiant_offre=f"76/{n}", nom_offre="Gynécologie")
            )
        secret = sessions.ouvrir(session, iss="https://idp.test", sub="1", prenom="Claire", nom="Dumas")
        claire = session.exec(select(Utilisateur)).one()
        session.add(Habilitation(utilisateur_id=claire.id, code=FINESS, role=Role.LECTEUR))
        for code, finess in ((CODE, FINESS), ("0000-0000-0000", "810000999")):
            session.add(
                Attestation(
                    code=code,
                    objet=f"etablissement:{finess}",
                    finess=finess,
                    du=date(2026, 11, 2),
                    au=date(2026, 11, 23),
                    cree=datetime.now(UTC),
                    utilisateur_id=claire.id,
                    nom="Claire Dumas",
                    contenu=JSON.decode(),
                    empreinte=hashlib.sha256(JSON).hexdigest(),
                    pdf=PDF,
                    empreinte_pdf=hashlib.sha256(PDF).hexdigest(),
                )
            )
    application = routes.application(*verification.routes())
    client = TestClient(application, base_url="http://localhost:3000", follow_redirects=False)
    client.cookies.set(sessions.nom_cookie(), secret)
    yield client
    for debit in (documents._debit, verification._debit, verification._debit_des_inconnus):
        debit.cache_clear()


@pytest.fixture
def public(client: TestClient) -> TestClient:
    client.cookies.clear()
    return client


def actes() -> list[Action]:
    with db.lecture() as session:
        return [t.action for t in session.exec(select(Trace).order_by(col(Trace.id)))][1:]


# --------------------------------------------------------------------------- behind the session


def test_files_come_byte_for_byte(client: TestClient) -> None:
    json, pdf = (client.get(f"/exports/attestation/{CODE}.{sorte}") for sorte in ("json", "pdf"))
    assert (json.content, pdf.content) == (JSON, PDF)
    assert (json.headers["content-type"], pdf.headers["content-type"]) == ("application/json", "application/pdf")
    assert pdf.headers["content-disposition"] == f'attachment; filename="attestation-{FINESS}-{CODE}.pdf"'
    assert pdf.headers["cache-control"] == "no-store"


def test_sheets_are_drawn_for_who_may_read(client: TestClient) -> None:
    for adresse, nom in ((f"offre/76/{FINESS}", "Gynécologie"), (f"etablissement/{FINESS}", "CH ALBI")):
        reponse = client.get(f"/exports/fiche/{adresse}.pdf")
        assert reponse.status_code == 200
        pdf = PdfReader(BytesIO(reponse.content))
        assert pdf.root_object["/Lang"] == "fr-FR"
        assert nom in pdf.pages[0].extract_text()


@pytest.mark.parametrize(
    "adresse",
    [
        "attestation/0000-0000-0000.pdf",
        "attestation/AAAA-AAAA-AAAA.json",
        "attestation/x%00y.pdf",
        "fiche/offre/76/810000999.pdf",
        "fiche/offre/76/%00.pdf",
        "fiche/etablissement/810000999.pdf",
        "fiche/etablissement/000000000.pdf",
    ],
)
def test_what_is_not_hers_is_refused_and_told(client: TestClient, adresse: str) -> None:
    reponse = client.get(f"/exports/{adresse}")
    assert reponse.status_code == 404
    assert "ne vous est pas confiée" in reponse.text
    assert actes() == [Action.REFUS]


def test_without_a_session_one_signs_in(public: TestClient) -> None:
    for adresse in (f"attestation/{CODE}.pdf", f"fiche/etablissement/{FINESS}.pdf"):
        reponse = public.get(f"/exports/{adresse}")
        assert (reponse.status_code, reponse.headers["location"]) == (303, "/connexion")
        assert public.post(f"/exports/{adresse}").status_code == 405


def test_too_many_documents_wait(client: TestClient) -> None:
    statuts = [client.get(f"/exports/attestation/{CODE}.json").status_code for _ in range(documents.RESERVE + 2)]
    assert (statuts.count(200), statuts[-1]) == (documents.RESERVE, 429)


def test_a_press_that_is_busy_says_to_try_again(client: TestClient, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(composer, "ESSAIS", 1)
    monkeypatch.setattr(composer, "_PLACES", BoundedSemaphore(1))
    assert composer._PLACES.acquire(blocking=False)
    reponse = client.get(f"/exports/fiche/offre/76/{FINESS}.pdf")
    assert (reponse.status_code, "Réessayez dans quelques secondes" in reponse.text) == (503, True)
    assert client.get(f"/exports/attestation/{CODE}.pdf").status_code == 200  # what is drawn already needs no press


# --------------------------------------------------------------------------- in public


def test_public_page_says_what_was_attested_and_names_nobody(public: TestClient) -> None:
    reponse = public.get(f"/v/{CODE}")
    assert reponse.status_code == 200
    for dit in ("CH ALBI", FINESS, "23 novembre 2026", "Gynécologie, consultations", "Conforme", "inventées", CODE):
        assert (dit in reponse.text.replace("\xa0", " ")) is (dit != "inventées")
    assert not any(nom in reponse.text for nom in ("Claire", "Dumas"))
    assert (reponse.headers["x-robots-tag"], reponse.headers["cache-control"]) == ("noindex, nofollow", "no-store")
    assert public.get("/v/7f3k92qdm4xt").status_code == 200
    assert public.get("/v", params={"code": "7f3k 92qd m4xt"}).headers["location"] == f"/v/{CODE}"


@pytest.mark.parametrize(("octets", "nom"), [(JSON, "a.json"), (PDF, "a.pdf")])
def test_a_file_conforms_and_one_altered_byte_does_not(public: TestClient, octets: bytes, nom: str) -> None:
    def verifie(envoi: bytes) -> str:
        return public.post(f"/v/{CODE}", files={"fichier": (nom, envoi)}).text

    assert "<h2>Conforme</h2>" in verifie(octets)
    for altere in (octets[:-1] + bytes([octets[-1] ^ 1]), bytes([octets[0] ^ 1]) + octets[1:], octets + b" "):
        assert "<h2>Non conforme</h2>" in verifie(altere)
        assert "<h2>Conforme</h2>" not in verifie(altere)


def test_a_typed_digest_is_compared(public: TestClient) -> None:
    def verifie(empreinte: str) -> str:
        return public.post(f"/v/{CODE}", data={"empreinte": empreinte}).text

    bonne = hashlib.sha256(PDF).hexdigest()
    assert "<h2>Conforme</h2>" in verifie(f" {bonne[:32].upper()} {bonne[32:]}")
    assert "<h2>Non conforme</h2>" in verifie("0" * 64)
    assert "Ce n’est pas une empreinte" in verifie("<script>")
    assert "Rien à comparer" in verifie("")


def test_what_is_no_form_is_answered_in_french(public: TestClient) -> None:
    deux = [("fichier", ("a", b"1")), ("fichier", ("b", b"2"))]
    assert public.post(f"/v/{CODE}", files=deux).status_code == 400
    assert public.post(f"/v/{CODE}", data={"empreinte": "x" * 5_000}, files={"a": b"x"}).status_code == 400
    assert "Rien à comparer" in public.post(f"/v/{CODE}", content=b"\xff").text


@pytest.mark.parametrize("code", ["AAAA-AAAA-AAAA", "x", "%00", "a" * 500, "..%2f..", "7F3K-92QD-M4XT'--"])
def test_an_unknown_code_says_nothing_more(public: TestClient, code: str) -> None:
    reponse = public.get(f"/v/{code}")
    assert reponse.status_code == 404
    assert "<script" not in reponse.text


def test_who_guesses_is_stopped_early(public: TestClient) -> None:
    statuts = [public.get(f"/v/AAAA-AAAA-{n:04d}").status_code for n in range(verification.INCONNUS + 3)]
    assert statuts == [404] * verification.INCONNUS + [429] * 3
    assert public.get(f"/v/{CODE}").status_code == 200  # who has a code still reads it
