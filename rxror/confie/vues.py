"""The pages around the form: before it, after it, and the only one that says no."""

from starlette.responses import HTMLResponse

from rxror.auth import pages
from rxror.confie.formulaire import FAIRE, formulaire_en_html
from rxror.html import Html, el, suite
from rxror.ror.dates import date_heure
from rxror.ror.lecture import Ligne
from rxror.ror.parcours import CONFIE
from rxror.ror.saisie import label_de
from rxror.ror.typographie import fr
from rxror.services.changements import Changement
from rxror.services.confier import MOT_MAXIMUM
from rxror.services.lien_confie import ENVOYER, MOT, Confie, FormulaireConfie
from rxror.tables import LienConfie, Proposition

VU, MONTRES = "_vu", "_montres"
PATIENT = "N’indiquez aucune donnée de patient."


def seuil(confie: Confie, secret: str) -> HTMLResponse:
    """What a link shows before it is opened: a program that looks at mails opens nothing."""
    lien = confie.lien
    return _page(
        "On vous demande votre avis",
        _ou(confie),
        el(
            "p", fr(f"{confie.donneur} confie à {lien.destinataire} une petite partie à vérifier :"), " ", _quoi(confie)
        ),
        el("p", fr("Ouvrez ce lien sur l’appareil où vous répondrez : il ne s’ouvrira plus ailleurs. Sans compte.")),
        el(
            "form",
            el("p", el("button", "Ouvrir", type="submit", class_="bouton"), class_="boutons"),
            action=f"{CONFIE}/{secret}",
            method="post",
        ),
        _jusqu_au(lien),
    )


def formulaire(forme: FormulaireConfie, vu: str) -> HTMLResponse:
    """The form itself.

    Args:
        vu: what was shown, signed.
    """
    confie, titre = forme.confie, forme.confie.ouvert.section.titre
    return _page(
        titre,
        _ou(confie),
        _ce_qui_ne_va_pas(forme),
        _intro(confie),
        el(
            "form",
            el("input", type="hidden", name=VU, value=vu),
            el("input", type="hidden", name=MONTRES, value=" ".join(forme.montres)),
            formulaire_en_html(forme),
            _mot(forme),
            _barre(confie),
            action=CONFIE,
            method="post",
            novalidate=True,
            autocomplete="off",
            class_="pile",
        ),
    )


def recu(lien: LienConfie, donneur: str, nom: str, proposition: Proposition, lignes: list[Changement]) -> HTMLResponse:
    """What was sent, and what happens next."""
    dit = "Vous avez proposé :" if lignes else "Vous avez indiqué que tout est exact. Merci, c’est utile aussi."
    return _page(
        "Votre réponse est envoyée",
        el("p", fr(f"{nom}. Envoyée le {date_heure(proposition.recue)}."), class_="surtitre"),
        el("p", fr(f"{donneur} la lira, et décidera de ce qui est repris. Rien n’est encore changé."))
        if lignes
        else None,
        el("p", fr(dit)),
        el("div", el("dl", *map(_ligne, lignes), class_="faits"), class_="fiche") if lignes else None,
        el("p", fr("Votre mot : "), el("em", proposition.mot)) if proposition.mot else None,
        el("p", fr(f"Ce lien a servi. Pour changer quelque chose, demandez-en un autre à {donneur}."), class_="second"),
    )


def refus() -> HTMLResponse:
    """The same page whatever the reason: it helps who was given a link, and tells nobody else anything."""
    return _page(
        "Ce lien ne s’ouvre pas",
        el(
            "p",
            fr(
                "Un lien personnel ne sert qu’une fois, pendant quelques jours, dans le navigateur qui l’a ouvert "
                "le premier. La personne qui l’a envoyé peut aussi l’avoir retiré."
            ),
        ),
        el("p", el("strong", "Demandez à la personne qui vous l’a envoyé de vous en envoyer un nouveau.")),
        el(
            "p",
            fr("Vous veniez d’écrire ? Revenez à la page précédente pour retrouver votre texte."),
            class_="second",
        ),
        status=404,
    )


def trop(status: int, phrase: str) -> HTMLResponse:
    """Too often, or too much."""
    return _page("Un instant", el("p", fr(phrase)), status=status)


def _page(titre: str, *corps: object, status: int = 200) -> HTMLResponse:
    return pages.page(titre, suite(*corps), status=status)


def _ou(confie: Confie) -> Html:
    return el("p", f"{confie.nom}, {confie.etablissement}", class_="surtitre")


def _quoi(confie: Confie) -> Html:
    classe, section = confie.ouvert.classe, confie.ouvert.section
    labels = [label_de(classe, nom) for nom in confie.champs]
    return el("strong", ", ".join(dict.fromkeys(t for t in labels if t)) or section.titre, ".")


def _jusqu_au(lien: LienConfie) -> Html:
    return el("p", fr(f"Valable jusqu’au {date_heure(lien.expire)}."), class_="petit second")


def _intro(confie: Confie) -> Html:
    mot = confie.lien.mot
    return suite(
        el("p", fr(f"{confie.donneur} vous demande de vérifier ces réponses. Corrigez ce qui n’est plus vrai.")),
        el("blockquote", *_paragraphes(mot), class_="fiche fiche--lecture") if mot else None,
        el("p", el("strong", fr(PATIENT)), class_="petit"),
    )


def _paragraphes(texte: str) -> list[Html]:
    return [el("p", ligne) for ligne in texte.splitlines() if ligne.strip()]


def _ce_qui_ne_va_pas(forme: FormulaireConfie) -> Html | None:
    if forme.message:
        return el(
            "div", el("h2", forme.message), class_="panneau panneau--alerte", role="alert", tabindex=-1, autofocus=True
        )
    if not forme.erreurs:
        return None
    n, classe = len(forme.erreurs), forme.confie.ouvert.classe
    lignes = [
        el("li", el("a", fr(f"{_label(classe, c)} : {texte}"), href=f"#{c}")) for c, texte in forme.erreurs.items()
    ]
    return el(
        "div",
        el("h2", fr(f"{n} réponse{'s' if n > 1 else ''} à corriger : rien n’est encore envoyé")),
        el("ul", *lignes, class_="manques"),
        class_="panneau panneau--erreur",
        role="alert",
        tabindex=-1,
        autofocus=True,
    )


def _label(classe: type, chemin: str) -> str:
    return "Votre mot" if chemin == MOT else label_de(classe, chemin)


def _mot(forme: FormulaireConfie) -> Html:
    texte = forme.erreurs.get(MOT)
    return el(
        "div",
        el(
            "div",
            el(
                "label",
                f"Un mot pour {forme.confie.donneur}",
                el("span", " (facultatif)", class_="facultatif"),
                for_=MOT,
            ),
            el("span", f"{MOT_MAXIMUM} caractères au plus.", class_="aide", id=f"{MOT}-a"),
            el("p", texte, class_="erreur", id=f"{MOT}-e") if texte else None,
            el(
                "textarea",
                "\n" + forme.mot,
                id=MOT,
                name=MOT,
                rows=2,
                class_="saisie",
                aria_describedby=f"{MOT}-a {MOT}-e" if texte else f"{MOT}-a",
                aria_invalid="true" if texte else None,
            ),
            class_="champ",
        ),
        el(
            "p",
            fr("Votre nom et ce que vous envoyez sont gardés avec l’historique de cette fiche : "),
            el("a", "données personnelles", href="/donnees-personnelles", class_="lien"),
            ".",
            class_="petit second",
        ),
        class_="fiche",
    )


def _barre(confie: Confie) -> Html:
    envoyer = el("button", "Envoyer ma proposition", type="submit", name=FAIRE, value=ENVOYER, class_="bouton")
    dit = fr(
        f"{confie.donneur} la lira avant tout changement. Une seule réponse, jusqu’au {date_heure(confie.lien.expire)}."
    )
    return el("div", el("p", dit, class_="statut"), el("p", envoyer, class_="boutons"), class_="barre")


def _ligne(changement: Changement) -> Html:
    lues = [_lue(e) for e in changement["apres"]] or [Html("Retiré")]
    return el("div", el("dt", changement["champ"]), el("dd", *lues, *(_partie(e) for e in changement["avant"])))


def _lue(ligne: Ligne) -> Html:
    origine = el("span", ligne["origine"], class_="origine") if ligne["origine"] else None
    return el("span", ligne["texte"], origine, class_="ligne")


def _partie(ligne: Ligne) -> Html:
    texte = ", ".join(t for t in (ligne["texte"], ligne["origine"]) if t)
    return el("span", fr("Avant : "), texte, class_="avant")
