"""What « Fermer » would do, before it is done: which objects, which lieux, what forbids it, and how it is said."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from sqlmodel import Session

from rxror.ror import messages, parcours
from rxror.ror.dates import aujourd_hui, date_longue
from rxror.ror.fermeture import Fermeture, annonce, par_cascade, phrase
from rxror.ror.objets import LieuRealisationOffre
from rxror.ror.typographie import fr
from rxror.services import cascade
from rxror.services.acces import Acces
from rxror.services.cascade import LieuServi, Noeud
from rxror.services.vu import empreinte
from rxror.services.vues import Blocage, LigneTouchee, Lot

AU_PLUS = 100


@dataclass
class Apercu:
    """What « Fermer » would do. `disponibles` are the lieux whose available beds would be put to 0."""

    phrase: str
    titre: str
    ferme: Lot
    laisses: Lot
    disponibles: Lot
    partages: Lot
    orphelins: Lot
    brouillons: Lot
    blocages: list[Blocage]
    vu: str


@dataclass(frozen=True)
class Plan:
    """What a closing writes and what it leaves. Its object is always written, first, even as it was."""

    acces: Acces
    voulue: Fermeture
    noeuds: list[Noeud]
    nouvelles: dict[str, Fermeture]
    lieux: list[LieuServi]
    jour: date

    @property
    def racine(self) -> Noeud:
        """The object of the gesture."""
        return self.noeuds[0]

    @property
    def touches(self) -> list[Noeud]:
        """All that is written."""
        return [n for n in self.noeuds if n.cle in self.nouvelles]

    @property
    def laisses(self) -> list[Noeud]:
        """What is closed already, and stays as it is."""
        return [n for n in self.noeuds[1:] if n.cle not in self.nouvelles]

    def sert_encore(self, lieu: LieuServi) -> bool:
        """Whether a lieu keeps, on the day of the closing, an offer that is open."""
        dedans = {n.id for n in self.touches if n.offre}
        ce_jour = max(self.jour, self.voulue.debut)
        return any(
            numero not in dedans and (fermeture is None or not fermeture.en_cours(ce_jour))
            for numero, fermeture in lieu.usages.items()
        )

    @property
    def a_zero(self) -> list[LieuServi]:
        """Lieux that serve only what closes and still announce available beds or places; none for a day to come."""
        if self.voulue.debut > self.jour:
            return []
        return [x for x in self.lieux if x.disponible.saisies and not self.sert_encore(x)]

    @property
    def vu(self) -> str:
        """Digest of all that the page lists, and of what was asked."""
        contenu = [
            self.voulue,
            [(n.cle, n.nom, n.version, n.fermeture, self.nouvelles.get(n.cle)) for n in self.noeuds],
            [(x.identifiant, x.version, sorted(x.disponible.saisies.items()), sorted(x.usages)) for x in self.lieux],
            [x.identifiant for x in self.lieux if self.sert_encore(x)],
        ]
        return empreinte(contenu)


def planifier(session: Session, acces: Acces, voulue: Fermeture) -> Plan:
    """Read what hangs below, and decide for each object. Writes nothing."""
    jour, noeuds = aujourd_hui(), cascade.arbre(session, acces.objet)
    racine, *dessous = noeuds
    nouvelles = {n.cle: par_cascade(n.fermeture, voulue, racine.fermeture, jour) for n in dessous}
    touchees = {racine.cle: voulue, **{cle: f for cle, f in nouvelles.items() if f is not None}}
    lieux = cascade.lieux(session, noeuds, acces.etablissement.id or 0)
    return Plan(acces, voulue, noeuds, touchees, lieux, jour)


def blocages_de(plan: Plan, a_zero: bool) -> list[Blocage]:
    """What forbids to close; the dates of the object itself are told beside their fields."""
    blocages = [
        Blocage(texte=fr(f"{n.nom} : {messages.message('FER-09', ouverture=date_longue(n.ouverture))}"), url=n.url)
        for n in plan.touches[1:]
        if n.ouverture is not None and plan.nouvelles[n.cle].debut <= n.ouverture
    ]
    if plan.touches == [plan.racine] and plan.racine.fermeture == plan.voulue:
        blocages.append(
            Blocage(texte=fr("Cette fermeture est déjà enregistrée : rien ne change."), url=plan.racine.url)
        )
    if not a_zero:
        blocages += [
            Blocage(texte=messages.message("FER-06", nom=x.nom), url=parcours.url_lieu(x.identifiant))
            for x in plan.a_zero
        ]
    return blocages[:AU_PLUS]


def apercu_de(plan: Plan) -> Apercu:
    """The plan as its page shows it."""
    noms, jour = noms_de(plan.noeuds), plan.jour
    suivent = [ligne_de(n, noms, _effet(n, plan)) for n in plan.touches if n is not plan.racine]
    laisses = [
        ligne_de(n, noms, phrase(n.fermeture, jour, n.accord) + ", reste ainsi" if n.fermeture else "")
        for n in plan.laisses
    ]
    disponibles = [_ligne_lieu(x, _disponible(x)) for x in plan.a_zero]
    partages = [
        _ligne_lieu(x, _disponible(x) + fr(", laissé tel quel : il sert d’autres offres"))
        for x in plan.lieux
        if x.disponible.saisies and plan.voulue.debut <= jour and plan.sert_encore(x)
    ]
    partages += [
        _ligne_lieu(
            x, fr(f"{x.disponible.d_un_logiciel} disponibles selon un logiciel : à mettre à 0 dans ce logiciel")
        )
        for x in plan.lieux
        if x.disponible.d_un_logiciel and not plan.sert_encore(x)
    ]
    orphelins = [_ligne_lieu(x, "") for x in plan.lieux if not plan.sert_encore(x)]
    brouillons = [ligne_de(n, noms) for n in plan.touches if n.brouillon]
    return Apercu(
        phrase=annonce(plan.voulue),
        titre=compter(n for n in plan.touches if n is not plan.racine),
        ferme=un_lot(suivent),
        laisses=un_lot(laisses),
        disponibles=un_lot(disponibles),
        partages=un_lot(partages),
        orphelins=un_lot(orphelins),
        brouillons=un_lot(brouillons),
        blocages=blocages_de(plan, a_zero=True),
        vu=plan.vu,
    )


def _effet(noeud: Noeud, plan: Plan) -> str:
    """What is particular to an object that was closed, or going to be, before this gesture."""
    avant, apres = noeud.fermeture, plan.nouvelles[noeud.cle]
    if avant is None or avant.terminee(plan.jour) or avant == plan.racine.fermeture:
        return ""
    actuelle = phrase(avant, plan.jour, noeud.accord)
    return fr(f"{actuelle} ; désormais : {phrase(apres, plan.jour, noeud.accord).lower()}")


def _ligne_lieu(lieu: LieuServi, detail: str) -> LigneTouchee:
    url = parcours.url_lieu(lieu.identifiant)
    return LigneTouchee(
        cle=f"{LieuRealisationOffre.GENRE}:{lieu.identifiant}", nom=lieu.nom, sorte="Lieu", detail=detail, url=url
    )


def _disponible(lieu: LieuServi) -> str:
    compte = lieu.disponible
    parties = [f"{n} {mot}{'s' if n > 1 else ''}" for n, mot in ((compte.lits, "lit"), (compte.places, "place")) if n]
    feminin = "e" if compte.places and not compte.lits else ""
    s = "s" if compte.lits + compte.places > 1 else ""
    return f"{' et '.join(parties)} disponible{s} annoncé{feminin}{s}"


# --------------------------------------------------------------------------------- lists


def un_lot(lignes: Iterable[LigneTouchee]) -> Lot:
    """A list as shown: a hundred lines at most, the others counted."""
    toutes = list(lignes)
    reste = len(toutes) - AU_PLUS
    suite = "" if reste <= 0 else f"et {reste} autre{'s' if reste > 1 else ''}"
    return Lot(lignes=toutes[:AU_PLUS], total=len(toutes), suite=suite)


def ligne_de(noeud: Noeud, noms: dict[int, str], detail: str = "") -> LigneTouchee:
    """One object in a list: what it is, where, and what happens to it."""
    ou = f"dans {noms[noeud.parent]}" if noeud.profondeur > 1 and noeud.parent in noms else ""
    return LigneTouchee(
        cle=noeud.cle, nom=noeud.nom, sorte=noeud.sorte, detail=", ".join(t for t in (ou, detail) if t), url=noeud.url
    )


def noms_de(noeuds: Iterable[Noeud]) -> dict[int, str]:
    """{id: name} of the structures of a tree."""
    return {n.id: n.nom for n in noeuds if not n.offre}


def compter(noeuds: Iterable[Noeud]) -> str:
    """« 1 pôle, 3 UF, 18 offres »."""
    sortes = [n.sorte for n in noeuds]
    parties = [
        f"{n} {mot}{'s' if n > 1 and mot != 'UF' else ''}"
        for sorte, mot in (("Pôle", "pôle"), ("Service", "service"), ("UF", "UF"), ("Offre", "offre"))
        if (n := sortes.count(sorte))
    ]
    return ", ".join(parties)
