"""What publishing an object changes for others: the offers that its lieux serve too."""

from collections.abc import Iterable
from typing import TypedDict

from sqlmodel import Session, col, select

from rxror.ror import parcours
from rxror.ror.objets import LieuRealisationOffre, OffreLieu, OffreOperationnelle
from rxror.ror.parcours import Maillon
from rxror.ror.typographie import fr
from rxror.services.acces import Geste
from rxror.services.dossier import Dossier
from rxror.services.lieux import usage
from rxror.tri import en_ordre

AU_PLUS = 100


class Effet(TypedDict):
    """A lieu about to change, and the other offers that it serves.

    Attributes:
        sert: « Gynécologie, 2e étage sert 4 offres ».
        offres: the others, by name; `suite` says how many are not named.
        separer: where one gives some of them their own copy; "" for who may not.
    """

    lieu: str
    sert: str
    offres: list[Maillon]
    suite: str
    separer: str


def sur_les_autres(session: Session, ouvert: Dossier) -> list[Effet]:
    """The lieux that are published with something new and serve other offers. One query, none without such a lieu.

    The right on the object was checked when it was opened; whoever has it may read the offers of its établissement.
    """
    offre = ouvert.principale.objet if isinstance(ouvert.principale.objet, OffreOperationnelle) else None
    pieces = [p for p in ouvert.pieces if p.brouillons and isinstance(p.objet, LieuRealisationOffre)]
    servies = offres_servies(session, [p.objet.id for p in pieces])
    effets: list[Effet] = []
    for piece in pieces:
        siennes = servies.get(piece.objet.id, [])
        autres = [(i, nom) for i, nom in siennes if offre is None or i != offre.identifiant_offre]
        if len(siennes) > 1 and autres:
            effets.append(_effet(ouvert, piece.objet, str(piece.valeurs.get("nom") or ""), len(siennes), autres))
    return effets


def _effet(ouvert: Dossier, lieu: LieuRealisationOffre, nom: str, total: int, autres: list[tuple[str, str]]) -> Effet:
    tues = len(autres) - AU_PLUS
    depuis = ouvert.cible.identifiant if ouvert.cible.genre == OffreOperationnelle.GENRE else ""
    return Effet(
        lieu=nom or lieu.identifiant,
        sert=fr(f"{nom or lieu.identifiant} {usage(total)}"),
        offres=[Maillon(nom=n or "Offre sans nom", url=parcours.url_offre(i)) for i, n in autres[:AU_PLUS]],
        suite=f"et {tues} autre{'s' if tues > 1 else ''}" if tues > 0 else "",
        separer=parcours.url_separer(lieu.identifiant, depuis) if ouvert.acces.permet(Geste.VALIDER) else "",
    )


def offres_servies(session: Session, lieux: Iterable[int]) -> dict[int, list[tuple[str, str]]]:
    """{id of a lieu: (identifier, name) of each offer it serves, by name}; one query."""
    voulus, trouvees = list(lieux), dict[int, list[tuple[str, str]]]()
    if not voulus:
        return trouvees
    offre, lien = OffreOperationnelle, OffreLieu
    requete = (
        select(lien.lieu_realisation_offre_id, offre.identifiant_offre, offre.nom_offre)
        .join(offre, col(offre.id) == lien.offre_operationnelle_id)
        .where(col(lien.lieu_realisation_offre_id).in_(voulus))
        .order_by(en_ordre(offre.nom_offre), col(offre.id))
    )
    for lieu, identifiant, nom in session.exec(requete):
        trouvees.setdefault(lieu, []).append((identifiant, nom))
    return trouvees
