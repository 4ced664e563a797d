"""« Annuler mon dernier enregistrement »: one section's brouillon as it was before one's last saves in a row.

Part by part, as in a merge: what somebody else changed since stays as they left it, and is told. Once published, a
save is not undone: one takes the version before back instead.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

from sqlmodel import Session, SQLModel, col, func, or_, select

from rxror.ror import parcours
from rxror.ror.champs import Section, champs_de, groupes_de, section_de
from rxror.ror.dates import heure, moment, quand
from rxror.ror.erreurs import AccesRefuse, Conflit
from rxror.ror.reperes import nom_de
from rxror.ror.saisie import Lecture, Valeurs
from rxror.ror.typographie import fr
from rxror.services import brouillons, contenu, ecarts, hierarchie
from rxror.services.acces import Acces, Acteur, Cible, Geste, exiger
from rxror.services.changements import Changement
from rxror.services.demande import Demande, NomDeSection, Vu
from rxror.services.fusion import base_de, fusionner, marque
from rxror.services.historique import DES_LIENS, PREPARENT, se_suivent
from rxror.services.tracer import deja_fait, tracer
from rxror.services.vu import empreinte
from rxror.tables import Action, Brouillon, Trace

LIGNES_LUES = 500


class Annulation(Demande):
    """One « Annuler mon enregistrement », with its whole context; `vu` is the digest of what the page showed."""

    section: NomDeSection
    vu: Vu
    cle: UUID


@dataclass
class Apercu:
    """What undoing would do. `phrase` says which saves; `laisses`, what others changed since and who."""

    nom: str
    chemin: list[tuple[str, str]]
    retour: str
    avec_uf: bool
    titre: str
    phrase: str = ""
    changements: list[Changement] = field(default_factory=list)
    laisses: list[str] = field(default_factory=list)
    vu: str = ""


@dataclass(frozen=True)
class _Plan:
    """The saves to undo, newest first, and the section before and after."""

    acces: Acces
    section: Section
    cible: Cible
    publiees: Valeurs
    brouillon: Brouillon | None
    miens: Sequence[Trace]
    gardees: Lecture
    apres: Lecture
    conflits: list[str]
    suivantes: Sequence[Trace]

    @property
    def changements(self) -> list[dict[str, Any]]:
        return brouillons.differences(self.gardees.valeurs, self.apres.valeurs)

    @property
    def fait_quelque_chose(self) -> bool:
        return bool(self.changements) or self.apres.illisibles != self.gardees.illisibles

    @property
    def vu(self) -> str:
        tenu = marque(self.brouillon.valeurs, self.brouillon.illisibles) if self.brouillon else ""
        return empreinte([[t.id for t in self.miens], tenu, self.acces.objet.version])


def preparer(session: Session, acteur: Acteur, cible: Cible, section: str) -> Apercu:
    """What undoing one's last save of a section would change. Writes nothing; `phrase` is empty when there is none.

    Raises:
        AccesRefuse: no right to edit the object, or no such section.
    """
    plan = _planifier(session, acteur, cible, section)
    objet = plan.acces.objet
    retour = parcours.url_objet(cible.genre, cible.identifiant)
    vue = Apercu(
        nom=nom_de(objet),
        chemin=hierarchie.jusqu_a(session, plan.acces, cible),
        retour=retour,
        avec_uf=plan.acces.etablissement.sanitaire,
        titre=plan.section.titre,
        vu=plan.vu,
    )
    if plan.miens:
        vue.phrase = _phrase(plan.miens)
        paire = ecarts.paire_de(plan.changements)
        (lus,) = ecarts.relever(session, type(objet), plan.acces.etablissement.categorie_eg, [paire])
        vue.changements = lus + _textes(plan)
        vue.laisses = _laisses(plan)
    return vue


def annuler(session: Session, acteur: Acteur, demande: Annulation) -> None:
    """Put a section's brouillon back as it was before one's last saves in a row; nothing published changes.

    The same `cle` again changes nothing.

    Raises:
        AccesRefuse: no right to edit the object, or no such section.
        SaisieInvalide: `cle` was used by another gesture.
        Conflit: something changed since the page was shown, or there is nothing left to undo; nothing is written.
    """
    plan = _planifier(session, acteur, demande.cible, demande.section)
    attendus = {"objet": demande.cible.cle, "section": demande.section, "action": Action.ANNULATION}
    if deja_fait(session, acteur, demande.cle, **attendus):
        return
    if not plan.miens or not plan.fait_quelque_chose or demande.vu != plan.vu:
        raise Conflit
    maintenant = datetime.now(UTC)
    differents = {n: v for n, v in plan.apres.valeurs.items() if v != plan.publiees.get(n)}
    if differents or plan.apres.illisibles:
        cle, illisibles = demande.cible.cle, plan.apres.illisibles
        section, brouillon = demande.section, plan.brouillon
        brouillons.ecrire(
            session, acteur, cle, section, brouillon, differents, illisibles, plan.changements, maintenant
        )
    elif plan.brouillon:
        brouillons.supprimer(session, [plan.brouillon])
    tracer(
        session,
        acteur,
        Action.ANNULATION,
        plan.acces.etablissement.num_finess,
        demande.cible.cle,
        section=demande.section,
        changements=plan.changements,
        cle=str(demande.cle),
        resultat={"annule": [t.id for t in plan.miens], "laisse": plan.conflits},
    )


# ------------------------------------------------------------------------------ the plan


def _planifier(session: Session, acteur: Acteur, cible: Cible, cle_section: str) -> _Plan:
    acces = exiger(session, acteur, cible, Geste.MODIFIER)
    classe = type(acces.objet)
    section = section_de(classe, cle_section)
    if section is None or not section.modifiable:
        raise AccesRefuse(f"{cible.cle}/{cle_section}")
    publiees = contenu.lire(session, classe, [acces.objet], {cle_section})[acces.objet.id]
    brouillon = brouillons.charger(session, [cible.cle])[cible.cle].get(cle_section)
    noms = [*champs_de(classe, cle_section), *groupes_de(classe, cle_section)]
    valeurs = brouillons.superposer(publiees, [brouillon] if brouillon else [])
    gardees = Lecture({n: valeurs[n] for n in noms if n in valeurs}, dict(brouillon.illisibles) if brouillon else {})
    miens, suivantes = _mes_derniers(_lignes(session, cible, cle_section), acteur)
    apres, conflits = _revenir(classe, cle_section, gardees, miens)
    return _Plan(acces, section, cible, publiees, brouillon, miens, gardees, apres, conflits, suivantes)


def _lignes(session: Session, cible: Cible, section: str) -> Sequence[Trace]:
    """What changed the section since the last version, newest first."""
    requete = select(Trace).where(
        Trace.objet == cible.cle, or_(col(Trace.version_apres).is_not(None), col(Trace.section) == section)
    )
    requete = requete.where(col(Trace.action).not_in(DES_LIENS))
    lignes = session.exec(requete.order_by(col(Trace.id).desc()).limit(LIGNES_LUES)).all()
    for rang, ligne in enumerate(lignes):
        if ligne.version_apres is not None or ligne.action not in PREPARENT:
            return lignes[:rang]
    return lignes


def _mes_derniers(lignes: Sequence[Trace], acteur: Acteur) -> tuple[list[Trace], list[Trace]]:
    """One's last saves in a row, newest first, and what others did to the section since they began."""
    miennes = [t for t in lignes if t.utilisateur_id == acteur.id]
    if not miennes or miennes[0].action is not Action.BROUILLON:
        return [], []
    retenues = [miennes[0]]
    for ligne in miennes[1:]:
        if not se_suivent(retenues[-1], ligne):
            break
        retenues.append(ligne)
    apres = [t for t in lignes if t.utilisateur_id != acteur.id and (t.id or 0) > (retenues[-1].id or 0)]
    vide = any(t.action is Action.ABANDON and (t.id or 0) > (retenues[0].id or 0) for t in apres)
    return ([], []) if vide else (retenues, apres)


def _revenir(
    classe: type[SQLModel], section: str, gardees: Lecture, miens: Sequence[Trace]
) -> tuple[Lecture, list[str]]:
    """The section without these saves, undone one by one, and the champs that somebody changed over them."""
    courant, conflits = gardees, list[str]()
    for trace in miens:
        debut, fin = ecarts.paire_de(trace.changements)
        textes = trace.resultat.get("illisibles") or [{}, {}]
        avant, apres = Lecture(dict(debut), dict(textes[0])), Lecture(dict(fin), dict(textes[1]))
        _avec_les_textes(courant, avant, apres)
        fusion = fusionner(classe, base_de(classe, section, apres), avant, courant)
        conflits += [n for n, _ in fusion.conflits if n not in conflits]
        autres = {c: t for c, t in courant.illisibles.items() if c.partition(".")[0] not in avant.valeurs}
        courant = Lecture(courant.valeurs | fusion.lecture.valeurs, autres | fusion.lecture.illisibles)
    return courant, conflits


def _avec_les_textes(courant: Lecture, avant: Lecture, apres: Lecture) -> None:
    """A champ of which only the text that cannot be read changed has the same value before and after."""
    chemins = {c for c in {*avant.illisibles, *apres.illisibles} if avant.illisibles.get(c) != apres.illisibles.get(c)}
    for nom in {c.partition(".")[0] for c in chemins}:
        if nom not in apres.valeurs and nom in courant.valeurs:
            avant.valeurs[nom] = apres.valeurs[nom] = courant.valeurs[nom]


# ------------------------------------------------------------------------------ what is said


def _phrase(miens: Sequence[Trace]) -> str:
    derniere, premiere = miens[0], miens[-1]
    if len(miens) == 1:
        return f"Votre dernier enregistrement de cette section, {moment(derniere.instant)}, sera annulé."
    return fr(
        f"Vos {len(miens)} derniers enregistrements de cette section, de {heure(premiere.instant)} à "
        f"{heure(derniere.instant)}, se suivent : ils seront annulés ensemble."
    )


def _textes(plan: _Plan) -> list[Changement]:
    """The texts that could not be read, which leave or come back."""
    avant, apres = plan.gardees.illisibles, plan.apres.illisibles
    chemins = [c for c in {**avant, **apres} if avant.get(c) != apres.get(c)]
    return [
        Changement(
            champ=fr("Texte à corriger"),
            ou=plan.section.titre,
            avant=_un_texte(avant.get(c)),
            apres=_un_texte(apres.get(c)),
            note="",
        )
        for c in chemins
    ]


def _un_texte(texte: str | None) -> list[Any]:
    return [{"texte": texte, "origine": "", "alerte": ""}] if texte else []


def _laisses(plan: _Plan) -> list[str]:
    """« Claire Dumas a changé Contacts à 10 h 42 : laissé ainsi. »."""
    classe = type(plan.acces.objet)
    labels = {**champs_de(classe), **groupes_de(classe)}
    dites: list[str] = []
    for nom in plan.conflits:
        qui = next((t for t in plan.suivantes if any(c["champ"] == nom for c in t.changements)), None)
        label = labels[nom].label or plan.section.titre
        auteur = f"{qui.nom} a changé « {label} » {quand(qui.instant)}" if qui else f"« {label} » a changé depuis"
        dites.append(fr(f"{auteur} : laissé tel quel."))
    return dites


def annulables(session: Session, acteur: Acteur, cle: str, brouillons_: Mapping[str, Brouillon]) -> set[str]:
    """Sections whose last save is this person's own, and can be undone; no query when none of the brouillons is."""
    siennes = [section for section, b in brouillons_.items() if b.utilisateur_id == acteur.id]
    if not siennes:
        return set()
    dernieres = (
        select(func.max(Trace.id))
        .where(Trace.objet == cle, Trace.utilisateur_id == acteur.id, col(Trace.section).in_(siennes))
        .where(col(Trace.action).not_in(DES_LIENS))
        .group_by(col(Trace.section))
    )
    requete = select(Trace.section).where(col(Trace.id).in_(dernieres), Trace.action == Action.BROUILLON)
    return set(session.exec(requete))
