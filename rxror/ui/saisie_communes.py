"""Gestures on a zone of communes. The form holds one text of INSEE codes; the screen counts them by département and
shows the names of one département at a time, a page of them.
"""

from typing import Any, TypedDict

import reflex as rx

from rxror import db
from rxror.ror import territoire
from rxror.ror.champs import TypeChamp, champs_de
from rxror.ror.erreurs import SaisieInvalide
from rxror.ror.territoire import COMMUNES_MAXIMUM
from rxror.ror.typographie import fr
from rxror.services import communes
from rxror.ui.components.foyer import vers
from rxror.ui.identity import acteur
from rxror.ui.saisie import Option

PAR_PAGE = 50
INCONNUS_MONTRES = 50
COLLE_MAXIMUM = 40_000
DISTANCES = (5, 10, 15, 20, 30, 40, 50, 75, 100)
ZONE, CENTRE = "zone", "centre"


class DepartementVu(TypedDict):
    """One département of the zone; the names only when it is open."""

    cle: str
    texte: str
    nom: str
    ouvert: bool
    communes: list[Option]
    suite: str
    precedents: int
    suivants: int


class ZoneEnSaisie(rx.State, mixin=True):
    """The zone as its editor shows it, and what changes it."""

    departements: list[DepartementVu] = []
    zone_totale: str = ""
    zone_dite: str = ""
    zone_annulable: bool = False
    zone_inconnus: list[str] = []
    zone_cherche: str = ""
    zone_trouves: list[Option] = []
    zone_recherche_dite: str = ""
    centre: str = ""
    centre_nom: str = ""
    _ouvert: str = ""
    _page: int = 0
    _colle: str = ""
    _zone_avant: str | None = None

    # -------------------------------------------------------------- what is on the screen

    def _champ_zone(self) -> str:
        """Path of the zone of the open form, "" when it has none."""
        classe, section = self._classe()
        if classe is None:
            return ""
        return next((n for n, c in champs_de(classe, section).items() if c.type is TypeChamp.COMMUNES), "")

    def _chemin_zone(self) -> str:
        chemin = self._champ_zone()
        if not chemin:
            raise SaisieInvalide("zone")
        return chemin

    def _ouvrir_zone(self) -> None:
        """Show the zone from nothing."""
        self._ouvert, self._page, self._colle, self._zone_avant = "", 0, "", None
        self.zone_dite, self.zone_annulable, self.zone_trouves, self.zone_recherche_dite = "", False, [], ""
        self.zone_cherche, self.centre, self.centre_nom = "", "", ""
        if self._champ_zone():
            with db.lecture() as session:
                self._ranger_zone(session)

    def _codes(self) -> list[str]:
        return territoire.codes_de(self.valeurs.get(self._chemin_zone(), ""))

    def _ranger_zone(self, session: Any) -> None:
        codes = self._codes()
        lu = communes.lire_territoire(session, codes)
        groupes = lu.par_departement(codes)
        self.departements = [self._vue_du_departement(lu, d, siens) for d, siens in groupes.items()]
        self.zone_inconnus = [c for c in codes if c not in lu.departements][:INCONNUS_MONTRES]
        connues = sum(map(len, groupes.values()))
        self.zone_totale = territoire.communes(connues) if connues else "Aucune commune"

    def _vue_du_departement(self, lu: territoire.Territoire, departement: str, codes: list[str]) -> DepartementVu:
        ouvert = departement == self._ouvert
        ranges = sorted(codes, key=lambda c: lu.noms[c].casefold())
        if ouvert:
            self._page = min(self._page, (len(ranges) - 1) // PAR_PAGE)
        debut = self._page * PAR_PAGE if ouvert else 0
        montres = ranges[debut : debut + PAR_PAGE] if ouvert else []
        suite = f"{debut + 1} à {debut + len(montres)} sur {territoire.en_chiffres(len(ranges))}"
        return DepartementVu(
            cle=departement,
            texte=lu.compte(departement, len(codes)),
            nom=lu.totaux.get(departement, (departement, 0))[0],
            ouvert=ouvert,
            communes=[Option(cle=c, libelle=lu.noms[c], detail=c) for c in montres],
            suite=suite if len(montres) < len(ranges) else "",
            precedents=min(PAR_PAGE, debut),
            suivants=min(PAR_PAGE, len(ranges) - debut - len(montres)) if ouvert else 0,
        )

    def _changer_zone(self, session: Any, codes: set[str], dire: str, *, annulable: bool = True) -> bool:
        """Give the form another list; False, and nothing changes, when it is too long."""
        if len(codes) > COMMUNES_MAXIMUM:
            nombre = territoire.en_chiffres(len(codes))
            self._dire_zone(
                fr(
                    f"Rien n’est ajouté : {territoire.en_chiffres(COMMUNES_MAXIMUM)} communes au plus, "
                    f"il y en aurait {nombre}."
                )
            )
            return False
        chemin = self._chemin_zone()
        self._zone_avant, self._touche = self.valeurs.get(chemin, ""), True
        self.valeurs[chemin] = " ".join(sorted(codes))
        self.erreurs = {c: t for c, t in self.erreurs.items() if c != chemin}
        self._dire_zone(dire, annulable=annulable)
        self._ranger_zone(session)
        return True

    def _dire_zone(self, texte: str, *, annulable: bool = False) -> None:
        self.zone_dite, self.zone_annulable = fr(texte), annulable

    def _ajouter_communes(self, session: Any, codes: list[str], quoi: str) -> None:
        tenues = set(self._codes())
        neuves = set(codes) - tenues
        deja = len(codes) - len(neuves)
        s = "s" if len(neuves) > 1 else ""
        ajout = f"{territoire.communes(len(neuves))} ajoutée{s}" if neuves else "rien à ajouter"
        reste = f", {deja} y {'étaient' if deja > 1 else 'était'} déjà" if deja else ""
        dire = fr(f"{quoi} : {ajout}{reste}.")
        if neuves:
            self._changer_zone(session, tenues | neuves, dire)
        else:
            self._dire_zone(dire)

    # --------------------------------------------------------------------------- gestures

    @rx.event
    def chercher_zone(self, pour: str, texte: str) -> None:
        """Look for a commune or a département to add, or for the commune to look around."""
        self._chemin_zone()
        if pour not in (ZONE, CENTRE) or not isinstance(texte, str):
            raise SaisieInvalide("recherche")
        texte = texte[:80]
        with db.lecture() as session:
            acteur(self, session)
            cherche = communes.chercher if pour == ZONE else communes.chercher_commune
            trouves = cherche(session, texte)
        tenues = set(self._codes())
        self.zone_cherche = pour
        self.zone_trouves = [
            Option(cle=c.cle, libelle=c.libelle, detail="déjà dans la zone" if c.cle in tenues else "") for c in trouves
        ]
        n = len(trouves)
        self.zone_recherche_dite = (
            "" if not texte.strip() else f"{n} résultat{'s' if n > 1 else ''}" if n else "Aucun résultat."
        )

    def _trouve(self, cle: Any) -> Option:
        trouve = next((o for o in self.zone_trouves if o["cle"] == cle), None)
        if trouve is None:
            raise SaisieInvalide("commune")
        self.zone_trouves = []
        return trouve

    @rx.event
    def choisir_commune(self, cle: str) -> None:
        """Add what was found: a commune, or all those of a département."""
        self._chemin_zone()
        trouve = self._trouve(cle)
        with db.lecture() as session:
            acteur(self, session)
            if cle.startswith(communes.DEPARTEMENT):
                codes = communes.du_departement(session, cle.removeprefix(communes.DEPARTEMENT))
                self._ajouter_communes(session, codes, trouve["libelle"].partition(",")[0])
            else:
                self._ajouter_communes(session, communes.trier(session, [cle]).connues, trouve["libelle"])
        self.zone_recherche_dite = ""
        self.foyer = vers("zone-recherche", "vider")

    @rx.event
    def choisir_centre(self, cle: str) -> None:
        """Take the commune to look around."""
        self._chemin_zone()
        trouve = self._trouve(cle)
        self.centre, self.centre_nom = trouve["cle"], trouve["libelle"]
        self.zone_recherche_dite = ""
        self.foyer = vers("zone-km")

    @rx.event
    def changer_distance(self, km: str) -> None:
        """Keep the distance chosen."""
        self._chemin_zone()
        self._km = _distance(km)

    _km: int = 20

    @rx.event
    def ajouter_autour(self) -> None:
        """Add the communes whose centre is near enough."""
        self._chemin_zone()
        if not self.centre:
            self._dire_zone("Choisissez d’abord une commune.")
            self.foyer = vers("zone-centre")
            return
        with db.lecture() as session:
            acteur(self, session)
            codes = communes.autour(session, self.centre, self._km)
            if not codes:
                self._dire_zone(fr("Le centre de cette commune n’est pas connu : ajoutez ses voisines une à une."))
                return
            self._ajouter_communes(session, codes, f"À {self._km} km ou moins de {self.centre_nom}")
        self.foyer = vers("zone-dite")

    @rx.event
    def coller(self, texte: str) -> None:
        """Keep the list that was pasted."""
        self._chemin_zone()
        if not isinstance(texte, str):
            raise SaisieInvalide("liste")
        self._colle = texte[:COLLE_MAXIMUM]

    @rx.event
    def ajouter_liste(self) -> None:
        """Add the communes of the pasted list, and name the codes that are none."""
        self._chemin_zone()
        codes = territoire.codes_de(self._colle)
        if not codes:
            self._dire_zone("Collez d’abord une liste de codes INSEE.")
            self.foyer = vers("zone-liste")
            return
        with db.lecture() as session:
            acteur(self, session)
            tri = communes.trier(session, codes[: 2 * COMMUNES_MAXIMUM])
            self._ajouter_communes(session, tri.connues, "Liste collée")
        if tri.inconnues:
            mot = "Codes inconnus" if len(tri.inconnues) > 1 else "Code inconnu"
            self.zone_dite += fr(f" {mot} : {territoire.citer(tri.inconnues, INCONNUS_MONTRES)}.")
        self.foyer = vers("zone-dite")

    @rx.event
    def retirer_commune(self, code: str) -> None:
        """Take one code away, known or not."""
        chemin, codes = self._chemin_zone(), set(self._codes())
        if not isinstance(code, str) or code not in codes:
            raise SaisieInvalide("commune")
        with db.lecture() as session:
            acteur(self, session)
            nom = communes.lire_territoire(session, [code]).noms.get(code, code)
            self._changer_zone(session, codes - {code}, fr(f"{nom} : retirée."))
        self.foyer = vers(chemin)

    @rx.event
    def retirer_departement(self, departement: str) -> None:
        """Take away all the communes of a département."""
        self._chemin_zone()
        codes = self._codes()
        with db.lecture() as session:
            acteur(self, session)
            siens = communes.lire_territoire(session, codes).par_departement(codes).get(str(departement), [])
            if not siens:
                raise SaisieInvalide("departement")
            s = "s" if len(siens) > 1 else ""
            self._changer_zone(session, set(codes) - set(siens), f"{territoire.communes(len(siens))} retirée{s}.")
        self.foyer = vers("zone-dite")

    @rx.event
    def voir_departement(self, departement: str, pas: int) -> None:
        """Open a département, close it, or turn its pages."""
        self._chemin_zone()
        if not isinstance(departement, str) or type(pas) is not int or pas not in (-1, 0, 1):
            raise SaisieInvalide("departement")
        if pas == 0:
            self._ouvert, self._page = ("" if self._ouvert == departement else departement[:3]), 0
        elif departement == self._ouvert:
            self._page = max(0, self._page + pas)
        with db.lecture() as session:
            acteur(self, session)
            self._ranger_zone(session)

    @rx.event
    def annuler_zone(self) -> None:
        """Undo the last change of the zone."""
        chemin = self._chemin_zone()
        if self._zone_avant is not None:
            with db.lecture() as session:
                acteur(self, session)
                self.valeurs[chemin], self._zone_avant = self._zone_avant, None
                self._dire_zone(fr("Annulé : la zone est comme avant."))
                self._ranger_zone(session)
        self.foyer = vers("zone-dite")


def _distance(km: Any) -> int:
    if not isinstance(km, str) or km not in {str(d) for d in DISTANCES}:
        raise SaisieInvalide("distance")
    return int(km)
