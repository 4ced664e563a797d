"""Who prepared each field that « Valider » would publish, and when, once somebody else than the reader did."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime

from sqlmodel import Session, col, select

from rxror.ror.champs import Groupe, champs_de, groupes_de
from rxror.ror.dates import moment
from rxror.ror.typographie import fr
from rxror.services.acces import Acteur
from rxror.services.dossier import Piece
from rxror.tables import Brouillon, Utilisateur

Signature = tuple[int, datetime]  # (id of a person, when)


def auteurs_des_champs(session: Session, acteur: Acteur, pieces: Sequence[Piece]) -> dict[str, dict[str, str]]:
    """{key of an object: {champ, as `ror/lecture.py` names its fact: « Claire Dumas, hier à 9 h 05 »}}.

    Empty when all that is prepared is the acteur's own. One query then, for the names of the others.
    """
    signes = {p.cle: _par_champ(p) for p in pieces if p.brouillons}
    ids = {qui for champs in signes.values() for dits in champs.values() for qui, _ in dits}
    if not ids - {acteur.id}:
        return {}
    trouves = session.exec(select(Utilisateur).where(col(Utilisateur.id).in_(ids)))
    noms = {u.id or 0: u.nom_complet for u in trouves} | {acteur.id: "Vous"}
    return {cle: {nom: _dire(dits, noms) for nom, dits in champs.items()} for cle, champs in signes.items()}


def _par_champ(piece: Piece) -> dict[str, list[Signature]]:
    signes: dict[str, list[Signature]] = {}
    for brouillon in piece.brouillons.values():
        for nom in [*brouillon.valeurs, *_des_textes(brouillon)]:
            groupe = groupes_de(piece.classe).get(nom)
            if groupe and groupe.unique:
                signes |= _de_la_ligne(brouillon, nom, groupe)
            else:
                signes[nom] = _de(brouillon, nom)
    return signes


def _des_textes(brouillon: Brouillon) -> Iterable[str]:
    """Fields of which only a text that could not be read is kept."""
    return (n for n in {c.partition(".")[0] for c in brouillon.illisibles} if n not in brouillon.valeurs)


def _de_la_ligne(brouillon: Brouillon, nom: str, groupe: Groupe) -> dict[str, list[Signature]]:
    """The fields of the one row of a group, each on its own; a number goes with its unit."""
    return {
        champ: _de(brouillon, nom, [champ, *([c.avec] if c.avec else [])])
        for champ, c in champs_de(groupe.classe).items()
    } | {sous: _de(brouillon, nom, [sous]) for sous in groupes_de(groupe.classe)}


def _de(brouillon: Brouillon, nom: str, parties: Sequence[str] = ()) -> list[Signature]:
    """Who wrote a champ, or these parts of it: the last word of each person, the latest first."""
    auteurs, debut = brouillon.auteurs, f"{nom}."
    chemins = [debut + p for p in parties] if parties else [c for c in auteurs if c.startswith(debut)]
    dits = [auteurs[c] for c in chemins if c in auteurs] or [auteurs.get(nom)]
    lus = [(qui, datetime.fromisoformat(quand)) for qui, quand in filter(None, dits)]
    derniers: dict[int, datetime] = {}
    for qui, instant in lus or [(brouillon.utilisateur_id, brouillon.modifie)]:
        derniers[qui] = max(instant, derniers.get(qui, instant))
    return sorted(derniers.items(), key=lambda s: s[1], reverse=True)


def _dire(dits: Sequence[Signature], noms: Mapping[int, str]) -> str:
    return fr(" ; ".join(f"{noms.get(qui) or 'Quelqu’un'}, {moment(instant)}" for qui, instant in dits))
