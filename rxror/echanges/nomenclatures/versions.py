"""Which versions of the code lists are in service, and how a list came to be what it is."""

from collections.abc import Iterator

from sqlalchemy import case
from sqlmodel import Session, col, func, select

from rxror.echanges.nomenclatures.comparer import Mouvement
from rxror.ror.dates import date_heure
from rxror.ror.erreurs import ImportRefuse
from rxror.ror.nomenclatures import ACTIF, Concept, Nomenclature, VersionNomenclature
from rxror.ror.typographie import fr

PREMIERE = "première version chargée"
MOTS = {
    Mouvement.AJOUT: "ajouté",
    Mouvement.LIBELLE: "libellé changé",
    Mouvement.RETRAIT: "retiré",
    Mouvement.RETOUR: "remis en vigueur",
    Mouvement.SUCCESSEUR: "remplaçant connu",
}


def versions(session: Session) -> Iterator[str]:
    """One line for each list: its version, the day it was put in service, how many codes are in force."""
    actifs = func.sum(case((col(Concept.statut) == ACTIF, 1), else_=0))
    requete = (
        select(Nomenclature, actifs, func.count(col(Concept.id)))
        .join(Concept, col(Concept.jdv) == Nomenclature.jdv)
        .group_by(col(Nomenclature.jdv))
    )
    lignes = list(session.exec(requete))
    if not lignes:
        yield "Aucune liste n’est chargée : lancez rxror preparer."
    for liste, en_vigueur, tous in sorted(lignes, key=lambda x: (x[0].jdv[0], int(x[0].jdv[1:]))):
        hors = tous - en_vigueur
        reste = f", {hors} hors d’usage" if hors else ""
        yield fr(
            f"{liste.jdv:5}{liste.version:15} en service depuis le {date_heure(liste.charge)}, "
            f"{en_vigueur} codes{reste} : {liste.titre}"
        )


def histoire(session: Session, jdv: str) -> Iterator[str]:
    """The versions of a list, the latest first, and what each one changed.

    Raises:
        ImportRefuse: there is no such list.
    """
    liste = session.get(Nomenclature, jdv)
    if liste is None:
        raise ImportRefuse(fr(f"Aucune liste « {jdv[:20]} » n’est chargée. Donnez un nom court, par exemple J226."))
    yield fr(f"{liste.jdv}, {liste.titre}")
    requete = select(VersionNomenclature).where(VersionNomenclature.jdv == jdv)
    for version in session.exec(requete.order_by(col(VersionNomenclature.id).desc())):
        origine = f"après {version.precedente}" if version.precedente else PREMIERE
        yield fr(f"Version {version.version}, en service le {date_heure(version.charge)}, {origine}")
        for changement in version.changements:
            yield fr(f"  {changement['cle']}  {_dit(changement)}")


def _dit(changement: dict[str, str]) -> str:
    mot = MOTS[Mouvement(changement["mouvement"])]
    libelles = [f"« {t} »" for t in (changement["avant"], changement["apres"]) if t]
    suite = f", remplacé par {changement['successeur']}" if changement["successeur"] else ""
    return f"{mot} : {' → '.join(libelles)}{suite}"
