"""The printable sheets of an offer and of an établissement: what is published, section by section, no brouillon."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any, TypedDict

from sqlmodel import Session, col, select

from rxror.ror.champs import Contexte, champs_de, est_visible, sections_de
from rxror.ror.dates import aujourd_hui, date_heure, date_longue
from rxror.ror.fermeture import est_archive, etat_de
from rxror.ror.lecture import Fait, Lecteur, Ligne
from rxror.ror.nomenclatures import Catalogue
from rxror.ror.objets import EntiteGeographique, LieuRealisationOffre, OffreOperationnelle
from rxror.ror.reperes import identifiant_de, nom_de
from rxror.ror.typographie import fr
from rxror.services import brouillons, communes, contenu, hierarchie, modeles
from rxror.services.acces import Acteur, Cible, Geste, exiger
from rxror.services.arbre import Arbre
from rxror.services.fiche import nom_du_modele
from rxror.services.nomenclatures import catalogue
from rxror.tri import en_ordre

AU_PLUS = 1_000  # offers, then lieux, of one sheet
SURTITRE = "rxror, outil libre non officiel"
PUBLIE = fr("Valeurs publiées dans rxror. Ce qui est enregistré et pas encore validé n’y figure pas.")
COLONNES_OFFRES = ["Offre", "Identifiant", "État", "Dernière validation"]
COLONNES_LIEUX = ["Lieu", "Identifiant", "Fonction"]


class FaitImprime(TypedDict):
    """One fact on paper."""

    label: str
    lignes: list[Ligne]


class Tableau(TypedDict):
    """Rows of texts below their headers; `largeurs` are shares of the width."""

    entetes: list[str]
    largeurs: list[int]
    lignes: list[list[str]]


class Bloc(TypedDict):
    """One part of a sheet: a title of level 2 or 3, then what there is. `vides` names what has no answer."""

    niveau: int
    titre: str
    texte: str
    faits: list[FaitImprime]
    vides: str
    tableau: Tableau | None


class FicheImprimee(TypedDict):
    """What the model of the sheet reads."""

    titre: str
    surtitre: str
    nom: str
    phrases: list[str]
    faits: list[tuple[str, str]]
    blocs: list[Bloc]
    demonstration: bool
    pied: str


def offre(session: Session, acteur: Acteur, cible: Cible) -> FicheImprimee:
    """The sheet of an offer: its sections in the order of the screen, each lieu in the section that holds them.

    Raises:
        AccesRefuse: no right to read it.
    """
    acces = exiger(session, acteur, cible, Geste.LIRE)
    objet: OffreOperationnelle = acces.objet
    publiees = contenu.lire(session, OffreOperationnelle, [objet])[objet.id or 0]
    cat, modele = catalogue(session), modeles.de(session, objet)
    contexte = brouillons.contexte(publiees, acces.etablissement, modele)
    dessus = hierarchie.ancetres(session, objet.organisation_interne_id)
    rattachement = dessus[-1].nom_oi if dessus else nom_de(acces.etablissement)
    references = {"rattachement": rattachement, "modele_saisie": nom_du_modele(session, objet)}
    zone = communes.lire_territoire(session, communes.zones(publiees, publiees))
    lecteur = Lecteur(cat, contexte, references, territoire=zone)
    des_lieux = list(_lieux_de_l_offre(session, acces.etablissement, publiees, cat))
    ou = champs_de(OffreOperationnelle)[contenu.LIEUX].section
    blocs: list[Bloc] = []
    for section, bloc in _sections(OffreOperationnelle, publiees, contexte, lecteur):
        blocs += [bloc, *des_lieux] if section == ou else [bloc]
    return _fiche(acces.etablissement, objet, f"Offre, {rattachement}", blocs, demonstration=objet.demonstration)


def etablissement(session: Session, acteur: Acteur, cible: Cible) -> FicheImprimee:
    """The sheet of an établissement: its sections, then its pôles, UF, offers and lieux, a line each.

    Raises:
        AccesRefuse: no right to read it.
    """
    acces = exiger(session, acteur, Cible(EntiteGeographique.GENRE, cible.identifiant), Geste.LIRE)
    eg: EntiteGeographique = acces.objet
    publiees = contenu.lire(session, EntiteGeographique, [eg])[eg.id or 0]
    contexte = brouillons.contexte(publiees, eg)
    cat = catalogue(session)
    lecteur = Lecteur(cat, contexte, {}, communes.nommer(session, [str(publiees.get("commune_cog") or "")]))
    blocs = [bloc for _, bloc in _sections(EntiteGeographique, publiees, contexte, lecteur)]
    arbre = Arbre(session, eg, aujourd_hui())
    offres = _offres(session, arbre)
    dedans = [_bloc("Dans cet établissement", texte=arbre.contenu()), *_par_structure(arbre, offres)]
    return _fiche(
        eg,
        eg,
        "Établissement géographique",
        [*blocs, *dedans, *_lieux(session, eg, cat)],
        demonstration=eg.demonstration or any(o.demonstration for o in offres),
    )


# ------------------------------------------------------------------------- sections


def _sections(
    classe: Any, valeurs: Mapping[str, Any], contexte: Contexte, lecteur: Lecteur, niveau: int = 2
) -> Iterator[tuple[str, Bloc]]:
    """(key, block) of each section shown in that context, in the order of `SECTIONS`."""
    for section in sections_de(classe):
        if est_visible(section, contexte):
            faits = lecteur.faits(classe, section.cle, valeurs, valeurs)
            vides = ", ".join(f["label"] for f in faits if not f["lignes"])
            yield section.cle, _bloc(section.titre, niveau=niveau, faits=_remplis(faits), vides=vides)


def _remplis(faits: Sequence[Fait]) -> list[FaitImprime]:
    return [FaitImprime(label=f["label"], lignes=f["lignes"]) for f in faits if f["lignes"]]


def _lieux_de_l_offre(
    session: Session, eg: EntiteGeographique, publiees: Mapping[str, Any], cat: Catalogue
) -> Iterator[Bloc]:
    """Each lieu of an offer, with all that is answered of it."""
    lieu = LieuRealisationOffre
    requete = select(lieu).where(
        col(lieu.identifiant).in_(publiees.get(contenu.LIEUX) or []), lieu.entite_geographique_id == eg.id
    )
    lieux = list(session.exec(requete.order_by(en_ordre(lieu.nom), col(lieu.id)).limit(AU_PLUS)))
    lus = contenu.lire(session, lieu, lieux)
    noms = communes.nommer(session, [str(v.get("commune_cog") or "") for v in lus.values()])
    for un in lieux:
        valeurs = lus[un.id or 0]
        contexte = brouillons.contexte(valeurs, eg, modeles.de(session, un))
        blocs = [b for _, b in _sections(lieu, valeurs, contexte, Lecteur(cat, contexte, {}, noms))]
        yield _bloc(f"Lieu : {nom_de(un)}", niveau=3, faits=[f for b in blocs for f in b["faits"]])


# ------------------------------------------------------------------------- lines


def _offres(session: Session, arbre: Arbre) -> list[OffreOperationnelle]:
    classe = OffreOperationnelle
    requete = select(classe).where(classe.entite_geographique_id == arbre.eg.id)
    return list(session.exec(requete.order_by(en_ordre(classe.nom_offre), col(classe.id)).limit(AU_PLUS)))


def _par_structure(arbre: Arbre, offres: Sequence[OffreOperationnelle]) -> Iterator[Bloc]:
    """Depth first: the pôle, then each UF with its offers; those of the établissement itself at the end."""
    par_structure: dict[int | None, list[OffreOperationnelle]] = {}
    for une in offres:
        if not est_archive(une, arbre.jour):
            par_structure.setdefault(une.organisation_interne_id, []).append(une)
    for haute in arbre.enfants(None):
        for structure in arbre.descendance(haute):
            if not est_archive(structure, arbre.jour):
                siennes = par_structure.get(structure.id, [])
                yield _des_offres(structure.nom_oi, 2 if structure is haute else 3, siennes)
    if directes := par_structure.get(None):
        yield _des_offres("Offres rattachées directement à l’établissement", 2, directes)
    if len(offres) == AU_PLUS:
        yield _bloc("Suite", texte=fr(f"Cette fiche s’arrête à {AU_PLUS} offres."))


def _des_offres(titre: str, niveau: int, offres: Sequence[OffreOperationnelle]) -> Bloc:
    lignes = [[nom_de(o), o.identifiant_offre, etat_de(o, aujourd_hui())[0].mot, _jour(o)] for o in offres]
    return _bloc(titre, niveau=niveau, tableau=_tableau(COLONNES_OFFRES, [5, 2, 2, 2], lignes))


def _lieux(session: Session, eg: EntiteGeographique, cat: Catalogue) -> Iterator[Bloc]:
    lieu = LieuRealisationOffre
    requete = select(lieu).where(lieu.entite_geographique_id == eg.id)
    lieux = session.exec(requete.order_by(en_ordre(lieu.nom), col(lieu.id)).limit(AU_PLUS)).all()
    lignes = [[nom_de(un), un.identifiant, cat.libelle("J198", un.fonction_lieu or "")] for un in lieux]
    if lignes:
        yield _bloc("Lieux", tableau=_tableau(COLONNES_LIEUX, [5, 2, 4], lignes))


# ------------------------------------------------------------------------- the whole


def _fiche(
    eg: EntiteGeographique, objet: Any, surtitre: str, blocs: list[Bloc], *, demonstration: bool
) -> FicheImprimee:
    nom, jour = nom_de(objet), date_longue(aujourd_hui())
    return FicheImprimee(
        titre=f"{nom}, {nom_de(eg)}" if objet is not eg else nom,
        surtitre=fr(f"{SURTITRE}. {surtitre}"),
        nom=nom,
        phrases=[PUBLIE],
        faits=[
            *([] if objet is eg else [("Établissement", f"{nom_de(eg)}, FINESS {eg.num_finess}")]),
            ("Identifiant", identifiant_de(objet)),
            ("Dernière validation", _validee(objet)),
            ("Imprimé le", jour),
        ],
        blocs=blocs,
        demonstration=demonstration,
        pied=fr(f"{nom}, {identifiant_de(objet)}, imprimé le {jour}"),
    )


def _validee(objet: Any) -> str:
    if objet.date_validation is None:
        return "jamais dans rxror"
    return date_heure(objet.date_validation) + (f", par {objet.validateur}" if objet.validateur else "")


def _jour(offre: OffreOperationnelle) -> str:
    return date_longue(offre.date_validation) if offre.date_validation else "Jamais"


def _bloc(
    titre: str,
    *,
    niveau: int = 2,
    texte: str = "",
    faits: list[FaitImprime] | None = None,
    vides: str = "",
    tableau: Tableau | None = None,
) -> Bloc:
    return Bloc(niveau=niveau, titre=fr(titre), texte=texte, faits=faits or [], vides=vides, tableau=tableau)


def _tableau(entetes: list[str], largeurs: list[int], lignes: list[list[str]]) -> Tableau | None:
    return Tableau(entetes=entetes, largeurs=largeurs, lignes=lignes) if lignes else None
