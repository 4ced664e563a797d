"""« Rouvrir… »: undo a closing, with what closed by the same gesture, chosen line by line. FER-04.

What is below cannot be open while what is above stays closed: such a choice is refused, and said.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Annotated, Any, TypedDict
from uuid import UUID

from pydantic import Field, StringConstraints
from sqlmodel import Session, col, select

from rxror.ror import messages
from rxror.ror.dates import aujourd_hui
from rxror.ror.erreurs import Conflit
from rxror.ror.fermeture import Fermeture, accord, colonnes, fermeture_de, phrase
from rxror.ror.objets import OrganisationInterne
from rxror.ror.parcours import Maillon, url_fermer, url_rouvrir, url_structure
from rxror.ror.reperes import cle_de
from rxror.ror.typographie import fr
from rxror.services import apercu_de_fermeture as apercus
from rxror.services import cascade
from rxror.services import gestes_de_fermeture as gestes
from rxror.services.acces import Acces, Acteur, Cible, Geste
from rxror.services.apercu_de_fermeture import AU_PLUS
from rxror.services.cascade import Noeud
from rxror.services.demande import Demande, Vu
from rxror.services.gestes_de_fermeture import GESTES, Ecran
from rxror.services.tracer import deja_fait
from rxror.services.vu import empreinte
from rxror.services.vues import Blocage, Lot
from rxror.tables import Action, Trace

CHOIX_MAXIMUM = 2 * AU_PLUS
Cle = Annotated[str, StringConstraints(max_length=80)]


class Rouvrir(Demande):
    """One « Rouvrir », with its whole context.

    Attributes:
        choisis: keys of the objects below that reopen too, among those that the page lists.
        autres: whether those beyond the hundred lines of the page reopen too.
        vu: digest of what the page listed.
    """

    choisis: set[Cle] = Field(default_factory=set, max_length=CHOIX_MAXIMUM)
    autres: bool = False
    vu: Vu
    cle: UUID


class Choix(TypedDict):
    """One object that closed by the same gesture, and may reopen by this one."""

    cle: str
    nom: str
    detail: str


@dataclass
class Apercu:
    """What « Rouvrir » would do. `obstacle` says what is above and closed; `autres` counts what is not listed."""

    ecran: Ecran
    phrase: str
    motif: str
    choix: list[Choix]
    autres: int
    restent: Lot
    obstacle: list[Blocage]
    vu: str


@dataclass(frozen=True)
class Constat:
    """How an object stands, for its page: closed or going to be, and why."""

    phrase: str = ""
    motif: str = ""
    par: str = ""
    archive: bool = False
    prevue: bool = False


@dataclass(frozen=True)
class _Plan:
    acces: Acces
    noeuds: list[Noeud]
    reviennent: dict[str, Fermeture | None]
    obstacle: OrganisationInterne | None
    motif: str
    jour: date

    @property
    def racine(self) -> Noeud:
        return self.noeuds[0]

    @property
    def possibles(self) -> list[Noeud]:
        """What closed with the object of the gesture, below it."""
        return [n for n in self.noeuds[1:] if n.cle in self.reviennent]

    @property
    def restent(self) -> list[Noeud]:
        return [n for n in self.noeuds[1:] if n.fermeture is not None and n.cle not in self.reviennent]

    @property
    def vu(self) -> str:
        contenu = [(n.cle, n.nom, n.version, n.fermeture, n.cle in self.reviennent) for n in self.noeuds]
        return empreinte([contenu, self.obstacle and self.obstacle.version])


def preparer(session: Session, acteur: Acteur, cible: Cible) -> Apercu:
    """What would reopen. Writes nothing; `phrase` is empty when the object is not closed.

    Raises:
        AccesRefuse: no right to close or reopen that object.
    """
    acces = gestes.exiger_fermer(session, acteur, cible)
    plan = _planifier(session, acces)
    noms, jour = apercus.noms_de(plan.noeuds), plan.jour
    lignes = [apercus.ligne_de(n, noms, _retour(n, plan)) for n in plan.possibles]
    restent = [apercus.ligne_de(n, noms, phrase(n.fermeture, jour, n.accord)) for n in plan.restent if n.fermeture]
    actuelle = plan.racine.fermeture
    return Apercu(
        ecran=gestes.ecran_de(session, acces),
        phrase=phrase(actuelle, jour, accord(acces.objet)) if actuelle else "",
        motif=plan.motif,
        choix=[Choix(cle=x["cle"], nom=x["nom"], detail=_detail(x["sorte"], x["detail"])) for x in lignes[:AU_PLUS]],
        autres=max(0, len(lignes) - AU_PLUS),
        restent=apercus.un_lot(restent),
        obstacle=_obstacle(plan),
        vu=plan.vu,
    )


def rouvrir(session: Session, acteur: Acteur, demande: Rouvrir) -> list[Blocage]:
    """Reopen an offer or a structure, and what was chosen below it; one line of trace each.

    Returns:
        What forbids it: nothing was written. An empty list: it is done.

    Raises:
        AccesRefuse: no right to close or reopen that object.
        SaisieInvalide: `cle` was used by another gesture.
        Conflit: something of what was shown changed meanwhile; nothing is written.

    Source:
        RG_EXP_046.
    """
    acces = gestes.exiger_fermer(session, acteur, demande.cible)
    if deja_fait(session, acteur, demande.cle, objet=demande.cible.cle, action=Action.REOUVERTURE):
        return []
    plan = _planifier(session, acces)
    if demande.vu != plan.vu or plan.racine.fermeture is None:
        raise Conflit
    if obstacle := _obstacle(plan):
        return obstacle
    possibles = plan.possibles
    retenus = {n.cle for n in possibles[:AU_PLUS]} & demande.choisis
    retenus |= {n.cle for n in possibles[AU_PLUS:]} if demande.autres else set()
    if orphelins := _sous_une_fermee(plan, retenus):
        return orphelins
    touches = [plan.racine, *(n for n in possibles if n.cle in retenus)]
    changes = gestes.ecrire(session, touches, {n.cle: plan.reviennent[n.cle] for n in touches}, datetime.now(UTC))
    finess = acces.etablissement.num_finess
    gestes.tracer_les_gestes(session, acteur, Action.REOUVERTURE, finess, changes, str(demande.cle), {})
    return []


def constat(session: Session, objet: Any) -> Constat:
    """How an offer or a structure stands, for its page; one query when it is closed, none when it is not."""
    actuelle, jour = fermeture_de(objet), aujourd_hui()
    if actuelle is None:
        return Constat()
    cle = cle_de(objet)
    trace = next(iter(_fermetures(session, [cle]).get(cle, [])), None)
    return Constat(
        phrase=phrase(actuelle, jour, accord(objet)),
        motif=str(trace.resultat.get("motif", "")) if trace else "",
        par=trace.nom if trace else "",
        archive=actuelle.archive(jour),
        prevue=actuelle.debut > jour,
    )


def gestes_de(acces: Acces, cible: Cible, dit: Constat) -> list[Maillon]:
    """What somebody may do about the closing of an object: words, then where."""
    if not acces.permet(GESTES.get(cible.genre, Geste.FERMER_STRUCTURE)):
        return []
    rouvrir_ = Maillon(nom="Annuler la fermeture…" if dit.prevue else "Rouvrir…", url=url_rouvrir(*_cle(cible)))
    if dit.archive:
        return [rouvrir_]
    fermer_ = Maillon(nom="Changer la fermeture…" if dit.phrase else "Fermer…", url=url_fermer(*_cle(cible)))
    return [rouvrir_, fermer_] if dit.phrase else [fermer_]


# ------------------------------------------------------------------------------ inside


def _cle(cible: Cible) -> tuple[str, str]:
    return cible.genre, cible.identifiant


def _planifier(session: Session, acces: Acces) -> _Plan:
    jour, noeuds = aujourd_hui(), cascade.arbre(session, acces.objet)
    fermes = [n for n in noeuds if n.fermeture is not None]
    traces = _fermetures(session, [n.cle for n in fermes])
    racine = noeuds[0]
    siennes = traces.get(racine.cle, [])
    ensemble = _derniers_gestes(siennes)
    reviennent: dict[str, Fermeture | None] = {racine.cle: None}
    for noeud in fermes:
        trace = next(iter(traces.get(noeud.cle, [])), None)
        avec = trace is not None and trace.resultat.get("geste") in ensemble
        if noeud is not racine and (avec if siennes else noeud.fermeture == racine.fermeture):
            reviennent[noeud.cle] = _d_avant(noeud, trace, jour)
    obstacle = next(
        (
            oi
            for oi in reversed(gestes.dessus(session, acces.objet))
            if (f := fermeture_de(oi)) is not None and not f.terminee(jour)
        ),
        None,
    )
    motif = str(siennes[0].resultat.get("motif", "")) if siennes else ""
    return _Plan(acces, noeuds, reviennent, obstacle, motif, jour)


def _fermetures(session: Session, cles: list[str]) -> dict[str, list[Trace]]:
    """The closings of each object, {key: lines of the trace, the last one first}."""
    trouvees: dict[str, list[Trace]] = {}
    if cles:
        requete = select(Trace).where(col(Trace.objet).in_(cles), Trace.action == Action.FERMETURE)
        for trace in session.exec(requete.order_by(col(Trace.id).desc())):
            trouvees.setdefault(trace.objet, []).append(trace)
    return trouvees


def _derniers_gestes(traces: Iterable[Trace]) -> set[Any]:
    """What closed an object as it is now, and what was closed with it again since."""
    noms: set[Any] = set()
    for trace in traces:
        noms.add(trace.resultat.get("geste"))
        if trace.changements:
            break
    return noms


def _d_avant(noeud: Noeud, trace: Trace | None, jour: date) -> Fermeture | None:
    """The closing that an object had before the gesture changed it, when it is not over; None when it was open."""
    actuelles = colonnes(noeud.fermeture)
    for changement in trace.changements if trace else []:
        avant = changement["avant"]
        lue = date.fromisoformat(avant) if avant and changement["champ"] != "type_fermeture" else avant
        actuelles[changement["champ"]] = lue
    if trace is None or actuelles["date_fermeture"] is None:
        return None
    avant = Fermeture(
        actuelles["type_fermeture"] or "", actuelles["date_fermeture"], actuelles["date_previsionnelle_reouverture"]
    )
    return None if avant.terminee(jour) or avant == noeud.fermeture else avant


def _retour(noeud: Noeud, plan: _Plan) -> str:
    avant = plan.reviennent[noeud.cle]
    return fr(f"reprend sa fermeture d’avant : {phrase(avant, plan.jour).lower()}") if avant else ""


def _detail(sorte: str, detail: str) -> str:
    return ", ".join(t for t in (sorte, detail) if t)


def _obstacle(plan: _Plan) -> list[Blocage]:
    oi = plan.obstacle
    if oi is None:
        return []
    return [Blocage(texte=messages.message("GESTE-DESSUS", nom=oi.nom_oi), url=url_structure(oi.identifiant_oi))]


def _sous_une_fermee(plan: _Plan, retenus: Iterable[str]) -> list[Blocage]:
    """What was chosen below something that would stay closed."""
    gardes = set(retenus)
    fermees = {n.id: n for n in plan.noeuds[1:] if not n.offre and n.fermeture is not None and _reste(n, plan, gardes)}
    return [
        Blocage(
            texte=fr(f"{n.nom} : {messages.message('GESTE-DESSUS', nom=fermees[n.parent].nom)}"),
            url=fermees[n.parent].url,
        )
        for n in plan.possibles
        if n.cle in gardes and n.parent in fermees and plan.reviennent[n.cle] is None
    ][:AU_PLUS]


def _reste(noeud: Noeud, plan: _Plan, gardes: set[str]) -> bool:
    if noeud.cle in gardes:
        return plan.reviennent[noeud.cle] is not None
    return noeud.fermeture is not None and not noeud.fermeture.terminee(plan.jour)
