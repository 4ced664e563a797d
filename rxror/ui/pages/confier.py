"""« Confier à quelqu’un »: which answers, to whom, for how long; the link, shown once; the links given so far."""

from typing import Any
from uuid import uuid4

import reflex as rx
from sqlmodel import Session

from rxror import db
from rxror.auth import liens
from rxror.auth.sessions import empreinte
from rxror.courriels import depot
from rxror.ror import parcours
from rxror.ror.erreurs import Conflit
from rxror.ror.parcours import Etape
from rxror.ror.typographie import fr
from rxror.services import confier
from rxror.services.confier import JOURS, JOURS_MAXIMUM, MOT_MAXIMUM, DemandeConfier, LienVu, Morceau, Retrait
from rxror.ui.components.foyer import foyer_view, vers
from rxror.ui.components.geste import barre_view, caches, identifiant, message_view
from rxror.ui.demande import CHOIX, lire_demande, recu
from rxror.ui.identity import acteur
from rxror.ui.layout import page, tete
from rxror.ui.place import ICI, cible, dernier, place

TITRE = "Confier à quelqu’un"
CONTEXTE = ("genre", "identifiant", "section", "cle", "destinataire", "adresse", "jours", "mot")
CONTEXTE_RETRAIT = ("genre", "identifiant", "lien", "cle")
LIEN = "lien-confie"  # id of the input that shows the link: its text is in no state
A_REPONDU = fr("Cette personne a répondu entre-temps : sa proposition est dans la liste.")


class ConfierState(rx.State):
    """What may be given of the section of the address, and the links of its object."""

    place: str = ""
    titre_page: str = parcours.titre(TITRE)
    nom: str = ""
    titre: str = ""
    chemin: list[parcours.Maillon] = []
    avec_uf: bool = True
    morceaux: list[Morceau] = []
    liens: list[LienVu] = []
    objet: str = ""
    identifiant: str = ""
    rubrique: str = ""
    cle: str = ""
    retour: str = ""
    courriel: bool = False
    erreurs: dict[str, str] = {}
    formulaire: str = ""
    cree_pour: str = ""
    jusqu_au: str = ""
    envoye: bool = False
    message: str = ""
    foyer: str = ""

    @rx.event
    def charger(self) -> None:
        """Read what may be given; what was there before does not outlive a refusal."""
        self.reset()
        self._montrer()
        self.formulaire = self.cle

    def _montrer(self) -> None:
        objet, section = cible(self), dernier(self)
        with db.lecture() as session:
            vue = confier.preparer(session, acteur(self, session), objet, section)
        self.nom, self.titre, self.avec_uf = vue.nom, vue.titre, vue.avec_uf
        self.morceaux, self.liens, self.cle = vue.morceaux, vue.liens, str(uuid4())
        self.objet, self.identifiant, self.rubrique = objet.genre, objet.identifiant, section
        self.retour = parcours.url_objet(objet.genre, objet.identifiant)
        self.chemin = parcours.chemin_de(*vue.chemin, (TITRE, ""))
        self.courriel = depot.disponible()
        self.titre_page = parcours.titre(TITRE, vue.titre, vue.nom)
        self.place = place(self)

    @rx.event
    def creer(self, saisie: dict[str, Any]) -> Any:
        """Make a link; its address goes to the page, once, and is not kept in its state."""
        choisis = [str(n).removeprefix(CHOIX) for n in recu(saisie) if str(n).startswith(CHOIX)]
        demande = lire_demande(DemandeConfier, saisie, CONTEXTE, champs=choisis)

        def faire(session: Session) -> tuple[confier.Creation, str]:
            qui = acteur(self, session)
            donne = liens.secret_du_lien(qui.id, demande.cle)
            url = liens.url_du_lien(donne)
            return confier.creer(session, qui, demande, empreinte(donne), url), url

        fait, url = db.rejouable(faire)
        self.message, self.erreurs = "", fait.erreurs
        if fait.erreurs:
            self.foyer = vers(next(iter(fait.erreurs)))
            return None
        self._montrer()
        self.formulaire = self.cle  # an empty one, for the next person
        self.cree_pour, self.jusqu_au, self.envoye = fait.destinataire, fait.jusqu_au, bool(demande.adresse.strip())
        self.foyer = vers("cree")
        return rx.set_value(LIEN, url)

    @rx.event
    def retirer(self, saisie: dict[str, Any]) -> None:
        """Take a link back."""
        demande = lire_demande(Retrait, saisie, CONTEXTE_RETRAIT)
        self.message = ""
        try:
            db.rejouable(lambda session: confier.retirer(session, acteur(self, session), demande))
        except Conflit:
            self.message, self.foyer = A_REPONDU, vers("message")
        self._montrer()


def confier_page() -> rx.Component:
    """The page where one gives a piece."""
    etat = ConfierState
    return page(
        tete(
            TITRE,
            rx.el.p(
                fr(
                    "Une personne sans compte reçoit un lien pour ces réponses seulement. Ce qu’elle envoie est une "
                    "proposition : rien ne change avant que vous l’acceptiez."
                )
            ),
            surtitre=rx.Var.create("").to(str) + etat.nom + ", " + etat.titre,
        ),
        foyer_view(etat.foyer),
        message_view(etat.message),
        _cree(),
        _formulaire(),
        rx.cond(etat.liens.length() > 0, _liens()),
        etape=int(Etape.MODIFIER),
        avec_uf=etat.avec_uf,
        chemin=etat.chemin,
        etroite=True,
        espacee=True,
        pret=etat.place == ICI,
    )


def _cree() -> rx.Component:
    """The link just made. Always in the page, so that its input is there when the text comes."""
    etat = ConfierState
    return rx.el.section(
        rx.el.h2("Le lien de ", etat.cree_pour, " est prêt", id="t-cree"),
        rx.el.p(
            rx.cond(
                etat.envoye,
                fr("Il part par courriel. Vous pouvez aussi le transmettre vous-même : il ne sera plus montré."),
                fr("Transmettez-le vous-même, à cette personne seulement : il ne sera plus montré."),
            )
        ),
        rx.el.div(
            rx.el.label("Lien personnel", html_for=LIEN),
            rx.el.input(id=LIEN, type="text", read_only=True, auto_complete="off", class_name="saisie"),
            class_name="champ",
        ),
        rx.el.p(
            rx.el.button(
                "Copier",
                rx.el.span(" le lien", class_name="invisible"),
                type="button",
                class_name="bouton bouton--second",
                custom_attrs={"data-copier": LIEN, "data-dit": "Copié."},
                aria_describedby=identifiant("copie"),
            ),
            rx.el.span(id=identifiant("copie"), role="status", class_name="petit second"),
            class_name="boutons",
        ),
        rx.el.p(fr("Valable jusqu’au "), etat.jusqu_au, ".", class_name="petit second"),
        id=identifiant("cree"),
        tab_index=-1,
        hidden=etat.cree_pour == "",
        class_name="panneau panneau--reussite",
        aria_labelledby="t-cree",
    )


def _formulaire() -> rx.Component:
    etat = ConfierState
    return rx.el.form(
        *caches(genre=etat.objet, identifiant=etat.identifiant, section=etat.rubrique, cle=etat.cle),
        rx.el.div(_choix(), class_name="fiche"),
        rx.el.div(
            _champ("destinataire", "À qui ?", "Son nom, comme vous l’appelez.", rx.el.input),
            rx.cond(
                etat.courriel,
                _champ(
                    "adresse",
                    "Son adresse électronique (facultatif)",
                    "Le lien lui est envoyé. Sinon, vous le transmettez vous-même.",
                    rx.el.input,
                    input_mode="email",
                ),
                rx.el.input(type="hidden", name="adresse", value=""),
            ),
            _champ(
                "jours",
                "Pendant combien de jours ?",
                fr(f"De 1 à {JOURS_MAXIMUM}. Ensuite, le lien ne s’ouvre plus."),
                rx.el.input,
                default_value=str(JOURS),
                input_mode="numeric",
                largeur="saisie--court",
            ),
            _champ(
                "mot",
                "Un mot pour cette personne (facultatif)",
                fr(f"{MOT_MAXIMUM} caractères au plus. N’indiquez aucune donnée de patient."),
                rx.el.textarea,
                rows="3",
            ),
            class_name="fiche",
        ),
        barre_view(
            "Un lien, une personne, une réponse.",
            rx.el.a("Revenir", href=etat.retour, class_name="bouton bouton--second"),
            rx.el.button("Créer le lien", type="submit", class_name="bouton"),
        ),
        on_submit=etat.creer,
        key=etat.formulaire,
        class_name="pile",
        custom_attrs={"noValidate": True},
    )


def _choix() -> rx.Component:
    etat = ConfierState
    return rx.el.fieldset(
        rx.el.legend(fr("Quelles réponses ?")),
        _erreur("champs"),
        rx.foreach(etat.morceaux, _morceau),
        class_name="groupe",
        id=identifiant("champs"),
        custom_attrs={"tabIndex": -1},
        aria_describedby=rx.cond(etat.erreurs["champs"], "champs-e", ""),
    )


def _morceau(morceau: rx.Var) -> rx.Component:
    return rx.el.label(
        rx.el.input(
            type="checkbox",
            name=rx.Var.create(CHOIX).to(str) + morceau["nom"].to(str),
            value="oui",
            default_checked=ConfierState.morceaux.length() == 1,
        ),
        rx.el.span(
            morceau["label"].to(str), rx.cond(morceau["resume"], rx.el.small(morceau["resume"].to(str)), rx.fragment())
        ),
        class_name="choix",
        key=morceau["nom"].to(str),
    )


def _erreur(nom: str) -> rx.Component:
    return rx.cond(
        ConfierState.erreurs[nom],
        rx.el.p(ConfierState.erreurs[nom], class_name="erreur", id=identifiant(f"{nom}-e")),
        rx.fragment(),
    )


def _champ(nom: str, label: str, aide: str, controle: Any, *, largeur: str = "", **attributs: Any) -> rx.Component:
    fautif = ConfierState.erreurs[nom]
    return rx.el.div(
        rx.el.label(fr(label), html_for=nom),
        rx.el.span(aide, class_name="aide", id=identifiant(f"{nom}-a")),
        _erreur(nom),
        controle(
            id=identifiant(nom),
            name=nom,
            auto_complete="off",
            class_name=f"saisie {largeur}".strip(),
            aria_invalid=rx.cond(fautif, "true", "false"),
            aria_describedby=rx.cond(fautif, f"{nom}-a {nom}-e", f"{nom}-a"),
            **attributs,
        ),
        class_name="champ",
    )


# ------------------------------------------------------------------------------ the links so far


def _liens() -> rx.Component:
    return rx.el.section(
        rx.el.h2("Liens déjà confiés", id="t-liens"),
        rx.el.ul(rx.foreach(ConfierState.liens, _lien), class_name="liste"),
        class_name="pile",
        aria_labelledby="t-liens",
    )


def _lien(lien: rx.Var) -> rx.Component:
    etat, numero = ConfierState, lien["numero"].to(int)
    return rx.el.li(
        rx.el.div(
            rx.el.h3(lien["destinataire"].to(str)),
            rx.el.p(lien["quoi"].to(str)),
            rx.el.p(rx.el.strong(lien["etat"].to(str)), ". ", lien["detail"].to(str), class_name="petit second"),
        ),
        rx.cond(
            lien["proposition"].to(int) > 0,
            rx.el.a(
                "Voir la proposition",
                rx.el.span(" de ", lien["destinataire"].to(str), class_name="invisible"),
                href=rx.Var.create("/proposition/").to(str) + lien["proposition"].to(str),
                class_name="bouton bouton--second bouton--compact",
            ),
            rx.fragment(),
        ),
        rx.cond(
            lien["retirer"],
            rx.el.form(
                *caches(genre=etat.objet, identifiant=etat.identifiant, lien=numero, cle=etat.cle),
                rx.el.button(
                    "Retirer",
                    rx.el.span(" le lien de ", lien["destinataire"].to(str), class_name="invisible"),
                    type="submit",
                    class_name="bouton bouton--danger bouton--compact",
                ),
                on_submit=etat.retirer,
            ),
            rx.fragment(),
        ),
        key=lien["numero"].to(str),
    )


PAGES = tuple(
    (f"{route}/{parcours.CONFIER}", confier_page, ConfierState.titre_page, ConfierState.charger)
    for route in parcours.ROUTES_OBJETS
)
