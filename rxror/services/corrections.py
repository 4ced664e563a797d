"""One-tap corrections of an offer: proposed with what changes, then saved as « Enregistrer » saves, and no more."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Annotated, Any, TypedDict
from uuid import UUID, uuid5

from pydantic import StringConstraints
from sqlmodel import Session, SQLModel

from rxror.ror import parcours
from rxror.ror.champs import Champ, groupes_de
from rxror.ror.corrections import REMEDES, Morceau, Remede, Situation
from rxror.ror.dates import aujourd_hui
from rxror.ror.erreurs import AccesRefuse, Conflit
from rxror.ror.lecture import Lecteur, Ligne, une_ligne
from rxror.ror.objets import OffreOperationnelle
from rxror.ror.reperes import nom_de
from rxror.ror.saisie import NON, OUI, element_de, formulaire, label_de
from rxror.services import dossier, exigences, hierarchie, modification
from rxror.services.acces import Acteur, Cible, Geste
from rxror.services.changements import Changement
from rxror.services.demande import Demande, Genre, Vu
from rxror.services.dossier import Dossier, Piece
from rxror.services.modification import Edition, Enregistrement
from rxror.services.tracer import deja_fait
from rxror.services.vu import empreinte


class CorrectionProposee(TypedDict):
    """A correction that an offer may be given, as a link."""

    texte: str
    url: str


class DemandeCorrection(Demande):
    """One « Appliquer », with its whole context.

    Attributes:
        vu: what the page showed, as `Proposition.vu` gave it.
    """

    genre: Genre = OffreOperationnelle.GENRE
    regle: Annotated[str, StringConstraints(max_length=20)]
    vu: Vu
    cle: UUID


@dataclass(frozen=True)
class Proposition:
    """What a correction would change. Without `lignes` there is nothing to correct any more."""

    nom: str
    chemin: list[tuple[str, str]]
    avec_uf: bool
    titre: str = ""
    phrase: str = ""
    lignes: list[Changement] = field(default_factory=list)
    vu: str = ""


@dataclass(frozen=True)
class _Envoi:
    """One section to save: as it is shown, and what is typed over it."""

    edition: Edition
    changements: dict[str, str]
    lignes: list[Changement]

    def enregistrement(self, cle: UUID) -> Enregistrement:
        """The save, as the page of the section would send it."""
        form = self.edition.form
        cles = {f"{chemin}.{ligne}": OUI for chemin, lignes in form.lignes.items() for ligne in lignes}
        cible = self.edition.cible
        return Enregistrement(
            genre=cible.genre,
            identifiant=cible.identifiant,
            section=self.edition.section.cle,
            base=self.edition.base,
            cle=cle,
            saisie={**cles, **form.valeurs, **self.changements},
        )


def proposees(ouvert: Dossier, remedes: frozenset[str]) -> list[CorrectionProposee]:
    """Links to the corrections that an offer may be given; none for who may only read.

    Args:
        remedes: those that its national requirements ask for.
    """
    if not ouvert.acces.permet(Geste.MODIFIER):
        return []
    situation = _situation(ouvert, remedes)
    trouves = {regle: trouver(situation) for regle, trouver in REMEDES.items()}
    return [
        CorrectionProposee(texte=remede.titre, url=parcours.url_corriger(ouvert.cible.identifiant, regle))
        for regle, remede in trouves.items()
        if remede
    ]


def proposer(session: Session, acteur: Acteur, cible: Cible, regle: str) -> Proposition:
    """What a correction would change in the brouillon of an offer. Writes nothing.

    Raises:
        AccesRefuse: no right to edit the offer, or no such correction.
    """
    ouvert, remede, envois = _preparer(session, acteur, cible, regle)
    return Proposition(
        nom=nom_de(ouvert.principale.objet, ouvert.principale.valeurs),
        chemin=hierarchie.chemin(session, ouvert.acces),
        avec_uf=ouvert.etablissement.sanitaire,
        titre=remede.titre if remede else "",
        phrase=remede.phrase if remede else "",
        lignes=[ligne for envoi in envois for ligne in envoi.lignes],
        vu=_vu(envois),
    )


def appliquer(session: Session, acteur: Acteur, demande: DemandeCorrection) -> None:
    """Save the correction as brouillon, section by section, each through « Enregistrer ». Nothing is published.

    The same `cle` again changes nothing.

    Raises:
        AccesRefuse: no right to edit the offer or one of its lieux, or no such correction.
        SaisieInvalide: `cle` was used by another gesture.
        Conflit: something changed since it was shown, or there is nothing to correct any more; nothing is written.
    """
    _, _, envois = _preparer(session, acteur, demande.cible, demande.regle)
    if deja_fait(session, acteur, _cle(demande, 0)):
        return
    if not envois or _vu(envois) != demande.vu:
        raise Conflit
    for rang, envoi in enumerate(envois):
        envoye = envoi.enregistrement(_cle(demande, rang))
        modification.enregistrer(session, acteur, envoye, dit={"correction": demande.regle})


def _cle(demande: DemandeCorrection, rang: int) -> UUID:
    """Key of one of its saves: the same for the same gesture on the same offer, never that of another."""
    return uuid5(demande.cle, f"{demande.identifiant} {demande.regle} {rang}")


def _preparer(
    session: Session, acteur: Acteur, cible: Cible, regle: str
) -> tuple[Dossier, Remede | None, list[_Envoi]]:
    if regle not in REMEDES or cible.genre != OffreOperationnelle.GENRE:
        raise AccesRefuse(cible.cle)
    ouvert = dossier.ouvrir(session, acteur, cible, Geste.MODIFIER)
    situation = _situation(ouvert, exigences.de_l_offre(session, ouvert).remedes)
    remede = REMEDES[regle](situation)
    return ouvert, remede, [_envoi(session, acteur, ouvert, m) for m in (remede.morceaux if remede else ())]


def _situation(ouvert: Dossier, remedes: frozenset[str]) -> Situation:
    lieux = {cle: piece.valeurs for cle, piece in ouvert.lieux.items()}
    return Situation(ouvert.principale.valeurs, aujourd_hui(), lieux, ouvert.voisinage.offres_ouvertes, remedes)


def _envoi(session: Session, acteur: Acteur, ouvert: Dossier, morceau: Morceau) -> _Envoi:
    """What one section would send: its form as it is kept, and the texts that the correction changes."""
    piece = ouvert.lieux[morceau.lieu] if morceau.lieu else ouvert.principale
    cible = Cible(morceau.genre, morceau.lieu or ouvert.cible.identifiant)
    edition = modification.ouvrir(session, acteur, cible, morceau.section)
    neuves = {**piece.valeurs, **morceau.valeurs}
    avant, apres = (formulaire(piece.classe, morceau.section, v, {}).valeurs for v in (piece.valeurs, neuves))
    changements = {chemin: texte for chemin, texte in apres.items() if avant.get(chemin) != texte}
    return _Envoi(edition, changements, _lignes(ouvert, piece, edition, changements))


def _lignes(ouvert: Dossier, piece: Piece, edition: Edition, changements: Mapping[str, str]) -> list[Changement]:
    lecteur = Lecteur(ouvert.catalogue, piece.contexte)
    lieu = "" if piece is ouvert.principale else f"Lieu {piece.valeurs.get('nom') or piece.objet.identifiant}, "
    return [
        Changement(
            champ=label_de(piece.classe, chemin),
            ou=lieu + (_ligne(lecteur, piece.classe, piece.valeurs, chemin.split(".")) or edition.section.titre),
            avant=_texte(lecteur, piece.classe, chemin, edition.form.valeurs.get(chemin, "")),
            apres=_texte(lecteur, piece.classe, chemin, texte),
            note="",
        )
        for chemin, texte in changements.items()
    ]


def _ligne(
    lecteur: Lecteur,
    classe: type[SQLModel],
    valeurs: Mapping[str, Any],
    morceaux: Sequence[str],
    *,
    dans_une_ligne: bool = False,
) -> str:
    """Which row a path is in, in words: « Secrétariat, Téléphone fixe, 0536491208 »."""
    if len(morceaux) < 3:
        return ""
    nom, cle, *suite = morceaux
    groupe = groupes_de(classe)[nom]
    ligne = next((e for e in valeurs.get(nom) or [] if e["cle"] == cle), {})
    resume = lecteur.resume(groupe, ligne)
    dessous = _ligne(lecteur, groupe.classe, ligne, suite, dans_une_ligne=True)
    # A row of a row, a means of a contact, is told apart by what follows its first word.
    precision = "" if len(suite) > 1 or not dans_une_ligne else resume["origine"].partition(", ")[0]
    return ", ".join(t for t in (resume["texte"], precision, dessous) if t)


def _texte(lecteur: Lecteur, classe: type[SQLModel], chemin: str, texte: str) -> list[Ligne]:
    """An answer of the form, as read; nothing when it is empty."""
    champ = element_de(classe, chemin)
    if texte in (OUI, NON):
        texte = texte.capitalize()
    elif isinstance(champ, Champ) and champ.jdv and texte:
        texte = lecteur.texte(champ, texte)
    return [une_ligne(texte)] if texte else []


def _vu(envois: Sequence[_Envoi]) -> str:
    """What one has seen: the sections as they are kept, and what would be typed over them."""
    vu = [[e.edition.cible.cle, e.edition.section.cle, e.edition.base, sorted(e.changements.items())] for e in envois]
    return empreinte(vu)
