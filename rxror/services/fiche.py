"""The page of an object: its sections read aloud, what is missing, an offer's lieux, what one may do."""

from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, TypedDict
from urllib.parse import quote

from sqlmodel import Session, col, select

from rxror.ror import parcours
from rxror.ror.champs import Section, est_visible, section_de, sections_de
from rxror.ror.confiables import confiables
from rxror.ror.controles import Anomalie, Severite, adresse_exploitable, est_de_rxror
from rxror.ror.dates import aujourd_hui, date_longue, heure, quand
from rxror.ror.fermeture import etat_de
from rxror.ror.fraicheur import BROUILLON
from rxror.ror.lecture import Fait, Lecteur, une_ligne
from rxror.ror.objets import OBJETS, LieuRealisationOffre, OffreLieu, OffreOperationnelle, OrganisationInterne
from rxror.ror.objets.commun import adresse_en_ligne
from rxror.ror.objets.entite_geographique import FINESS
from rxror.ror.objets.lieu import FERME, INSTALLE, LIT, PLACE
from rxror.ror.regles import DE_RXROR
from rxror.ror.reperes import nom_de
from rxror.ror.typographie import fr
from rxror.services import brouillons, communes, contenu, corrections, dossier, exigences, gardes, hierarchie, modeles
from rxror.services.acces import Acces, Acteur, Cible, Geste, exiger
from rxror.services.annulation import annulables
from rxror.services.application import donnables
from rxror.services.conservation import suppression_prevue
from rxror.services.corrections import CorrectionProposee
from rxror.services.exigences_vues import ExigencesOffre
from rxror.services.nomenclatures import catalogue
from rxror.services.reouverture import Constat, constat, gestes_de
from rxror.services.version_modele import Evolution, evolution
from rxror.tables import Brouillon, Utilisateur
from rxror.tri import en_ordre


class SectionLue(TypedDict):
    """One section of a page.

    `brouillon` tells when and by whom it was saved, or is empty; `modifier` is the address of its form; `vides` names
    the fields without a value; `change` when a fact differs from what is published; `gestes` what else one may do.
    """

    cle: str
    titre: str
    modifier: str
    repliee: bool
    origine: str
    brouillon: str
    faits: list[Fait]
    vides: str
    change: bool
    gestes: list[parcours.Maillon]


class Manque(TypedDict):
    """One thing to look at before validating, with the address of the very field.

    `alerte` names an alert for « Garder » and « Reprendre », empty for what cannot be kept; `garde` says who keeps it.
    """

    texte: str
    url: str
    poids: str
    bloque: bool
    alerte: str
    garde: str


class LieuLu(TypedDict):
    """One lieu of an offer."""

    nom: str
    detail: str
    adresse: str
    url: str
    sert: str
    etat: str
    sorte: str


class OffreServie(TypedDict):
    """One offer that a lieu serves."""

    nom: str
    url: str


@dataclass
class Fiche:
    """What a page of reading shows. `sorte` is the dial of the state, `quand` what stands beside it."""

    nom: str
    surtitre: str
    chemin: list[parcours.Maillon]
    etat: str
    sorte: str
    quand: str
    sections: list[SectionLue]
    modifiable: bool
    etablissement: str
    avec_uf: bool
    demonstration: bool
    brouillon: str = ""
    manques: list[Manque] = field(default_factory=list)
    informations: list[Manque] = field(default_factory=list)
    gardees: int = 0
    lieux: list[LieuLu] = field(default_factory=list)
    sert: list[OffreServie] = field(default_factory=list)
    url_suite: str = ""
    evolution: Evolution | None = None
    exigences: ExigencesOffre = field(default_factory=ExigencesOffre)
    corrections: list[CorrectionProposee] = field(default_factory=list)
    fermeture: Constat = field(default_factory=Constat)
    url_dupliquer: str = ""
    url_separer: str = ""


def lire_offre(session: Session, acteur: Acteur, cible: Cible) -> Fiche:
    """The page of an offer.

    Raises:
        AccesRefuse: no right to read the offer.
    """
    ouvert = dossier.ouvrir(session, acteur, cible, Geste.LIRE)
    offre, eg = ouvert.principale, ouvert.etablissement
    ascendants = hierarchie.ancetres(session, offre.objet.organisation_interne_id)
    auteurs = _auteurs(session, offre.brouillons.values())
    rattachement = ascendants[-1].nom_oi if ascendants else nom_de(eg)
    modifiable = ouvert.acces.permet(Geste.MODIFIER)
    references = {"rattachement": rattachement, "modele_saisie": nom_du_modele(session, offre.objet)}
    zone = communes.lire_territoire(session, communes.zones(offre.valeurs, offre.publiees))
    lecteur = Lecteur(ouvert.catalogue, offre.contexte, references, territoire=zone)
    etat, depuis_quand = etat_de(offre.objet, aujourd_hui())
    fermeture = constat(session, offre.objet)
    nationales = exigences.de_l_offre(session, ouvert)
    anomalies = gardes.annoter(session, ouvert.anomalies(), cible.cle)
    return Fiche(
        nom=nom_de(offre.objet, offre.valeurs),
        surtitre=f"Offre {_de(rattachement)}",
        chemin=parcours.chemin_de(*hierarchie.places(eg, ascendants), (nom_de(offre.objet), "")),
        etat=etat.mot,
        sorte=etat.sorte,
        quand=depuis_quand,
        sections=_a_confier(
            ouvert.acces,
            offre,
            _a_annuler(
                session,
                acteur,
                offre,
                _a_appliquer(
                    offre,
                    avec_la_fermeture(_sections(offre, lecteur, auteurs, modifiable), ouvert.acces, cible, fermeture),
                ),
            ),
        ),
        modifiable=modifiable,
        etablissement=nom_de(eg),
        avec_uf=eg.sanitaire,
        demonstration=offre.objet.demonstration,
        brouillon=_derniere_sauvegarde(ouvert),
        manques=[manque(a, cible, lien=modifiable) for a in anomalies if a.a_regarder],
        informations=[manque(a, cible, lien=modifiable) for a in anomalies if a.severite is Severite.INFORMATION],
        gardees=sum(bool(a.garde) for a in anomalies),
        lieux=[_lieu(ouvert, piece) for piece in ouvert.lieux.values()],
        evolution=evolution(session, offre.objet, offre.contexte, ouvert.catalogue) if modifiable else None,
        exigences=nationales,
        corrections=corrections.proposees(ouvert, nationales.remedes),
        fermeture=fermeture,
        url_dupliquer=parcours.url_dupliquer(cible.identifiant) if ouvert.acces.permet(Geste.CREER_OFFRE) else "",
    )


def lire_lieu(session: Session, acteur: Acteur, cible: Cible, depuis: str = "") -> Fiche:
    """The page of a lieu, with the offers it serves.

    Args:
        depuis: identifier of the offer one comes from, as the address gives it, to go back there.

    Raises:
        AccesRefuse: no right to read the lieu.
    """
    acces = exiger(session, acteur, cible, Geste.LIRE)
    eg, lieu = acces.etablissement, acces.objet
    publiees = contenu.lire(session, LieuRealisationOffre, [lieu])[lieu.id]
    siens = brouillons.charger(session, [cible.cle])[cible.cle]
    valeurs = brouillons.superposer(publiees, siens.values())
    contexte = brouillons.contexte(valeurs, eg, modeles.de(session, lieu))
    piece = dossier.Piece(lieu, cible.cle, publiees, siens, contexte)
    cat = catalogue(session)
    noms = communes.nommer(session, [str(v.get("commune_cog") or "") for v in (piece.valeurs, publiees)])
    etat, depuis_quand = etat_de(lieu, aujourd_hui())
    modifiable = acces.permet(Geste.MODIFIER)
    nom = str(piece.valeurs.get("nom") or lieu.identifiant)
    offres = _offres_du_lieu(session, lieu)
    lues = _sections(piece, Lecteur(cat, contexte, {}, noms), _auteurs(session, siens.values()), modifiable, depuis)
    fonction = cat.libelle("J198", str(piece.valeurs.get("fonction_lieu") or ""))
    return Fiche(
        nom=nom,
        surtitre=f"Lieu {_de(nom_de(eg))}" + (f", {fonction}" if fonction else ""),
        chemin=parcours.chemin_de(*hierarchie.places(eg, []), (nom, "")),
        etat=etat.mot,
        sorte=etat.sorte,
        quand=depuis_quand,
        sections=_a_confier(acces, piece, _a_annuler(session, acteur, piece, lues)),
        modifiable=modifiable,
        etablissement=nom_de(eg),
        avec_uf=eg.sanitaire,
        demonstration=lieu.demonstration,
        brouillon=f"Enregistré {quand(max(b.modifie for b in siens.values()))}, à valider." if siens else "",
        sert=offres,
        url_suite=_suite(offres, depuis),
        url_separer=parcours.url_separer(lieu.identifiant) if len(offres) > 1 and acces.permet(Geste.VALIDER) else "",
        evolution=evolution(session, lieu, contexte, cat) if modifiable else None,
    )


@dataclass
class SectionsLues:
    """What the page of a structure or of an établissement shows below its offers."""

    sections: list[SectionLue]
    brouillon: str
    manques: list[Manque]
    url_valider: str
    fermeture: Constat = field(default_factory=Constat)


def lire_sections(session: Session, acteur: Acteur, cible: Cible) -> SectionsLues:
    """The sections of a structure or of an établissement, but what FINESS says, which has its own place.

    Raises:
        AccesRefuse: no right to read the object.
    """
    ouvert = dossier.ouvrir(session, acteur, cible, Geste.LIRE)
    piece = ouvert.principale
    modifiable = ouvert.acces.permet(Geste.MODIFIER)
    references = {"rattachement": (hierarchie.chemin(session, ouvert.acces) or [("", "")])[-1][0]}
    noms = communes.nommer(session, [str(piece.valeurs.get("commune_cog") or "")])
    lecteur = Lecteur(ouvert.catalogue, piece.contexte, references, noms)
    lues = _sections(piece, lecteur, _auteurs(session, piece.brouillons.values()), modifiable)
    lues = _a_confier(ouvert.acces, piece, _a_annuler(session, acteur, piece, lues))
    venues = {s.cle for s in sections_de(piece.classe) if s.origine == FINESS}
    fermeture = constat(session, piece.objet) if isinstance(piece.objet, OrganisationInterne) else Constat()
    return SectionsLues(
        sections=avec_la_fermeture([s for s in lues if s["cle"] not in venues], ouvert.acces, cible, fermeture),
        brouillon=_derniere_sauvegarde(ouvert),
        manques=[
            _sur_la_page(manque(a, cible, lien=modifiable), cible)
            for a in gardes.annoter(session, ouvert.anomalies(), cible.cle)
            if a.a_regarder
        ],
        url_valider=parcours.url_validation(cible.genre, cible.identifiant) if modifiable else "",
        fermeture=fermeture,
    )


@dataclass
class Confirmation:
    """An object's last validation; `quand` is None when there was none."""

    nom: str
    quand: datetime | None
    par: str
    chemin: list[parcours.Maillon]
    avec_uf: bool


def lire_confirmation(session: Session, acteur: Acteur, cible: Cible) -> Confirmation:
    """When and by whom an object was validated.

    Raises:
        AccesRefuse: no right to read the object.
    """
    acces = exiger(session, acteur, cible, Geste.LIRE)
    objet = acces.objet
    chemin = parcours.chemin_de(*hierarchie.chemin(session, acces), (nom_de(objet), ""))
    return Confirmation(nom_de(objet), objet.date_validation, objet.validateur, chemin, acces.etablissement.sanitaire)


def nom_du_modele(session: Session, objet: Any) -> str:
    """The modèle de saisie of an object, as it is read."""
    modele = modeles.de(session, objet)
    if modele:
        return fr(f"{modele.reference} « {modele.titre} »")
    if objet.modele_saisie:
        return fr(f"{objet.modele_saisie}, que rxror ne connaît pas : formulaire général")
    return "Formulaire général"


def _de(nom: str) -> str:
    """« de l’UF Gynécologie », « du Pôle Médecine », « de l’EHPAD LA RENAUDIE », « de CH ALBI »."""
    premier = nom.partition(" ")[0]
    voyelle = "de l’" if nom[:1] in "AEIOUÉÈ" else "de "
    return {"Pôle": "du ", "Service": "du "}.get(premier, voyelle) + nom


POIDS_DITS = {
    Severite.BLOQUANTE: "Bloque la validation",
    Severite.ALERTE: "À corriger, ne bloque pas",
    Severite.INFORMATION: "Pour information",
}


def manque(anomalie: Anomalie, cible: Cible, *, lien: bool = True) -> Manque:
    """An anomaly as a link to the very field, in the form that corrects it; without address for who may only read."""
    genre, _, identifiant = (anomalie.objet or cible.cle).partition(":")
    depuis = cible.identifiant if anomalie.objet else ""
    url = _ou_corriger(genre, identifiant, anomalie.section, depuis)
    ou = fr(f"Lieu {anomalie.nom_objet} : ") if anomalie.nom_objet else ""
    poids = POIDS_DITS[anomalie.severite]
    if est_de_rxror(anomalie.regle):
        poids += f" ({DE_RXROR})"
    return Manque(
        texte=ou + anomalie.texte,
        url=f"{url}#{quote(anomalie.chemin)}" if lien else "",
        poids=poids,
        bloque=anomalie.bloque,
        alerte=gardes.nom_de(anomalie, cible.cle) if anomalie.gardable else "",
        garde=anomalie.garde,
    )


def _sur_la_page(point: Manque, cible: Cible) -> Manque:
    """The same, whose link stays on the page of the object when it leads there."""
    ici = parcours.url_objet(cible.genre, cible.identifiant) + "#"
    point["url"] = point["url"].replace(ici, "#", 1)
    return point


def _ou_corriger(genre: str, identifiant: str, section: str, depuis: str) -> str:
    """The form of a section; the page of the object, when nothing of that section is typed here."""
    declaree = section_de(OBJETS[genre], section)
    if declaree and not declaree.modifiable:
        return parcours.url_objet(genre, identifiant, depuis)
    return parcours.url_section(genre, identifiant, section, depuis)


def lire_manques(session: Session, acteur: Acteur, cible: Cible, section: str = "") -> list[Manque]:
    """What is to look at before an object is validated, as it is kept now.

    Args:
        section: the open one; its points lead to their field on the page itself.

    Raises:
        AccesRefuse: no right to read the object.
    """
    ouvert = dossier.ouvrir(session, acteur, cible, Geste.LIRE)
    points = [(manque(a, cible), a) for a in gardes.annoter(session, ouvert.anomalies(), cible.cle) if a.a_regarder]
    ici = parcours.url_section(cible.genre, cible.identifiant, section)
    return [Manque(**{**m, "url": m["url"].removeprefix(ici) if not a.objet else m["url"]}) for m, a in points]


def _sections(
    piece: dossier.Piece, lecteur: Lecteur, auteurs: dict[int, str], modifiable: bool, depuis: str = ""
) -> list[SectionLue]:
    return [
        _section(
            piece,
            section,
            lecteur.faits(piece.classe, section.cle, piece.valeurs, piece.publiees),
            auteurs,
            _url_du_formulaire(piece, section, depuis) if modifiable else "",
        )
        for section in sections_de(piece.classe)
        if est_visible(section, piece.contexte)
    ]


def avec_la_fermeture(sections: list[SectionLue], acces: Acces, cible: Cible, fermeture: Constat) -> list[SectionLue]:
    """The section « Ouverture et fermeture » says how the object stands, why, and what one may do."""
    for section in sections:
        if section["cle"] == "fermeture":
            etat = _dit("etat", "État", fermeture.phrase or "En activité, aucune fermeture prévue")
            motif = [_dit("motif", "Motif", fermeture.motif, f"Dit par {fermeture.par}")] if fermeture.motif else []
            section["faits"] = [etat, *section["faits"], *motif]
            section["vides"] = ""
            section["gestes"] = gestes_de(acces, cible, fermeture)
    return sections


def _dit(champ: str, label: str, texte: str, origine: str = "") -> Fait:
    lignes = [une_ligne(texte, origine)]
    return Fait(champ=champ, label=label, lignes=lignes, note="", modifie=False, avant="")


def _a_appliquer(offre: dossier.Piece, sections: list[SectionLue]) -> list[SectionLue]:
    """The sections one may edit, with the way to give their values, if any, to the offers around."""
    for lue in sections:
        remplie = any(fait["lignes"] for fait in lue["faits"])
        if lue["modifier"] and remplie and donnables(lue["cle"]):
            url = parcours.url_appliquer(offre.objet.identifiant_offre, lue["cle"])
            lue["gestes"] = [*lue["gestes"], parcours.Maillon(nom="Appliquer à d’autres offres…", url=url)]
    return sections


def _a_annuler(session: Session, acteur: Acteur, piece: dossier.Piece, sections: list[SectionLue]) -> list[SectionLue]:
    """The sections that this person saved last, with the way to undo it."""
    siennes = annulables(session, acteur, piece.cle, piece.brouillons)
    genre, _, identifiant = piece.cle.partition(":")
    for lue in sections:
        if lue["modifier"] and lue["cle"] in siennes:
            url = parcours.url_annuler(genre, identifiant, lue["cle"])
            lue["gestes"] = [parcours.Maillon(nom="Annuler mon dernier enregistrement", url=url), *lue["gestes"]]
    return sections


def _a_confier(acces: Acces, piece: dossier.Piece, sections: list[SectionLue]) -> list[SectionLue]:
    """The sections of which a piece may be given to somebody who has no account."""
    genre, _, identifiant = piece.cle.partition(":")
    for lue in sections if acces.permet(Geste.CONFIER) else []:
        if lue["modifier"] and confiables(piece.classe, lue["cle"]):
            url = parcours.url_confier(genre, identifiant, lue["cle"])
            lue["gestes"] = [*lue["gestes"], parcours.Maillon(nom="Confier à quelqu’un…", url=url)]
    return sections


def _section(
    piece: dossier.Piece, section: Section, faits: list[Fait], auteurs: dict[int, str], formulaire: str
) -> SectionLue:
    vides = [f["label"] for f in faits if not f["lignes"] and not f["modifie"]]
    return SectionLue(
        cle=section.cle,
        titre=section.titre,
        modifier=formulaire if section.modifiable else "",
        repliee=section.repliee,
        origine=section.origine,
        brouillon=_note(piece.brouillons.get(section.cle), auteurs),
        faits=[f for f in faits if f["lignes"] or f["modifie"]],
        vides=", ".join(vides),
        change=any(f["modifie"] for f in faits),
        gestes=[],
    )


def _url_du_formulaire(piece: dossier.Piece, section: Section, depuis: str) -> str:
    genre, _, identifiant = piece.cle.partition(":")
    return parcours.url_section(genre, identifiant, section.cle, depuis)


def _note(brouillon: Brouillon | None, auteurs: dict[int, str]) -> str:
    if brouillon is None:
        return ""
    par = auteurs.get(brouillon.utilisateur_id, "")
    return (
        f"Enregistré le {date_longue(brouillon.modifie)} à {heure(brouillon.modifie)}"
        + (f" par {par}" if par else "")
        + ", à valider"
        + _preavis(brouillon)
    )


def _preavis(brouillon: Brouillon) -> str:
    """When it goes, for want of any change in months."""
    jour = suppression_prevue(brouillon)
    return f". Laissé sans changement, ce brouillon sera supprimé le {date_longue(jour)}" if jour else ""


def _auteurs(session: Session, siens: Any) -> dict[int, str]:
    ids = {b.utilisateur_id for b in siens}
    if not ids:
        return {}
    return {u.id or 0: u.nom_complet for u in session.exec(select(Utilisateur).where(col(Utilisateur.id).in_(ids)))}


def _derniere_sauvegarde(ouvert: dossier.Dossier) -> str:
    instants = [b.modifie for p in ouvert.pieces for b in p.brouillons.values()]
    return f"Enregistré {quand(max(instants))}, à valider." if instants else ""


def _lieu(ouvert: dossier.Dossier, piece: dossier.Piece) -> LieuLu:
    valeurs, n = piece.valeurs, ouvert.usages.get(piece.objet.identifiant, 0)
    fonction = ouvert.catalogue.libelle("J198", valeurs.get("fonction_lieu") or "")
    etat = BROUILLON if piece.brouillons else etat_de(piece.objet, aujourd_hui())[0]
    return LieuLu(
        nom=valeurs.get("nom") or piece.objet.identifiant,
        detail=", ".join(t for t in (fonction, _capacite(valeurs)) if t),
        adresse=adresse_en_ligne(valeurs) if adresse_exploitable(valeurs) else "Adresse à compléter",
        url=parcours.url_lieu(piece.objet.identifiant, ouvert.cible.identifiant),
        sert=f"sert {n} offres" if n > 1 else "sert 1 offre" if n else "",
        etat=etat.mot,
        sorte=etat.sorte,
    )


def _capacite(valeurs: Any) -> str:
    morceaux: list[str] = []
    for nature, mot, accord in ((LIT, "lit", ""), (PLACE, "place", "e")):
        for statut, verbe in ((INSTALLE, "installé"), (FERME, "fermé")):
            n = sum(
                e.get("nombre_capacite") or 0
                for e in valeurs.get("capacite_accueil_operationnelle") or []
                if e.get("nature_capacite") == nature and e.get("statut_capacite") == statut
            )
            if n:
                s = "s" if n > 1 else ""
                morceaux.append(f"{n} {mot}{s} {verbe}{accord}{s}")
    return ", ".join(morceaux)


def _suite(offres: list[OffreServie], depuis: str) -> str:
    if depuis:
        return parcours.url_offre(depuis)
    return offres[0]["url"] if offres else ""


def _offres_du_lieu(session: Session, lieu: LieuRealisationOffre) -> list[OffreServie]:
    requete = (
        select(OffreOperationnelle.nom_offre, OffreOperationnelle.identifiant_offre)
        .join(OffreLieu, col(OffreLieu.offre_operationnelle_id) == OffreOperationnelle.id)
        .where(OffreLieu.lieu_realisation_offre_id == lieu.id)
        .order_by(en_ordre(OffreOperationnelle.nom_offre), col(OffreOperationnelle.id))
    )
    return [OffreServie(nom=nom, url=parcours.url_offre(i)) for nom, i in session.exec(requete)]
