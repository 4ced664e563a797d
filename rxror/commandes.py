"""The `rxror` command. What it prints is for the person who runs the service: French, one sentence per problem."""

import sqlite3
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer
from pydantic import ValidationError
from rich.console import Console
from rich.progress import BarColumn, Progress, TaskProgressColumn, TextColumn
from rich.table import Table
from sqlalchemy.exc import DBAPIError

from rxror import db, sauvegarde, schema
from rxror.ror.erreurs import ErreurRxror
from rxror.settings import DONNEES, RACINE, settings
from rxror.tables import Portee, Role

if TYPE_CHECKING:
    from pydantic_core import ErrorDetails

    from rxror.echanges.finess.rapport import Bilan, BilanActivites
    from rxror.echanges.modeles import BilanModeles

EXTRAIT = DONNEES / "finess" / "etalab-cs1100507-tarn-20210108.csv"
DENOMINATIONS = DONNEES / "finess" / "ej-denominations-partielles.csv"

app = typer.Typer(help="rxror : tenir à jour son offre dans le ROR.", no_args_is_help=True, add_completion=False)
finess_app = typer.Typer(help="Établissements du répertoire FINESS.", no_args_is_help=True)
nomenclatures_app = typer.Typer(help="Listes de codes du ROR.", no_args_is_help=True)
app.add_typer(finess_app, name="finess")
modeles_app = typer.Typer(help="Modèles de saisie : les formulaires publiés du ROR.", no_args_is_help=True)
app.add_typer(nomenclatures_app, name="nomenclatures")
app.add_typer(modeles_app, name="modeles")


class CommandeRefusee(ErreurRxror):
    """A command cannot do its work; the message, in French, says why and what to do."""


@app.command()
def preparer() -> None:
    """Préparer la base : schéma, nomenclatures, communes, extrait FINESS, et données de démonstration si demandées."""
    with erreurs_en_clair():
        mettre_a_jour_schema()
        charger_donnees()
        typer.echo(f"Base prête : {settings().nom_de_la_base}")


@app.command()
def servir(
    port: Annotated[
        int | None, typer.Option(min=1, max=65535, help="Port du serveur ; par défaut, RXROR_PORT ou 3000.")
    ] = None,
    sans_demo: Annotated[bool, typer.Option("--sans-demo", help="Sans données ni connexion de démonstration.")] = False,
) -> None:
    """Préparer la base, construire les pages si besoin, puis servir rxror sur un seul port."""
    from rxror import serveur

    with erreurs_en_clair():
        serveur.regler(port, demo=False if sans_demo else None)
        serveur.verifier()
        mettre_a_jour_schema()
        charger_donnees()
        serveur.servir()


@app.command()
def migrer() -> None:
    """Mettre la base au schéma de cette version."""
    with erreurs_en_clair():
        change = mettre_a_jour_schema()
        typer.echo("Schéma mis à jour." if change else "Le schéma est déjà à jour.")


@app.command("sauvegarde")
def sauvegarder(
    fichier: Annotated[Path, typer.Argument(help="Fichier à écrire.")],
    ecraser: Annotated[bool, typer.Option("--ecraser", help="Remplacer ce fichier s’il existe.")] = False,
) -> None:
    """Copier la base embarquée dans un fichier vérifié, sans arrêter le service."""
    with erreurs_en_clair():
        faite = sauvegarde.sauvegarder(fichier, ecraser=ecraser)
        typer.echo(f"Sauvegarde écrite et vérifiée : {fichier} ({faite.phrase}).\nEmpreinte SHA-256 : {faite.sha256}")


@app.command("restauration")
def restaurer(
    fichier: Annotated[Path, typer.Argument(help="Fichier écrit par « rxror sauvegarde ».")],
    oui: Annotated[bool, typer.Option("--oui", help="Ne rien demander.")] = False,
) -> None:
    """Remettre une sauvegarde à la place de la base embarquée, le service arrêté ; l’ancienne base est gardée."""
    with erreurs_en_clair():
        lue = sauvegarde.verifier(fichier, {script.revision for script in schema.scripts().walk_revisions()})
        typer.echo(f"{fichier} est entier : {lue.phrase}.\nEmpreinte SHA-256 : {lue.sha256}")
        question = "Remplacer la base ? Chacun devra s’identifier de nouveau. (oui ou non)"
        if not oui and typer.prompt(question, default="non").lower() not in ("o", "oui"):
            raise CommandeRefusee("Rien n’a changé.")
        gardee = sauvegarde.restaurer(fichier)
        typer.echo(f"Base restaurée : {settings().nom_de_la_base}")
        if gardee:
            typer.echo(f"L’ancienne base est gardée : {gardee}")


@app.command()
def purge(
    essai: Annotated[bool, typer.Option("--essai", help="Dire ce qui partirait, sans rien supprimer.")] = False,
) -> None:
    """Supprimer ce qui n’est plus gardé, aux durées des réglages RXROR_CONSERVATION_… ; à lancer chaque nuit."""
    from rxror.services import conservation

    with erreurs_en_clair():
        mettre_a_jour_schema()
        if essai:
            with db.lecture() as session:
                bilan = conservation.prevoir(session)
        else:
            bilan = conservation.purger(db.travaux)
        for ligne in conservation.raconter(bilan, essai=essai):
            typer.echo(ligne)


@app.command()
def habiliter(
    iss: Annotated[str, typer.Option("--iss", help="Fournisseur d’identité de la personne.")],
    sub: Annotated[str, typer.Option("--sub", help="Ce par quoi il la connaît.")],
    role: Annotated[Role, typer.Option("--role", help="Ce qu’elle y sera.")],
    sur: Annotated[str, typer.Option("--sur", help="PORTÉE:CODE, par exemple region:76 ou etablissement:810000505.")],
    fin: Annotated[
        datetime | None, typer.Option("--fin", formats=["%d/%m/%Y"], help="Dernier jour, par exemple 31/12/2027.")
    ] = None,
) -> None:
    """Donner un premier droit, celui d’un référent régional par exemple ; les suivants se donnent à l’écran."""
    from rxror.services import premiers_droits

    with erreurs_en_clair():
        portee, _, code = sur.partition(":")
        if portee not in set(Portee) or not code:
            raise CommandeRefusee(f"« {sur} » : écrivez PORTÉE:CODE, la portée étant {', '.join(Portee)}.")
        mettre_a_jour_schema()
        with db.transaction() as session:
            etendue, jour = (Portee(portee), code), fin.date() if fin else None
            dit = premiers_droits.donner(session, iss=iss, sub=sub, role=role, etendue=etendue, fin=jour)
        typer.echo(dit)


@app.command()
def deconnecter(
    toutes: Annotated[bool, typer.Option("--toutes", help="Toutes les connexions, de tout le monde.")] = False,
    iss: Annotated[str, typer.Option("--iss", help="Celles des personnes de ce fournisseur d’identité.")] = "",
    sub: Annotated[str, typer.Option("--sub", help="Celles de la personne de ce « sub ».")] = "",
) -> None:
    """Terminer des connexions, service en marche : la suite de chacune est refusée aussitôt."""
    from rxror.services import connexions

    with erreurs_en_clair():
        if toutes == bool(iss or sub):
            raise CommandeRefusee("Dites lesquelles : --toutes, ou bien --iss ADRESSE, --sub IDENTIFIANT, ou les deux.")
        mettre_a_jour_schema()
        with db.transaction() as session:
            combien = connexions.terminer_celles(session, iss=iss, sub=sub)
        typer.echo(
            {0: "Aucune connexion n’était ouverte.", 1: "Une connexion est terminée."}.get(
                combien, f"{combien} connexions sont terminées."
            )
        )


@app.command()
def documentation() -> None:
    """Écrire docs/regles.md et la matrice des droits d’ARCHITECTURE.md d’après le code."""
    from rxror.ror.regles.tableau import tableau
    from rxror.services import matrice

    architecture = RACINE / "ARCHITECTURE.md"
    with erreurs_en_clair():
        textes = {
            RACINE / "docs" / "regles.md": tableau(),
            architecture: matrice.dans(architecture.read_text("utf-8")),
        }
        for page, texte in textes.items():
            page.write_text(texte, "utf-8")
            typer.echo(f"Écrit : {page.relative_to(RACINE)}")


@finess_app.command("importer")
def importer_finess(
    fichiers: Annotated[list[Path], typer.Argument(help="Fichiers CSV « etalab » (cs1100501, 502 ou 507).")],
    denominations: Annotated[
        Path | None,
        typer.Option(help="CSV nofinessej;denomination : noms des entités juridiques qui n’en ont pas."),
    ] = None,
    suivre: Annotated[
        bool,
        typer.Option("--suivre", help="Les fiches prennent ce qui diffère sans le demander, sauf ce qui est gardé."),
    ] = False,
    rapport: Annotated[Path | None, typer.Option(help="CSV à écrire : lignes rejetées, valeurs écartées.")] = None,
) -> None:
    """Importer des établissements. Tout le fichier est pris, ou rien ; relancer ne change rien."""
    from rxror.echanges import reference
    from rxror.echanges.finess.importer import importer

    with erreurs_en_clair():
        mettre_a_jour_schema()
        with db.travaux() as session:
            reference.preparer(session)
        octets = sum(f.stat().st_size for f in fichiers if f.is_file())
        with _barre("Import FINESS", octets) as avancer, db.travaux() as session:
            bilan = importer(session, fichiers, denominations=denominations, suivre=suivre, avancement=avancer)
        if rapport:
            _ecrire_rapport(bilan, rapport)
        _montrer(bilan)


@finess_app.command("activites")
def importer_activites(
    fichiers: Annotated[
        list[Path], typer.Argument(help="Fichiers « finess-activites » de FINESS+ (.json ou .json.gz).")
    ],
    rapport: Annotated[
        Path | None, typer.Option(help="CSV à écrire : enregistrements rejetés, avec leur chemin.")
    ] = None,
) -> None:
    """Importer les autorisations de soins. Tout le fichier est pris, ou rien ; relancer ne change rien."""
    from rxror.echanges.finess.activites import importer

    with erreurs_en_clair():
        mettre_a_jour_schema()
        octets = sum(f.stat().st_size for f in fichiers if f.is_file())
        with _barre("Import des activités FINESS", octets) as avancer, db.travaux() as session:
            bilan = importer(session, fichiers, avancement=avancer)
        if rapport:
            _ecrire_rapport(bilan, rapport)
        _montrer_activites(bilan)


@nomenclatures_app.command("importer")
def importer_nomenclatures(
    dossier: Annotated[Path, typer.Argument(help="Dossier d’index.csv et des fichiers de listes.")],
    appliquer: Annotated[bool, typer.Option("--appliquer", help="Mettre les listes en service.")] = False,
    lister: Annotated[bool, typer.Option("--lister", help="Nommer chaque objet touché et chaque code.")] = False,
) -> None:
    """Comparer des listes de codes à celles en service, et les y mettre avec --appliquer.

    Un code retiré reste lisible et n’est plus proposé. Aucun objet n’est modifié.
    """
    from rxror.echanges import reference
    from rxror.echanges.nomenclatures.importer import importer
    from rxror.echanges.nomenclatures.rapport import raconter

    with erreurs_en_clair():
        mettre_a_jour_schema()
        with db.travaux() as session:
            reference.preparer(session)
        with db.travaux() if appliquer else db.lecture() as session:
            bilan = importer(session, dossier, appliquer=appliquer)
            for ligne in raconter(bilan, applique=appliquer, lister=lister):
                typer.echo(ligne)


@nomenclatures_app.command("versions")
def versions_des_nomenclatures(
    liste: Annotated[str, typer.Argument(help="Nom court d’une liste, par exemple J226, pour son histoire.")] = "",
) -> None:
    """Dire quelles versions des listes sont en service, ou l’histoire d’une liste."""
    from rxror.echanges.nomenclatures.versions import histoire, versions

    with erreurs_en_clair():
        mettre_a_jour_schema()
        with db.lecture() as session:
            for ligne in histoire(session, liste) if liste else versions(session):
                typer.echo(ligne)


@modeles_app.command("importer")
def importer_modeles(
    chemin: Annotated[Path, typer.Argument(help="Fichier TOML d’un modèle de saisie, ou dossier de tels fichiers.")],
    appliquer: Annotated[
        bool, typer.Option("--appliquer", help="Écrire dans la base ; sinon, dire seulement.")
    ] = False,
) -> None:
    """Importer des modèles de saisie. Sans --appliquer, rien n’est écrit. Une version déjà utilisée reste lisible."""
    from rxror.echanges import modeles
    from rxror.services.nomenclatures import catalogue

    with erreurs_en_clair():
        mettre_a_jour_schema()
        lus = modeles.lire_fichiers(chemin)
        with db.travaux() as session:
            bilan = modeles.comparer(session, lus, catalogue(session))
            if appliquer:
                modeles.ecrire(session, bilan)
        _dire_les_modeles(bilan)
        if not appliquer and (bilan.nouveaux or bilan.changes):
            typer.echo("Rien n’est écrit. Relancez avec --appliquer pour les prendre.")


@modeles_app.command("lister")
def lister_modeles() -> None:
    """Lister les modèles de saisie de la base, et combien d’objets s’en servent."""
    from sqlmodel import select

    from rxror.echanges.modeles import usages
    from rxror.ror.modeles import ModeleCharge

    with erreurs_en_clair():
        mettre_a_jour_schema()
        with db.lecture() as session:
            tableau = Table("modèle", "titre", "statut", "objets")
            comptes = usages(session)
            for m in session.exec(select(ModeleCharge).order_by(ModeleCharge.identifiant, ModeleCharge.version)):
                reference = f"{m.identifiant}|{m.version}"
                tableau.add_row(reference, m.titre, STATUTS[m.statut], str(comptes.get(reference, 0)))
            Console().print(tableau)


CREER = "Créez-la ainsi : createdb --owner=UTILISATEUR --encoding=UTF8 --template=template0 NOM."
STATUTS = {"draft": "projet", "active": "actif", "retired": "retiré"}


def _dire_les_modeles(bilan: "BilanModeles") -> None:
    for mot, modeles in (("nouveau", bilan.nouveaux), ("changé", bilan.changes), ("inchangé", bilan.inchanges)):
        for modele in modeles:
            n = bilan.usages.get(modele.reference, 0)
            objets = f", {n} objet{'s' if n > 1 else ''} s’en ser{'vent' if n > 1 else 't'}" if n else ""
            typer.echo(f"{modele.reference} « {modele.titre} » ({STATUTS[modele.statut]}) : {mot}{objets}.")
            if inconnus := bilan.inconnus.get(modele.reference):
                typer.echo(f"  Codes absents de leur liste, que personne ne pourra choisir : {', '.join(inconnus)}.")


def mettre_a_jour_schema() -> bool:
    """Run the migrations that are due, from any working directory; return whether there were some.

    Raises:
        CommandeRefusee: the database was made by a later version of rxror.
    """
    scripts = schema.scripts()
    with db.engine(db.Usage.LECTURE).connect() as connexion:
        if connexion.dialect.name == "postgresql" and db.encodage(connexion) != "UTF8":
            raise CommandeRefusee(f"La base {settings().nom_de_la_base} n’est pas en UTF-8. {CREER}")
        actuelles = schema.revisions(connexion)
    if actuelles - {script.revision for script in scripts.walk_revisions()}:
        raise CommandeRefusee(
            f"La base {settings().nom_de_la_base} vient d’une version plus récente de rxror. Mettez rxror à jour, "
            "ou restaurez une sauvegarde faite avec cette version."
        )
    if actuelles == set(scripts.get_heads()):
        return False
    schema.monter()
    return True


def charger_donnees() -> None:
    """Load what comes with rxror, each file once, and the demonstration data when the settings ask for them."""
    from rxror.echanges import modeles, reference
    from rxror.echanges.fichiers import deja_charge, empreinte, noter

    with db.travaux() as session:
        reference.preparer(session)
        modeles.preparer(session)
        extrait = empreinte(EXTRAIT, DENOMINATIONS)
        if not deja_charge(session, "finess", extrait):
            from rxror.echanges.finess.importer import importer

            importer(session, [EXTRAIT], denominations=DENOMINATIONS)
            noter(session, "finess", extrait)
        if settings().demo:
            from rxror.demonstration.charger import charger

            charger(session)


@contextmanager
def erreurs_en_clair() -> Iterator[None]:
    """Turn the problems a person can solve into one sentence and an exit code of 1; the others go through."""
    try:
        yield
    except ErreurRxror as erreur:
        phrase = str(erreur)
    except ValidationError as erreur:
        phrase = " ".join(_phrase_du_reglage(e) for e in erreur.errors())
    except OSError as erreur:
        phrase = f"{erreur.filename or 'Un fichier'} ne peut pas être lu ou écrit. Vérifiez son chemin et vos droits."
    except (DBAPIError, sqlite3.DatabaseError) as erreur:
        phrase = _phrase_de_la_base(erreur)
        if not phrase:
            raise
    else:
        return
    typer.secho(phrase, err=True, fg="red")
    raise typer.Exit(1)


def _phrase_de_la_base(erreur: DBAPIError | sqlite3.DatabaseError) -> str:
    cause = str(erreur.orig if isinstance(erreur, DBAPIError) else erreur)
    base = settings().nom_de_la_base
    if isinstance(erreur, DBAPIError) and settings().url_base.startswith("postgresql"):
        return _phrase_de_postgresql(erreur, cause, base)
    if "not a database" in cause or "malformed" in cause:
        return (
            f"{base} n’est pas une base de données lisible. Restaurez une sauvegarde, "
            "ou déplacez ce fichier et relancez."
        )
    if "locked" in cause:
        return f"La base {base} est occupée par un autre programme. Attendez qu’il finisse, puis relancez."
    if "unable to open" in cause or "readonly" in cause:
        return f"La base {base} ne peut pas être ouverte ou écrite. Vérifiez les droits du dossier, puis relancez."
    if "full" in cause:
        return f"Le disque de la base {base} est plein. Libérez de la place, puis relancez."
    return ""


def _phrase_de_postgresql(erreur: DBAPIError, cause: str, base: str) -> str:
    """What the server says is in its own language: only its codes are sure, and a refused connection has none."""
    etat = getattr(erreur.orig, "sqlstate", None) or ""
    if etat == "42501":
        return f"L’utilisateur de RXROR_DATABASE_URL n’a pas le droit d’écrire dans {base}. {CREER}"
    if etat in ("55P03", "57014", "40P01"):
        return f"La base {base} est occupée par un autre programme. Attendez qu’il finisse, puis relancez."
    if etat == "53300" or "too many" in cause:
        return (
            f"La base {base} n’a plus de connexion libre. Augmentez max_connections, ou baissez RXROR_BASE_CONNEXIONS."
        )
    if not db.est_perdue(erreur):
        return ""
    if any(mot in cause for mot in ("password", "mot de passe", "authenti")):
        return f"La base {base} refuse l’utilisateur ou le mot de passe de RXROR_DATABASE_URL."
    if "database" in cause and any(mot in cause for mot in ("does not exist", "n’existe pas", "n'existe pas")):
        return f"La base {base} n’existe pas encore. {CREER}"
    return (
        f"La base {base} ne répond pas. Vérifiez que PostgreSQL est en marche, et l’adresse de RXROR_DATABASE_URL, "
        "puis relancez."
    )


def _phrase_du_reglage(erreur: "ErrorDetails") -> str:
    if erreur["loc"] == ("database_url",):  # its value may hold a password
        return "Réglage RXROR_DATABASE_URL : donnez une adresse postgresql://utilisateur:mot-de-passe@serveur/base."
    if erreur["loc"]:
        pourquoi = erreur["msg"].removeprefix("Value error, ") if erreur["type"] == "value_error" else ""
        nom, suite = str(erreur["loc"][0]).upper(), f". Donnez {pourquoi}" if pourquoi else ""
        return f"Réglage RXROR_{nom} : la valeur « {erreur['input']} » est refusée{suite}."
    return erreur["msg"].removeprefix("Value error, ")


@contextmanager
def _barre(titre: str, octets: int) -> Iterator[Callable[[int], None]]:
    colonnes = (TextColumn("{task.description}"), BarColumn(), TaskProgressColumn())
    with Progress(*colonnes, console=Console(stderr=True), transient=True) as barre:
        tache = barre.add_task(titre, total=octets)
        yield lambda lus: barre.advance(tache, lus)


def _ecrire_rapport(bilan: "Bilan | BilanActivites", rapport: Path) -> None:
    try:
        bilan.ecrire(rapport)
    except OSError as erreur:
        raise CommandeRefusee(f"L’import est fait, mais le rapport {rapport} n’a pas pu être écrit.") from erreur


def _montrer(bilan: "Bilan") -> None:
    from rxror.echanges.finess.lire import ENTITE_JURIDIQUE, ETABLISSEMENT

    tableau = Table("", "créés", "modifiés", "inchangés", "lignes rejetées")
    for titre, compte, section in (
        ("Établissements", bilan.etablissements, ETABLISSEMENT),
        ("Entités juridiques", bilan.entites_juridiques, ENTITE_JURIDIQUE),
    ):
        nombres = (
            len(compte.crees),
            len(compte.modifies),
            len(compte.inchanges),
            bilan.rejets(section),
        )
        tableau.add_row(titre, *map(str, nombres))
    Console().print(tableau)
    for nom, encodage in bilan.encodages.items():
        typer.echo(f"{nom} : lu en {encodage.upper().removesuffix('-SIG')}.")
    if bilan.plus_recents:
        typer.echo(f"{len(bilan.plus_recents)} objets laissés tels quels : la base en a une extraction plus récente.")
    if bilan.a_demander:
        typer.echo(
            f"{len(bilan.a_demander)} fiches d’établissement diffèrent de FINESS et ne changent pas d’elles-mêmes : "
            "leurs référents choisissent, ou relancez avec --suivre."
        )
    for section, nombre in bilan.sections_inconnues.items():
        typer.echo(f"{nombre} lignes de section « {section} » ignorées.")
    _montrer_motifs(bilan, "Ligne rejetée")


def _montrer_activites(bilan: "BilanActivites") -> None:
    compte = bilan.etablissements
    typer.echo(
        f"{len(compte.vus)} établissements lus : {len(compte.crees)} nouveaux, {len(compte.modifies)} modifiés, "
        f"{len(compte.inchanges - bilan.plus_recents)} inchangés ; "
        f"{bilan.autorisations} autorisations de soins gardées."
    )
    if bilan.plus_recents:
        typer.echo(f"{len(bilan.plus_recents)} laissés tels quels : la base en a un relevé plus récent.")
    for nature, nombre in bilan.laissees.most_common():
        typer.echo(f"{nombre} activités de nature {nature} laissées : aucune exigence ne les lit.")
    _montrer_motifs(bilan, "Enregistrement rejeté")


def _montrer_motifs(bilan: "Bilan | BilanActivites", rejet: str) -> None:
    from rxror.echanges.finess.rapport import Gravite

    for gravite, titre in ((Gravite.REJET, rejet), (Gravite.SIGNALEMENT, "Valeur écartée")):
        for motif, nombre in bilan.motifs(gravite):
            typer.echo(f"{titre} : {motif} ({nombre}).")
