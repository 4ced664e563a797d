"""Import FINESS files into the database: entités géographiques and their entités juridiques.

FINESS is the master of the identification and of the address, and of nothing else: what the référent
enters is never touched, and no object is deleted. Running the same import twice changes nothing.

What FINESS says is also kept apart (`releve.py`). Where pôles, offers or lieux hang below an établissement, its name,
address, category, state and entité juridique do not change by themselves: the référent is asked, on the page.
"""

import csv
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

from sqlmodel import Session, col, select

from rxror.echanges.finess import traduire
from rxror.echanges.finess.coordonnees import CoordonneesRefusees, situer
from rxror.echanges.finess.ecrire import Ecriture, plus_recent
from rxror.echanges.finess.lire import (
    ENTITE_JURIDIQUE,
    ETABLISSEMENT,
    FichierFiness,
    lignes,
    ouvrir,
)
from rxror.echanges.finess.rapport import Bilan, Gravite
from rxror.echanges.finess.releve import Releves
from rxror.echanges.finess.trier import LOT, Source, lots, trier
from rxror.ror.erreurs import ImportRefuse
from rxror.ror.nomenclatures import Commune, Concept
from rxror.ror.objets import EntiteGeographique, EntiteJuridique
from rxror.ror.recherche import sans_accent
from rxror.services.registre import EJ

Avancement = Callable[[int], None]


def importer(
    session: Session,
    fichiers: Sequence[Path],
    *,
    denominations: Path | None = None,
    suivre: bool = False,
    avancement: Avancement = lambda octets: None,
) -> Bilan:
    """Import one or several files, all of them or nothing.

    Args:
        fichiers: CSV files of the « etalab » family, in any order.
        denominations: CSV with `nofinessej` and `denomination`, names for the entités juridiques
            that have none.
        suivre: records take what differs without asking, but for what somebody keeps with a reason.
        avancement: told now and then how many more bytes were read.

    Raises:
        ImportRefuse: a file cannot be trusted; the message says why. Nothing was written.
    """
    with session.begin_nested():
        importation = _Importation(session, suivre=suivre)
        for fichier in [ouvrir(chemin) for chemin in fichiers]:
            importation.lire(fichier, avancement)
        importation.situer()
        if denominations:
            importation.nommer(_denominations(denominations))
        session.flush()
        importation.ecriture.tracer()
    return importation.bilan


class _Importation:
    def __init__(self, session: Session, *, suivre: bool) -> None:
        self.bilan = Bilan()
        self.ecriture = Ecriture(session, self.bilan)
        self.releves = Releves(session, suivre=suivre)
        self.session = session
        self.points: list[Source] = []
        self.entites: dict[str, int] = {}
        communes = session.exec(select(Commune.code_insee, Commune.nom, Commune.departement, Commune.region)).all()
        self.communes = {code: (nom, region) for code, nom, _, region in communes}
        self.regions = {departement: region for _, _, departement, region in communes}
        self.codes_sph = frozenset(session.exec(select(Concept.cle).where(col(Concept.jdv) == "J202")))

    def lire(self, fichier: FichierFiness, avancement: Avancement) -> None:
        """Write the objects of a file; keep its points for the end, when all objects are known."""
        self.bilan.encodages[fichier.chemin.name] = fichier.encodage
        sources = (Source(fichier, ligne) for ligne in lignes(fichier, avancement))
        for section, lot in lots(trier(sources, self.bilan.constats.append)):
            if section == ETABLISSEMENT:
                self.etablissements(lot)
            elif section == ENTITE_JURIDIQUE:
                self.entites_juridiques(lot)
            else:
                self.points += lot
        self.bilan.sections_inconnues.update(fichier.inconnues)

    def signaler(self, source: Source) -> traduire.Signaler:
        """What tells the report that a value of this line was set aside."""

        def signaler(champ: str, valeur: str, motif: str) -> None:
            self.bilan.constats.append(source.constat(Gravite.SIGNALEMENT, champ, valeur, motif))

        return signaler

    def etablissements(self, lot: list[Source]) -> None:
        """Write the entités géographiques of `structureet` lines."""
        self.rattacher({source.champs["nofinessej"] for source in lot})
        connus = self.ecriture.charger(EntiteGeographique, (source.numero for source in lot))
        self.releves.charger([source.numero for source in lot], connus)
        for source in lot:
            extraction = source.fichier.extraction
            entite = self.entites[source.champs["nofinessej"]]
            objet = connus.get(source.numero) or EntiteGeographique(
                num_finess=source.numero, entite_juridique_id=entite
            )
            valeurs = traduire.etablissement(source.champs, extraction, self.codes_sph, self.signaler(source))
            lues = dict(valeurs)
            valeurs |= self.region(valeurs)
            valeurs["entite_juridique_id"] = entite
            valeurs["recherche"] = self.recherche(objet, valeurs, source)
            if objet.id is not None and not plus_recent(objet, extraction):
                a_demander = self.releves.a_demander(objet, valeurs, source.champs["nofinessej"])
                valeurs = {nom: valeur for nom, valeur in valeurs.items() if nom not in a_demander}
            ecrite, dites = self.ecriture.ecrire(objet, valeurs, extraction), lues | {EJ: source.champs["nofinessej"]}
            if ecrite and self.releves.noter(objet, dites, source.fichier):
                self.bilan.a_demander.add(source.numero)
        self.session.flush()

    def entites_juridiques(self, lot: list[Source]) -> None:
        """Write the entités juridiques of `structureej` lines."""
        connus = self.ecriture.charger(EntiteJuridique, (source.numero for source in lot))
        for source in lot:
            extraction = source.fichier.extraction
            objet = connus.get(source.numero) or EntiteJuridique(num_finess=source.numero)
            valeurs = traduire.entite_juridique(source.champs, extraction, self.signaler(source))
            self.ecriture.ecrire(objet, valeurs | self.region(valeurs), extraction)
        self.session.flush()

    def rattacher(self, numeros: set[str]) -> None:
        """Find the entités juridiques of these numbers; create, without a name, those not known."""
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
            self.releves.charger([point.numero for point in lot], connus)
            for point in lot:
                objet = connus.get(point.numero)
                if objet:
                    self.placer(point, objet)
                else:
                    refus = ("nofinesset", point.numero, "établissement inconnu")
                    self.bilan.constats.append(point.constat(Gravite.REJET, *refus))
            self.session.flush()

    def placer(self, point: Source, objet: EntiteGeographique) -> None:
        """Set one point, unless the établissement has one from a later extraction."""
        if objet.latitude is not None and plus_recent(objet, point.fichier.extraction):
            return
        x, y, source = (point.champs[c] for c in ("coordxet", "coordyet", "sourcecoordet"))
        position = None
        try:
            position = situer(x, y, source, objet.commune_cog or objet.code_postal)
        except CoordonneesRefusees as erreur:
            self.signaler(point)("coordxet", f"{x} {y}", str(erreur))
        latitude, longitude = position or (None, None)
        valeurs = {"latitude": latitude, "longitude": longitude}
        if self.releves.situer(objet, valeurs):
            self.ecriture.modifier(objet, valeurs)

    def nommer(self, denominations: dict[str, str]) -> None:
        """Name the entités juridiques that have no name."""
        numeros = sorted(denominations)
        for debut in range(0, len(numeros), LOT):
            connus = self.ecriture.charger(EntiteJuridique, numeros[debut : debut + LOT])
            for numero, objet in connus.items():
                if not objet.raison_sociale:
                    self.ecriture.modifier(objet, {"raison_sociale": denominations[numero]})

    def region(self, valeurs: dict[str, Any]) -> dict[str, str]:
        """Région source, by commune or, for one that has merged since, by département.

        Empty when neither is known: what the object had is then left alone.
        """
        commune = valeurs["commune_cog"]
        departement = commune[:3] if commune.startswith(("97", "98")) else commune[:2]
        region = self.communes.get(commune, ("", ""))[1] or self.regions.get(departement, "")
        return {"region_source": region} if region else {}

    def recherche(self, objet: EntiteGeographique, valeurs: dict[str, Any], source: Source) -> str:
        """What the établissement is found by: its names, its commune, its numbers."""
        siens = (objet.denomination_eg, objet.localite)  # the record's, which may not be those of FINESS
        noms = (valeurs["denomination_eg"], source.champs["rslongue"], objet.nom_operationnel, *siens)
        lieux = (valeurs["localite"], self.communes.get(valeurs["commune_cog"], ("", ""))[0])
        numeros = (objet.num_finess, valeurs["num_siret"])
        return sans_accent(" ".join(dict.fromkeys((*noms, *lieux, *numeros))))


def _denominations(chemin: Path) -> dict[str, str]:
    try:
        with chemin.open(encoding="utf-8-sig", newline="") as flux:
            lignes = csv.DictReader(flux, delimiter=";", restval="")
            return {ligne["nofinessej"]: ligne["denomination"] for ligne in lignes}
    except (OSError, UnicodeDecodeError, csv.Error) as erreur:
        raise ImportRefuse(f"Le fichier {chemin} est introuvable ou illisible.") from erreur
    except KeyError as erreur:
        manque = erreur.args[0]
        raise ImportRefuse(f"Le fichier {chemin.name} n’a pas de colonne {manque}.") from erreur
