"""The alerts that are kept with a reason: what one is known by, and who keeps which. `alertes` has the gestures."""

from collections.abc import Collection, Mapping
from dataclasses import replace

from sqlmodel import Session, col, select

from rxror.ror.controles import Anomalie
from rxror.ror.dates import date_longue
from rxror.ror.typographie import fr
from rxror.tables import AlerteGardee, Utilisateur

# (object, rule, path without row keys, digest of what it is about)
Cle = tuple[str, str, str, str]


def cle_de(anomalie: Anomalie, principal: str) -> Cle:
    """What an alert is known by; `principal` is the key of the object of the page."""
    chemin = ".".join(anomalie.chemin.split(".")[::2])
    return anomalie.objet or principal, anomalie.regle, chemin, anomalie.vu


def nom_de(anomalie: Anomalie, principal: str) -> str:
    """The same, as one text for a form."""
    return "|".join(cle_de(anomalie, principal))


def annoter(session: Session, anomalies: list[Anomalie], principal: str) -> list[Anomalie]:
    """The same anomalies, those that are kept saying who keeps them and why; one query, none without an alert."""
    return avec(anomalies, principal, gardees(session, {a.objet or principal for a in anomalies if a.gardable}))


def gardees(session: Session, objets: Collection[str]) -> dict[Cle, str]:
    """{what an alert is known by: who keeps it and why} of several objects; one query, none without any object."""
    if not objets:
        return {}
    requete = (
        select(AlerteGardee, Utilisateur)
        .join(Utilisateur, col(Utilisateur.id) == AlerteGardee.utilisateur_id)
        .where(col(AlerteGardee.objet).in_(objets))
    )
    return {
        (g.objet, g.regle, g.chemin, g.vu): fr(f"Gardé par {qui.nom_complet} le {date_longue(g.instant)} : {g.motif}")
        for g, qui in session.exec(requete)
    }


def avec(anomalies: list[Anomalie], principal: str, connues: Mapping[Cle, str]) -> list[Anomalie]:
    """The same anomalies, those that are kept saying so; `connues` is what `gardees` gave."""
    return [replace(a, garde=connues.get(cle_de(a, principal), "")) if a.gardable else a for a in anomalies]


def vus_gardes(session: Session, objets: Collection[str]) -> set[tuple[str, str, str]]:
    """(object, rule, digest) of the alerts that are kept on these objects, whatever their path; none without any."""
    return {(objet, regle, vu) for objet, regle, _, vu in gardees(session, objets)}
