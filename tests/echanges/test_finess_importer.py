"""Import of FINESS files: authentic extracts, and lines of ours, broken on purpose."""

import csv
from datetime import UTC, date, datetime
from decimal import Decimal
from pathlib import Path

import pytest
from sqlmodel import Session, col, func, select

from rxror.echanges.finess.importer import importer
from rxror.echanges.finess.lire import COLONNES
from rxror.echanges.finess.rapport import Bilan, Gravite
from rxror.ror.champs import Edition, champs_de, section_de
from rxror.ror.erreurs import ImportRefuse
from rxror.ror.nomenclatures import Commune, Concept, Nomenclature
from rxror.ror.objets import EntiteGeographique, EntiteJuridique
from rxror.settings import DONNEES

ICI = Path(__file__).parent / "finess"
NATIONAL = ICI / "etalab-cs1100502-extrait-20260512.csv"
ABIME = ICI / "etalab-abime-par-tableur-2016.csv"
TARN = DONNEES / "finess" / "etalab-cs1100507-tarn-20210108.csv"
DENOMINATIONS = DONNEES / "finess" / "ej-denominations-partielles.csv"

CH_ALBI = {
    "section": "structureet", "nofinesset": "810000505", "nofinessej": "810000331", "rs": "CH ALBI",
    "numvoie": "22", "typvoie": "BD", "voie": "SIBILLE", "compvoie": "B", "lieuditbp": "BP 401",
    "commune": "004", "departement": "81", "ligneacheminement": "81013 ALBI CEDEX 9",
    "telephone": "0563474747", "categetab": "355", "libcategetab": "Centre Hospitalier (C.H.)",
    "siret": "26810001300013", "codesph": "1", "dateouv": "1950-06-01", "datemaj": "2017-07-19",
}  # fmt: skip
EJ_ALBI = {
    "section": "structureej", "nofiness": "810000331", "rs": "CENTRE HOSPITALIER D'ALBI", "siren": "268100013",
    "commune": "004", "departement": "81", "ligneacheminement": "81000 ALBI", "statutjuridique": "13",
    "datecrea": "1950-06-01",
}  # fmt: skip


def une_ligne(champs: dict[str, str], **changements: str) -> str:
    valeurs = champs | changements
    return ";".join(valeurs.get(c, "") for c in COLONNES[champs["section"]])


def un_fichier(dossier: Path, *lignes: str, jour: str = "2021-01-08", encodage: str = "utf-8") -> Path:
    chemin = dossier / f"etalab-{len(list(dossier.iterdir()))}.csv"
    chemin.write_text("\n".join([f"finess;etalab;111;{jour}", *lignes]) + "\n", encodage)
    return chemin


def l_eg(session: Session, numero: str = "810000505") -> EntiteGeographique:
    return session.exec(select(EntiteGeographique).where(EntiteGeographique.num_finess == numero)).one()


def l_ej(session: Session, numero: str = "810000331") -> EntiteJuridique:
    return session.exec(select(EntiteJuridique).where(EntiteJuridique.num_finess == numero)).one()


def nombre(session: Session) -> int:
    return session.exec(select(func.count()).select_from(EntiteGeographique)).one()


def comptes(bilan: Bilan) -> tuple[int, int, int]:
    compte = bilan.etablissements
    return len(compte.crees), len(compte.modifies), len(compte.inchanges)


def motifs(bilan: Bilan, gravite: Gravite) -> list[str]:
    return [c.motif for c in bilan.constats if c.gravite is gravite]


@pytest.fixture
def references(session: Session) -> None:
    """J202 and two communes: what an import looks up."""
    session.add(Nomenclature(jdv="J202", identifiant="", titre="", charge=datetime.now(UTC)))
    session.flush()
    session.add(Concept(jdv="J202", cle="1", code="1", libelle="Établissement public de santé"))
    session.add(
        Commune(
            code_insee="81004",
            nom="Albi",
            code_postal="81000",
            departement="81",
            region="76",
            recherche="albi",
        )
    )
    session.add(
        Commune(
            code_insee="97411",
            nom="Saint-Denis",
            code_postal="97400",
            departement="974",
            region="04",
            recherche="saint denis",
        )
    )
    session.flush()


@pytest.mark.usefixtures("references")
def test_importer_line_fills_the_fields_of_the_model(session: Session, tmp_path: Path):
    geo = "geolocalisation;810000505;631171.8;6314483.8;1,ATLASANTE,100,IGN,BD_ADRESSE,V2.2,LAMBERT_93;2021-01-04"
    bilan = importer(session, [un_fichier(tmp_path, une_ligne(CH_ALBI), geo)])
    eg = l_eg(session)
    assert comptes(bilan) == (1, 0, 0)
    assert bilan.constats == []
    assert (eg.denomination_eg, eg.num_siret, eg.id_nat_struct) == ("CH ALBI", "26810001300013", "1810000505")
    assert (eg.numero_voie, eg.extension, eg.type_voie, eg.libelle_voie) == ("22", "B", "BD", "SIBILLE")
    assert (eg.lieu_dit, eg.mention_distribution) == ("", "BP 401")
    assert (eg.code_postal, eg.localite, eg.commune_cog) == ("81013", "ALBI CEDEX 9", "81004")
    assert (eg.categorie_eg, eg.categorie_libelle) == ("355", "Centre Hospitalier (C.H.)")
    assert (eg.modalite_participation_sph, eg.telephone_finess) == ("1", "0563474747")
    assert (eg.date_ouverture, eg.date_maj_finess) == (date(1950, 6, 1), date(2017, 7, 19))
    assert (eg.latitude, eg.longitude) == (Decimal("43.925997"), Decimal("2.142955"))
    assert (eg.source_finess, eg.region_source, eg.version) == (date(2021, 1, 8), "76", 1)
    assert {"ch", "albi", "810000505", "26810001300013"} <= set(eg.recherche.split())


def test_importer_writes_nothing_the_referent_edits(session: Session, tmp_path: Path):
    importer(session, [un_fichier(tmp_path, une_ligne(CH_ALBI), une_ligne(EJ_ALBI))])
    neufs = {
        EntiteGeographique: EntiteGeographique(num_finess="", entite_juridique_id=0),
        EntiteJuridique: EntiteJuridique(num_finess=""),
    }
    for objet in (l_eg(session), l_ej(session)):
        classe = type(objet)
        for nom, champ in champs_de(classe).items():
            section = section_de(classe, champ.section)
            libre = champ.edition not in (Edition.FINESS, Edition.SYSTEME) and (section is None or section.modifiable)
            if libre and hasattr(neufs[classe], nom):
                assert getattr(objet, nom) == getattr(neufs[classe], nom), nom


def test_importer_twice_changes_nothing(session: Session, tmp_path: Path):
    fichier = un_fichier(tmp_path, une_ligne(CH_ALBI), une_ligne(EJ_ALBI))
    importer(session, [fichier])
    avant = l_eg(session).model_dump()
    bilan = importer(session, [fichier])
    assert comptes(bilan) == (0, 0, 1)
    assert len(bilan.entites_juridiques.inchanges) == 1
    assert l_eg(session).model_dump() == avant


def test_importer_newer_file_updates_and_keeps_what_the_referent_entered(session: Session, tmp_path: Path):
    importer(session, [un_fichier(tmp_path, une_ligne(CH_ALBI))])
    eg = l_eg(session)
    eg.nom_operationnel, eg.commentaire, creation = "L’hôpital", "Accès par le bas", eg.date_creation
    suivant = un_fichier(tmp_path, une_ligne(CH_ALBI, rs="CH D'ALBI", telephone=""), jour="2022-01-08")
    assert comptes(importer(session, [suivant])) == (0, 1, 0)
    assert (eg.denomination_eg, eg.telephone_finess, eg.source_finess) == ("CH D'ALBI", "", date(2022, 1, 8))
    assert (eg.nom_operationnel, eg.commentaire, eg.version) == ("L’hôpital", "Accès par le bas", 2)
    assert eg.date_creation == creation
    assert eg.date_mise_jour != creation


def test_importer_same_content_a_year_later_moves_the_source_only(session: Session, tmp_path: Path):
    importer(session, [un_fichier(tmp_path, une_ligne(CH_ALBI))])
    avant = l_eg(session).date_mise_jour
    bilan = importer(session, [un_fichier(tmp_path, une_ligne(CH_ALBI), jour="2022-01-08")])
    assert comptes(bilan) == (0, 0, 1)
    assert l_eg(session).date_mise_jour == avant
    assert l_eg(session).source_finess == date(2022, 1, 8)


def test_importer_older_file_never_replaces_a_later_one(session: Session, tmp_path: Path):
    point = "geolocalisation;810000505;{};6314483.8;;"
    importer(session, [un_fichier(tmp_path, une_ligne(CH_ALBI), point.format("631171.8"), jour="2022-01-08")])
    ancien = un_fichier(tmp_path, une_ligne(CH_ALBI, rs="ANCIEN NOM"), point.format("600000.0"))
    bilan = importer(session, [ancien])
    assert bilan.plus_recents == {"810000505"}
    assert l_eg(session).denomination_eg == "CH ALBI"
    assert l_eg(session).longitude == Decimal("2.142955")


def test_importer_several_files_joins_the_points_whatever_the_order(session: Session, tmp_path: Path):
    geo = un_fichier(tmp_path, "geolocalisation;810000505;631171.8;6314483.8;;")
    entites = un_fichier(tmp_path, une_ligne(EJ_ALBI))
    bilan = importer(session, [geo, entites, un_fichier(tmp_path, une_ligne(CH_ALBI))])
    assert l_eg(session).latitude == Decimal("43.925997")
    assert (l_ej(session).raison_sociale, l_ej(session).num_siren) == (
        "CENTRE HOSPITALIER D'ALBI",
        "268100013",
    )
    assert l_eg(session).entite_juridique_id == l_ej(session).id
    assert len(bilan.entites_juridiques.crees) == 1


@pytest.mark.usefixtures("references")
def test_importer_national_extract_reads_overseas(session: Session):
    bilan = importer(session, [NATIONAL])
    assert comptes(bilan) == (13, 0, 0)
    assert l_eg(session, "970400024").commune_cog == "97411"
    assert l_eg(session, "970102018").commune_cog == "97701"
    assert l_eg(session, "970100400").commune_cog == "97801"
    assert l_eg(session, "980502199").commune_cog == "97610"
    assert l_eg(session, "980600027").commune_cog == "98613"
    assert l_eg(session, "010000024").commune_cog == "01451"
    assert l_eg(session, "970400024").region_source == l_eg(session, "970405767").region_source == "04"
    martinique = l_eg(session, "970210126")
    assert martinique.denomination_eg == "CMPP INTERSECTORIEL ALOES"
    assert (martinique.lieu_dit, martinique.mention_distribution) == ("", "BP 71 IMMEUBLE SEMAFA")
    assert l_ej(session, "970302022").raison_sociale == ""


@pytest.mark.parametrize("encodage", ["utf-8", "utf-8-sig", "iso-8859-15"])
def test_importer_reads_either_encoding_and_says_which(session: Session, tmp_path: Path, encodage: str):
    nom = '"EHPAD ""L\'ŒILLET"" À VILLEFRANCHE"'
    fichier = un_fichier(tmp_path, une_ligne(CH_ALBI, rs=nom, codesph=""), encodage=encodage)
    bilan = importer(session, [fichier])
    assert l_eg(session).denomination_eg == 'EHPAD "L\'ŒILLET" À VILLEFRANCHE'
    assert list(bilan.encodages.values()) == ["iso-8859-15" if encodage == "iso-8859-15" else "utf-8-sig"]


def test_importer_late_accent_still_finds_iso_8859_15(session: Session, tmp_path: Path):
    bourre = [f"inconnue;{'x' * 1000}" for _ in range(200)]
    ligne = une_ligne(CH_ALBI, rs="HÔPITAL")
    bilan = importer(session, [un_fichier(tmp_path, *bourre, ligne, encodage="iso-8859-15")])
    assert l_eg(session).denomination_eg == "HÔPITAL"
    assert bilan.sections_inconnues == {"inconnue": 200}


@pytest.mark.parametrize(
    ("ligne", "champ", "motif"),
    [
        (une_ligne(CH_ALBI, rs=""), "rs", "raison sociale absente"),
        (une_ligne(CH_ALBI, nofinesset="810000506"), "nofinesset", "numéro FINESS faux"),
        (une_ligne(CH_ALBI, nofinessej=""), "nofinessej", "numéro FINESS faux"),
        (une_ligne(CH_ALBI) + ";", "", "33 champs au lieu de 32"),
        (une_ligne(CH_ALBI, rs='"CH ALBI'), "", "champs au lieu de 32"),
        ("structureet;810000505", "", "2 champs au lieu de 32"),
        (
            "geolocalisation;810000505;1;2;1;ATLASANTE;100;IGN;BD;V2;LAMBERT_93;2016-02-29",
            "",
            "12 champs au lieu de 6",
        ),
        ("geolocalisation;810100297;631171.8;6314483.8;;", "nofinesset", "établissement inconnu"),
        (une_ligne(EJ_ALBI, rs=""), "rs", "raison sociale absente"),
    ],
)
def test_importer_broken_line_is_reported_and_the_others_go_on(
    session: Session, tmp_path: Path, ligne: str, champ: str, motif: str
):
    autre = une_ligne(CH_ALBI, nofinesset="810003418", rs="EHPAD LA RENAUDIE")
    bilan = importer(session, [un_fichier(tmp_path, ligne, autre)])
    (constat,) = [c for c in bilan.constats if c.gravite is Gravite.REJET]
    assert (constat.ligne, constat.champ) == (2, champ)
    assert motif in constat.motif
    assert nombre(session) == 1


def test_importer_repeated_number_keeps_the_first_line(session: Session, tmp_path: Path):
    bilan = importer(session, [un_fichier(tmp_path, une_ligne(CH_ALBI), une_ligne(CH_ALBI, rs="AUTRE"))])
    assert motifs(bilan, Gravite.REJET) == ["doublon de la ligne 2"]
    assert l_eg(session).denomination_eg == "CH ALBI"


@pytest.mark.usefixtures("references")
@pytest.mark.parametrize(
    ("colonne", "valeur", "champ"),
    [
        ("dateouv", "1901-01-01", "date_ouverture"),
        ("dateouv", "0201-12-01", "date_ouverture"),
        ("dateouv", "2031-12-01", "date_ouverture"),
        ("datemaj", "2021-02-30", "date_maj_finess"),
        ("siret", "26810001300014", "num_siret"),
        ("telephone", "563", "telephone_finess"),
        ("codesph", "8", "modalite_participation_sph"),
        ("commune", "X04", "commune_cog"),
        ("ligneacheminement", "ALBI", "code_postal"),
    ],
)
def test_importer_implausible_value_is_set_aside_and_reported(
    session: Session, tmp_path: Path, colonne: str, valeur: str, champ: str
):
    bilan = importer(session, [un_fichier(tmp_path, une_ligne(CH_ALBI, **{colonne: valeur}))])
    (constat,) = bilan.constats
    assert (constat.gravite, constat.champ, constat.valeur) == (Gravite.SIGNALEMENT, colonne, valeur)
    assert not getattr(l_eg(session), champ)


def test_importer_absurd_point_is_reported_and_not_kept(session: Session, tmp_path: Path):
    bilan = importer(
        session, [un_fichier(tmp_path, une_ligne(CH_ALBI), "geolocalisation;810000505;6314483.8;631171.8;;")]
    )
    assert "point situé hors du territoire de la commune" in motifs(bilan, Gravite.SIGNALEMENT)
    assert l_eg(session).latitude is None


@pytest.mark.parametrize(
    ("entete", "ligne", "attendus"),
    [
        (
            "finess;etalab;111;2021-01-08",
            une_ligne(CH_ALBI, siret="2,601E+13"),
            ["ligne 2", "« siret »", "« 2,601E+13 »"],
        ),
        (
            "finess;etalab;111;2021-01-08",
            une_ligne(CH_ALBI, departement="1"),
            ["ligne 2", "« departement »", "zéros de tête"],
        ),
        ("finess;etalab;111;2021-01-08", une_ligne(CH_ALBI, commune="4"), ["« commune »", "zéros de tête"]),
        (
            "finess;etalab;111;2021-01-08",
            une_ligne(CH_ALBI, datemaj="19/07/2017"),
            ["« datemaj »", "AAAA-MM-JJ"],
        ),
        (
            "finess;etalab;111;2021-01-08",
            "geolocalisation;810000505;631171,8;6314483,8;;",
            ["« coordxet »", "virgule"],
        ),
        ("finess;etalab;111;08/01/2021", une_ligne(CH_ALBI), ["ligne 1", "« finess;etalab;111;08/01/2021 »"]),
        ("finess;etalab;111;2021-13-08", une_ligne(CH_ALBI), ["2021-13-08", "n’existe pas"]),
        (une_ligne(CH_ALBI), une_ligne(CH_ALBI), ["ligne 1", "finess;etalab;numéro"]),
        ("", "", ["vide"]),
    ],
)
def test_importer_spreadsheet_file_is_refused_whole(
    session: Session, tmp_path: Path, entete: str, ligne: str, attendus: list[str]
):
    bon = un_fichier(tmp_path, une_ligne(CH_ALBI, nofinesset="810003418", rs="EHPAD LA RENAUDIE"))
    chemin = tmp_path / "abime.csv"
    chemin.write_text(f"{entete}\n{ligne}\n", "utf-8")
    with pytest.raises(ImportRefuse) as refus:
        importer(session, [bon, chemin])
    assert all(attendu in str(refus.value) for attendu in attendus), str(refus.value)
    assert "sans l’ouvrir dans un tableur" in str(refus.value)
    assert nombre(session) == 0
    assert session.exec(select(EntiteJuridique)).all() == []


def test_importer_authentic_damaged_file_names_line_column_and_value(session: Session):
    with pytest.raises(ImportRefuse, match=r"ligne 1, colonne « commune » : « 53 »"):
        importer(session, [ABIME])


def test_importer_authentic_points_of_2016_are_rejected_with_a_reason(session: Session, tmp_path: Path):
    extraits = (ICI / "etalab-geolocalisation-extraits.csv").read_text("utf-8").splitlines()
    bilan = importer(session, [NATIONAL, un_fichier(tmp_path, *extraits, jour="2026-05-12")])
    assert motifs(bilan, Gravite.REJET) == ["12 champs au lieu de 6"] * 3
    assert l_eg(session, "010000024").latitude == Decimal("46.222745")


@pytest.mark.parametrize("chemin", ["absent.csv", "."])
def test_importer_missing_file_is_refused_in_one_sentence(session: Session, tmp_path: Path, chemin: str):
    with pytest.raises(ImportRefuse, match="introuvable ou illisible"):
        importer(session, [tmp_path / chemin])


def test_importer_denominations_name_only_the_nameless(session: Session, tmp_path: Path):
    importer(
        session,
        [
            un_fichier(
                tmp_path,
                une_ligne(EJ_ALBI),
                une_ligne(CH_ALBI, nofinesset="810003418", nofinessej="810000349"),
            )
        ],
    )
    importer(session, [un_fichier(tmp_path, une_ligne(CH_ALBI))], denominations=DENOMINATIONS)
    assert l_ej(session).raison_sociale == "CENTRE HOSPITALIER D'ALBI"
    assert l_ej(session, "810000349").raison_sociale == "CH GAILLAC"


@pytest.mark.parametrize(("contenu", "attendu"), [("a;b\n1;2\n", "colonne nofinessej"), (None, "introuvable")])
def test_importer_unreadable_denominations_refuse_the_import(
    session: Session, tmp_path: Path, contenu: str | None, attendu: str
):
    noms = tmp_path / "noms.csv"
    fichier = un_fichier(tmp_path, une_ligne(CH_ALBI))
    if contenu:
        noms.write_text(contenu, "utf-8")
    with pytest.raises(ImportRefuse, match=attendu):
        importer(session, [fichier], denominations=noms)
    assert nombre(session) == 0


def test_importer_report_is_a_csv_one_finding_a_line(session: Session, tmp_path: Path):
    bilan = importer(
        session, [un_fichier(tmp_path, une_ligne(CH_ALBI, rs="", dateouv="1901-01-01"), une_ligne(EJ_ALBI))]
    )
    bilan.ecrire(tmp_path / "rapport.csv")
    with (tmp_path / "rapport.csv").open(encoding="utf-8-sig", newline="") as flux:
        (ligne,) = csv.DictReader(flux, delimiter=";")
    assert (ligne["ligne"], ligne["numero"], ligne["champ"]) == ("2", "810000505", "rs")
    assert (ligne["motif"], ligne["gravite"]) == ("raison sociale absente", "rejet")


def test_importer_progress_reaches_the_size_of_the_files(session: Session):
    octets: list[int] = []
    importer(session, [NATIONAL], avancement=octets.append)
    assert sum(octets) == NATIONAL.stat().st_size


def test_importer_tarn_extract_is_whole_and_clean(session: Session):
    bilan = importer(session, [TARN], denominations=DENOMINATIONS)
    assert comptes(bilan) == (506, 0, 0)
    assert len(bilan.entites_juridiques.crees) == 240
    assert motifs(bilan, Gravite.REJET) == []
    situes = select(func.count()).where(col(EntiteGeographique.latitude).is_not(None))
    assert session.exec(situes).one() >= 500
    assert l_ej(session).raison_sociale == "CH ALBI"
