"""« Dupliquer »: a new offer made of what another one publishes, kept as brouillons until « Valider ».

Everything is copied but what belongs to one offer: its identity, its closing, its validation, and, unless asked for,
what tells how to reach it. What a declaration adds is copied too, without a word here.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from secrets import token_hex
from typing import Any

from sqlmodel import Session

from rxror.ror import messages
from rxror.ror.champs import (
    Champ,
    Edition,
    Groupe,
    Modele,
    Section,
    TypeChamp,
    champs_de,
    groupes_de,
    sections_de,
)
from rxror.ror.nomenclatures import sans_accent
from rxror.ror.objets import EntiteGeographique, OffreOperationnelle
from rxror.ror.reperes import cle_de
from rxror.ror.saisie import OUI, Valeurs, publiables
from rxror.services import brouillons, contenu, modeles
from rxror.services.acces import Acces, Acteur, Cible, Geste, exiger
from rxror.services.choix_modele import QUESTION
from rxror.services.creation import HOMONYME, Creation, deja_cree, lire_offre, naitre, parent_d_offre, tracer_creation
from rxror.services.demande import Identifiant
from rxror.services.tracer import tracer
from rxror.tables import Action

CHAMPS_GELES = ("champ_activite", "mode_prise_en_charge")
CONTACTS = "contacts"  # answer of the form: OUI copies them too
DEBUT = "Copie de "
NOM_MAXIMUM = 255


class Copie(Creation):
    """One « Dupliquer »: `genre` and `identifiant` say where the copy hangs, `source` which offer is copied."""

    source: Identifiant


@dataclass(frozen=True)
class Reprise:
    """What a copy takes from an offer.

    Attributes:
        valeurs: {section: {champ or groupe: value}}.
        perdus: labels of what the new offer has no place for.
    """

    valeurs: dict[str, Valeurs] = field(default_factory=dict)
    perdus: list[str] = field(default_factory=list)


def nom_propose(nom: str) -> str:
    """The name a copy starts with; the person changes it, or confirms it."""
    return (nom if sans_accent(nom).startswith(sans_accent(DEBUT)) else DEBUT + nom)[:NOM_MAXIMUM]


def lire_source(session: Session, acteur: Acteur, identifiant: str) -> tuple[Acces, Valeurs]:
    """An offer and what it publishes.

    Raises:
        AccesRefuse: no right to read it.
    """
    acces = exiger(session, acteur, Cible(OffreOperationnelle.GENRE, identifiant), Geste.LIRE)
    return acces, contenu.lire(session, OffreOperationnelle, [acces.objet])[acces.objet.id]


def copier(session: Session, acteur: Acteur, demande: Copie) -> tuple[str, dict[str, str]]:
    """Create an offer and its brouillons out of another one.

    Returns:
        (identifier, {}) or ("", {champ: sentence}), as `creation.creer_offre`.

    Raises:
        AccesRefuse: no right to read the offer, or to create under that parent.
        SaisieInvalide: `cle` was used by another gesture.
    """
    source, publiees = lire_source(session, acteur, demande.source)
    acces = parent_d_offre(session, acteur, demande.genre, demande.identifiant)
    if deja := deja_cree(session, acteur, demande, OffreOperationnelle.GENRE, copie_de=demande.source):
        return deja, {}
    valeurs, erreurs = lire_offre(session, acces, demande)
    if not erreurs:
        erreurs = _provisoire(source.objet.nom_offre, valeurs["nom_offre"], demande)
    if erreurs:
        return "", erreurs
    valeurs[QUESTION] = _modele(source, acces, valeurs)
    offre = naitre(session, acteur, acces, valeurs)
    neuves = contenu.lire(session, OffreOperationnelle, [offre])[offre.id or 0]
    modele, avec_contacts = modeles.de(session, offre), demande.saisie.get(CONTACTS) == OUI
    eg = acces.etablissement
    reprise = reprendre(publiees, neuves, source, eg, avec_contacts=avec_contacts, modele=modele)
    cle, finess, quand = cle_de(offre), acces.etablissement.num_finess, datetime.now(UTC)
    tracer_creation(session, acteur, acces.etablissement, offre, demande, valeurs, copie_de=demande.source)
    for section, reprises in reprise.valeurs.items():
        changements = brouillons.differences(neuves, reprises)
        brouillons.ecrire(session, acteur, cle, section, None, reprises, {}, changements, quand)
        tracer(
            session,
            acteur,
            Action.BROUILLON,
            finess,
            cle,
            section=section,
            changements=changements,
            resultat={"copie_de": demande.source},
        )
    return offre.identifiant_offre, {}


def _modele(source: Acces, acces: Acces, valeurs: Valeurs) -> str:
    """The modèle de saisie of the other offer, where both answer the same questions."""
    meme_categorie = source.etablissement.categorie_eg == acces.etablissement.categorie_eg
    meme = meme_categorie and all(valeurs[n] == getattr(source.objet, n) for n in CHAMPS_GELES)
    return source.objet.modele_saisie if meme else ""


def _provisoire(source: str, nom: str, demande: Copie) -> dict[str, str]:
    """The proposed name says nothing to a colleague: it is kept only by who says so."""
    dit = sans_accent(demande.saisie.get(HOMONYME, "")) == sans_accent(nom)
    if dit or sans_accent(nom) != sans_accent(nom_propose(source)):
        return {}
    return {HOMONYME: messages.lecture("provisoire", nom=nom)}


def reprendre(
    publiees: Valeurs,
    neuves: Valeurs,
    source: Acces,
    eg: EntiteGeographique,
    *,
    avec_contacts: bool,
    modele: Modele | None = None,
) -> Reprise:
    """What a new offer takes from another one, section by section; what it does not show is left.

    Args:
        publiees: what the other one publishes.
        neuves: what the new one holds, with the frozen answers and the keys of its unique rows.
        eg: where the new one hangs; lieux are shared inside one établissement only.
    """
    memes_lieux = source.etablissement.id == eg.id
    prises: Valeurs = {}
    for nom, element in _copiables(avec_contacts, memes_lieux):
        valeur = publiees.get(nom)
        if isinstance(element, Groupe):
            prises[nom] = _lignes(element, valeur or [], neuves.get(nom) or [])
        else:
            prises[nom] = valeur
    ensemble = {**neuves, **prises}
    gardees = publiables(OffreOperationnelle, ensemble, brouillons.contexte(ensemble, eg, modele))
    return Reprise(
        {s.cle: v for s in _sections() if (v := _de_la_section(s, prises, gardees, neuves))},
        [_element(n).label for n, v in prises.items() if not _vide(v) and _vide(gardees.get(n))],
    )


def _copiables(avec_contacts: bool, avec_lieux: bool) -> Iterable[tuple[str, Champ | Groupe]]:
    for section in _sections():
        for nom, champ in champs_de(OffreOperationnelle, section.cle).items():
            if est_copiable(champ) and (avec_lieux or champ.type is not TypeChamp.LIEUX):
                yield nom, champ
        for nom, groupe in groupes_de(OffreOperationnelle, section.cle).items():
            if avec_contacts or not groupe.joindre:
                yield nom, groupe


def est_copiable(champ: Champ) -> bool:
    """Whether a field may pass from one object to another: typed by people, and not what makes an object itself."""
    return (
        champ.edition is Edition.LIBRE
        and not champ.propre
        and not champ.deduit
        and champ.type is not TypeChamp.REFERENCE
    )


def _sections() -> Iterable[Section]:
    return (s for s in sections_de(OffreOperationnelle) if s.modifiable)


def _element(nom: str) -> Champ | Groupe:
    return champs_de(OffreOperationnelle).get(nom) or groupes_de(OffreOperationnelle)[nom]


def _de_la_section(section: Section, prises: Valeurs, gardees: Valeurs, neuves: Valeurs) -> Valeurs:
    noms = [*champs_de(OffreOperationnelle, section.cle), *groupes_de(OffreOperationnelle, section.cle)]
    return {n: gardees[n] for n in noms if n in prises and n in gardees and gardees[n] != neuves.get(n)}


def _lignes(groupe: Groupe, lignes: list[Valeurs], neuves: list[Valeurs]) -> list[Valeurs]:
    if groupe.unique and neuves:
        return [{**ligne, "cle": neuves[0]["cle"]} for ligne in lignes[:1]] or neuves
    return [ligne_copiee(groupe, ligne) for ligne in lignes]


def ligne_copiee(groupe: Groupe, ligne: Mapping[str, Any], cle: str = "") -> Valeurs:
    """A row of a group, and the rows inside it, with keys of their own."""
    copie = {**ligne, "cle": cle or "n" + token_hex(4)}
    for nom, sous in groupes_de(groupe.classe).items():
        copie[nom] = [ligne_copiee(sous, dessous) for dessous in ligne.get(nom) or []]
    return copie


def _vide(valeur: Any) -> bool:
    return valeur in (None, "", [])
