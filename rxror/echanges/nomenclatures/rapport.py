"""An import of code lists, told to the person who runs it: French, list by list."""

from collections import Counter
from collections.abc import Iterable, Iterator
from typing import Any

from rxror.echanges.nomenclatures.comparer import HORS_D_USAGE, Changement, Comparaison, Mouvement
from rxror.echanges.nomenclatures.importer import Bilan
from rxror.ror.champs import champs_de
from rxror.ror.objets import (
    EntiteGeographique,
    EntiteJuridique,
    LieuRealisationOffre,
    OffreOperationnelle,
    OrganisationInterne,
)
from rxror.ror.typographie import fr
from rxror.services.emplois import Emploi

CODES_DITS = 40
NOMS = {
    EntiteJuridique: ("entité juridique", "entités juridiques"),
    EntiteGeographique: ("établissement", "établissements"),
    OrganisationInterne: ("structure", "structures"),
    OffreOperationnelle: ("offre", "offres"),
    LieuRealisationOffre: ("lieu", "lieux"),
}
TITRES = {
    Mouvement.AJOUT: ("code ajouté", "codes ajoutés"),
    Mouvement.LIBELLE: ("libellé changé", "libellés changés"),
    Mouvement.RETRAIT: ("code retiré", "codes retirés"),
    Mouvement.SUCCESSEUR: (
        "code déjà retiré dont le remplaçant est connu",
        "codes déjà retirés dont on connaît le remplaçant",
    ),
    Mouvement.RETOUR: ("code remis en vigueur", "codes remis en vigueur"),
}


def raconter(bilan: Bilan, *, applique: bool, lister: bool = False) -> Iterator[str]:
    """The lines to print.

    Args:
        applique: the lists were put in service.
        lister: name every object touched, and every code.
    """
    for comparaison in bilan.changees:
        yield from _liste(comparaison, bilan.emplois.get(comparaison.liste.jdv, []), lister)
        yield ""
    for comparaison in bilan.anciennes:
        liste = comparaison.liste
        yield fr(
            f"{liste.jdv}, {liste.titre} : version {liste.version} laissée de côté, "
            f"la version {comparaison.en_service} est déjà en service."
        )
    yield fr(_fin(bilan, applique))


def _fin(bilan: Bilan, applique: bool) -> str:
    n, inchangees = len(bilan.changees), len(bilan.inchangees)
    reste = f"{_nombre(inchangees, 'liste inchangée', 'listes inchangées')}." if inchangees else ""
    if not n:
        return f"Rien à changer. {reste}".strip()
    if applique:
        fait = f"{_nombre(n, 'liste mise en service', 'listes mises en service')}. Aucune offre n’a été modifiée."
        return f"{fait} {reste}".strip()
    aussi = f" {reste}" if reste else ""
    return f"{_nombre(n, 'liste à changer', 'listes à changer')}.{aussi} Rien n’a été écrit : ajoutez --appliquer."


def _liste(comparaison: Comparaison, emplois: list[Emploi], lister: bool) -> Iterator[str]:
    liste = comparaison.liste
    if comparaison.nouvelle:
        codes = _nombre(len(comparaison.concepts), "code", "codes")
        yield fr(f"{liste.jdv}, {liste.titre} : nouvelle liste, version {liste.version}, {codes}.")
        return
    yield fr(f"{liste.jdv}, {liste.titre} : version {comparaison.en_service} → {liste.version}")
    if not comparaison.changements:
        yield fr("  Aucun code n’arrive ni ne part.")
    for mouvement, (un, plusieurs) in TITRES.items():
        changements = comparaison.de(mouvement)
        if not changements:
            continue
        yield fr(f"  {_nombre(len(changements), un, plusieurs)} :")
        for changement in changements if lister else changements[:CODES_DITS]:
            yield fr(f"    {changement.cle}  {_code(comparaison, changement)}")
        if not lister and len(changements) > CODES_DITS:
            yield fr(f"    … et {len(changements) - CODES_DITS} autres (--lister les donne tous)")
    if comparaison.concernes:
        yield from _touches(emplois, lister)


def _code(comparaison: Comparaison, changement: Changement) -> str:
    if changement.mouvement is Mouvement.LIBELLE:
        return f"« {changement.avant} » → « {changement.apres} »"
    if changement.mouvement in HORS_D_USAGE:
        suite = "rien de sûr ne le remplace"
        if changement.successeur:
            suite = f"remplacé par {changement.successeur} « {comparaison.libelle(changement.successeur)} »"
        return f"« {changement.avant} », {suite}"
    return f"« {changement.apres} »"


def _touches(emplois: list[Emploi], lister: bool) -> Iterator[str]:
    if not emplois:
        yield "  Aucun objet ne porte ces codes."
        return
    objets = {(e.porteur.racine, e.identifiant) for e in emplois}
    par_classe: Counter[Any] = Counter(racine for racine, _ in objets)
    comptes = [_nombre(par_classe[classe], *noms) for classe, noms in NOMS.items() if par_classe[classe]]
    yield fr(f"  Présents dans {_enumerer(comptes)}. Rien n’y change : la question sera posée à leurs référents.")
    for rang in sorted({e.rang for e in emplois}):
        yield fr(f"    {_champ([e for e in emplois if e.rang == rang])}")
    if lister:
        for (racine, identifiant), codes in sorted(_par_objet(emplois).items(), key=lambda o: o[0][1]):
            yield fr(f"    {NOMS[racine][0]} {identifiant} : {', '.join(sorted(codes))}")


def _champ(emplois: list[Emploi]) -> str:
    """« Contacts, Fonction » : 3 contacts de 2 offres, 1 en brouillon."""
    porteur = emplois[0].porteur
    noms = [groupe.label for _, groupe in porteur.groupes] + [champs_de(porteur.classe)[porteur.nom].label]
    objets = len({e.identifiant for e in emplois})
    quoi = _nombre(objets, *NOMS[porteur.racine])
    parties = len({e.partie for e in emplois if e.partie})
    if parties:
        premier, *suite = porteur.groupes[-1][1].singulier.split()
        quoi = f"{_nombre(parties, ' '.join([premier, *suite]), ' '.join([premier + 's', *suite]))} de {quoi}"
    en_brouillon = len({e.identifiant for e in emplois if e.brouillon})
    return f"{', '.join(noms)} : {quoi}" + (f", dont {en_brouillon} en brouillon" if en_brouillon else "")


def _par_objet(emplois: Iterable[Emploi]) -> dict[tuple[Any, str], set[str]]:
    objets: dict[tuple[Any, str], set[str]] = {}
    for emploi in emplois:
        objets.setdefault((emploi.porteur.racine, emploi.identifiant), set()).add(emploi.code)
    return objets


def _enumerer(textes: list[str]) -> str:
    return " et ".join([*([", ".join(textes[:-1])] if textes[1:] else []), textes[-1]])


def _nombre(n: int, un: str, plusieurs: str) -> str:
    return f"{n} {plusieurs if n > 1 else un}"
