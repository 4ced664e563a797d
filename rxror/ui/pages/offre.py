"""Step 5: an offer in reading, section by section; what is missing first, « Valider » at the bottom."""

import reflex as rx

from rxror import db
from rxror.ror import parcours
from rxror.ror.objets import OffreOperationnelle
from rxror.ror.parcours import ETAPES, Etape
from rxror.ror.typographie import fr
from rxror.services import fiche
from rxror.services.fiche import LieuLu, Manque, SectionLue
from rxror.services.reouverture import Constat
from rxror.ui.components.alertes import informations_view
from rxror.ui.components.ancre import ancre
from rxror.ui.components.attentes import AttentesMontrees, attentes_view
from rxror.ui.components.demande_validation import DemandeDeLObjet, demande_view
from rxror.ui.components.documents import imprimer_view
from rxror.ui.components.etats import Donnee, etat
from rxror.ui.components.exigences import ExigencesMontrees, corrections_view, exigences_view
from rxror.ui.components.faits import gestes_view, modifier, sections_view
from rxror.ui.components.fermeture import fermeture_view
from rxror.ui.components.historique import historique_view
from rxror.ui.components.manques import manques_view
from rxror.ui.components.modele import EvolutionDuModele, evolution_view
from rxror.ui.identity import acteur
from rxror.ui.layout import page, tete
from rxror.ui.place import ICI, cible, place

TITRE = parcours.titre(ETAPES[Etape.MODIFIER])


class OffreState(AttentesMontrees, DemandeDeLObjet, EvolutionDuModele, ExigencesMontrees, rx.State):
    """What the page of an offer shows: a copy of the database at the last reading."""

    place: str = ""
    titre_page: str = TITRE
    nom: str = ""
    surtitre: str = ""
    chemin: list[parcours.Maillon] = []
    etat: str = ""
    sorte: str = ""
    quand: str = ""
    brouillon: str = ""
    avec_uf: bool = True
    demonstration: bool = False
    modifiable: bool = False
    avant: list[SectionLue] = []
    apres: list[SectionLue] = []
    adresse: list[SectionLue] = []
    lieux: list[LieuLu] = []
    manques: list[Manque] = []
    informations: list[Manque] = []
    gardees: int = 0
    bloquants: int = 0
    url_valider: str = ""
    identifiant: str = ""
    fermeture: Constat = Constat()
    url_dupliquer: str = ""

    @rx.event
    def charger(self) -> None:
        """Read the offer of the address; what was there before does not outlive a refusal."""
        self.reset()
        with db.lecture() as session:
            qui, objet = acteur(self, session), cible(self)
            lue = fiche.lire_offre(session, qui, objet)
            self._montrer_les_attentes(session, qui, objet, si=lue.modifiable)
            self._montrer_la_demande(session, qui, cible(self))
        self.nom, self.surtitre, self.chemin = lue.nom, lue.surtitre, lue.chemin
        self.etat, self.sorte, self.quand, self.brouillon = lue.etat, lue.sorte, lue.quand, lue.brouillon
        self.avec_uf, self.demonstration, self.modifiable = lue.avec_uf, lue.demonstration, lue.modifiable
        rang = next(i for i, s in enumerate(lue.sections) if s["cle"] == "adresse")
        self.avant, self.adresse, self.apres = lue.sections[:rang], [lue.sections[rang]], lue.sections[rang + 1 :]
        self.lieux, self.manques, self.fermeture = lue.lieux, lue.manques, lue.fermeture
        self._montrer_les_exigences(lue.exigences, lue.corrections)
        self.bloquants = sum(m["bloque"] for m in lue.manques)
        self.informations, self.gardees = lue.informations, lue.gardees
        self.url_valider = parcours.url_valider(cible(self).identifiant) if lue.modifiable else ""
        self.url_dupliquer = lue.url_dupliquer
        self.titre_page = parcours.titre(ETAPES[Etape.MODIFIER], lue.nom, lue.etablissement)
        self.identifiant = cible(self).identifiant
        self._montrer_l_evolution(lue.evolution)
        self.place = place(self)


def offre_page() -> rx.Component:
    """The page of an offer."""
    etat_ = OffreState
    fermee: Donnee = etat_.fermeture
    return page(
        tete(
            etat_.nom,
            rx.el.p(
                etat(etat_.etat, etat_.sorte),
                rx.cond(etat_.brouillon, etat("Enregistré, à valider", "brouillon")),
                rx.cond(etat_.quand, rx.el.span(etat_.quand)),
                historique_view(etat_.nom),
                imprimer_view(etat_.nom),
                class_name="meta",
            ),
            surtitre=etat_.surtitre,
        ),
        attentes_view(etat_),
        demande_view(etat_),
        rx.el.div(
            rx.el.div(
                fermeture_view(etat_.fermeture),
                rx.cond(fermee.archive, rx.fragment(), rx.fragment(_manques(), corrections_view(etat_))),
                evolution_view(etat_, OffreOperationnelle.GENRE, etat_.identifiant),
                _sommaire(),
                class_name="cote pile",
            ),
            rx.el.div(
                sections_view(etat_.avant),
                rx.foreach(etat_.adresse, _lieux),
                sections_view(etat_.apres),
                exigences_view(etat_),
                rx.cond(etat_.url_dupliquer, _dupliquer(), rx.fragment()),
                rx.cond(
                    etat_.demonstration,
                    rx.el.p(
                        fr("Pôles, UF, offres, lieux, personnes, états et dates : données de démonstration."),
                        class_name="demo",
                    ),
                ),
            ),
            class_name="colonnes colonnes--offre",
        ),
        rx.cond(etat_.modifiable, _barre()),
        etape=int(Etape.MODIFIER),
        avec_uf=etat_.avec_uf,
        chemin=etat_.chemin,
        pret=etat_.place == ICI,
        presence=True,
    )


def _dupliquer() -> rx.Component:
    return rx.el.section(
        rx.el.div(
            rx.el.h2("Une offre qui lui ressemble", id="t-dupliquer"),
            rx.el.a(
                "Dupliquer",
                rx.el.span(" cette offre", class_name="invisible"),
                href=OffreState.url_dupliquer,
                class_name="bouton bouton--second bouton--compact",
            ),
            class_name="fiche-tete",
        ),
        rx.el.p("Créez-la à partir de ce qui est publié ici.", class_name="petit second"),
        class_name="fiche non-imprime",
        aria_labelledby="t-dupliquer",
    )


def _manques() -> rx.Component:
    etat_ = OffreState
    return rx.cond(
        etat_.manques.length() > 0,
        rx.el.section(
            rx.el.h2("Ce qui manque avant de valider", id="t-manque"),
            manques_view(etat_.manques),
            _a_part(),
            class_name=rx.cond(etat_.bloquants > 0, "panneau panneau--manque", "panneau panneau--alerte"),
            aria_labelledby="t-manque",
        ),
        rx.el.section(
            rx.el.h2("Rien ne manque", id="t-manque"),
            rx.el.p(fr("Relisez les sections, puis validez : la date de mise à jour bouge même si rien n’a changé.")),
            _a_part(),
            class_name="panneau panneau--reussite",
            aria_labelledby="t-manque",
        ),
    )


def _a_part() -> rx.Component:
    """What is not counted as missing: kept alerts, information."""
    etat_ = OffreState
    n = etat_.gardees
    gardees = rx.fragment(n, rx.cond(n > 1, " alertes gardées avec un motif", " alerte gardée avec un motif"))
    return rx.fragment(
        rx.cond(
            n > 0,
            rx.el.p(rx.cond(etat_.url_valider, rx.el.a(gardees, href=etat_.url_valider), gardees), class_name="petit"),
            rx.fragment(),
        ),
        informations_view(etat_.informations),
    )


def _sommaire() -> rx.Component:
    def lien(section: rx.Var) -> rx.Component:
        return rx.cond(
            section["repliee"],
            rx.fragment(),
            rx.el.li(ancre(rx.Var.create("#").to(str) + section["cle"].to(str), section["titre"])),
        )

    return rx.el.nav(
        rx.el.ul(*(rx.foreach(liste, lien) for liste in (OffreState.avant, OffreState.adresse, OffreState.apres))),
        class_name="sommaire",
        aria_label="Sections de l’offre",
    )


def _lieux(section: rx.Var) -> rx.Component:
    brouillon = section["brouillon"].to(str)
    return rx.el.section(
        rx.el.div(
            rx.el.h2(section["titre"]),
            rx.cond(
                section["modifier"], modifier(section["modifier"].to(str), section["titre"].to(str)), rx.fragment()
            ),
            class_name="fiche-tete",
        ),
        rx.cond(
            brouillon,
            rx.el.p(rx.el.span(brouillon, class_name="etat etat--brouillon"), class_name="meta"),
            rx.fragment(),
        ),
        rx.el.p("Les lits et les équipements se mettent à jour sur la page du lieu.", class_name="petit second"),
        rx.cond(
            OffreState.lieux.length() > 0,
            rx.el.ul(rx.foreach(OffreState.lieux, _lieu), class_name="liste"),
            rx.el.p("Aucun lieu n’est rattaché à cette offre.", class_name="second"),
        ),
        gestes_view(section),
        class_name=rx.cond(brouillon, "fiche fiche--brouillon", "fiche"),
        id="adresse",
        aria_label=section["titre"].to(str),
    )


def _lieu(lieu: rx.Var) -> rx.Component:
    return rx.el.li(
        rx.el.div(
            rx.el.h3(lieu["nom"]),
            rx.el.p(lieu["detail"], rx.el.br(), lieu["adresse"], class_name="petit second"),
            rx.el.p(etat(lieu["etat"].to(str), lieu["sorte"].to(str)), rx.el.span(lieu["sert"]), class_name="meta"),
        ),
        rx.el.a(
            "Ouvrir",
            rx.el.span(" le lieu ", lieu["nom"], class_name="invisible"),
            href=lieu["url"].to(str),
            class_name="bouton bouton--second bouton--compact",
        ),
    )


def _barre() -> rx.Component:
    etat_ = OffreState
    demande: Donnee = etat_.demande
    bloque = rx.el.strong(
        etat_.bloquants,
        rx.cond(etat_.bloquants > 1, " points bloquent la validation. ", " point bloque la validation. "),
    )
    return rx.el.section(
        rx.el.p(
            rx.cond(etat_.bloquants > 0, bloque, rx.el.strong("Rien ne bloque. ")),
            rx.cond(etat_.brouillon, etat_.brouillon, "Rien n’attend d’être validé."),
            class_name="statut",
            role="status",
        ),
        rx.el.p(
            rx.el.a(
                rx.cond(demande.a_demander, "Demander la validation", "Valider"),
                href=etat_.url_valider,
                class_name="bouton",
            ),
            class_name="boutons",
        ),
        class_name="barre",
        aria_label="Fin de la mise à jour de l’offre",
    )


PAGES = ((parcours.ROUTE_OFFRE, offre_page, OffreState.titre_page, OffreState.charger),)
