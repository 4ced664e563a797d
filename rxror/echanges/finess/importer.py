"""Import FINESS files into the database: entités géographiques and their entités juridiques.

FINESS is the master of the identification and of the address, and of nothing else: what the référent enters is
never touched, and no object is deleted. Running the same import twice changes nothing.
"""

import csv
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import partial
from itertools import groupby
from pathlib import Path
from typing import Any

from sqlmodel import Session, col, select

from rxror.echanges.finess import traduire
from rxror.echanges.finess.coordonnees import CoordonneesRefusees, situer
from rxror.echanges.finess.ecrire import Ecriture, plus_recent
from rxror.echanges.finess.lire import COLONNES, ENTITE_JURIDIQUE, ETABLISSEMENT, FichierFiness, Ligne, lignes, ouvrir
from rxror.echanges.finess.numeros import finess_valide
from rxror.echanges.finess.rapport import Bilan, Constat, Gravite
from rxror.ror.erreurs import ImportRefuse
from rxror.ror.nomenclatures import Commune, Concept, sans_accent
from rxror.ror.objets import EntiteGeographique, EntiteJuridique

LOT = 500

Avancement = Callable[[int], None]


def importer(
    session: Session,
    fichiers: Sequence[Path],
    *,
    denominations: Path | None = None,
    avancement: Avancement = lambda octets: None,
) -> Bilan:
    """Import one or several files, all of them or nothing.

    Args:
        fichiers: CSV files of the « etalab » family, in any order.
        denominations: CSV with `nofinessej` and `denomination`: names for the entités juridiques that have none.
        avancement: told now and then how many more bytes were read.

    Raises:
        ImportRefuse: a file cannot be trusted; the message says why. Nothing was written.
    """
    with session.begin_nested():
        importation = _Importation(session)
        for fichier in [ouvrir(chemin) for chemin in fichiers]:
            importation.lire(fichier, avancement)
        importation.situer()
        if denominations:
            importation.nommer(_denominations(denominations))
        session.flush()
    return importation.bilan


@dataclass(frozen=True, slots=True)
class _Source:
    """A line and the file it came from."""

    fichier: FichierFiness
    ligne: Ligne

    @property
    def champs(self) -> dict[str, str]:
        return self.ligne.champs

    @property
    def numero(self) -> str:
        """The number of the object, which each section gives first."""
        return self.champs.get(COLONNES[self.ligne.section][1], "")


class _Importation:
    def __init__(self, session: Session) -> None:
        self.bilan = Bilan()
        self.ecriture = Ecriture(session, self.bilan)
        self.session = session
        self.points: list[_Source] = []
        self.entites: dict[str, int] = {}
        communes = session.exec(select(Commune.code_insee, Commune.nom, Commune.departement, Commune.region)).all()
        self.communes = {code: (nom, region) for code, nom, _, region in communes}
        self.regions = {departement: region for _, _, departement, region in communes}
        self.codes_sph = frozenset(session.exec(select(Concept.cle).where(col(Concept.jdv) == "J202")))

    def lire(self, fichier: FichierFiness, avancement: Avancement) -> None:
        """Write the objects of a file, by lots; keep its points for the end, when every établissement is known."""
        self.bilan.encodages[fichier.chemin.name] = fichier.encodage
        acceptees = self.trier(_Source(fichier, ligne) for ligne in lignes(fichier, avancement))
        for section, lot in _lots(acceptees):
            if section == ETABLISSEMENT:
                self.etablissements(lot)
            elif section == ENTITE_JURIDIQUE:
                self.entites_juridiques(lot)
            else:
                self.points += lot
        self.bilan.sections_inconnues.update(fichier.inconnues)

    def trier(self, sources: Iterable[_Source]) -> Iterator[_Source]:
        """Lines that can be used; the others go to the report."""
        vues: dict[tuple[str, str], int] = {}
        for source in sources:
            refus = _refus(source)
            if not refus:
                premiere = vues.setdefault((source.ligne.section, source.numero), source.ligne.numero)
                if premiere == source.ligne.numero:
                    yield source
                    continue
                refus = (COLONNES[source.ligne.section][1], source.numero, f"doublon de la ligne {premiere}")
            self.constater(source, Gravite.REJET, *refus)

    def constater(self, source: _Source, gravite: Gravite, champ: str, valeur: str, motif: str) -> None:
        """Put a finding in the report."""
        ligne = source.ligne
        self.bilan.constats.append(
            Constat(source.fichier.chemin.name, ligne.numero, ligne.section, source.numero, champ, valeur, motif, gravite)
        )

    def etablissements(self, lot: list[_Source]) -> None:
        """Write the entités géographiques of `structureet` lines."""
        self.rattacher({source.champs["nofinessej"] for source in lot})
        connus = self.ecriture.charger(EntiteGeographique, (source.numero for source in lot))
        for source in lot:
            signaler = partial(self.constater, source, Gravite.SIGNALEMENT)
            valeurs = traduire.etablissement(source.champs, source.fichier.extraction, self.codes_sph, signaler)
            valeurs["entite_juridique_id"] = self.entites[source.champs["nofinessej"]]
            objet = connus.get(source.numero) or EntiteGeographique(
                num_finess=source.numero, entite_juridique_id=valeurs["entite_juridique_id"]
            )
            valeurs |= self.region(valeurs) | {"recherche": self.recherche(objet, valeurs, source)}
            self.ecriture.ecrire(objet, valeurs, source.fichier.extraction)
        self.session.flush()

    def entites_juridiques(self, lot: list[_Source]) -> None:
        """Write the entités juridiques of `structureej` lines."""
        connus = self.ecriture.charger(EntiteJuridique, (source.numero for source in lot))
        for source in lot:
            signaler = partial(self.constater, source, Gravite.SIGNALEMENT)
            valeurs = traduire.entite_juridique(source.champs, source.fichier.extraction, signaler)
            objet = connus.get(source.numero) or EntiteJuridique(num_finess=source.numero)
            self.ecriture.ecrire(objet, valeurs | self.region(valeurs), source.fichier.extraction)
        self.session.flush()

    def rattacher(self, numeros: set[str]) -> None:
        """Find the entités juridiques of these numbers; one that is not known is created, a number without a name."""
        nouveaux = numeros - self.entites.keys()
        connus = self.ecriture.charger(EntiteJuridique, nouveaux)
        for numero in sorted(nouveaux - connus.keys()):
            connus[numero] = EntiteJuridique(num_finess=numero)
            self.ecriture.creer(connus[numero])
        self.session.flush()
        self.bilan.entites_juridiques.vus |= numeros
        self.entites |= {numero: objet.id for numero, objet in connus.items() if objet.id}

    def situer(self) -> None:
        """Give each établissement the latitude and longitude of its point."""
        for debut in range(0, len(self.points), LOT):
            lot = self.points[debut : debut + LOT]
            connus = self.ecriture.charger(EntiteGeographique, (point.numero for point in lot))
            for point in lot:
                objet = connus.get(point.numero)
                if objet:
                    self.placer(point, objet)
                else:
                    self.constater(point, Gravite.REJET, "nofinesset", point.numero, "établissement inconnu")
            self.session.flush()

    def placer(self, point: _Source, objet: EntiteGeographique) -> None:
        """Set one point, unless the établissement already has one from a later extraction."""
        if objet.latitude is not None and plus_recent(objet, point.fichier.extraction):
            return
        champs = point.champs
        x, y, lieu = champs["coordxet"], champs["coordyet"], objet.commune_cog or objet.code_postal
        position = None
        try:
            position = situer(x, y, champs["sourcecoordet"], lieu)
        except CoordonneesRefusees as erreur:
            self.constater(point, Gravite.SIGNALEMENT, "coordxet", f"{x} {y}", str(erreur))
        latitude, longitude = position or (None, None)
        self.ecriture.modifier(objet, {"latitude": latitude, "longitude": longitude})

    def nommer(self, denominations: dict[str, str]) -> None:
        """Name the entités juridiques that have no name."""
        numeros = sorted(denominations)
        for debut in range(0, len(numeros), LOT):
            for objet in self.ecriture.charger(EntiteJuridique, numeros[debut : debut + LOT]).values():
                if not objet.raison_sociale:
                    self.ecriture.modifier(objet, {"raison_sociale": denominations[objet.num_finess]})

    def region(self, valeurs: dict[str, Any]) -> dict[str, str]:
        """Région source by commune, else by département (a commune that has merged since); nothing without communes."""
        commune = valeurs["commune_cog"]
        departement = commune[:3] if commune.startswith(("97", "98")) else commune[:2]
        region = self.communes.get(commune, ("", ""))[1] or self.regions.get(departement, "")
        return {"region_source": region} if region else {}

    def recherche(self, objet: EntiteGeographique, valeurs: dict[str, Any], source: _Source) -> str:
        """What the établissement is found by: its names, its commune, its numbers."""
        commune = self.communes.get(valeurs["commune_cog"], ("", ""))[0]
        noms = (valeurs["denomination_eg"], source.champs["rslongue"], objet.nom_operationnel)
        lieux = (valeurs["localite"], commune)
        mots = sans_accent(" ".join((*noms, *lieux, objet.num_finess, valeurs["num_siret"])))
        return mots


def _refus(source: _Source) -> tuple[str, str, str] | None:
    if source.ligne.motif:
        return "", "", source.ligne.motif
    for colonne in ("nofinesset", "nofinessej", "nofiness"):
        numero = source.champs.get(colonne)
        if numero is not None and not finess_valide(numero):
            return colonne, numero, "numéro FINESS faux (neuf caractères, clé de contrôle)"
    if source.champs.get("rs") == "":
        return "rs", "", "raison sociale absente"
    return None


def _lots(sources: Iterable[_Source]) -> Iterator[tuple[str, list[_Source]]]:
    """Consecutive lines of one section, LOT at most."""
    for section, suite in groupby(sources, key=lambda source: source.ligne.section):
        lot: list[_Source] = []
        for source in suite:
            lot.append(source)
            if len(lot) == LOT:
                yield section, lot
                lot = []
        if lot:
            yield section, lot


def _denominations(chemin: Path) -> dict[str, str]:
    try:
        with chemin.open(encoding="utf-8-sig", newline="") as flux:
            return {ligne["nofinessej"]: ligne["denomination"] for ligne in csv.DictReader(flux, delimiter=";")}
    except (OSError, UnicodeDecodeError, csv.Error) as erreur:
        raise ImportRefuse(f"Le fichier de dénominations {chemin} est introuvable ou illisible.") from erreur
    except KeyError as erreur:
        raise ImportRefuse(f"Le fichier de dénominations {chemin.name} n’a pas de colonne {erreur.args[0]}.") from erreur
