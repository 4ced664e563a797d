"""A new version of a code list: what it changes, what it touches, what is refused; nothing of an object moves."""

import random
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from hypothesis import HealthCheck, given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st
from sqlmodel import Session, SQLModel, select

from rxror.echanges.nomenclatures.comparer import Mouvement
from rxror.echanges.nomenclatures.importer import Bilan, importer
from rxror.echanges.nomenclatures.rapport import raconter
from rxror.echanges.nomenclatures.versions import histoire, versions
from rxror.ror.champs import champs_de
from rxror.ror.erreurs import ImportRefuse
from rxror.ror.nomenclatures import Catalogue, Concept, Nomenclature, VersionNomenclature
from rxror.ror.objets import Contact, EntiteGeographique, EntiteJuridique, LieuRealisationOffre, OffreOperationnelle
from rxror.tables import Brouillon, Utilisateur
from tests.fabriques import garder

INDEX = "jdv_id,title,tre_and_oid,count,version,source,complete,note,file"
COLONNES = "code,display,system,parent_or_group,status"
BASE = ["01,En présentiel,,,active", "02,À distance,,,active", "03,Relayage,,,active", "09,Ancien,,,deprecated"]
V1, V2, V3 = "20260101", "20260701", "20261101"


def un_dossier(
    dossier: Path, lignes: list[str], version: str = V2, *, jdv: str = "J226", entete: str = COLONNES, nombre: str = ""
) -> Path:
    dossier.mkdir(exist_ok=True)
    index = f"JDV_{jdv}-Essai-ROR,Modalité d’accueil,,{nombre},{version},,yes,,liste.csv"
    (dossier / "index.csv").write_text(f"{INDEX}\n{index}\n", "utf-8")
    (dossier / "liste.csv").write_text("\n".join([entete, *lignes]) + "\n", "utf-8")
    return dossier


@pytest.fixture
def importe(session: Session, tmp_path: Path) -> Callable[..., Bilan]:
    """Import a list after the base one."""
    importer(session, un_dossier(tmp_path / "base", BASE, V1), appliquer=True)

    def _importer(lignes: list[str], version: str = V2, *, appliquer: bool = True, **autres: Any) -> Bilan:
        return importer(session, un_dossier(tmp_path / "neuf", lignes, version, **autres), appliquer=appliquer)

    return _importer


def photo(session: Session) -> list[Any]:
    """All that an import may write."""
    session.expire_all()
    tables: list[Any] = [Nomenclature, VersionNomenclature, Concept]
    return [sorted(repr(e.model_dump(exclude={"id"})) for e in session.exec(select(t))) for t in tables]


def les_statuts(session: Session) -> dict[str, str]:
    session.expire_all()
    return {c.cle: c.statut for c in session.exec(select(Concept))}


def recit(bilan: Bilan, **options: Any) -> str:
    return (
        "\n".join(raconter(bilan, **{"applique": False} | options))
        .replace("\N{NO-BREAK SPACE}", " ")
        .replace("\N{NARROW NO-BREAK SPACE}", " ")
    )


def mouvements(bilan: Bilan) -> list[tuple[str, str]]:
    return [(c.cle, c.mouvement.value) for comparaison in bilan.changees for c in comparaison.changements]


# ------------------------------------------------------------------------- what changes


def test_importer_is_a_dry_run_unless_told_otherwise(session: Session, importe: Any) -> None:
    avant = photo(session)
    bilan = importe([*BASE[1:], "04,Neuf,,,active"], appliquer=False)
    assert mouvements(bilan) == [("04", "ajout"), ("01", "retrait")]
    assert photo(session) == avant
    assert "Rien n’a été écrit : ajoutez --appliquer." in recit(bilan)


def test_importer_tells_codes_added_reworded_retired_and_back(session: Session, importe: Any) -> None:
    bilan = importe(
        ["01,En présence,,,active", "02,À distance,,,deprecated-2026-07-01", "04,Neuf,,,active", "09,Ancien,,,active"]
    )
    assert mouvements(bilan) == [
        ("01", Mouvement.LIBELLE),
        ("02", Mouvement.RETRAIT),
        ("04", Mouvement.AJOUT),
        ("09", Mouvement.RETOUR),
        ("03", Mouvement.RETRAIT),
    ]
    texte = recit(bilan)
    for phrase in (
        f"J226, Modalité d’accueil : version {V1} → {V2}",
        "1 code ajouté :\n    04  « Neuf »",
        "1 libellé changé :\n    01  « En présentiel » → « En présence »",
        "2 codes retirés :\n    02  « À distance », rien de sûr ne le remplace",
        "1 code remis en vigueur :\n    09  « Ancien »",
        "Aucun objet ne porte ces codes.",
    ):
        assert phrase in texte
    assert les_statuts(session) == {
        "01": "active",
        "02": "deprecated-2026-07-01",
        "03": "absent",
        "04": "active",
        "09": "active",
    }


def test_importer_retired_code_keeps_its_label_and_is_never_deleted(session: Session, importe: Any) -> None:
    importe(BASE[:1])
    catalogue = Catalogue(session.exec(select(Concept)))
    assert catalogue.libelle("J226", "03") == "Relayage"
    assert not catalogue.actif("J226", "03")


def test_importer_keeps_the_history_of_a_list(session: Session, importe: Any) -> None:
    importe(BASE[:2])
    importe([*BASE[:2], "05,Neuf,,,active"], V3)
    lignes = [ligne.replace("\N{NO-BREAK SPACE}", " ") for ligne in histoire(session, "J226")]
    assert [ligne[:16] for ligne in lignes if ligne.startswith("Version")] == [f"Version {v}" for v in (V3, V2, V1)]
    assert "  05  ajouté : « Neuf »" in lignes
    assert "  03  retiré : « Relayage »" in lignes
    assert lignes[-1].endswith("première version chargée")
    (ligne,) = versions(session)
    assert f"{V3}" in ligne
    assert "3 codes, 2 hors d’usage" in ligne.replace("\N{NO-BREAK SPACE}", " ")


def test_histoire_unknown_list_is_said(session: Session) -> None:
    with pytest.raises(ImportRefuse, match="Aucune liste"):
        list(histoire(session, "J9999"))


def test_importer_twice_changes_nothing(session: Session, importe: Any) -> None:
    importe([*BASE[1:], "04,Neuf,,,active"])
    avant = photo(session)
    bilan = importe([*BASE[1:], "04,Neuf,,,active"])
    assert (bilan.changees, len(bilan.inchangees)) == ([], 1)
    assert photo(session) == avant
    assert recit(bilan, applique=True) == "Rien à changer. 1 liste inchangée."


def test_importer_older_version_is_left_aside(session: Session, importe: Any) -> None:
    avant = photo(session)
    bilan = importe(["01,Autre,,,active"], "20250101")
    assert photo(session) == avant
    assert "version 20250101 laissée de côté, la version 20260101 est déjà en service." in recit(bilan)


def test_importer_new_version_of_the_same_codes_is_put_in_service(session: Session, importe: Any) -> None:
    assert "Aucun code n’arrive ni ne part." in recit(importe(BASE))
    assert session.get_one(Nomenclature, "J226").version == V2


def test_importer_list_never_loaded_is_new(session: Session, importe: Any) -> None:
    bilan = importe(BASE, jdv="J999")
    assert "J999, Modalité d’accueil : nouvelle liste, version 20260701, 4 codes." in recit(bilan)
    assert "J999" in Catalogue(session.exec(select(Concept)))


@given(graine=st.integers())
@hypothesis_settings(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_importer_any_order_of_the_lines_changes_nothing(
    session: Session, importe: Callable[..., Bilan], graine: int
) -> None:
    lignes = list(BASE)
    random.Random(graine).shuffle(lignes)
    assert importe(lignes, V1, appliquer=False).changees == []


# ------------------------------------------------------------------------- successors


@pytest.mark.parametrize(
    ("lignes", "entete", "attendu"),
    [
        ([*BASE[:2], "13,RELAYAGE,,,active"], COLONNES, "13"),
        ([*BASE[:2], "13,Relayage ,,,active", "14,relayage,,,active"], COLONNES, ""),
        ([*BASE[:2], "13,Relayage,,un groupe,active"], COLONNES, ""),
        ([*BASE[:2], "13,Relayage +,,,active"], COLONNES, ""),
        ([*BASE[:2], "13,Relayage,,,deprecated"], COLONNES, ""),
        (["01,En présentiel,,,active,", "03,Relayage,,,deprecated,01"], COLONNES + ",successor", "01"),
    ],
)
def test_importer_names_a_successor_only_when_it_is_sure(
    session: Session, importe: Any, lignes: list[str], entete: str, attendu: str
) -> None:
    bilan = importe(lignes, entete=entete)
    retrait = next(c for c in bilan.changees[0].changements if c.cle == "03")
    assert retrait.successeur == attendu
    successeur = Catalogue(session.exec(select(Concept))).successeur("J226", "03")
    assert (successeur.cle if successeur else "") == attendu
    assert ("remplacé par" in recit(bilan)) == bool(attendu)


def test_successeur_follows_a_chain_and_stops_at_a_loop(session: Session, importe: Any) -> None:
    entete = COLONNES + ",successor"
    importe(["01,Un,,,active,", "02,Deux,,,deprecated,03", "03,Trois,,,deprecated,01"], entete=entete)
    catalogue = Catalogue(session.exec(select(Concept)))
    assert [getattr(catalogue.successeur("J226", c), "cle", None) for c in ("01", "02", "03", "77")] == [
        None,
        "01",
        "01",
        None,
    ]
    importe(["01,Un,,,active,", "02,Deux,,,deprecated,03", "03,Trois,,,deprecated,02"], V3, entete=entete)
    assert Catalogue(session.exec(select(Concept))).successeur("J226", "02") is None


def test_importer_tells_the_successor_found_later(importe: Any) -> None:
    importe(BASE[:2])
    bilan = importe([*BASE[:2], "13,Relayage,,,active"], V3)
    assert ("03", "successeur") in mouvements(bilan)
    assert "03  « Relayage », remplacé par 13 « Relayage »" in recit(bilan)


# ------------------------------------------------------------------------ what it touches


@pytest.fixture
def monde(session: Session) -> SimpleNamespace:
    ej = garder(session, EntiteJuridique(num_finess="810000331"))
    eg = garder(session, EntiteGeographique(num_finess="810000505", entite_juridique_id=ej.id))
    offres = [
        garder(
            session,
            OffreOperationnelle(
                entite_geographique_id=eg.id, identifiant_offre=f"76/000000{n}", modalite_accueil=modalites
            ),
        )
        for n, modalites in enumerate((["01", "03"], ["02"], ["03"]))
    ]
    lieu = garder(session, LieuRealisationOffre(entite_geographique_id=eg.id, identifiant="L1", nom="Étage"))
    for offre in offres[:2]:
        garder(session, Contact(offre_operationnelle_id=offre.id, fonction_contact="03"))
    qui = garder(session, Utilisateur(iss="i", sub="s"))
    garder(
        session,
        Brouillon(
            objet=f"offre:{offres[1].identifiant_offre}",
            section=champs_de(OffreOperationnelle)["modalite_accueil"].section,
            valeurs={"modalite_accueil": ["02", "03"]},
            utilisateur_id=qui.id,
            modifie=datetime.now(UTC),
        ),
    )
    return SimpleNamespace(eg=eg, offres=offres, lieu=lieu)


def test_importer_counts_what_holds_a_retired_code_published_or_not(importe: Any, monde: Any) -> None:
    bilan = importe(BASE[:2])
    assert [(e.objet, e.code, e.brouillon) for e in bilan.emplois["J226"]] == [
        ("offre:76/0000000", "03", False),
        ("offre:76/0000001", "03", True),
        ("offre:76/0000002", "03", False),
    ]
    texte = recit(bilan)
    assert "Présents dans 3 offres. Rien n’y change : la question sera posée à leurs référents." in texte
    assert "Modalité d’accueil : 3 offres, dont 1 en brouillon" in texte
    assert "offre 76/0000000" not in texte
    assert "    offre 76/0000000 : 03" in recit(bilan, lister=True)


def test_importer_finds_codes_inside_the_parts_of_objects(session: Session, importe: Any, monde: Any) -> None:
    fonctions = ["03,Cadre de santé,,,active", "04,Autre,,,active"]
    importe(fonctions, jdv="J220")
    bilan = importe(fonctions[1:], V3, jdv="J220")
    assert "Fonction" in recit(bilan)
    assert "2 contacts de 2 offres" in recit(bilan)


def test_importer_never_touches_an_object(session: Session, importe: Any, monde: Any) -> None:
    def objets() -> list[str]:
        session.expire_all()
        classes: list[type[SQLModel]] = [OffreOperationnelle, LieuRealisationOffre, Contact, Brouillon]
        return [repr(o.model_dump()) for c in classes for o in session.exec(select(c))]

    avant = objets()
    importe(["07,Autre chose,,,active"])
    assert objets() == avant


# ------------------------------------------------------------------------- what is refused


@pytest.mark.parametrize(
    ("lignes", "entete", "attendus"),
    [
        (
            ["01,Un,,,active", "01,Un,,,active"],
            COLONNES,
            ["liste.csv, ligne 3, colonne code : « 01 »", "d’abord ligne 2"],
        ),
        ([",Un,,,active"], COLONNES, ["ligne 2, colonne code : donnez un code"]),
        ([" 01,Un,,,active"], COLONNES, ["ligne 2, colonne code : «  01 »"]),
        (["x" * 41 + ",Un,,,active"], COLONNES, ["ligne 2, colonne code"]),
        (["01,,,,active"], COLONNES, ["ligne 2, colonne display : donnez le libellé du code 01"]),
        (["01,Un,,,"], COLONNES, ["ligne 2, colonne status"]),
        (["01,U\u202en,,,active"], COLONNES, ["ligne 2, colonne display"]),
        (["01," + "x" * 501 + ",,,active"], COLONNES, ["ligne 2, colonne display"]),
        (["01,Un,,active"], COLONNES, ["ligne 2 : 4 cellules au lieu de 5."]),
        (['01,"Un,,,active'], COLONNES, ["la suite est illisible : vérifiez les guillemets"]),
        ([], COLONNES, ["liste.csv : le fichier ne contient aucun code."]),
        (["01,Un"], "code,label", ["ligne 1 : il n’y a pas de colonne display, system, parent_or_group, status."]),
        (["01,Un,,,deprecated,77"], COLONNES + ",successor", ["ligne 2, colonne successor : « 77 »"]),
        (["01,Un,,,deprecated,01"], COLONNES + ",successor", ["ce n’est pas un autre code de cette liste"]),
        (["01,Un,,,active,02", "02,B,,,active,"], COLONNES + ",successor", ["le code 01 est en vigueur"]),
    ],
)
def test_importer_broken_list_is_refused_where_it_is_broken(
    session: Session, importe: Any, lignes: list[str], entete: str, attendus: list[str]
) -> None:
    avant = photo(session)
    with pytest.raises(ImportRefuse) as refus:
        importe(lignes, entete=entete)
    texte = str(refus.value).replace("\N{NO-BREAK SPACE}", " ").replace("\N{NARROW NO-BREAK SPACE}", " ")
    assert texte.startswith("Rien n’a été changé : 1 erreur à corriger.")
    for attendu in attendus:
        assert attendu in texte
    assert photo(session) == avant


@pytest.mark.parametrize("rang", range(len(BASE)))
def test_importer_broken_at_any_line_changes_nothing(session: Session, importe: Any, rang: int) -> None:
    avant = photo(session)
    lignes = [*BASE, "05,Neuf,,,active"]
    lignes[rang] = "coupé"
    with pytest.raises(ImportRefuse, match=f"ligne {rang + 2}"):
        importe(lignes)
    assert photo(session) == avant


def test_importer_tells_all_that_is_wrong_at_once(importe: Any) -> None:
    with pytest.raises(ImportRefuse) as refus:
        importe(["01,Un,,,active", "01,Un,,,active", ",Deux,,,active", "03,,,,active", "04"], nombre="12")
    assert "5 erreurs" in str(refus.value)
    assert len(str(refus.value).splitlines()) == 6


def test_importer_other_encoding_names_the_lines(session: Session, importe: Any, tmp_path: Path) -> None:
    dossier = un_dossier(tmp_path / "ansi", BASE)
    (dossier / "liste.csv").write_bytes("\n".join([COLONNES, *BASE]).encode("cp1252"))
    with pytest.raises(ImportRefuse) as refus:
        importer(session, dossier)
    lignes = str(refus.value).splitlines()[1:]
    assert [ligne[:18] for ligne in lignes] == ["liste.csv, ligne 2", "liste.csv, ligne 3"]
    assert all("n’est pas en UTF-8" in ligne for ligne in lignes)
    (dossier / "liste.csv").write_bytes(b"\xef\xbb\xbf" + "\r\n".join([COLONNES, *BASE]).encode())
    assert importer(session, dossier).changees


@pytest.mark.parametrize(
    ("ligne", "attendu"),
    [
        ("liste226,Titre,,,20260101,,yes,,liste.csv", "colonne jdv_id : « liste226 »"),
        ("JDV_J226-Essai,,,,20260101,,yes,,liste.csv", "colonne title"),
        ("JDV_J226-Essai,Titre,,,hier,,yes,,liste.csv", "colonne version : « hier »"),
        ("JDV_J226-Essai,Titre,,,20260101,,yes,,../base/liste.csv", "colonne file"),
        ("JDV_J226-Essai,Titre,,,20260101,,yes,,absent.csv", "absent.csv : ce fichier est introuvable"),
        ("JDV_J226-Essai,Titre,,7,20260101,,yes,,liste.csv", "colonne count : « 7 »"),
        ("JDV_J227-Essai,Titre,,,20260101,,yes,,liste.csv", "colonne system"),
        ("JDV_J226-Essai,Titre,,,20260101,,yes,,", "aucune liste n’y est nommée"),
    ],
)
def test_importer_broken_index_is_refused(session: Session, tmp_path: Path, ligne: str, attendu: str) -> None:
    dossier = un_dossier(tmp_path / "neuf", BASE)
    (dossier / "index.csv").write_text(f"{INDEX}\n{ligne}\n", "utf-8")
    with pytest.raises(ImportRefuse) as refus:
        importer(session, dossier, appliquer=True)
    assert attendu in str(refus.value).replace("\N{NO-BREAK SPACE}", " ").replace("\N{NARROW NO-BREAK SPACE}", " ")
    assert session.exec(select(Concept)).all() == []


def test_importer_list_given_twice_is_refused(session: Session, tmp_path: Path) -> None:
    dossier = un_dossier(tmp_path / "neuf", BASE)
    index = dossier / "index.csv"
    index.write_text(index.read_text("utf-8") + index.read_text("utf-8").splitlines()[1] + "\n", "utf-8")
    with pytest.raises(ImportRefuse, match="cette liste est donnée deux fois"):
        importer(session, dossier)
