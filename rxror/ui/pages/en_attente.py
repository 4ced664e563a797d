"""« Réponses en attente »: what waits in this browser, read aloud; each may be sent, opened or thrown away."""

from datetime import UTC, datetime
from typing import Any, TypedDict

import reflex as rx
from sqlmodel import Session

from rxror import db
from rxror.auth.chemins import suite_sure
from rxror.ror import parcours
from rxror.ror.dates import quand
from rxror.ror.erreurs import AccesRefuse, ObjetFerme, SaisieInvalide
from rxror.ror.textes import conservable
from rxror.ror.typographie import fr
from rxror.services import attente, modification
from rxror.services.acces import Acteur, Cible, Geste, exiger
from rxror.services.attente import LigneEnAttente
from rxror.ui.attente import Issue, canal_view
from rxror.ui.identity import acteur
from rxror.ui.layout import page, tete

TITRE = "Réponses en attente"
AU_PLUS = 40  # as assets/reprise.js asks for
TEXTE_MAXIMUM, ID_MAXIMUM = 200, 40
RAISONS = {
    Issue.RETIRE: "Le reste est enregistré ; ceci n’est plus demandé, et n’est gardé qu’ici.",
    Issue.REFUS: "Refusé : cet objet n’existe plus, ou il ne vous est plus confié.",
    Issue.FERME: "Refusé : cet objet est fermé, et ne change plus.",
    Issue.PERIMEE: "Refusé : cette section a changé de forme depuis. Ouvrez-la, et répondez de nouveau.",
}


class EnAttente(TypedDict):
    """One section that waits."""

    id: str
    titre: str
    ou: str
    quand: str
    raison: str
    adresse: str
    lignes: list[LigneEnAttente]


class EnAttenteState(rx.State):
    """What the browser gave to read; nothing of it is kept."""

    attentes: list[EnAttente] = []

    @rx.event
    def charger(self) -> None:
        """Check who is there; the browser then gives what waits."""
        with db.lecture() as session:
            acteur(self, session)

    @rx.event
    def lire(self, saisie: dict[str, Any]) -> None:
        """Read aloud one section that waits in the browser."""
        if not isinstance(saisie, dict):
            raise SaisieInvalide("attente")
        textes = {conservable(str(nom)): conservable(texte) for nom, texte in saisie.items() if isinstance(texte, str)}
        with db.lecture() as session:
            lue = _lire(session, acteur(self, session), textes)
        autres = [e for e in self.attentes if e["id"] != lue["id"]]
        self.attentes = [*autres, lue][-AU_PLUS:]


def _lire(session: Session, qui: Acteur, textes: dict[str, str]) -> EnAttente:
    genre, cible = textes.get("_genre", ""), Cible(textes.get("_genre", ""), textes.get("_identifiant", ""))
    section = attente.section_en_attente(genre, textes.get("_section", ""))
    return EnAttente(
        id=textes.get("_id", "")[:ID_MAXIMUM],
        titre=section.titre,
        ou=_nom(session, qui, cible) or textes.get("_titre", "")[:TEXTE_MAXIMUM],
        quand=_quand(textes.get("_instant", "")),
        raison=fr(RAISONS.get(textes.get("_etat", ""), "")),  # type: ignore[call-overload]
        adresse=suite_sure(textes.get("_adresse")),
        lignes=attente.lire(session, genre, textes, textes.get("_champs", "").split()),
    )


def _nom(session: Session, qui: Acteur, cible: Cible) -> str:
    """Name of the object, for those who may read it; the page's own title, which the browser kept, says enough."""
    try:
        return modification.nom_de(exiger(session, qui, cible, Geste.LIRE).objet)
    except (AccesRefuse, ObjetFerme):
        return ""


def _quand(millisecondes: str) -> str:
    try:
        return quand(datetime.fromtimestamp(int(millisecondes) / 1000, UTC))
    except (ValueError, OverflowError, OSError):
        return ""


def en_attente_page() -> rx.Component:
    """The page; the script fills it, shows the sentence when nothing waits, and does what the buttons say."""
    etat = EnAttenteState
    return page(
        tete(
            TITRE,
            rx.el.p(
                fr(
                    "Ce que vous avez saisi et qui n’est pas encore enregistré est gardé dans ce navigateur, pour vous "
                    "seulement, 30 jours au plus. Se déconnecter l’efface."
                ),
                class_name="second",
            ),
        ),
        canal_view("lecture", etat.lire, ""),
        rx.el.p(
            fr("Rien n’attend : tout ce que vous avez saisi ici est enregistré."),
            hidden=True,
            custom_attrs={"data-attente-vide": ""},
        ),
        rx.foreach(etat.attentes, _une),
        etroite=True,
        pile=True,
    )


def _une(en_attente: rx.Var[EnAttente]) -> rx.Component:
    cle = en_attente["id"]
    titre = rx.Var.create("t-").to(str) + cle
    return rx.el.article(
        rx.el.h2(en_attente["titre"], id=titre),
        rx.el.p(en_attente["ou"], rx.cond(en_attente["quand"], rx.fragment(", saisi ", en_attente["quand"])), "."),
        rx.cond(en_attente["raison"], rx.el.p(rx.el.strong(en_attente["raison"]))),
        rx.el.dl(
            rx.foreach(
                en_attente["lignes"],
                lambda ligne: rx.el.div(rx.el.dt(ligne["label"]), rx.el.dd(ligne["texte"])),
            ),
            class_name="faits",
        ),
        rx.el.p(
            rx.el.button("Envoyer", type="button", class_name="bouton", custom_attrs={"data-envoyer": cle}),
            rx.el.a("Ouvrir la section", href=en_attente["adresse"], class_name="bouton bouton--second"),
            rx.el.button(
                "Supprimer", type="button", class_name="bouton bouton--discret", custom_attrs={"data-supprimer": cle}
            ),
            class_name="boutons",
        ),
        class_name="fiche",
        aria_labelledby=titre,
        custom_attrs={"data-attente-id": cle},
        key=cle,
    )


PAGES = ((parcours.EN_ATTENTE, en_attente_page, parcours.titre(TITRE), EnAttenteState.charger),)
