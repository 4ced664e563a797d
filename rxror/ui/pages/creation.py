"""« Créer + »: an offer, a pôle, a service or a UF, a lieu."""

from dataclasses import asdict, replace
from typing import Any
from uuid import uuid4

import reflex as rx
from sqlmodel import SQLModel

from rxror import db
from rxror.ror import parcours
from rxror.ror.champs import Champ, TypeChamp, champs_de
from rxror.ror.objets import EntiteGeographique, LieuRealisationOffre, OffreOperationnelle, OrganisationInterne
from rxror.ror.parcours import Etape
from rxror.ror.typographie import fr
from rxror.services import creation, creation_lieu, creation_structure
from rxror.services.choix_modele import GENERAL, QUESTION
from rxror.ui.champs import champ_view
from rxror.ui.components.foyer import foyer_view, vers
from rxror.ui.components.geste import RETENU, barre_view, caches
from rxror.ui.components.homonyme import homonyme_view
from rxror.ui.demande import lire_demande, textes
from rxror.ui.identity import acteur
from rxror.ui.layout import page, tete
from rxror.ui.place import ICI, dernier, place
from rxror.ui.saisie import Formulaires, Option

CONTEXTE = ("genre", "identifiant", "cle")
# Asked at the creation only: the object then keeps it, « MS-141|1 ».
MODELE = Champ(
    "Modèle de saisie",
    type=TypeChamp.CHOIX,
    obligatoire=True,
    visible_si=lambda _: True,  # the state decides, by the champ d'activité answered
    aide="Un formulaire publié du ROR, qui ne propose que les réponses de ce genre d’unité.",
)
CLASSES: dict[str, type[SQLModel]] = {
    classe.GENRE: classe for classe in (OffreOperationnelle, LieuRealisationOffre, OrganisationInterne)
}


class CreationState(Formulaires, rx.State):
    """The few answers that a new object needs."""

    place: str = ""
    titre_page: str = parcours.titre("Créer")
    nom: str = ""
    chemin: list[parcours.Maillon] = []
    retour: str = ""
    objet: str = ""
    identifiant: str = ""
    cle: str = ""
    dit: str = ""
    avec_uf: bool = True
    _modeles: list[dict[str, Any]] = []
    _modes: list[Option] = []

    def _classe(self) -> tuple[type[SQLModel] | None, str]:
        return CLASSES.get(_morceau(self, 2)), ""

    def _parent(self) -> tuple[str, str]:
        """Kind and identifier of the parent: /creer/offre/genre/parent, /creer/lieu/region/numero."""
        if _morceau(self, 2) == LieuRealisationOffre.GENRE and _morceau(self, 3) != EntiteGeographique.GENRE:
            return OffreOperationnelle.GENRE, f"{_morceau(self, 3)}/{_morceau(self, 4)}"
        return _morceau(self, 3), dernier(self)

    @rx.event
    def charger_offre(self) -> None:
        """Read the parent of the address, and what its offers may be."""
        self.reset()
        genre, identifiant = self._parent()
        with db.lecture() as session:
            ecran = creation.ouvrir_offre(session, acteur(self, session), genre, identifiant)
        self._montrer(ecran, "Créer une offre")

    @rx.event
    def charger_lieu(self) -> None:
        """Read the offer, or the établissement, of the address."""
        self.reset()
        genre, identifiant = self._parent()
        with db.lecture() as session:
            ecran = creation_lieu.ouvrir_lieu(session, acteur(self, session), genre, identifiant)
        self._montrer(ecran, "Créer un lieu")

    @rx.event
    def charger_structure(self) -> None:
        """Read the parent of the address, and what may hang under it."""
        self.reset()
        genre, identifiant = self._parent()
        with db.lecture() as session:
            ecran = creation_structure.ouvrir_structure(session, acteur(self, session), genre, identifiant)
        self._montrer(ecran, "Créer une structure")

    def _montrer(self, ecran: creation.Ecran, titre: str) -> None:
        self.objet, self.identifiant = self._parent()
        self.valeurs, self.erreurs, self.cle = ecran.valeurs, {}, str(uuid4())
        self.options = {
            k: [{"cle": c.cle, "libelle": c.libelle, "detail": ""} for c in v] for k, v in ecran.options.items()
        }
        self._modeles = [asdict(m) for m in ecran.modeles]
        self._modes = self.options.get("mode_prise_en_charge", [])
        self._revoir()
        self.nom, self.retour, self.avec_uf, self.dit = ecran.nom, ecran.retour, ecran.avec_uf, ecran.dit
        self.chemin = [*ecran.chemin, parcours.Maillon(nom=titre, url="")]
        self.titre_page = parcours.titre(titre, ecran.nom)
        self.place = place(self)

    def _revoir(self) -> None:
        """The modèles are those of the champ d'activité answered, and the modes those of the modèle answered."""
        convenables = [m for m in self._modeles if m["champ"] == self.valeurs.get("champ_activite")]
        self.visibles = {QUESTION: bool(convenables)}
        if not self._modeles:
            return
        general = Option(cle=GENERAL, libelle="Formulaire général, sans modèle", detail="")
        propres = [Option(cle=m["reference"], libelle=m["libelle"], detail="") for m in convenables]
        choisi = next((m for m in convenables if m["reference"] == self.valeurs.get(QUESTION)), None)
        if choisi is None:
            self.valeurs[QUESTION] = GENERAL
        permis = choisi["modes"] if choisi else ()
        modes = [o for o in self._modes if not permis or o["cle"] in permis]
        self.options |= {QUESTION: [general, *propres], "mode_prise_en_charge": modes}

    @rx.event
    def creer_offre(self, saisie: dict[str, Any]) -> Any:
        """Create the offer, then open it."""
        demande = _demande(saisie)
        identifiant, erreurs = db.rejouable(
            lambda session: creation.creer_offre(session, acteur(self, session), demande)
        )
        return rx.redirect(parcours.url_offre(identifiant)) if identifiant else self._dire(erreurs, demande.saisie)

    @rx.event
    def creer_lieu(self, saisie: dict[str, Any]) -> Any:
        """Create the lieu, then open it."""
        demande = _demande(saisie)
        identifiant, erreurs = db.rejouable(
            lambda session: creation_lieu.creer_lieu(session, acteur(self, session), demande)
        )
        depuis = demande.identifiant if demande.genre == OffreOperationnelle.GENRE else ""
        return (
            rx.redirect(parcours.url_lieu(identifiant, depuis)) if identifiant else self._dire(erreurs, demande.saisie)
        )

    @rx.event
    def creer_structure(self, saisie: dict[str, Any]) -> Any:
        """Create the pôle, the service or the UF, then open it."""
        demande = _demande(saisie)
        identifiant, erreurs = db.rejouable(
            lambda session: creation_structure.creer_structure(session, acteur(self, session), demande)
        )
        return rx.redirect(parcours.url_structure(identifiant)) if identifiant else self._dire(erreurs, demande.saisie)

    def _dire(self, erreurs: dict[str, str], saisie: dict[str, str]) -> None:
        self.valeurs, self.erreurs = saisie, erreurs
        self._revoir()
        self.foyer = vers(next(iter(erreurs)))


def _demande(saisie: Any) -> creation.Creation:
    return lire_demande(creation.Creation, saisie, CONTEXTE, saisie=textes(saisie, sauf=CONTEXTE))


def _morceau(state: rx.State, rang: int) -> str:
    morceaux = place(state).split("/")
    return morceaux[rang] if len(morceaux) > rang else ""


def _page(
    titre: str,
    phrase: Any,
    classe: type[SQLModel],
    noms: tuple[str, ...],
    envoyer: Any,
    *,
    etape: int | rx.Var,
    libres: tuple[str, ...] = (),
    fin: str = fr("Rien n’est publié avant « Valider »."),
) -> rx.Component:
    etat = CreationState
    champs = {n: replace(c, obligatoire=n not in libres) for n, c in champs_de(classe).items() if n in noms}
    nom = next(n for n in noms if n in ("nom_offre", "nom", "nom_oi"))
    return page(
        tete(titre, rx.el.p(phrase, class_name="second"), surtitre=etat.nom),
        foyer_view(etat.foyer),
        rx.el.form(
            *caches(genre=etat.objet, identifiant=etat.identifiant, cle=etat.cle),
            rx.el.div(
                *(vue for n in noms for vue in (_champ(champs[n], n, nom), *_question_apres(n))), class_name="fiche"
            ),
            barre_view(
                fr(fin),
                rx.el.a("Annuler", href=etat.retour, class_name="bouton bouton--second"),
                rx.el.button("Créer", type="submit", class_name="bouton"),
            ),
            on_submit=envoyer,
            custom_attrs=RETENU,
        ),
        etape=etape,
        avec_uf=etat.avec_uf,
        chemin=etat.chemin,
        etroite=True,
        pret=etat.place == ICI,
    )


def _champ(champ: Champ, nom: str, nom_propre: str) -> rx.Component:
    vue = champ_view(CreationState, champ, nom, nom, creation=True)
    return rx.fragment(vue, homonyme_view(CreationState, nom)) if nom == nom_propre else vue


def _question_apres(nom: str) -> list[rx.Component]:
    """The modèle de saisie is asked right after the champ d'activité, on which the answers depend."""
    if nom != "champ_activite":
        return []
    return [champ_view(CreationState, MODELE, QUESTION, QUESTION, creation=True)]


def creer_offre_page() -> rx.Component:
    """A new offer."""
    phrase = (
        "Trois réponses pour commencer. Le champ d’activité et le mode de prise en charge ne se modifient plus ensuite."
    )
    noms, envoyer = creation.CHAMPS_OFFRE, CreationState.creer_offre
    return _page("Créer une offre", phrase, OffreOperationnelle, noms, envoyer, etape=int(Etape.ACCEDER_OFFRE))


def creer_lieu_page() -> rx.Component:
    """A new lieu, for an offer or in an établissement."""
    pour_une_offre = CreationState.objet == OffreOperationnelle.GENRE
    suite = rx.cond(
        pour_une_offre,
        "Il est rattaché à l’offre dès sa création.",
        fr("Vous le rattacherez ensuite à ses offres, dans leur section « Adresse et lieux »."),
    )
    phrase = rx.fragment(CreationState.dit, " ", suite)
    noms, envoyer = creation_lieu.CHAMPS_LIEU, CreationState.creer_lieu
    etape = rx.cond(pour_une_offre, int(Etape.MODIFIER), int(Etape.RETROUVER))
    return _page("Créer un lieu", phrase, LieuRealisationOffre, noms, envoyer, etape=etape)


def creer_structure_page() -> rx.Component:
    """A new pôle, service or UF."""
    return _page(
        "Créer une structure",
        "Un pôle, un service ou une UF. Son type et son rattachement ne se modifient plus ensuite.",
        OrganisationInterne,
        creation_structure.CHAMPS_STRUCTURE,
        CreationState.creer_structure,
        etape=int(Etape.ACCEDER_UF),
        libres=creation_structure.FACULTATIFS,
        fin=fr("La structure est créée tout de suite ; ses offres s’y ajoutent ensuite."),
    )


PAGES = (
    (parcours.ROUTE_CREER_OFFRE, creer_offre_page, CreationState.titre_page, CreationState.charger_offre),
    (
        parcours.ROUTE_CREER_STRUCTURE,
        creer_structure_page,
        CreationState.titre_page,
        CreationState.charger_structure,
    ),
    (parcours.ROUTE_CREER_LIEU, creer_lieu_page, CreationState.titre_page, CreationState.charger_lieu),
)
