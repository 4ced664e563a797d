"""Importing modèles de saisie: read strictly, compared before anything is written, each version kept."""

from pathlib import Path

import pytest
from sqlmodel import Session, select

from rxror.echanges.modeles import MODELES, comparer, ecrire, lire_fichiers, preparer, usages
from rxror.ror.erreurs import ImportRefuse
from rxror.ror.modeles import ModeleCharge
from rxror.ror.nomenclatures import Catalogue, Concept
from rxror.ror.objets import EntiteGeographique, EntiteJuridique, OffreOperationnelle
from rxror.services import modeles as service
from tests.fabriques import garder

MS_141 = (MODELES / "MS-141.toml").read_text("utf-8")
LISTES = Catalogue([Concept(jdv="J16", cle="0013", code="0013", libelle="Examen")])


@pytest.fixture(autouse=True)
def _sans_memoire():
    service.oublier()
    yield
    service.oublier()


def un_fichier(dossier: Path, nom: str = "MS-141.toml", **remplace: str) -> Path:
    texte = MS_141
    for cle, valeur in remplace.items():
        ancienne = next(ligne for ligne in texte.splitlines() if ligne.startswith(f"{cle} = "))
        texte = texte.replace(ancienne, f'{cle} = "{valeur}"', 1)
    (dossier / nom).write_text(texte, "utf-8")
    return dossier / nom


def test_comparer_tells_and_writes_nothing_then_ecrire_keeps_it(session: Session, tmp_path: Path) -> None:
    bilan = comparer(session, lire_fichiers(un_fichier(tmp_path)), LISTES)
    assert [m.reference for m in bilan.nouveaux] == ["MS-141|1"]
    assert "J16:0887" in bilan.inconnus["MS-141|1"]
    assert not any(c.startswith("J19") for c in bilan.inconnus["MS-141|1"]), "a list that is not loaded accuses nobody"
    assert session.exec(select(ModeleCharge)).all() == []

    ecrire(session, bilan)
    session.flush()
    assert [m.reference for m in service.modeles(session)] == ["MS-141|1"]
    bilan = comparer(session, lire_fichiers(tmp_path), LISTES)
    assert [m.reference for m in bilan.inchanges] == ["MS-141|1"]


def test_a_new_version_stays_beside_the_old_one_and_a_changed_one_is_told(session: Session, tmp_path: Path) -> None:
    eg = garder(
        session,
        EntiteGeographique(
            num_finess="810000505",
            denomination_eg="CH ALBI",
            entite_juridique_id=garder(session, EntiteJuridique(num_finess="810000331", raison_sociale="CH ALBI")).id,
        ),
    )
    garder(
        session,
        OffreOperationnelle(entite_geographique_id=eg.id, identifiant_offre="76/1", modele_saisie="MS-141|1"),
    )
    ecrire(session, comparer(session, lire_fichiers(un_fichier(tmp_path)), LISTES))
    un_fichier(tmp_path, statut="retired")
    un_fichier(tmp_path, "MS-141-2.toml", version="2")
    bilan = comparer(session, lire_fichiers(tmp_path), LISTES)
    assert ([m.reference for m in bilan.nouveaux], [m.reference for m in bilan.changes]) == (["MS-141|2"], ["MS-141|1"])
    assert bilan.usages == usages(session) == {"MS-141|1": 1}
    ecrire(session, bilan)
    session.flush()
    assert {m.reference: m.statut for m in service.modeles(session)} == {"MS-141|1": "retired", "MS-141|2": "active"}


def test_a_missing_empty_double_or_unreadable_file_is_refused(tmp_path: Path) -> None:
    with pytest.raises(ImportRefuse, match="aucun modèle"):
        lire_fichiers(tmp_path)
    with pytest.raises(ImportRefuse, match="introuvable"):
        lire_fichiers(tmp_path / "absent.toml")
    (tmp_path / "a.toml").write_text("id = ", "utf-8")
    with pytest.raises(ImportRefuse, match=r"a\.toml n’est pas du TOML lisible"):
        lire_fichiers(tmp_path)
    (tmp_path / "a.toml").write_bytes(b'id = "\xff"')
    with pytest.raises(ImportRefuse, match="n’est pas du TOML lisible"):
        lire_fichiers(tmp_path)
    un_fichier(tmp_path, "a.toml")
    un_fichier(tmp_path, "b.toml")
    with pytest.raises(ImportRefuse, match=r"Deux fichiers donnent le modèle MS-141\|1"):
        lire_fichiers(tmp_path)


def test_preparer_loads_what_comes_with_rxror_once(session: Session) -> None:
    preparer(session)
    session.flush()
    assert session.get_one(ModeleCharge, ("MS-141", "1")).titre == "Unité hospitalière de gynécologie"
    session.delete(session.get_one(ModeleCharge, ("MS-141", "1")))
    session.flush()
    preparer(session)
    assert session.get(ModeleCharge, ("MS-141", "1")) is None


def test_a_modele_that_this_version_does_not_understand_is_left_out(
    session: Session, caplog: pytest.LogCaptureFixture
) -> None:
    preparer(session)
    charge = session.get_one(ModeleCharge, ("MS-141", "1"))
    charge.contenu = {**charge.contenu, "futur": 1}
    session.add(charge)
    session.flush()
    assert list(service.modeles(session)) == []
    assert "MS-141|1" in caplog.text
