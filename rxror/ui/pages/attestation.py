"""« Attestation de mise à jour »: what it would say, « Établir l’attestation », the document, the earlier ones."""

import json
from typing import Annotated, Any, TypedDict
from urllib.parse import urlencode
from uuid import uuid4

import reflex as rx
from pydantic import BaseModel, ConfigDict, StringConstraints
from reflex_components_core.el.elements.inline import A

from rxror import db
from rxror.imprimes.composer import composer
from rxror.ror import parcours
from rxror.ror.dates import date_heure
from rxror.ror.erreurs import AccesRefuse, Conflit, GesteRefuse, ImpressionImpossible, PresseOccupee
from rxror.ror.parcours import Etape
from rxror.ror.typographie import fr, majuscule
from rxror.services import attestation
from rxror.services.acces import Acteur, Cible
from rxror.services.attestation import Apercu, Etablie, Etablir, Jour
from rxror.services.attestation_vues import TITRE, VueAttestation, a_imprimer, en_jours, lire, par_blocs, qr_de_page
from rxror.tables import Attestation
from rxror.ui.components.attestation import acte_view, verifier_view
from rxror.ui.components.etats import Donnee
from rxror.ui.components.foyer import foyer_view, vers
from rxror.ui.components.geste import a_change, barre_view, caches, identifiant, message_view
from rxror.ui.demande import filtres, lire_adresse, lire_demande
from rxror.ui.identity import acteur
from rxror.ui.layout import page, tete
from rxror.ui.place import ICI, cible, place

CONTEXTE = ("genre", "identifiant", "du", "au", "vu", "cle")
CHANGE = a_change("Rien n’est établi.", "Relisez, puis établissez l’attestation.")
INDISPONIBLE = fr(
    "Le document n’a pas pu être préparé. Rien n’est établi : attendez une minute, puis recommencez. Si cela dure, "
    "choisissez une période plus courte."
)
OCCUPEE = fr("D’autres documents sont en cours de préparation. Rien n’est établi : réessayez dans quelques secondes.")
GARDEE = fr(
    "Elle est gardée ici telle quelle. Téléchargez le PDF et remettez-le à qui vous la demande : cette personne la "
    "vérifie avec le code, sans compte."
)
PAS_A_VOUS = fr("L’établir demande de pouvoir valider toutes ces offres : demandez à un référent.")


DEMONSTRATION = fr("Attestation de démonstration : rien de tel n’a été délivré à cet établissement.")


class Adresse(BaseModel):
    """What the address asks for: a period, or an attestation by its code."""

    model_config = ConfigDict(extra="ignore")

    du: Jour | None = None
    au: Jour | None = None
    code: Annotated[str, StringConstraints(max_length=20)] = ""


class Ligne(TypedDict):
    """An attestation of the list."""

    texte: str
    detail: str
    url: str


class AttestationState(rx.State):
    """One attestation, or what one would say, as the database had it when the page was shown."""

    place: str = ""
    titre_page: str = parcours.titre(TITRE)
    nom: str = ""
    chemin: list[parcours.Maillon] = []
    avec_uf: bool = True
    objet: str = ""
    identifiant: str = ""
    vue: VueAttestation = VueAttestation()
    choix: dict[str, str] = {"du": "", "au": ""}
    vu: str = ""
    cle: str = ""
    peut: bool = False
    a_relire: bool = False
    empechement: str = ""
    etablie: bool = False
    code: str = ""
    ecrite: str = ""
    verification: str = ""
    empreinte: str = ""
    qr: str = ""
    url_pdf: str = ""
    url_json: str = ""
    anciennes: list[Ligne] = []
    message: str = ""
    foyer: str = ""

    @rx.event
    def charger(self) -> None:
        """Read the attestation that the address names, or what one would say."""
        ecrite = self.ecrite
        self.reset()
        self._lire()
        if ecrite and ecrite == self.code:
            self.foyer = vers("etablie")

    def _lire(self) -> None:
        voulue, objet = lire_adresse(Adresse, dict(self.router.url.query_parameters)), cible(self)
        with db.lecture() as session:
            qui = acteur(self, session)
            anciennes = attestation.etablies(session, qui, objet)
            if voulue.code:
                self._montrer(attestation.document(session, qui, voulue.code), objet)
            try:
                apercu = attestation.apercevoir(session, qui, objet, voulue.du, voulue.au)
            except GesteRefuse as refus:
                self.message, self.foyer = str(refus), vers("message")
                apercu = attestation.apercevoir(session, qui, objet)
        self._situer(apercu, objet)
        self.anciennes = [_ligne_ancienne(une, objet) for une in anciennes]
        if not self.etablie:
            self._apercevoir(apercu)
        self.place = place(self)

    def _situer(self, apercu: Apercu, objet: Cible) -> None:
        self.objet, self.identifiant = objet.genre, objet.identifiant
        self.nom = apercu.contenu["perimetre"]["nom"]
        self.avec_uf = apercu.acces.etablissement.sanitaire
        self.chemin = parcours.chemin_de(*apercu.chemin, ("Attestation", ""))
        self.titre_page = parcours.titre(TITRE, self.nom)

    def _apercevoir(self, apercu: Apercu) -> None:
        self.vue, self.vu, self.cle = lire(apercu.contenu), apercu.vu, str(uuid4())
        self.choix = dict(apercu.contenu["periode"])
        rien = not apercu.relus
        self.peut, self.a_relire = apercu.peut and not rien, apercu.peut and rien
        self.empechement = attestation.RIEN if rien else "" if apercu.peut else PAS_A_VOUS

    def _montrer(self, trouvee: Attestation, objet: Cible) -> None:
        if trouvee.objet != objet.cle:
            raise AccesRefuse(f"attestation:{trouvee.code}")
        contenu = json.loads(trouvee.contenu)
        self.vue, self.etablie, self.code = lire(contenu), True, trouvee.code
        self.verification, self.empreinte = contenu["verification"], par_blocs(trouvee.empreinte)
        self.qr = qr_de_page(self.verification)
        self.url_pdf, self.url_json = (parcours.url_fichier_attestation(trouvee.code, s) for s in ("pdf", "json"))

    @rx.event
    def choisir(self, saisie: dict[str, Any]) -> Any:
        """Show another period; the address says it."""
        voulue = lire_adresse(Adresse, filtres(saisie, ("du", "au")))
        donnes = {nom: str(jour) for nom, jour in (("du", voulue.du), ("au", voulue.au)) if jour}
        ici = place(self)
        return rx.redirect(f"{ici}?{urlencode(donnes)}" if donnes else ici)

    @rx.event
    async def etablir(self, saisie: dict[str, Any]) -> Any:
        """Write the attestation and draw its PDF; what one has seen must be what is attested."""
        demande = lire_demande(Etablir, saisie, CONTEXTE)
        with db.lecture() as session:
            qui = acteur(self, session)
            ecrite = self._tenter(lambda: attestation.rediger(session, qui, demande))
        if isinstance(ecrite, attestation.Projet):
            ecrite = await self._imprimer(qui, demande, ecrite)
        if not ecrite:
            return None
        self.ecrite = ecrite
        requete = urlencode({"code": ecrite})
        return rx.redirect(f"{parcours.url_attestation(demande.genre, demande.identifiant)}?{requete}")

    async def _imprimer(self, qui: Acteur, demande: Etablir, projet: attestation.Projet) -> str | None:
        donnees = a_imprimer(projet.contenu, projet.empreinte)
        try:
            pdf = await composer("attestation", donnees, projet.instant)
        except ImpressionImpossible as raison:
            self.message = OCCUPEE if isinstance(raison, PresseOccupee) else INDISPONIBLE
            self.foyer = vers("message")
            return None
        return self._tenter(
            lambda: db.rejouable(lambda s: attestation.etablir(s, acteur(self, s), demande, projet, pdf))
        )

    def _tenter(self, faire: Any) -> Any:
        """What the gesture gives; None when it was not done, and the page says why."""
        try:
            return faire()
        except (Conflit, GesteRefuse) as refus:
            if isinstance(refus, Conflit):
                self._lire()
            self.message = CHANGE if isinstance(refus, Conflit) else str(refus)
            self.foyer = vers("message")
            return None


def _ligne_ancienne(une: Etablie, objet: Cible) -> Ligne:
    ou = parcours.url_attestation(objet.genre, objet.identifiant)
    return Ligne(
        texte=majuscule(en_jours(une.du, une.au)),
        detail=fr(f"Établie le {date_heure(une.cree)} par {une.nom}, code {une.code}"),
        url=f"{ou}?{urlencode({'code': une.code})}",
    )


def attestation_page() -> rx.Component:
    """The attestation of an établissement or of a structure."""
    etat = AttestationState
    return page(
        tete(TITRE, surtitre=etat.nom),
        foyer_view(etat.foyer),
        message_view(etat.message),
        rx.cond(etat.etablie, _etablie(), _a_etablir()),
        rx.cond(etat.vue.demonstration, rx.el.p(DEMONSTRATION, class_name="demo")),
        rx.cond(etat.anciennes.length() > 0, _anciennes()),
        etape=int(Etape.VALIDER),
        avec_uf=etat.avec_uf,
        chemin=etat.chemin,
        etroite=True,
        espacee=True,
        pret=etat.place == ICI,
    )


def _etablie() -> rx.Component:
    etat = AttestationState
    return rx.fragment(
        rx.el.section(
            rx.el.h2("Attestation établie, code ", rx.el.span(etat.code, class_name="nombre"), id="t-etablie"),
            rx.el.p(GARDEE),
            rx.el.p(
                A.create("Télécharger le PDF", href=etat.url_pdf, class_name="bouton"),
                A.create("Télécharger le JSON", href=etat.url_json, class_name="bouton bouton--second"),
                class_name="boutons",
            ),
            id=identifiant("etablie"),
            tab_index=-1,
            role="status",
            aria_labelledby="t-etablie",
            class_name="panneau panneau--reussite non-imprime",
        ),
        acte_view(etat.vue, verifier_view(etat.verification, etat.empreinte, etat.qr)),
        rx.el.p(rx.el.a("Établir une autre attestation", href=etat.place, class_name="lien"), class_name="non-imprime"),
    )


def _a_etablir() -> rx.Component:
    etat = AttestationState
    formulaire = rx.el.form(
        *caches(genre=etat.objet, identifiant=etat.identifiant, du=etat.choix["du"], au=etat.choix["au"]),
        *caches(vu=etat.vu, cle=etat.cle),
        barre_view(
            rx.cond(etat.empechement, etat.empechement, "Elle sera gardée telle quelle, avec son code."),
            rx.cond(
                etat.peut,
                rx.el.button("Établir l’attestation", type="submit", class_name="bouton"),
                rx.cond(etat.a_relire, rx.el.a("Aller à la relecture", href=parcours.RELECTURE, class_name="bouton")),
            ),
        ),
        on_submit=etat.etablir,
        class_name="barre-seule",
    )
    return rx.fragment(
        rx.el.p(
            fr("Voici ce qu’elle dirait : ce qui a été validé ou confirmé dans la période, et ce qui ne l’a pas été."),
            class_name="second",
        ),
        _periode(),
        acte_view(etat.vue),
        formulaire,
    )


def _periode() -> rx.Component:
    etat = AttestationState
    return rx.el.details(
        rx.el.summary("Choisir la période"),
        rx.el.form(
            _jour("du", "Du"),
            _jour("au", "Au"),
            rx.el.button("Voir cette période", type="submit", class_name="bouton bouton--second"),
            on_submit=etat.choisir,
            class_name="recherche",
        ),
        class_name="plis",
    )


def _jour(nom: str, label: str) -> rx.Component:
    tenu = AttestationState.choix[nom]
    entree = rx.el.input(
        id=f"periode-{nom}", name=nom, type="date", default_value=tenu, key=f"{nom}-" + tenu, class_name="saisie"
    )
    return rx.el.div(rx.el.label(label, html_for=f"periode-{nom}"), entree, class_name="champ")


def _anciennes() -> rx.Component:
    return rx.el.section(
        rx.el.h2("Attestations établies", id="t-anciennes"),
        rx.el.ul(rx.foreach(AttestationState.anciennes, _ancienne), class_name="liste"),
        class_name="pile non-imprime",
        aria_labelledby="t-anciennes",
    )


def _ancienne(ligne: Donnee) -> rx.Component:
    return rx.el.li(
        rx.el.div(rx.el.h3(ligne["texte"]), rx.el.p(ligne["detail"], class_name="petit second")),
        rx.el.a(
            "Voir",
            rx.el.span(" l’attestation, ", ligne["detail"], class_name="invisible"),
            href=ligne["url"].to(str),
            class_name="bouton bouton--second bouton--compact",
        ),
    )


PAGES = tuple(
    (route, attestation_page, AttestationState.titre_page, AttestationState.charger)
    for route in (parcours.ROUTE_ATTESTATION, parcours.ROUTE_STRUCTURE_ATTESTATION)
)
