"""Our PDF: tagged, in French, read aloud in the right order; what people typed is never read as anything but text."""

import asyncio
import json
from collections.abc import Iterator
from datetime import UTC, datetime
from io import BytesIO
from typing import Any

import pytest
from pypdf import PdfReader
from pypdf.generic import DictionaryObject

from rxror.imprimes import alphabet, composer
from rxror.imprimes.alphabet import CONNUES, imprimable
from rxror.ror.erreurs import ImpressionImpossible, PresseOccupee
from rxror.ror.typographie import fr
from rxror.services.attestation import canonique
from rxror.services.attestation_vues import ALT_QR, a_imprimer

INSTANT = datetime(2026, 11, 23, 10, 5, tzinfo=UTC)
HOSTILE = (
    '#panic("x") #sys.inputs $1/0$ = Titre\n== [*] _a_ \\ `b` <c> @d // /* « é » œ ’ 中 🏥 \x00 \u202e \u0301 {{}}'
)


def un_contenu(nom: str = "Gynécologie, consultations") -> dict[str, Any]:
    """The JSON of an attestation of two offers, one of them reviewed."""
    compte = {"total": 2, "relus": 1, "sans_changement": 0, "modifies": 1, "non_relus": 1}
    recence = {"jour": "2026-11-23", "offres": 2, "mises_a_jour": 1, "exigees": 1, "etat": "Conforme"}
    acte = {
        "geste": "validation",
        "le": "2026-11-20T09:00:00+00:00",
        "par": "Claire Dumas",
        "version": 2,
        "champs_modifies": ["Contacts"],
        "champs_montres": [],
    }
    return {
        "format": "rxror-attestation/1",
        "code": "7F3K-92QD-M4XT",
        "verification": "https://rxror.exemple.fr/v/7F3K-92QD-M4XT",
        "etablie_le": INSTANT.isoformat(),
        "etablie_par": "Claire Dumas",
        "demonstration": True,
        "etablissement": {"finess": "810000505", "nom": "CH ALBI", "adresse": "ALBI", "finess_ej": "810000331"},
        "perimetre": {"genre": "etablissement", "identifiant": "810000505", "nom": "CH ALBI"},
        "periode": {"du": "2026-11-02", "au": "2026-11-23"},
        "valide_par": ["Claire Dumas"],
        "comptes": {"offres": compte, "lieux": compte},
        "parts": [{"identifiant": "OI-1", "nom": nom, **compte}],
        "re1_2": {"avant": recence, "apres": recence},
        "offres": [
            {"identifiant": "76/1", "nom": nom, "part": nom, "etat": "modifie", "actes": [acte]},
            {"identifiant": "76/2", "nom": nom, "part": nom, "etat": "non_relu", "actes": []},
        ],
        "lieux": [],
        "limites": ["Elle ne vaut pas transmission au ROR national."],
    }


def dessine(donnees: dict[str, Any]) -> bytes:
    return asyncio.run(composer.composer("attestation", donnees, INSTANT))


def un_pdf(nom: str = "Gynécologie, consultations") -> bytes:
    return dessine(a_imprimer(un_contenu(nom), "0" * 64))


@pytest.fixture(scope="module")
def pdf() -> PdfReader:
    return PdfReader(BytesIO(un_pdf()))


def balises(pdf: PdfReader) -> Iterator[Any]:
    """The tags in the order of reading."""
    a_voir = [pdf.root_object["/StructTreeRoot"]]
    while a_voir:
        noeud = a_voir.pop(0).get_object()
        if not isinstance(noeud, DictionaryObject):
            continue
        if "/S" in noeud:
            yield noeud
        dessous = noeud.get("/K", [])
        a_voir[:0] = dessous if isinstance(dessous, list) else [dessous]


def texte(pdf: PdfReader) -> str:
    return " ".join(" ".join(page.extract_text() for page in pdf.pages).split())


def test_attestation_is_tagged_french_and_titled(pdf: PdfReader) -> None:
    racine = pdf.root_object
    assert racine["/MarkInfo"]["/Marked"]
    assert racine["/Lang"] == "fr-FR"
    assert racine["/ViewerPreferences"]["/DisplayDocTitle"]
    assert pdf.metadata is not None
    assert pdf.metadata.title == "Attestation de mise à jour : CH ALBI"
    metadonnees: Any = racine["/Metadata"].get_object()
    xmp = metadonnees.get_data().decode()
    assert "pdfuaid:part>1<" in xmp
    assert ("pdfaid:part>2<" in xmp, "pdfaid:conformance>A<" in xmp) == (True, True)


def test_its_tags_are_titles_facts_tables_with_headers_and_an_image_with_its_words(pdf: PdfReader) -> None:
    noms = [str(b["/S"]) for b in balises(pdf)]
    titres = [str(b["/T"]) for b in balises(pdf) if b["/S"] in ("/H1", "/H2")]
    assert titres[:4] == [
        "Attestation de mise à jour",
        "Ce qui a été fait",
        "Exigence nationale RE1.2 (récence)",
        "Vérifier cette attestation",
    ]
    assert noms.count("/H1") == 1
    assert {"/L", "/LI", "/Lbl", "/LBody", "/P", "/Link"} <= set(noms)
    entetes = [b for b in balises(pdf) if b["/S"] == "/TH"]
    assert len(entetes) == 5 + 3
    assert all(any(a.get("/Scope") == "/Column" for a in e["/A"]) for e in entetes)
    (figure,) = [b for b in balises(pdf) if b["/S"] == "/Figure"]
    assert figure["/Alt"] == fr(ALT_QR)


def test_it_says_that_it_is_a_demonstration_and_what_it_is_not_worth(pdf: PdfReader) -> None:
    lu = texte(pdf).replace("\xa0", " ")
    assert "Document de démonstration." in lu
    assert "Elle ne vaut pas transmission au ROR national." in lu
    assert "7F3K-92QD-M4XT" in lu
    assert all("/FontFile3" in str(p) or "/FontFile2" in str(p) for p in _descripteurs(pdf))


def _descripteurs(pdf: PdfReader) -> list[Any]:
    polices = [f.get_object() for page in pdf.pages for f in page["/Resources"]["/Font"].values()]
    return [f["/DescendantFonts"][0].get_object()["/FontDescriptor"].get_object() for f in polices]


def test_what_people_typed_is_drawn_and_never_evaluated() -> None:
    lu = texte(PdfReader(BytesIO(un_pdf(HOSTILE))))
    for morceau in ('#panic("x")', "#sys.inputs", "$1/0$", "= Titre", "[*]", "_a_", "`b`", "@d", "Zhong", "{{}}"):
        assert morceau in lu


def test_same_data_give_the_same_bytes() -> None:
    assert un_pdf() == un_pdf()


def test_each_letter_of_the_alphabet_is_drawn() -> None:
    tout = "".join(f"a{chr(code)}" for code in sorted(CONNUES))
    assert imprimable(tout) == imprimable(imprimable(tout))
    assert un_pdf(tout).startswith(b"%PDF")


def test_other_letters_become_ones_that_are_drawn() -> None:
    lu = imprimable({"a": ["é\u0301中\u202e\n\ud800\ue000😀", 1, None, True]})
    assert set(map(ord, lu["a"][0])) <= CONNUES
    assert lu["a"][1:] == [1, None, True]
    assert alphabet.ABSENTE in lu["a"][0]


def test_too_much_data_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(composer, "DONNEES_MAX", 1_000)
    with pytest.raises(ImpressionImpossible, match="donnees"):
        un_pdf()
    monkeypatch.undo()
    monkeypatch.setattr(composer, "PDF_MAX", 1_000)
    with pytest.raises(ImpressionImpossible, match="pdf"):
        un_pdf()


def test_the_press_is_told_no_secret(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("RXROR_OIDC_CLIENT_SECRET", "un secret")
    assert not [nom for nom in composer.environnement() if nom.startswith("RXROR_")]


def test_a_document_that_takes_too_long_is_stopped(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(composer, "DELAI", 0.001)
    with pytest.raises(ImpressionImpossible, match="delai"):
        un_pdf()
    assert composer._PLACES.acquire(blocking=False)  # its place is free again
    composer._PLACES.release()


def test_who_waits_for_the_press_takes_no_thread_from_the_others(monkeypatch: pytest.MonkeyPatch) -> None:
    async def scene() -> int:
        attendent = [asyncio.create_task(composer.composer("attestation", {}, INSTANT)) for _ in range(60)]
        await asyncio.sleep(0)
        await asyncio.to_thread(int)  # one of the threads that everything else shares
        finis = sum(tache.done() for tache in attendent)
        for tache in attendent:
            tache.cancel()
        await asyncio.gather(*attendent, return_exceptions=True)
        return finis

    for _ in range(composer.PLACES):
        assert composer._PLACES.acquire(blocking=False)
    try:
        assert asyncio.run(scene()) == 0
        monkeypatch.setattr(composer, "ESSAIS", 1)
        with pytest.raises(PresseOccupee):
            dessine({})
    finally:
        composer._PLACES.release(composer.PLACES)
    assert un_pdf().startswith(b"%PDF")  # who gave up kept no place


def test_data_that_the_model_cannot_read_are_refused_and_not_logged(caplog: pytest.LogCaptureFixture) -> None:
    with pytest.raises(ImpressionImpossible, match="modele"):
        dessine({"secret": "Claire Dumas"})
    assert "Claire" not in caplog.text


def test_canonical_json_is_what_any_tool_writes() -> None:
    contenu = un_contenu()
    assert canonique(dict(reversed(contenu.items()))) == canonique(json.loads(json.dumps(contenu)))
    assert canonique({"b": 1, "a": "é "}) == '{"a":"é ","b":1}'.encode()
    with pytest.raises(ValueError, match="JSON compliant"):
        canonique({"a": float("nan")})
