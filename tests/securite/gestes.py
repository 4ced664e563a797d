"""What each handler and each page asks of a person: the table against which the matrix is played.

A new handler or page is in none of these lists: the matrix fails until somebody says what it needs.
"""

import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Any
from uuid import uuid4

from rxror.ror.dates import aujourd_hui
from rxror.services.droits import Geste
from rxror.services.habilitations import vu_de
from rxror.tables import Habilitation, Role

SECTIONS = {"etablissement": "nom_usage"}
GENERALE = "informations_generales"
TEMOINS = (999_998, 999_999)  # two people who may read every établissement
DROITS_DES_TEMOINS = 5_000_000
NOMS = {"etablissement": "nom_operationnel", "structure": "nom_oi", "offre": "nom_offre", "lieu": "nom"}
REGLE = "FER-06"  # a rule that has a correction
DEMANDE = "demandes-acces/[demande]"  # of the établissement of the cell, by its number
PARENT_EG = "creer/offre/[genre]/[parent]"
FERMER = {"offre": Geste.FERMER_OFFRE, "structure": Geste.FERMER_STRUCTURE}
TOUS = ("offre", "lieu", "structure", "etablissement")


def de_tous(geste: Geste) -> dict[str, Geste]:
    """The same gesture on the four kinds of objects."""
    return dict.fromkeys(TOUS, geste)


# What opening a page needs: {what follows the address of the object: {kind: gesture}}.
PAGES: dict[str, dict[str, Geste]] = {
    "": de_tous(Geste.LIRE),
    "modifier": de_tous(Geste.MODIFIER),
    "conflit": de_tous(Geste.MODIFIER),
    "annuler": de_tous(Geste.MODIFIER),
    "reprendre": de_tous(Geste.MODIFIER),
    "comparer": de_tous(Geste.LIRE),
    "historique": de_tous(Geste.LIRE),
    "valider": de_tous(Geste.VALIDER),
    "separer": {"lieu": Geste.VALIDER},
    "confirmer": {"structure": Geste.LIRE, "etablissement": Geste.LIRE},  # lists what one may validate, and no more
    "valider-plusieurs": {"structure": Geste.LIRE, "etablissement": Geste.LIRE},
    "validee": de_tous(Geste.LIRE),
    "exigences": de_tous(Geste.LIRE),
    "capacites": {"etablissement": Geste.LIRE},
    "arbre": {"etablissement": Geste.LIRE},
    "invitations": {"etablissement": Geste.ADMINISTRER},
    "demandes-acces": {"etablissement": Geste.ADMINISTRER},  # a request for one: see `DEMANDE`
    "corriger": {"offre": Geste.MODIFIER},
    "personnes": {"etablissement": Geste.ADMINISTRER},
    "journal": {"etablissement": Geste.JOURNAL},
    "attestation": {"etablissement": Geste.LIRE, "structure": Geste.LIRE},
    "fermer": FERMER,
    "rouvrir": FERMER,
    "dupliquer": {"offre": Geste.CREER_OFFRE},  # there or elsewhere: see `Cellule.ailleurs`
    "appliquer": {"offre": Geste.MODIFIER},
    "confier": de_tous(Geste.CONFIER),
    "proposition": de_tous(Geste.LIRE),
    "creer/offre": {"structure": Geste.CREER_OFFRE, "etablissement": Geste.CREER_OFFRE},
    "creer/structure": {"structure": Geste.CREER_STRUCTURE, "etablissement": Geste.CREER_STRUCTURE},
    "creer/lieu": {"offre": Geste.MODIFIER, "etablissement": Geste.CREER_OFFRE},
}
# Pages of nobody's object: public texts, or what is one's own.
PAGES_LIBRES = frozenset(
    [
        "connexion",
        "index",
        "etablissements",
        "en-attente",
        "relecture",  # one's own queue; a card that the address names is asked of the services
        "sans-referent",
        "mes-connexions",
        "demandes-acces",
        "demander-acces",
        "demander-acces/[finess]",  # its name, its commune, its number: what everybody may know
        "mes-donnees",
        "aide",
        "accessibilite",
        "donnees-personnelles",
        "mentions-legales",
        "etat-du-service",
        "404",
    ]
)

# What calling a handler needs, {end of its name: {kind: gesture}}.
GESTES: dict[str, dict[str, Geste]] = {
    "edition_state.enregistrer": de_tous(Geste.MODIFIER),
    "edition_state.reprendre_attente": de_tous(Geste.MODIFIER),
    "edition_state.abandonner": de_tous(Geste.MODIFIER),
    "attente_state.envoyer": de_tous(Geste.MODIFIER),
    "annulation_state.annuler": de_tous(Geste.MODIFIER),
    "conflit_state.decider": de_tous(Geste.MODIFIER),
    "reprise_state.reprendre": de_tous(Geste.MODIFIER),
    "offre_state.prendre_modele": {"offre": Geste.MODIFIER, "lieu": Geste.MODIFIER},
    "lieu_state.prendre_modele": {"offre": Geste.MODIFIER, "lieu": Geste.MODIFIER},
    "validation_state.valider": de_tous(Geste.VALIDER),
    "validation_state.demander": de_tous(Geste.DEMANDER),
    "validation_state.retirer": de_tous(Geste.DEMANDER),
    "validation_state.renvoyer": de_tous(Geste.VALIDER),
    "validation_state.garder": de_tous(Geste.VALIDER),
    "validation_state.reprendre": de_tous(Geste.VALIDER),
    "rien_na_change_state.confirmer": {"offre": Geste.VALIDER, "lieu": Geste.VALIDER},
    "valider_plusieurs_state.valider": de_tous(Geste.VALIDER),
    "separation_state.separer": {"lieu": Geste.VALIDER},
    "relecture_state.repondre": {"offre": Geste.VALIDER, "lieu": Geste.VALIDER},
    "relecture_state.plus_tard": {"offre": Geste.MODIFIER, "lieu": Geste.MODIFIER},
    "attestation_state.etablir": {"etablissement": Geste.ATTESTER, "structure": Geste.ATTESTER},
    "application_state.appliquer": {"offre": Geste.MODIFIER},
    "application_state.comparer": {"offre": Geste.MODIFIER},
    "correction_state.appliquer": {"offre": Geste.MODIFIER},
    "copie_state.copier": {"structure": Geste.CREER_OFFRE},
    "creation_state.creer_offre": PAGES["creer/offre"],
    "creation_state.creer_lieu": PAGES["creer/lieu"],
    "creation_state.creer_structure": PAGES["creer/structure"],
    "fermeture_state.verifier": FERMER,
    "fermeture_state.fermer": FERMER,
    "reouverture_state.rouvrir": FERMER,
    **{
        f"{etat}.{geste}": {"etablissement": Geste.ADMINISTRER}
        for etat, geste in (
            ("personnes_state", "accorder"),
            ("personnes_state", "regler"),
            ("personne_state", "changer_fin"),
            ("personne_state", "terminer"),
            ("personne_state", "changer_role"),
            ("personne_state", "deleguer"),
            ("personne_state", "transferer"),
            ("invitations_state", "inviter"),
            ("invitations_state", "renvoyer"),
            ("invitations_state", "retirer"),
            ("decision_state", "accorder"),
            ("decision_state", "refuser"),
        )
    },
    "confier_state.creer": de_tous(Geste.CONFIER),
    "confier_state.retirer": de_tous(Geste.CONFIER),
    "proposition_state.decider": de_tous(Geste.MODIFIER),
    "capacites_state.enregistrer": {"lieu": Geste.MODIFIER},
    "capacites_state.prevoir": {"lieu": Geste.MODIFIER},
    "capacites_state.retirer_prevue": {"lieu": Geste.MODIFIER},
    "capacites_state.verifier": {"etablissement": Geste.LIRE},
    "capacites_state.previsualiser": {"etablissement": Geste.LIRE},
    "arbre_state.deplier": {"structure": Geste.LIRE},
    "arbre_state.ouvrir_lieux": {"etablissement": Geste.LIRE},
    **{
        f"etablissement_state.{geste}_finess": {"etablissement": Geste.VALIDER}
        for geste in ("prendre", "garder", "reprendre")
    },
}
# Refused without a word in the trace: what they name comes from the browser's own store.
MUETS: dict[str, dict[str, Geste]] = {
    "en_attente_state.lire": de_tous(Geste.LIRE),
    "capacites_enregistrees_state.confirmer": {"lieu": Geste.VALIDER},  # each lieu is left with its reason
}
# They act on what is the person's own: played in `test_securite_session`.
SIENS = frozenset({"connexions_state.terminer", "connexions_state.terminer_les_autres", "rien_na_change_state.annuler"})
# They read what a page shows when it is opened: played by opening the pages.
CHARGEMENTS = frozenset({"charger", "charger_offre", "charger_lieu", "charger_structure"})
# They act on what the screen holds, or lead to another address: nothing is read nor written for anybody.
ECRANS = frozenset(
    [
        "ajouter_autour",
        "ajouter_ligne",
        "ajouter_liste",
        "ajouter_plage",
        "ajouter_semaine",
        "annuler_horaires",
        "annuler_zone",
        "changer",
        "changer_distance",
        "changer_semaine",
        "chercher",
        "chercher_zone",
        "choisir",
        "choisir_centre",
        "choisir_commune",
        "cocher",
        "coller",
        "comparer",
        "copier",
        "corriger",
        "demander",  # one asks for oneself
        "demander_abandon",
        "filtrer",
        "garder_code",
        "heure_saisie",
        "ouvrir_copie",
        "quitter",
        "remplacer_code",
        "retirer",  # one takes back one’s own request
        "retirer_code",
        "retirer_commune",
        "retirer_departement",
        "retirer_ligne",
        "retirer_plage",
        "retirer_semaine",
        "revenir",
        "toujours_ouvert",
        "tourner",
        "tout_cocher",
        "viser",
        "voir_departement",
    ]
)

# Plausible values for what has no context of its own.
VALEURS: dict[str, Any] = {
    "chemin": "nom_offre",
    "valeur": "TAPÉ",
    "code": "01",
    "cochee": True,
    "texte": "albi",
    "pour": "zone",
    "bloc": "b123456",
    "jour": 1,
    "vers_jours": [2],
    "periode": True,
    "nom": "debut",
    "km": "10",
    "departement": "81",
    "pas": 1,
    "filtre": "en_retard",
    "genre": "offre",
    "section": "informations_generales",
    "vu": "1",
    "reference": "MS-141",
    "value": True,
    "vars": {},
    "hashes": [],
    "repere": "",
}


@dataclass
class Lieux:
    """The objects of one cell of the matrix, by kind; all named after its number."""

    numero: int

    def identifiant(self, genre: str) -> str:
        """Identifier of its object of a kind."""
        n = f"{self.numero:05d}"
        return {
            "etablissement": f"8199{n}",
            "structure": f"UF-{n}",
            "pole": f"POLE-{n}",
            "ailleurs": f"AUTRE-{n}",
            "offre": f"76/90{n}",
            "voisine": f"76/91{n}",
            "lieu": f"LIEU-{n}",
        }[genre]

    @property
    def marque(self) -> str:
        """What its names hold."""
        return f"MARQUE-{self.numero:05d}"


@dataclass
class Cellule:
    """One thing to try: a page to open or a handler to call, on one object, and the gesture it needs."""

    nom: str
    genre: str
    geste: Geste
    evenement: str
    chemin: str
    lieux: Lieux
    parametres: list[str] = field(default_factory=list)
    page: bool = False
    muet: bool = False

    @property
    def ailleurs(self) -> bool:
        """Whether it is enough to read the object, and to have the gesture somewhere else."""
        return self.nom.endswith("dupliquer")

    @property
    def ou_demande(self) -> bool:
        """Whether who asks for a validation opens the page of who validates."""
        return self.page and self.nom.endswith("/valider")

    @property
    def se_tait(self) -> bool:
        """Whether the page that is allowed shows no name: there is no earlier version to take back."""
        return self.nom.endswith("reprendre")

    @property
    def d_un_noeud(self) -> bool:
        """Whether it acts on many objects, from the page of what they hang below."""
        return self.nom.startswith(("rien_na_change_state", "valider_plusieurs_state"))

    @property
    def confie(self) -> bool:
        """Whether it is about a piece given by a link: link and proposal have the number of the cell."""
        return self.nom.startswith(("confier", "proposition"))

    @property
    def medico_social(self) -> bool:
        """Whether only an établissement without UF has it."""
        return self.genre == "etablissement" and self.nom.endswith(("/aides", "/tarifs", "creer_offre", PARENT_EG))

    @property
    def identifiant(self) -> str:
        """Identifier of its object."""
        parent = self.genre == "structure" and "structure" in self.nom.rpartition("creer")[2]
        return self.lieux.identifiant("pole" if parent else self.genre)

    def sur(self, ecrit: Callable[[str], str]) -> tuple[str, dict[str, Any], str]:
        """(handler, values, address) with the identifiers of its objects written otherwise."""
        chemin, valeurs = self.chemin, json.dumps(self.valeurs())
        for genre in ("etablissement", "structure", "pole", "ailleurs", "offre", "voisine", "lieu"):
            vrai = self.lieux.identifiant(genre)
            chemin = chemin.replace(vrai, ecrit(vrai))
            valeurs = valeurs.replace(json.dumps(vrai)[1:-1], json.dumps(ecrit(vrai))[1:-1])
        debut, _, rang = chemin.rpartition("/")
        ecrits = {"numero": str(self.lieux.numero), "lien": str(self.lieux.numero)}
        dites = json.loads(valeurs)
        for champs in (dites, *(v for v in dites.values() if isinstance(v, dict))):
            champs |= {n: ecrit(vrai) for n, vrai in ecrits.items() if champs.get(n) == vrai}
        return self.evenement, dites, f"{debut}/{ecrit(rang)}" if rang == ecrits["numero"] else chemin

    def valeurs(self) -> dict[str, Any]:
        """What a page would send, under a new key each time."""
        saisie = self._saisie(str(uuid4()))
        propres = {**saisie, "reference": "MS-141|1", "saisie": saisie}
        return {nom: propres[nom] for nom in self.parametres}

    def _saisie(self, cle: str) -> dict[str, str]:
        lieux, section = self.lieux, SECTIONS.get(self.genre, GENERALE)
        contexte = {"genre": self.genre, "identifiant": self.identifiant, "section": section, "cle": cle, "vu": "1"}
        fin = self.nom.rpartition(".")[2]
        if self.nom.startswith("capacites_state"):
            return self._capacites(fin, cle)
        if fin in ("enregistrer", "reprendre_attente", "envoyer", "lire"):
            return {f"_{n}": t for n, t in contexte.items() if n != "vu"} | {"_base": "{}", "nom_offre": "ATTAQUE"}
        if fin in ("appliquer", "comparer") and "application" in self.nom:
            return contexte | {"section": "commentaire", f"choix.{lieux.identifiant('voisine')}": "oui"}
        if fin == "copier":
            return {"source": lieux.identifiant("offre"), "vers": f"structure:{self.identifiant}", "cle": cle}
        if self.nom.startswith(("invitations", "decision")):
            return self._acces(fin, cle)
        if fin in ("fermer", "verifier"):
            return contexte | {"date_fermeture": "2030-01-01", "motif": "ATTAQUE"}
        if self.nom.startswith("personne"):
            return contexte | self._droits(fin)
        if self.confie:
            propres = {"numero": str(lieux.numero), "lien": str(lieux.numero), "destinataire": "ATTAQUE", "jours": "14"}
            choix = {f"choix.{NOMS[self.genre]}": "oui"} if fin == "creer" else {}
            return contexte | propres | choix
        if self.d_un_noeud:
            ici = f"{self.genre}:{self.identifiant}"
            return {"cle": cle, f"choix.{ici}": "oui", f"vu.{ici}": "1"}
        if fin == "separer":
            return contexte | {"nom": "ATTAQUE", f"separe.{lieux.identifiant('offre')}": "oui"}
        if self.nom.startswith("capacites_enregistrees_state"):
            objet = f"lieu:{lieux.identifiant('lieu')}"
            return {f"choix.{objet}": "oui", f"vu.{objet}": "1", "cle": cle}
        propres = {
            "alerte": "ALERTE",
            "point": "FIN-01",
            "motif": "ATTAQUE",
            "mot": "ATTAQUE",
            "regle": REGLE,
            "version": "1",
            "q": "ATTAQUE",
        }
        propres |= {"vu.nom_offre": "1", "choix.nom_offre": "1"}
        propres |= dict.fromkeys(("du", "au"), aujourd_hui().isoformat())
        propres[f"reprend.{self.genre}:{self.identifiant}|{section}"] = "oui"
        return contexte | propres

    def _capacites(self, geste: str, cle: str) -> dict[str, str]:
        """A cell of the lieu, which the grid of its établissement holds; a planned closure."""
        if "prev" in geste and geste != "previsualiser":
            prevue = {"nature": "01", "nombre": "2", "debut": "2030-01-01", "numero": str(self.lieux.numero)}
            return prevue | {"identifiant": self.lieux.identifiant("lieu"), "cle": cle}
        ici = {"identifiant": self.lieux.identifiant("etablissement")}
        if geste == "previsualiser":
            return ici | {"texte": "1\t2", "nature": "01"}
        case = f"c.{self.lieux.identifiant('lieu')}.01.01.01"
        return ici | {case: "7", f"b.{case}": "", **({"cle": cle} if geste == "enregistrer" else {})}

    def _acces(self, geste: str, cle: str) -> dict[str, str]:
        """A gesture on the invitation or on the request of the cell, whose number it has."""
        propres = {"numero": str(self.lieux.numero), "cle": cle}
        if self.nom.startswith("decision"):
            return propres | ({"role": "lecteur"} if geste == "accorder" else {"mot": "ATTAQUE"})
        ici = {"finess": self.lieux.identifiant("etablissement"), "cle": cle}
        return ici | {"adresse": "a@exemple.fr", "role": "lecteur"} if geste == "inviter" else ici | propres

    def _droits(self, geste: str) -> dict[str, str]:
        """A gesture on the right that the first witness has on the établissement, as its page shows it."""
        droit = droit_du_temoin(self.lieux)
        propres = {"habilitation": str(droit.id), "vu": vu_de(droit), "structure": "", "separee": "false"}
        propres |= {"fin": "2030-01-01" if geste == "changer_fin" else "", "vers": str(TEMOINS[1])}
        qui = TEMOINS[geste in ("accorder", "deleguer")]
        return propres | {"personne": str(qui), "role": "responsable_offre"}


def droit_du_temoin(lieux: Lieux, qui: int = 0) -> Habilitation:
    """The right to read that each witness has on every établissement."""
    numero = DROITS_DES_TEMOINS * (qui + 1) + lieux.numero
    code = lieux.identifiant("etablissement")
    return Habilitation(id=numero, utilisateur_id=TEMOINS[qui], role=Role.LECTEUR, code=code)


def ecrans(registre: dict[str, Any], numero: int) -> list[tuple[str, dict[str, Any], str]]:
    """(handler, values, address) of those that act on what a screen holds, after the load of a form."""
    lieux = Lieux(numero)
    offre = lieux.identifiant("offre")
    chemin = f"{chemin_de('offre', offre)}/modifier/{GENERALE}"
    propres = {"saisie": {"q": "ATTAQUE"}, "place_quittee": chemin, "formulaire": str(uuid4()), "cle": "1"}
    suite = [
        (nom, {p: (VALEURS | propres).get(p, "ATTAQUE") for p in parametres}, chemin)
        for nom, parametres in registre["handlers"].items()
        if nom.rpartition(".")[2] in ECRANS and _fin(nom) not in GESTES
    ]
    return [(e, {}, chemin) for e in registre["chargements"]["offre/[region]/[numero]/modifier/" + GENERALE]] + suite


def chemin_de(genre: str, identifiant: str) -> str:
    """Address of an object."""
    return f"/{genre}/{identifiant}"


def cellules(registre: dict[str, Any]) -> list[Cellule]:
    """Every page and every handler, on every kind of object it is for."""
    return list(_numerotees(registre))


def _numerotees(registre: dict[str, Any]) -> Iterator[Cellule]:
    numero = 1
    for route, genre, geste in _pages(registre):
        lieux = Lieux(numero)
        cellule = Cellule(route, genre, geste, registre["chargements"][route][0], "", lieux, page=True)
        cellule.chemin = f"/{route.replace('[rang]', str(numero))}"
        if not cellule.confie:
            cellule.chemin = _adresse(route, genre, cellule.identifiant).replace("[demande]", str(numero))
        yield cellule
        numero += 1
    for nom, parametres in registre["handlers"].items():
        fin = _fin(nom)
        for genre, geste in {**GESTES.get(fin, {}), **MUETS.get(fin, {})}.items():
            lieux = Lieux(numero)
            cellule = Cellule(fin, genre, geste, nom, "", lieux, parametres, muet=fin in MUETS)
            cellule.chemin = _chemin_du_geste(cellule)
            yield cellule
            numero += 1


def _pages(registre: dict[str, Any]) -> Iterator[tuple[str, str, Geste]]:
    for route in registre["chargements"]:
        if route not in PAGES_LIBRES:
            for genre, geste in PAGES[quoi(route)].items():
                if route.startswith(("creer", "proposition", DEMANDE, f"{genre}/")):
                    yield route, genre, geste


def quoi(route: str) -> str:
    """What a route does to its object: its first segment after the object, "" for the page itself."""
    morceaux = route.split("/")
    if route == DEMANDE:
        return morceaux[0]
    if morceaux[0] == "creer":
        return "/".join(morceaux[:2])
    if morceaux[0] == "proposition":
        return morceaux[0]
    return next((m for m in morceaux[1:] if not m.startswith("[")), "")


def _adresse(route: str, genre: str, identifiant: str) -> str:
    dessous = route.partition("]")[2] if genre != "offre" else route.partition("[numero]")[2]
    if route == DEMANDE:
        return f"/{route}"
    if route.startswith("creer"):
        debut = "/".join(route.split("/")[:2])
        return f"/{debut}/{identifiant if genre == 'offre' else f'{genre}/{identifiant}'}"
    dessous = (
        dessous.replace("[section]", SECTIONS.get(genre, GENERALE))
        .replace("[regle]", REGLE)
        .replace("[personne]", str(TEMOINS[0]))
    )
    if "/appliquer/" in dessous:
        dessous = "/appliquer/commentaire"
    return chemin_de(genre, identifiant) + dessous


def _chemin_du_geste(cellule: Cellule) -> str:
    if cellule.nom.startswith("creation"):
        sorte = cellule.nom.rpartition("_")[2]
        return _adresse(f"creer/{sorte}/[a]/[b]", cellule.genre, cellule.identifiant)
    if cellule.nom.startswith("capacites"):
        return chemin_de("etablissement", cellule.lieux.identifiant("etablissement")) + "/capacites"
    if cellule.nom.startswith("proposition"):
        return f"/proposition/{cellule.lieux.numero}"
    if cellule.nom.startswith("copie"):
        return chemin_de("offre", cellule.lieux.identifiant("offre")) + "/dupliquer"
    if cellule.d_un_noeud:
        fin = "confirmer" if cellule.nom.startswith("rien") else "valider-plusieurs"
        noeud = "etablissement" if cellule.genre == "etablissement" else "structure"
        return f"{chemin_de(noeud, cellule.lieux.identifiant(noeud))}/{fin}"
    section = SECTIONS.get(cellule.genre, GENERALE)
    fins = {"application": "appliquer/commentaire", "validation": "valider", "conflit": f"conflit/{section}"}
    fins |= {"annulation": f"annuler/{section}", "edition": f"modifier/{section}", "correction": f"corriger/{REGLE}"}
    fins |= {"confier": f"confier/{section}", "separation": "separer"}
    fins |= {"confier": f"confier/{section}", "attestation": "attestation"}
    fins |= {"personne_": f"personnes/{TEMOINS[0]}", "personnes_": "personnes"}
    fin = next((f"/{f}" for debut, f in fins.items() if cellule.nom.startswith(debut)), "")
    return chemin_de(cellule.genre, cellule.identifiant) + fin


def _fin(nom: str) -> str:
    """« edition_state.enregistrer », from the full name of a handler."""
    return nom.rpartition("____")[2]


def inconnus(registre: dict[str, Any], internes: list[str]) -> list[str]:
    """Handlers and pages of which nobody said what they need."""
    fermes = (".setvar", ".update_vars_internal")
    connus = {*GESTES, *MUETS, *SIENS}
    notres = [n for n in registre["handlers"] if n not in internes and not n.endswith(fermes)]
    dits = CHARGEMENTS | ECRANS
    return [
        *(n for n in notres if _fin(n) not in connus and n.rpartition(".")[2] not in dits),
        *(r for r in registre["chargements"] if r not in PAGES_LIBRES and quoi(r) not in PAGES),
    ]
