"""What review forgets: declarations are complete, and docs, rules, readers and views agree with the code."""

import ast
import csv
import re
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlmodel import SQLModel

from rxror.ror import messages
from rxror.ror.champs import A_CODES, Champ, TypeChamp, champs_de, groupes_de
from rxror.ror.couverture import snake
from rxror.ror.objets import OBJETS
from rxror.ror.regles import REGISTRE
from rxror.ror.saisie import LECTEURS
from rxror.settings import DONNEES, RACINE, Oidc, Settings
from rxror.ui.champs import VUES

CODE = sorted((RACINE / "rxror").rglob("*.py"))
NOMS_DU_MODELE = {
    tuple(ligne.split("."))
    for ligne in (Path(__file__).parent / "ror" / "noms_du_modele.txt").read_text("utf-8").splitlines()
    if not ligne.startswith("#")
}
# Names that are not the model's by the mechanical rule, and why.
NOMS_A_NOUS = {
    "Contact.qui": "a question of the screen, which the model does not have",
    "CanalTeleexpertise.adresse_telecom": "the published form asks it of the offer; in the model it is a contact",
    "CanalTeleexpertise.canal": "the same",
    "LienTeleconsultation.adresse_telecom": "the same",
    "LienTeleconsultation.utilisation": "the same",
    "OffreOperationnelle.canal_teleexpertise": "the same",
    "OffreOperationnelle.lien_teleconsultation": "the same",
    "SituationOperationnelle.identifiant_pp": "of Professionnel, read with the situation",
    "SituationOperationnelle.nom_professionnel": "of Professionnel, read with the situation",
    "EntiteGeographique.telephone_finess": "of FINESS, not of the ROR",
    "EntiteGeographique.date_maj_finess": "of FINESS, not of the ROR",
    "EntiteJuridique.date_creation_ej": "dateCreation is already the technical date of every object",
    "Patientele.age_min_unite": "the model has a quantity: a number and its unit are two columns here",
    "Patientele.age_max_unite": "the same",
    "Tarif.tarif_moins_60_ans": "tarifMoins60Ans: a digit is a word of its own",
}
INTERDITS_IMPORTES = {"pickle", "random", "marshal", "shelve"}


def classes() -> list[type[SQLModel]]:
    trouvees: dict[type[SQLModel], None] = {}

    def parcourir(classe: type[SQLModel]) -> None:
        if classe not in trouvees:
            trouvees[classe] = None
            for groupe in groupes_de(classe).values():
                parcourir(groupe.classe)

    for classe in OBJETS.values():
        parcourir(classe)
    return list(trouvees)


def tous_les_champs() -> Iterator[tuple[str, Champ]]:
    for classe in classes():
        for nom, champ in champs_de(classe).items():
            yield f"{classe.__name__}.{nom}", champ


def fichiers_suivis() -> list[Path]:
    sortie = subprocess.run(["git", "ls-files", "-z"], cwd=RACINE, capture_output=True, check=False).stdout.decode()
    suivis = [RACINE / nom for nom in sortie.split("\0") if nom]
    if not suivis:
        pytest.skip("not a git working tree")
    return [chemin for chemin in suivis if chemin.is_file()]


# ---------------------------------------------------------------------- declarations


def test_every_champ_has_a_label_in_french_words():
    muets = [nom for nom, champ in tous_les_champs() if not re.fullmatch(r"[A-ZÀÉ][^_{}]*", champ.label)]
    assert muets == []


def test_every_champ_has_help_or_a_label_that_says_enough():
    # « De » and « À » say enough side by side; alone, two letters would need help.
    courts = []
    for classe in classes():
        champs = champs_de(classe)
        paires = {n for nom, champ in champs.items() if champ.avec for n in (nom, champ.avec)}
        courts += [n for n, c in champs.items() if not c.aide and len(c.label) < 3 and n not in paires]
    assert courts == []


def test_every_champ_has_a_fhir_element_or_a_reason_for_none():
    assert [nom for nom, champ in tous_les_champs() if bool(champ.fhir) == bool(champ.sans_fhir)] == []


def test_every_groupe_has_a_fhir_element():
    sans = [f"{c.__name__}.{n}" for c in classes() for n, groupe in groupes_de(c).items() if not groupe.fhir]
    assert sans == []


def test_every_name_is_the_name_of_the_model():
    modele = {(classe, snake(nom)) for classe, nom in NOMS_DU_MODELE}
    declares = {(c.__name__, nom) for c in classes() for nom in {**champs_de(c), **groupes_de(c)}}
    a_nous = {tuple(nom.split(".")) for nom in NOMS_A_NOUS}
    assert declares - modele - a_nous == set()
    assert a_nous - declares == set(), "an exception that is no longer needed"
    assert modele - declares == set(), "a name of the model that the code no longer declares"


def test_every_code_list_is_in_the_data():
    with (DONNEES / "nomenclatures" / "index.csv").open(encoding="utf-8", newline="") as index:
        fichiers = [ligne["file"] for ligne in csv.DictReader(index) if ligne["file"]]
    listes = {re.split(r"[_-]", fichier)[1] for fichier in fichiers if (DONNEES / "nomenclatures" / fichier).exists()}
    voulues = {champ.jdv for _, champ in tous_les_champs() if champ.jdv}
    assert voulues - listes == set()


def test_every_champ_of_codes_has_its_list():
    assert [n for n, c in tous_les_champs() if c.type in A_CODES and not (c.jdv or c.choix)] == []


def test_every_type_has_a_reader_and_a_view():
    assert set(LECTEURS) == set(TypeChamp)
    assert set(VUES) == set(TypeChamp)


def test_every_champ_shown_beside_another_exists():
    manquants = [
        f"{c.__name__}.{nom}"
        for c in classes()
        for nom, champ in champs_de(c).items()
        if champ.avec and champ.avec not in champs_de(c)
    ]
    assert manquants == []


# ----------------------------------------------------------------------------- rules


def test_every_rule_has_its_sentence_and_every_sentence_its_rule():
    examinees = {r.id for r in REGISTRE.values() if r.examiner}
    gels = {champ.gel for _, champ in tous_les_champs() if champ.gel}
    familles = {regle[:4] for regle in REGISTRE}
    dites = {cle for cle in messages.MESSAGES if cle[:4] in familles}
    assert examinees | gels <= dites <= set(REGISTRE)
    code = "".join(f.read_text("utf-8") for f in CODE if f.name != "messages.py")
    lues = set(re.findall(r'messages\.lecture\(\s*"([a-z]+)"', code))
    assert lues == set(messages.LECTURE)


# ------------------------------------------------------------------------------ docs


def test_every_path_of_the_architecture_exists():
    texte = (RACINE / "ARCHITECTURE.md").read_text("utf-8")
    chemins = set(re.findall(r"`((?:rxror|assets|alembic|docs|tests)/[\w/.-]*|[\w-]+\.(?:toml|md))`", texte))
    assert len(chemins) > 20
    assert [chemin for chemin in sorted(chemins) if not (RACINE / chemin).exists()] == []


@pytest.mark.parametrize("page", ["README.md", "CONTRIBUTING.md", "ARCHITECTURE.md", "CHANGELOG.md"])
def test_every_link_of_the_docs_leads_somewhere(page: str):
    texte = (RACINE / page).read_text("utf-8")
    liens = [lien for lien in re.findall(r"\]\(([^)]+)\)", texte) if "://" not in lien]
    assert [lien for lien in liens if not (RACINE / lien.partition("#")[0]).exists()] == []


def test_settings_table_of_the_readme_is_that_of_the_settings():
    texte = (RACINE / "README.md").read_text("utf-8")
    table = {
        nom: (defaut.strip().strip("`"), sens.strip())
        for nom, defaut, sens in re.findall(r"^\| `RXROR_(\w+)` \|([^|]*)\|([^|]*)\|$", texte, re.MULTILINE)
    }
    attendus = {}
    champs = Settings.model_fields | {f"oidc_{nom}": champ for nom, champ in Oidc.model_fields.items()}
    for nom, champ in champs.items():
        defaut = champ.default
        if hasattr(defaut, "get_secret_value"):
            defaut = defaut.get_secret_value()
        if isinstance(defaut, Path):
            defaut = defaut.relative_to(RACINE)
        attendus[nom.upper()] = (str(defaut), champ.description)
    assert table == attendus
    assert "| `RXROR_OIDC2_…` |" in texte


def test_every_target_of_make_named_in_the_docs_exists():
    cibles = set(re.findall(r"^([a-z]+):", (RACINE / "Makefile").read_text("utf-8"), re.MULTILINE))
    nommees = {
        cible
        for page in ("README.md", "CONTRIBUTING.md", "ARCHITECTURE.md")
        for cible in re.findall(r"\bmake ([a-z]+)(?=[`\s=]+)", (RACINE / page).read_text("utf-8"))
    }
    assert {c for c in nommees if c not in cibles} - {"alone"} == set()


def test_adr_are_numbered_without_a_gap():
    numeros = sorted(int(f.name[:4]) for f in (RACINE / "docs" / "adr").glob("*.md"))
    assert numeros == list(range(1, len(numeros) + 1))


# ------------------------------------------------------------------------------ code


def arbres() -> Iterator[tuple[Path, ast.Module]]:
    for fichier in CODE:
        yield fichier.relative_to(RACINE), ast.parse(fichier.read_text("utf-8"))


def test_no_raw_html_no_forbidden_module():
    fautes = []
    for fichier, arbre in arbres():
        for noeud in ast.walk(arbre):
            if isinstance(noeud, ast.Attribute) and noeud.attr == "html" and isinstance(noeud.value, ast.Name):
                fautes += [f"{fichier}:{noeud.lineno} {noeud.value.id}.html"] if noeud.value.id == "rx" else []
            elif isinstance(noeud, ast.Import):
                fautes += [f"{fichier}:{noeud.lineno}" for a in noeud.names if a.name in INTERDITS_IMPORTES]
            elif isinstance(noeud, ast.ImportFrom) and noeud.module in INTERDITS_IMPORTES:
                fautes.append(f"{fichier}:{noeud.lineno}")
            elif isinstance(noeud, ast.keyword) and (noeud.arg or "").startswith("dangerously"):
                fautes.append(f"{fichier}:{noeud.value.lineno}")
            elif isinstance(noeud, ast.Constant) and "dangerouslySetInnerHTML" in str(noeud.value):
                fautes.append(f"{fichier}:{noeud.lineno}")
    assert fautes == []


def test_no_toast_so_no_english_one():
    fautes = [
        f"{fichier}:{n.lineno}"
        for fichier, arbre in arbres()
        for n in ast.walk(arbre)
        if isinstance(n, ast.Attribute) and n.attr == "toast"
    ]
    assert fautes == []
    assert "toaster=None" in (RACINE / "rxror" / "rxror.py").read_text("utf-8")


def test_no_module_without_a_name_of_its_own():
    interdits = {"utils", "helpers", "common", "base", "manager", "handler", "handlers", "misc"}
    assert [f for f in CODE if f.stem in interdits or f.parent.name in interdits] == []


def test_no_registry_host_in_tracked_files():
    hotes = re.compile(r"pypi\.(org|python)|files\.pythonhosted|registry\.npm|npmmirror")
    fautes = [
        str(chemin.relative_to(RACINE))
        for chemin in fichiers_suivis()
        if chemin != Path(__file__)
        and chemin.suffix not in {".png", ".ico"}
        and hotes.search(chemin.read_text("utf-8", errors="replace"))
    ]
    assert fautes == []


def test_locks_keep_the_hashes():
    paquets = re.findall(r"^[a-z0-9][\w.\[\]-]*==", (RACINE / "requirements.lock").read_text("utf-8"), re.MULTILINE)
    assert len(paquets) > 80
    npm = (RACINE / "reflex.lock" / "package-lock.json").read_text("utf-8")
    assert '"resolved"' not in npm
    assert npm.count('"integrity"') > 50
