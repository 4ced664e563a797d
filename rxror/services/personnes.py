"""« Personnes et droits »: who has which right, from where, until when; and what one may do about it."""

from collections.abc import Iterable, Sequence
from typing import Any

from sqlalchemy import func, literal, union_all
from sqlmodel import Session, col, select

from rxror.ror.dates import aujourd_hui, date_longue
from rxror.ror.erreurs import AccesRefuse
from rxror.ror.objets import OBJETS, EntiteGeographique, OrganisationInterne
from rxror.ror.objets.organisation_interne import POLE, SERVICE
from rxror.ror.parcours import ETABLISSEMENTS, chemin_de, url_etablissement, url_personne, url_personnes
from rxror.ror.reperes import nom_de
from rxror.ror.typographie import fr
from rxror.services import etendues, referents
from rxror.services.acces import IDENTIFIANTS, Acteur, Cible, Geste, exiger
from rxror.services.demande import en_nombre
from rxror.services.droits import NOMS_DES_ROLES, PORTEES
from rxror.services.droits_ici import connexions, connues, droits_ici, transferables
from rxror.services.habilitations import AU_PLUS_LOIN, en_cours, vu_de
from rxror.services.personnes_vues import Choix, DroitMontre, PersonneMontree, VuePersonne, VuePersonnes
from rxror.services.pouvoirs import Pouvoir, pouvoir
from rxror.services.reglages import validation_separee
from rxror.tables import (
    Brouillon,
    Differend,
    Habilitation,
    Portee,
    Role,
    Utilisateur,
    ValidationDemandee,
)
from rxror.tri import cle_de_tri

PAR_PAGE = 50
AU_PLUS = 100
ORDRE = (Role.REFERENT, Role.RESPONSABLE_OFFRE, Role.LECTEUR, Role.REFERENT_REGIONAL, Role.RESPONSABLE_QUALITE)


def lister(session: Session, acteur: Acteur, finess: str, page: int = 1) -> VuePersonnes:
    """Everybody who has a right that reaches an établissement, now or to come.

    Raises:
        AccesRefuse: no right to administer it.
    """
    eg, mien = _ouvrir(session, acteur, finess)
    droits = [d for d in droits_ici(session, eg) if en_cours(d)]
    par_personne: dict[int, list[Habilitation]] = {}
    for droit in droits:
        par_personne.setdefault(droit.utilisateur_id, []).append(droit)
    gens = _gens(session, par_personne)
    rangs = {qui: min(ORDRE.index(d.role) for d in siens) for qui, siens in par_personne.items()}
    ordre = sorted(gens, key=lambda u: (rangs[u.id or 0], cle_de_tri(u.nom), cle_de_tri(u.prenom), u.id))
    pages = max(1, -(-len(ordre) // PAR_PAGE))
    page = min(max(1, page), pages)
    ici = ordre[(page - 1) * PAR_PAGE : page * PAR_PAGE]
    montres = _montrer(session, mien, [d for u in ici for d in par_personne[u.id or 0]])
    vues = connexions(session, [u.id or 0 for u in ici])
    nom, n = nom_de(eg), len(ordre)
    return VuePersonnes(
        finess=finess,
        nom=nom,
        sanitaire=eg.sanitaire,
        chemin=chemin_de(
            ("Mes établissements", ETABLISSEMENTS), (nom, url_etablissement(finess)), ("Personnes et droits", "")
        ),
        resume=f"{n} personne{'s ont' if n > 1 else ' a'} un droit sur cet établissement.",
        page=page,
        pages=pages,
        personnes=[
            PersonneMontree(
                id=str(u.id),
                nom=u.nom_complet,
                connexion=vues.get(u.id or 0, fr("Aucune connexion connue")),
                soi=u.id == acteur.id,
                url=url_personne(finess, str(u.id)),
                change=any(montres[d.id or 0].fin for d in par_personne[u.id or 0]),
                droits=[montres[d.id or 0] for d in par_personne[u.id or 0]],
            )
            for u in ici
        ],
        sans_referent=referents.est_sans_referent(session, eg),
        separee=validation_separee(session, finess),
        roles=_roles(mien),
        connues=_choix_de_personnes(session, mien),
        structures=_structures(session, eg),
    )


def lire(session: Session, acteur: Acteur, finess: str, personne: str) -> VuePersonne:
    """One person who has, or had, a right on an établissement.

    Raises:
        AccesRefuse: no right to administer it, or that person has nothing to do with it.
    """
    eg, mien = _ouvrir(session, acteur, finess)
    numero = en_nombre(personne)
    droits = droits_ici(session, eg, numero)
    if not droits:
        raise AccesRefuse(f"personne:{personne[:20]}")
    qui = session.get_one(Utilisateur, numero)
    montres = _montrer(session, mien, droits)
    actuels = [d for d in droits if en_cours(d)]
    part = transferables(session, mien, numero) if actuels else []
    nom, ou = qui.nom_complet, nom_de(eg)
    return VuePersonne(
        id=str(numero),
        finess=finess,
        nom=nom,
        etablissement=ou,
        sanitaire=eg.sanitaire,
        chemin=chemin_de(
            ("Mes établissements", ETABLISSEMENTS),
            (ou, url_etablissement(finess)),
            ("Personnes et droits", url_personnes(finess)),
            (nom, ""),
        ),
        connexion=connexions(session, [numero]).get(numero, fr("Aucune connexion connue")),
        soi=numero == acteur.id,
        droits=[montres[d.id or 0] for d in sorted(droits, key=lambda d: (not en_cours(d), ORDRE.index(d.role), d.id))],
        roles=_roles(mien),
        structures=_structures(session, eg),
        connues=[c for c in _choix_de_personnes(session, mien) if c.cle != str(numero)],
        passent=[_phrase(montres[d.id or 0]) for d in part if d.suppleance_de is None],
        restent=[_phrase(montres[d.id or 0]) for d in actuels if d not in part],
        attend=_ce_qui_attend(session, eg, numero) if part else [],
        vu=vu_de(*part),
        aujourd_hui=aujourd_hui().isoformat(),
    )


# ------------------------------------------------------------------------------ inside


def _ouvrir(session: Session, acteur: Acteur, finess: str) -> tuple[EntiteGeographique, Pouvoir]:
    acces = exiger(session, acteur, Cible(EntiteGeographique.GENRE, finess), Geste.ADMINISTRER)
    return acces.objet, pouvoir(session, acteur, acces)


def _gens(session: Session, ids: Iterable[int]) -> list[Utilisateur]:
    return list(session.exec(select(Utilisateur).where(col(Utilisateur.id).in_(list(ids)))))


def _montrer(session: Session, mien: Pouvoir, droits: Sequence[Habilitation]) -> dict[int, DroitMontre]:
    """Rights in words, {id: right}; a number of queries that does not grow with them."""
    mien.situer(session, [d.code for d in droits if d.portee is Portee.STRUCTURE])
    noms = etendues.noms(session, ((d.portee, d.code) for d in droits))
    origines = {d.suppleance_de for d in droits if d.suppleance_de}
    parents = {h.id: h for h in session.exec(select(Habilitation).where(col(Habilitation.id).in_(origines)))}
    cites = {d.accordee_par for d in droits} | {h.utilisateur_id for h in parents.values()}
    gens = {u.id: u.nom_complet for u in _gens(session, [c for c in cites if c])}
    return {d.id or 0: _un_droit(session, mien, d, noms[d.portee, d.code], parents, gens) for d in droits}


def _un_droit(
    session: Session, mien: Pouvoir, d: Habilitation, ou: str, parents: dict[Any, Habilitation], gens: dict[Any, str]
) -> DroitMontre:
    soi, vivant = d.utilisateur_id == mien.acteur.id, en_cours(d)
    gouverne = vivant and mien.gouverne(session, d)
    parent = parents.get(d.suppleance_de)
    ici = d.portee in (Portee.STRUCTURE, Portee.ETABLISSEMENT)
    commence = d.debut is None or d.debut <= aujourd_hui()
    limites = [x for x in (aujourd_hui() + AU_PLUS_LOIN, parent.fin if parent else d.fin) if x]
    return DroitMontre(
        id=str(d.id),
        role=NOMS_DES_ROLES[d.role],
        ou=_ici(d.portee, ou),
        vient="" if ici else _vient(d.portee),
        dates=_dates(d),
        par=fr(f"Donné par {gens[d.accordee_par]}") if d.accordee_par in gens else "",
        suppleance=fr(f"Suppléance de {gens.get(parent.utilisateur_id, '?')}") if parent else "",
        termine=not vivant,
        fin=vivant and (soi or gouverne),
        change=gouverne and d.suppleance_de is None and ici,
        delegue=soi and vivant and commence and d.suppleance_de is None and d.role in ORDRE,
        jusqu_au=d.fin.isoformat() if d.fin else "",
        au_plus=min(limites).isoformat() if limites else "",
        vu=vu_de(d),
    )


def _ici(portee: Portee, nom: str) -> str:
    """What a right covers, for a page that says of which établissement it is."""
    if portee is Portee.STRUCTURE:
        return nom.rpartition(", ")[0] or nom
    return "tout l’établissement" if portee is Portee.ETABLISSEMENT else nom


def _vient(portee: Portee) -> str:
    return {
        Portee.ENTITE_JURIDIQUE: "Par l’entité juridique",
        Portee.DEPARTEMENT: "Par le département",
        Portee.REGION: "Par la région",
    }[portee]


def _dates(d: Habilitation) -> str:
    if not en_cours(d):
        jour = d.fin if d.debut is None or (d.fin and d.fin >= d.debut) else None
        return fr(f"Terminé le {date_longue(jour)}" if jour else "Terminé")
    debut = f"À partir du {date_longue(d.debut)}" if d.debut and d.debut > aujourd_hui() else ""
    depuis = f"Depuis le {date_longue(d.debut)}" if d.debut and not debut else ""
    fin = f"jusqu’au {date_longue(d.fin)}" if d.fin else "sans date de fin"
    texte = ", ".join(t for t in (debut or depuis, fin) if t)
    return fr(texte[0].upper() + texte[1:])


def _phrase(droit: DroitMontre) -> str:
    return fr(f"{droit.role}, {droit.ou}. {droit.dates}.")


def _roles(mien: Pouvoir) -> list[Choix]:
    return [Choix(role.value, NOMS_DES_ROLES[role]) for role in mien.roles() if Portee.ETABLISSEMENT in PORTEES[role]]


def _choix_de_personnes(session: Session, mien: Pouvoir) -> list[Choix]:
    """People who may be given a right, by name, a hundred at most; neither oneself nor those one stands for."""
    ids = connues(session, mien.etablissement) - {mien.acteur.id} - mien.delegants
    gens = sorted(_gens(session, ids), key=lambda u: (cle_de_tri(u.nom), cle_de_tri(u.prenom), u.id))
    return [Choix(str(u.id), u.nom_complet) for u in gens[:AU_PLUS]]


def _ce_qui_attend(session: Session, eg: EntiteGeographique, personne: int) -> list[str]:
    """What somebody leaves open here: it stays where it is, whoever has the rights."""
    cles: Any = union_all(
        *(
            select(literal(f"{genre}:").concat(IDENTIFIANTS[genre])).where(
                (classe.id if classe is EntiteGeographique else classe.entite_geographique_id) == eg.id  # type: ignore[attr-defined]
            )
            for genre, classe in OBJETS.items()
            if genre in IDENTIFIANTS
        )
    )
    comptes = [
        session.exec(select(func.count()).where(table.utilisateur_id == personne, col(table.objet).in_(cles))).one()
        for table in (Brouillon, Differend, ValidationDemandee)
    ]
    mots = (
        ("brouillon ouvert", "brouillons ouverts"),
        ("réponse à choisir", "réponses à choisir"),
        ("demande de validation en attente", "demandes de validation en attente"),
    )
    return [
        f"{n} {pluriel if n > 1 else singulier}" for n, (singulier, pluriel) in zip(comptes, mots, strict=True) if n
    ]


def _structures(session: Session, eg: EntiteGeographique) -> list[Choix]:
    """The pôles, services and UF of an établissement, in the order of the tree, a thousand at most."""
    oi: Any = OrganisationInterne
    lues = session.exec(select(oi).where(oi.entite_geographique_id == eg.id).order_by(oi.id).limit(1000)).all()
    dessous: dict[Any, list[Any]] = {}
    for structure in sorted(lues, key=lambda o: (cle_de_tri(nom_de(o)), o.id)):
        dessous.setdefault(structure.parent_id, []).append(structure)

    def descendre(parent: Any, marge: str) -> list[Choix]:
        trouves = []
        for o in dessous.get(parent, []):
            trouves.append(Choix(o.identifiant_oi, marge + nom_de(o)))
            trouves += descendre(o.id, f"{marge}– ") if o.type_oi in (POLE, SERVICE) else []
        return trouves

    return descendre(None, "")
