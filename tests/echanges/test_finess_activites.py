"""Import of the FINESS+ activities: authentic extracts, and files of ours, damaged on purpose."""

import gzip
import json
from copy import deepcopy
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlmodel import Session, col, func, select

from rxror.echanges import flux_json
from rxror.echanges.finess.activites import importer
from rxror.echanges.finess.rapport import Gravite
from rxror.echanges.flux_json import parcourir
from rxror.ror.autorisations import Autorisation, Notion, resumer
from rxror.ror.erreurs import ImportRefuse
from rxror.tables import AutorisationFiness, ReleveActivites, StatutAutorisation

ICI = Path(__file__).parent / "finess"
ECHANTILLON = ICI / "finess-activites-echantillon-20260818.json.gz"
OFFICIEL = ICI / "finess-activites-extrait-20260401.json"
DIJON, FLEYRIAT, CHAUMONT = "210987558", "010780195", "520000043"

ACTIVITE = {
    "caracteristiquesGeneriques": {
        "activiteAeId": "810703", "etatObjet": "A", "dateDebutActiviteAutorisee": "2007-03-14",
        "dateFinActiviteAutorisee": "2031-11-22", "dateFinEffectiveActivite": None, "dateCaduciteAutorisation": None,
    },
    "nature": {
        "codeNature": "AMM",
        "caracteristiquesSpecifiques": {
            "typeActiviteAMM": {"activiteAMM": "QA014", "modaliteAMM": "MO032", "mentionAMM": "ME065"},
        },
    },
    "evenement": [{"codeEvenement": "012", "dateEvenement": "2007-03-14"}],
}  # fmt: skip


def un_fichier(dossier: Path, *activites: Any, jour: str = "2026-08-18", **pmej: Any) -> Path:
    """A file of one EJ and one EG, CH ALBI, with these activities."""
    ege = {"egeId": "1", "numFinessEge": "810000505", "activitesExercees": list(activites)}
    racine = {
        "schemaVersion": "v1.0.0",
        "generatedAt": f"{jour}T02:16:50.69Z",
        "pmej": [{"numFiness": "810000331", "activitesAutorisees": [], "ege": [ege]} | pmej],
    }
    chemin = dossier / f"finess-activites-{len(list(dossier.iterdir()))}.json"
    chemin.write_text(json.dumps(racine, ensure_ascii=False), "utf-8")
    return chemin


def une_activite(**generales: Any) -> Any:
    activite = deepcopy(ACTIVITE)
    activite["caracteristiquesGeneriques"] |= generales
    return activite


def les_autorisations(session: Session, finess: str = "810000505") -> list[AutorisationFiness]:
    requete = select(AutorisationFiness).where(AutorisationFiness.finess == finess)
    return list(session.exec(requete.order_by(col(AutorisationFiness.id))))


def notions(session: Session, finess: str) -> dict[Notion, int]:
    """As the service reads them."""
    lues = [
        Autorisation(a.nature, a.activite, a.modalite, a.mention, a.forme, a.fin, a.fin_effective)
        for a in les_autorisations(session, finess)
    ]
    return resumer(lues, date(2026, 8, 18)).nombres


# --------------------------------------------------------------------- authentic files


def test_importer_keeps_the_care_authorisations_of_each_site(session: Session) -> None:
    bilan = importer(session, [ECHANTILLON])

    assert len(bilan.etablissements.crees) == 6
    assert bilan.constats == []
    assert bilan.autorisations == session.exec(select(func.count()).select_from(AutorisationFiness)).one() == 196
    assert bilan.laissees == {"ASDR": 97, "AASA": 11, "AER": 4}
    releve = session.get(ReleveActivites, DIJON)
    assert (releve.finess_ej, releve.jour, releve.fichier_source) == ("210780581", date(2026, 8, 18), ECHANTILLON.name)


def test_importer_both_code_systems_give_the_same_notions(session: Session) -> None:
    importer(session, [ECHANTILLON])

    assert set(Notion) - notions(session, DIJON).keys() <= {Notion.PSY}  # a CHU: all of it, in AMF and in AMM
    assert notions(session, FLEYRIAT)[Notion.URGENCES] == 1
    assert notions(session, CHAUMONT)[Notion.URGENCES] == 1
    assert Notion.REANIMATION not in notions(session, CHAUMONT)


def test_importer_the_official_example_has_no_site(session: Session) -> None:
    bilan = importer(session, [OFFICIEL])
    assert (len(bilan.etablissements.vus), bilan.constats) == (0, [])


def test_importer_twice_changes_nothing(session: Session) -> None:
    importer(session, [ECHANTILLON])
    avant = [a.id for a in les_autorisations(session, DIJON)]
    bilan = importer(session, [ECHANTILLON])
    assert (len(bilan.etablissements.inchanges), bilan.etablissements.touches) == (6, set())
    assert [a.id for a in les_autorisations(session, DIJON)] == avant


# ------------------------------------------------------------------------ what changes


def test_importer_a_later_file_replaces_and_an_older_one_does_not(session: Session, tmp_path: Path) -> None:
    importer(session, [un_fichier(tmp_path, ACTIVITE)])
    bilan = importer(session, [un_fichier(tmp_path, jour="2026-08-17")])
    assert bilan.plus_recents == {"810000505"}
    assert len(les_autorisations(session)) == 1

    bilan = importer(session, [un_fichier(tmp_path, jour="2026-08-19")])
    assert bilan.etablissements.modifies == {"810000505"}
    assert les_autorisations(session) == []
    assert session.get(ReleveActivites, "810000505").jour == date(2026, 8, 19)


@pytest.mark.parametrize(
    ("generales", "evenements", "statut"),
    [
        ({}, [("012", "2007-03-14")], StatutAutorisation.MISE_EN_OEUVRE),
        ({}, [("012", "2007-03-14"), ("015", "2020-01-01")], StatutAutorisation.AUTORISEE),
        ({}, [("015", "2007-03-14"), ("012", "2020-01-01")], StatutAutorisation.MISE_EN_OEUVRE),
        ({}, [("010", "2007-03-14")], StatutAutorisation.AUTORISEE),
        ({}, [], StatutAutorisation.AUTORISEE),
        ({"etatObjet": "I"}, [("012", "2007-03-14")], StatutAutorisation.INACTIVE),
    ],
)
def test_importer_statut_of_an_authorisation(
    session: Session, tmp_path: Path, generales: Any, evenements: Any, statut: StatutAutorisation
) -> None:
    activite = une_activite(**generales)
    activite["evenement"] = [{"codeEvenement": code, "dateEvenement": jour} for code, jour in evenements]
    importer(session, [un_fichier(tmp_path, activite)])
    (lue,) = les_autorisations(session)
    assert (lue.statut, lue.debut, lue.fin) == (statut, date(2007, 3, 14), date(2031, 11, 22))


# -------------------------------------------------------------------------- bad values


@pytest.mark.parametrize(
    ("activite", "chemin", "motif"),
    [
        ("rien", "", "activité illisible"),
        ({"nature": ACTIVITE["nature"]}, "", "activité illisible"),
        (une_activite(activiteAeId=""), ".caracteristiquesGeneriques.activiteAeId", "identifiant absent ou en double"),
        (une_activite(etatObjet="Z"), ".caracteristiquesGeneriques.etatObjet", "état inconnu"),
        (
            {**ACTIVITE, "nature": {"codeNature": "AMF", "caracteristiquesSpecifiques": None}},
            ".nature.caracteristiquesSpecifiques.typeActiviteAMF",
            "code d’activité illisible",
        ),
    ],
)
def test_importer_a_bad_activity_is_rejected_alone_with_its_path(
    session: Session, tmp_path: Path, activite: Any, chemin: str, motif: str
) -> None:
    bilan = importer(session, [un_fichier(tmp_path, activite, ACTIVITE)])
    (constat,) = bilan.constats
    assert constat.champ == f"pmej[0].ege[0].activitesExercees[0]{chemin}"
    assert (constat.motif, constat.gravite, constat.numero) == (motif, Gravite.REJET, "810000505")
    assert len(les_autorisations(session)) == 1


def test_importer_a_bad_date_is_set_aside(session: Session, tmp_path: Path) -> None:
    activite = une_activite(dateFinActiviteAutorisee="31/12/2031", dateCaduciteAutorisation="1900-01-01")
    bilan = importer(session, [un_fichier(tmp_path, activite)])
    assert [(c.motif, c.valeur, c.gravite) for c in bilan.constats] == [
        ("date illisible", "31/12/2031", Gravite.SIGNALEMENT)
    ]
    (lue,) = les_autorisations(session)
    assert (lue.fin, lue.caducite) == (None, None)


EGE = {"numFinessEge": "810000505", "activitesExercees": []}


@pytest.mark.parametrize(
    ("pmej", "motif"),
    [
        ({"numFiness": "810000332"}, "numéro FINESS invalide"),
        ({"ege": "rien"}, "enregistrement illisible"),
        ({"ege": [{"numFinessEge": "810000505"}]}, "établissement sans liste d’activités"),
        ({"ege": [{"numFinessEge": "81000050", "activitesExercees": []}]}, "numéro FINESS invalide"),
        ({"ege": [{"numFinessEge": "810000505", "activitesExercees": {"a": 1}}]}, "une liste était attendue"),
    ],
)
def test_importer_a_bad_record_is_rejected_and_leaves_the_etablissement_unknown(
    session: Session, tmp_path: Path, pmej: Any, motif: str
) -> None:
    bilan = importer(session, [un_fichier(tmp_path, **pmej)])
    assert [c.motif for c in bilan.constats] == [motif]
    assert session.get(ReleveActivites, "810000505") is None


def test_importer_the_same_etablissement_twice_keeps_the_first(session: Session, tmp_path: Path) -> None:
    bilan = importer(session, [un_fichier(tmp_path, ege=[EGE, EGE])])
    assert [c.motif for c in bilan.constats] == ["établissement déjà lu dans ce fichier"]


# ------------------------------------------------------------------------- damaged files


def entier() -> bytes:
    return gzip.decompress(ECHANTILLON.read_bytes())


@pytest.mark.parametrize(
    ("octets", "raison"),
    [
        (b"", "le fichier s’arrête là"),
        (b"finess;etalab;111;2026-05-12", "« { » attendu"),
        (b"[]", "« { » attendu"),
        (b"{}", "generatedAt est absent"),
        (b'{"generatedAt": 12, "pmej": []}', "une date"),
        (b'{"generatedAt": "2026-08-18"}', "aucun enregistrement"),
        (b'{"generatedAt": "2026-08-18", "pmej": []}', "aucun enregistrement"),
        (b'{"generatedAt": "2026-08-18", "pmej": [{}', "« , ou ] » attendu"),
        (b'{"generatedAt": "2026-08-18", "pmej": [{"numFiness"', "pmej[0] n’est pas une valeur JSON entière"),
        (b'{"generatedAt": "2026-08-18", "pmej": [nan]}', "pmej[0]"),
        (b'{"generatedAt": "2026-08-18", "pmej": ' + b"[" * 100_000, "pmej[0]"),
        ('{"generatedAt": "2026-08-18é'.encode("latin-1"), "UTF-8"),
        (b"\x1f\x8bpas du gzip", "l’archive est abîmée"),
    ],
)
def test_importer_a_damaged_file_is_refused_whole(session: Session, tmp_path: Path, octets: bytes, raison: str) -> None:
    chemin = tmp_path / "abime.json"
    chemin.write_bytes(octets)
    with pytest.raises(ImportRefuse) as refus:
        importer(session, [chemin])
    assert raison in str(refus.value)
    assert "abime.json" in str(refus.value)


def test_importer_a_cut_archive_is_refused_and_nothing_is_written(session: Session, tmp_path: Path) -> None:
    chemin = tmp_path / "coupe.json.gz"
    chemin.write_bytes(ECHANTILLON.read_bytes()[:-2000])
    with pytest.raises(ImportRefuse, match="abîmée ou coupée"):
        importer(session, [un_fichier(tmp_path, ACTIVITE), chemin])
    assert les_autorisations(session) == []


def test_importer_missing_file_says_so(session: Session, tmp_path: Path) -> None:
    with pytest.raises(ImportRefuse, match="introuvable"):
        importer(session, [tmp_path / "absent.json.gz"])


# ------------------------------------------------------------------------ the flow itself


def test_parcourir_small_blocks_give_the_same_values(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr(flux_json, "BLOC", 7)
    racine = {"a": 123456789, "b": "é€😀", "liste": [1234567, {"x": [1, 2]}, "fin", [], None], "vide": [], "c": True}
    chemin = tmp_path / "petit.json"
    chemin.write_text("\ufeff" + json.dumps(racine, ensure_ascii=False, indent=2), "utf-8")
    assert list(parcourir(chemin)) == [
        ("a", 123456789),
        ("b", "é€😀"),
        *[(f"liste[{i}]", v) for i, v in enumerate(racine["liste"])],
        ("c", True),
    ]


def test_parcourir_tells_how_far_it_went() -> None:
    lus: list[int] = []
    list(parcourir(ECHANTILLON, lus.append))
    assert sum(lus) == ECHANTILLON.stat().st_size


def test_parcourir_date_after_the_records_is_found(session: Session, tmp_path: Path) -> None:
    chemin = tmp_path / "ordre.json"
    chemin.write_text('{"pmej": [{"numFiness": "810000331", "ege": []}], "generatedAt": "2026-08-18T01:00:00Z"}')
    assert importer(session, [chemin]).constats == []


def test_parcourir_bad_json_far_from_the_end_is_said_at_once(tmp_path: Path) -> None:
    chemin = tmp_path / "loin.json"
    chemin.write_bytes(b'{"generatedAt": "2026-08-18", "pmej": [{"a": }' + entier() + b"]}")
    with pytest.raises(ImportRefuse, match=r"pmej\[0\] n’est pas une valeur JSON entière"):
        list(parcourir(chemin))


VALEURS = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | st.text(),
    lambda dessous: st.lists(dessous, max_size=4) | st.dictionaries(st.text(), dessous, max_size=4),
    max_leaves=12,
)


@settings(deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(racine=st.dictionaries(st.text(), VALEURS, max_size=5), bloc=st.integers(1, 40), compresse=st.booleans())
def test_parcourir_any_object_in_blocks_of_any_size_gives_its_values(
    racine: dict[str, Any], bloc: int, compresse: bool, tmp_path: Path
) -> None:
    chemin = tmp_path / "hasard.json"
    octets = json.dumps(racine, ensure_ascii=False).encode("utf-8", "surrogatepass")
    chemin.write_bytes(gzip.compress(octets) if compresse else octets)
    avant, flux_json.BLOC = flux_json.BLOC, bloc
    try:
        lues = list(parcourir(chemin))
    finally:
        flux_json.BLOC = avant
    attendues = [
        couple
        for cle, valeur in racine.items()
        for couple in (
            [(f"{cle}[{i}]", e) for i, e in enumerate(valeur)] if isinstance(valeur, list) else [(cle, valeur)]
        )
    ]
    assert lues == attendues


@settings(deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(octets=st.binary(max_size=200))
def test_parcourir_any_bytes_give_values_or_a_sentence(octets: bytes, tmp_path: Path) -> None:
    chemin = tmp_path / "hasard.json"
    chemin.write_bytes(octets)
    phrase = "hasard.json"
    try:
        list(parcourir(chemin))
    except ImportRefuse as refus:
        phrase = str(refus)
    assert "hasard.json" in phrase
