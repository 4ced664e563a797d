"""What the page « Dupliquer » shows: where the copy may hang, what it takes, what it leaves and why."""

from dataclasses import dataclass
from typing import Any

from sqlalchemy import or_
from sqlmodel import Session, col, select

from rxror.ror import parcours
from rxror.ror.champs import champs_de, groupes_de, section_de
from rxror.ror.dates import aujourd_hui
from rxror.ror.erreurs import AccesRefuse
from rxror.ror.fermeture import ferme_ou_le_sera
from rxror.ror.nomenclatures import Code
from rxror.ror.objets import EntiteGeographique, OffreOperationnelle, OrganisationInterne
from rxror.ror.objets.entite_geographique import SANITAIRES
from rxror.ror.objets.organisation_interne import UF
from rxror.ror.reperes import cle_de, nom_de
from rxror.ror.saisie import Valeurs
from rxror.ror.typographie import fr
from rxror.services import brouillons, contenu, hierarchie, lieux
from rxror.services.acces import Acces, Acteur, Geste, permis
from rxror.services.copie import CHAMPS_GELES, lire_source, nom_propose, reprendre
from rxror.services.creation import CHAMPS_OFFRE, champs_permis, maillons, parent_d_offre
from rxror.services.nomenclatures import catalogue
from rxror.tri import en_ordre

AU_PLUS = 100


@dataclass
class EcranDeCopie:
    """The page « Dupliquer »."""

    nom: str
    retour: str
    chemin: list[parcours.Maillon]
    options: dict[str, list[Code]]
    valeurs: dict[str, str]
    avec_uf: bool
    repris: list[str]
    laisses: list[str]


def ouvrir_copie(session: Session, acteur: Acteur, identifiant: str) -> EcranDeCopie:
    """The page that duplicates an offer.

    Raises:
        AccesRefuse: no right to read the offer, or nowhere to hang its copy.
    """
    acces, publiees = lire_source(session, acteur, identifiant)
    offre, eg, cat = acces.objet, acces.etablissement, catalogue(session)
    ou = _destinations(session, acteur, acces)
    if not ou:
        raise AccesRefuse(f"{offre.GENRE}:{identifiant}")
    ici = cle_de(_parent(session, acces))
    lien = (offre.nom_offre, parcours.url_offre(offre.identifiant_offre))
    champs = champs_permis(Acces(_parent(session, acces), eg, acces.gestes))
    return EcranDeCopie(
        *lien,
        chemin=maillons([*hierarchie.chemin(session, acces), lien]),
        options={
            "vers": ou,
            "champ_activite": cat.choix("J20", champs),
            "mode_prise_en_charge": cat.choix("J19", gardes=[offre.mode_prise_en_charge]),
        },
        valeurs={
            **{n: str(publiees.get(n) or "") for n in CHAMPS_OFFRE},
            "nom_offre": nom_propose(offre.nom_offre),
            "vers": ici if any(c.cle == ici for c in ou) else ou[0].cle,
        },
        avec_uf=eg.sanitaire,
        repris=_repris(session, acces, publiees),
        laisses=_laisses(session, acces, publiees),
    )


def changements_de_contexte(
    session: Session, acteur: Acteur, identifiant: str, genre: str, parent: str, reponses: dict[str, str]
) -> list[str]:
    """What the copy will not take because of where it hangs or of its frozen answers, in sentences.

    Raises:
        AccesRefuse: no right to read the offer, or to create under that parent.
    """
    source, publiees = lire_source(session, acteur, identifiant)
    acces = parent_d_offre(session, acteur, genre, parent)
    labels = [
        champs_de(OffreOperationnelle)[n].label for n in CHAMPS_GELES if reponses.get(n, publiees[n]) != publiees[n]
    ]
    verbe = "changent" if len(labels) > 1 else "change"
    dites = (
        [fr(f"{' et '.join(labels)} {verbe} : relisez toute la copie, elle décrivait autre chose.")] if labels else []
    )
    neuves = {n: reponses.get(n) or publiees.get(n) for n in CHAMPS_GELES}
    perdus = reprendre(publiees, neuves, source, acces.etablissement, avec_contacts=False).perdus
    if perdus:
        dites.append(fr(f"Sans objet dans la nouvelle offre, donc non repris : {', '.join(perdus)}."))
    if source.etablissement.id != acces.etablissement.id and publiees.get(contenu.LIEUX):
        dites.append(fr("Les lieux sont ceux d’un autre établissement : ils ne sont pas repris."))
    return [fr(phrase) for phrase in dites]


def _parent(session: Session, acces: Acces) -> EntiteGeographique | OrganisationInterne:
    oi = acces.objet.organisation_interne_id
    return session.get_one(OrganisationInterne, oi) if oi else acces.etablissement


def _destinations(session: Session, acteur: Acteur, acces: Acces) -> list[Code]:
    """UF, or établissements, under which I may create and where the champ d'activité has its place; mine first."""
    ici, champ, jour = acces.etablissement, acces.objet.champ_activite, aujourd_hui()
    eg, oi = EntiteGeographique, OrganisationInterne
    ordre = (col(eg.id) != ici.id, en_ordre(eg.denomination_eg), col(eg.id))
    if ici.sanitaire:
        requete = select(oi, eg).join(eg, col(eg.id) == oi.entite_geographique_id)
        requete = requete.where(oi.type_oi == UF, col(eg.categorie_eg).in_(SANITAIRES))
        requete = requete.where(permis(acteur, Geste.CREER_OFFRE, oi, jour))
        trouves: list[Any] = list(
            session.exec(requete.order_by(*ordre, en_ordre(oi.nom_oi), col(oi.id)).limit(AU_PLUS))
        )
    else:
        autres = select(eg).where(
            permis(acteur, Geste.CREER_OFFRE, eg, jour),
            or_(col(eg.categorie_eg).is_(None), col(eg.categorie_eg).not_in(SANITAIRES)),
        )
        trouves = [(e, e) for e in session.exec(autres.order_by(*ordre).limit(AU_PLUS))]
    return [
        Code(cle_de(objet), _libelle(objet, e))
        for objet, e in trouves
        if not ferme_ou_le_sera(objet, jour) and (not champ or champ in champs_permis(Acces(objet, e, acces.gestes)))
    ]


def _libelle(objet: EntiteGeographique | OrganisationInterne, eg: EntiteGeographique) -> str:
    nom = nom_de(eg)
    return f"{objet.nom_oi} ({nom})" if isinstance(objet, OrganisationInterne) else nom


def _repris(session: Session, acces: Acces, publiees: Valeurs) -> list[str]:
    """What is copied, section by section; the lieux by name, for they are the same ones."""
    vide: Valeurs = {n: publiees.get(n) for n in CHAMPS_GELES}
    reprise = reprendre(publiees, vide, acces, acces.etablissement, avec_contacts=False)
    titres = [s.titre for c in reprise.valeurs if c != "adresse" and (s := section_de(OffreOperationnelle, c))]
    identifiants = publiees.get(contenu.LIEUX) or []
    if identifiants:
        noms = contenu.noms_des_lieux(session, identifiants)
        usages = {i: n for i, _, _, n in session.execute(lieux.requete(acces.etablissement)) if i in noms}
        titres += [
            fr(f"Le même lieu, « {noms[i]} », qui {lieux.usage(usages.get(i, 0))}") for i in identifiants if i in noms
        ]
    return [fr(t) for t in titres]


def _laisses(session: Session, acces: Acces, publiees: Valeurs) -> list[str]:
    offre = acces.objet
    cle = cle_de(offre)
    phrases = ["Son identifiant, ses dates, sa validation et son historique."]
    siens = brouillons.charger(session, [cle])[cle]
    if siens:
        titres = [s.titre for c in sorted(siens) if (s := section_de(OffreOperationnelle, c))]
        phrases.append(fr(f"Ce qui est enregistré et pas encore validé : {', '.join(titres)}."))
    if offre.date_validation is None:
        phrases.append(fr("Cette offre n’a jamais été validée : il y a peut-être peu à copier."))
    if offre.type_fermeture or offre.date_fermeture:
        phrases.append("Sa fermeture.")
    joindre = [g.label for n, g in groupes_de(OffreOperationnelle).items() if g.joindre and publiees.get(n)]
    if joindre:
        phrases.append(f"{', '.join(joindre)}, sauf si vous le demandez.")
    return [fr(p) for p in phrases]
