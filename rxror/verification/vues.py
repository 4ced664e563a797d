"""The public pages of the verification."""

from typing import NamedTuple

from starlette.responses import HTMLResponse

from rxror.auth import pages
from rxror.html import Html, el, suite
from rxror.ror.dates import date_heure
from rxror.ror.parcours import VERIFIER, url_verification
from rxror.ror.typographie import fr
from rxror.services.attestation_vues import LignePart, VueAttestation
from rxror.services.verification import Verifiable

TITRE = "Vérifier une attestation"
DEMONSTRATION = fr("Attestation de démonstration : rien de tel n’a été délivré à cet établissement.")


class Resultat(NamedTuple):
    """What came out of a comparison; `sorte` is that of the panel."""

    titre: str
    texte: str
    sorte: str


CONFORME = Resultat("Conforme", "Ce fichier est, octet pour octet, celui que rxror a établi.", "reussite")
NON_CONFORME = Resultat(
    "Non conforme",
    fr(
        "Ce fichier n’est pas celui que rxror a établi sous ce code : un octet au moins diffère. Demandez l’original à "
        "la personne qui vous l’a remis."
    ),
    "erreur",
)
EMPREINTE_CONFORME = Resultat("Conforme", "Cette empreinte est celle d’un fichier que rxror a établi.", "reussite")
EMPREINTE_NON_CONFORME = Resultat(
    "Non conforme", fr("Cette empreinte n’est celle d’aucun des deux fichiers établis sous ce code."), "erreur"
)
PAS_UNE_EMPREINTE = Resultat(
    "Ce n’est pas une empreinte",
    fr("Une empreinte SHA-256 a 64 signes, chiffres et lettres de a à f. Recopiez-la, ou déposez le fichier."),
    "alerte",
)
RIEN = Resultat("Rien à comparer", "Choisissez le fichier, ou recopiez son empreinte, puis vérifiez.", "alerte")
ILLISIBLE = Resultat("Rien n’a pu être lu", "Choisissez un seul fichier, de 1 Mo au plus, puis vérifiez.", "alerte")


def accueil() -> HTMLResponse:
    """Where one types a code."""
    return _page(TITRE, _recherche())


def inconnue(status: int) -> HTMLResponse:
    """No such code."""
    return _page(
        "Aucune attestation ne porte ce code",
        el("p", fr("Recopiez le code écrit sous « Vérifier cette attestation » : douze lettres et chiffres.")),
        el("p", "Une attestation trop ancienne n’est plus gardée ici.", class_="second"),
        _recherche(),
        status=status,
    )


def trop() -> HTMLResponse:
    """Too many requests."""
    return _page("Un instant", el("p", "Trop de demandes viennent de votre adresse. Attendez une minute."), status=429)


def attestation(trouvee: Verifiable, resultat: Resultat | None = None, *, status: int = 200) -> HTMLResponse:
    """What was attested, without the name of anybody, and the form that compares a file."""
    vue = trouvee.vue
    return _page(
        "Attestation de mise à jour",
        _resultat(resultat) if resultat else None,
        el("p", vue.phrase),
        el(
            "dl",
            _fait("Établissement", vue.etablissement),
            _fait("FINESS", vue.finess),
            _fait("Périmètre", vue.perimetre) if vue.perimetre else None,
            _fait("Établie le", date_heure(trouvee.cree)),
            _fait("Code", trouvee.code),
            class_="faits",
        ),
        _comptes(vue),
        _recence(vue),
        _comparaison(trouvee.code),
        *(el("p", limite, class_="petit second") for limite in vue.limites),
        bandeau=DEMONSTRATION if vue.demonstration else "",
        status=status,
    )


def _page(titre: str, *corps: object, bandeau: str = "", status: int = 200) -> HTMLResponse:
    return pages.page(titre, suite(*corps), bandeau=bandeau, status=status)


def _resultat(resultat: Resultat) -> Html:
    return el(
        "section",
        el("h2", resultat.titre),
        el("p", resultat.texte),
        class_=f"panneau panneau--{resultat.sorte}",
        role="alert" if resultat.sorte != "reussite" else "status",
        tabindex=-1,
        autofocus=True,
    )


def _fait(label: str, texte: str) -> Html:
    return el("div", el("dt", label), el("dd", texte))


def _comptes(vue: VueAttestation) -> Html:
    titres = ("Pôle", "Offres", "Inchangées", "Modifiées", "Non relues")
    tete = [el("th", t, scope="col", class_="droite" if rang else None) for rang, t in enumerate(titres)]
    lignes = [_ligne(part, titres) for part in vue.parts]
    return el(
        "section",
        el("h2", "Ce qui a été fait"),
        el(
            "div",
            el(
                "table",
                el("caption", "Offres relues, par pôle", class_="invisible"),
                el("thead", el("tr", *tete)),
                el("tbody", *lignes),
                el("tfoot", _ligne(vue.ensemble, titres)),
            ),
            class_="cartes serrees",
        ),
        el("p", vue.manquent) if vue.manquent else None,
        el("p", vue.lieux),
        class_="pile",
    )


def _ligne(part: LignePart, titres: tuple[str, ...]) -> Html:
    nom, *nombres = part.values()
    cellules = [
        el("td", str(n), class_="droite nombre", data_nom=titre) for n, titre in zip(nombres, titres[1:], strict=True)
    ]
    return el("tr", el("th", nom, scope="row"), *cellules)


def _recence(vue: VueAttestation) -> Html:
    return el(
        "section",
        el("h2", "Exigence nationale RE1.2 (récence)"),
        el("p", el("span", vue.re_etat, class_=f"etat etat--{vue.re_sorte}"), " ", vue.re_texte),
        class_="pile",
    )


def _comparaison(code: str) -> Html:
    return el(
        "section",
        el("h2", "Comparer un fichier"),
        el(
            "form",
            el(
                "div",
                el("label", "Fichier PDF ou JSON de l’attestation", for_="fichier"),
                el("span", "Il est comparé, puis oublié. 1 Mo au plus.", class_="aide", id="fichier-aide"),
                el(
                    "input",
                    type="file",
                    id="fichier",
                    name="fichier",
                    accept="application/pdf,application/json,.pdf,.json",
                    class_="saisie",
                    aria_describedby="fichier-aide",
                ),
                class_="champ",
            ),
            el(
                "div",
                el("label", "Ou son empreinte SHA-256", for_="empreinte"),
                el(
                    "input",
                    type="text",
                    id="empreinte",
                    name="empreinte",
                    maxlength=120,
                    autocomplete="off",
                    spellcheck="false",
                    class_="saisie",
                ),
                class_="champ",
            ),
            el("p", el("button", "Vérifier", type="submit", class_="bouton"), class_="boutons"),
            action=url_verification(code),
            method="post",
            enctype="multipart/form-data",
            class_="pile",
        ),
        class_="pile",
    )


def _recherche() -> Html:
    return el(
        "form",
        el(
            "div",
            el("label", "Code de l’attestation", for_="code"),
            el("span", fr("Douze lettres et chiffres, par exemple 7F3K-92QD-M4XT."), class_="aide", id="code-aide"),
            el(
                "input",
                type="text",
                id="code",
                name="code",
                required=True,
                maxlength=20,
                autocomplete="off",
                spellcheck="false",
                class_="saisie saisie--moyen",
                aria_describedby="code-aide",
            ),
            class_="champ",
        ),
        el("p", el("button", "Vérifier", type="submit", class_="bouton"), class_="boutons"),
        action=VERIFIER,
        method="get",
        class_="pile",
    )
