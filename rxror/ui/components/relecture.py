"""What « Relecture » shows around its card: how far one is, the answer, what comes next, the filters."""

from typing import Any

import reflex as rx

from rxror.ror import parcours
from rxror.ror.typographie import fr
from rxror.services.relecture_elements import ETATS_FILTRES
from rxror.ui.components.etats import Donnee, etat
from rxror.ui.components.geste import caches
from rxror.ui.components.parcourir import filtre_liste, filtres_view, option_view

GENRES = {"offre": "Offres", "lieu": "Lieux"}


def tete_view(moi: Any) -> rx.Component:
    """What is read, how far, how long still."""
    return rx.el.div(
        rx.el.h1(moi.titre, tab_index=-1, key=moi.titre),
        rx.cond(
            moi.total > 0,
            rx.fragment(
                rx.el.p(
                    rx.el.strong(moi.combien),
                    rx.cond(moi.reste, rx.fragment(", ", moi.reste)),
                    class_name="petit",
                ),
                rx.cond(
                    moi.par_etat,
                    rx.fragment(),
                    rx.el.progress(
                        value=moi.faites,
                        max=moi.total,
                        class_name="jauge",
                        aria_label=fr("Relecture : ") + moi.combien.to(str),
                    ),
                ),
            ),
        ),
        class_name="tete tete--serree",
    )


def reponse_view(moi: Any, carte: Donnee) -> rx.Component:
    """The answer: at most three buttons, and what the last one did."""
    objet = caches(genre=carte.genre, identifiant=carte.identifiant)
    plus_tard = rx.el.form(
        *objet,
        rx.el.button(
            "Plus tard",
            _touche("P"),
            type="submit",
            class_name="bouton bouton--discret",
            custom_attrs=_pour("plus-tard"),
        ),
        on_submit=moi.plus_tard,
        class_name="barre-seule",
    )
    return rx.el.section(
        rx.el.p(rx.cond(moi.statut, moi.statut, _suivante(moi)), class_name="statut", role="status"),
        rx.el.div(
            rx.cond(carte.relue, rx.fragment(), plus_tard),
            rx.el.a(
                "Modifier",
                _touche("M"),
                href=carte.modifier,
                class_name="bouton bouton--second",
                custom_attrs=_pour("modifier"),
            ),
            _oui(moi, carte, objet),
            class_name="boutons",
        ),
        class_name="barre barre--relire",
        aria_label="Votre réponse",
        custom_attrs={"data-numero": moi.cle},
    )


def _oui(moi: Any, carte: Donnee, objet: list[rx.Component]) -> rx.Component:
    """« C’est à jour », « Valider », or where to go when that is not possible here."""
    confirmer = rx.el.form(
        *objet,
        *caches(vu=carte.vu, cle=moi.cle),
        rx.el.button(
            rx.cond(carte.brouillon, "Valider", "C’est à jour"),
            _touche("C"),
            type="submit",
            class_name="bouton",
            custom_attrs=_pour("confirmer"),
        ),
        on_submit=moi.repondre,
        class_name="barre-seule",
    )
    corriger = rx.cond(carte.corriger, rx.el.a("Corriger", href=carte.corriger, class_name="bouton"))
    demander = rx.el.a("Demander la validation", href=carte.demander, class_name="bouton")
    suivante = rx.el.a("Suivante", href=carte.suivante, class_name="bouton")
    repondre = rx.cond(carte.relue, suivante, rx.cond(carte.a_valider, confirmer, demander))
    return rx.cond(carte.bloquants.length() > 0, corriger, repondre)


def _pour(geste: str) -> dict[str, str]:
    """For `assets/relecture.js`: which key presses this button."""
    return {"data-touche": geste}


def _touche(lettre: str) -> rx.Component:
    return rx.el.kbd(lettre, class_name="touche", aria_hidden=True)


def _suivante(moi: Any) -> rx.Component:
    premiere: Donnee = moi.suite[0]
    return rx.cond(
        moi.suite.length() > 0,
        rx.fragment(fr("Suivante : "), premiere.nom, ", ", premiere.mot.lower()),
        "C’est la dernière.",
    )


def suite_view(moi: Any) -> rx.Component:
    """The next cards, and how many after them."""
    reste = moi.suivantes - moi.suite.length()
    return rx.cond(
        moi.suite.length() > 0,
        rx.el.section(
            rx.el.h2("À suivre, du plus pressé au moins pressé", id="t-suite", class_name="h3"),
            rx.el.ul(rx.foreach(moi.suite, _ligne), class_name="file-suite"),
            rx.cond(
                reste > 0, rx.el.p("et ", reste, rx.cond(reste > 1, " autres", " autre"), class_name="petit second")
            ),
            aria_labelledby="t-suite",
        ),
    )


def _ligne(ligne: Donnee) -> rx.Component:
    return rx.el.li(rx.el.a(rx.el.span(ligne.nom), etat(ligne.mot, ligne.sorte), href=ligne.url), key=ligne.cle)


def filtres_de_la_relecture(moi: Any) -> rx.Component:
    """The part of the queue that one looks at."""
    genres = [rx.el.option(nom, value=cle) for cle, nom in GENRES.items()]
    etats = [rx.el.option(nom, value=cle) for cle, nom in ETATS_FILTRES.items()]
    filtrer = filtres_view(
        moi,
        rx.cond(
            moi.etablissements.length() > 0,
            filtre_liste(moi, "etablissement", "Établissement", "Tous", rx.foreach(moi.etablissements, option_view)),
        ),
        rx.cond(
            moi.structures.length() > 0,
            filtre_liste(moi, "structure", "Pôle, service ou UF", "Tous", rx.foreach(moi.structures, option_view)),
        ),
        filtre_liste(moi, "genre", "Quoi", "Offres et lieux", *genres),
        filtre_liste(moi, "etat", "État", "Tous les états", *etats),
    )
    return rx.cond((moi.total > 0) | moi.filtre, filtrer)


def clavier_view() -> rx.Component:
    """The keys, and how to switch them off."""
    return rx.el.details(
        rx.el.summary("Au clavier"),
        rx.el.p(
            rx.el.kbd("C"),
            fr(" : c’est à jour, ou valider. "),
            rx.el.kbd("M"),
            fr(" : modifier. "),
            rx.el.kbd("P"),
            fr(" : plus tard. Dans un champ, ces touches écrivent."),
            class_name="petit",
        ),
        rx.el.label(
            rx.el.input(type="checkbox", id="raccourcis", default_checked=True),
            rx.el.span("Répondre avec ces touches"),
            class_name="choix",
        ),
        class_name="plis clavier",
    )


def liste_entiere_view(moi: Any) -> rx.Component:
    """Where the same part may be confirmed at once, and attested."""
    return rx.fragment(
        rx.cond(
            (moi.url_en_liste != "") & moi.carte.a_valider,
            rx.el.p(
                rx.el.a(fr("Rien n’a changé dans toute la liste ?"), href=moi.url_en_liste, class_name="lien"),
                class_name="petit",
            ),
        ),
        rx.cond(
            (moi.url_attestation != "") & (moi.total > 0),
            rx.el.p(
                rx.el.a("Attestation de ce qui est déjà relu", href=moi.url_attestation, class_name="lien"),
                class_name="petit",
            ),
        ),
    )


def fini_view(moi: Any) -> rx.Component:
    """Nothing is left, and what may be done of it."""
    return rx.el.section(
        rx.el.h2(
            rx.cond(
                moi.filtre,
                "Rien à relire pour ce choix",
                rx.cond(moi.demandees > 0, "Tout est demandé", "Tout est relu"),
            ),
            id="t-fini",
            tab_index=-1,
        ),
        rx.el.p(
            rx.cond(
                moi.statut,
                moi.statut,
                rx.cond(
                    moi.filtre,
                    "Le reste de votre relecture vous attend.",
                    rx.cond(
                        moi.demandees > 0,
                        "Vous avez tout préparé. Ce qui est demandé attend la personne qui valide.",
                        "Chaque offre et chaque lieu a été relu depuis moins de 30 jours.",
                    ),
                ),
            ),
            role="status",
        ),
        rx.el.p(
            rx.cond(
                moi.filtre,
                rx.el.a("Voir toute la relecture", href=parcours.RELECTURE, class_name="bouton"),
                rx.cond(
                    moi.url_attestation,
                    rx.fragment(),
                    rx.el.a("Mes établissements", href=parcours.ETABLISSEMENTS, class_name="bouton"),
                ),
            ),
            rx.cond(
                moi.url_attestation,
                rx.el.a(
                    "Établir l’attestation",
                    href=moi.url_attestation,
                    class_name=rx.cond(moi.filtre, "bouton bouton--second", "bouton"),
                ),
            ),
            class_name="boutons",
        ),
        class_name="panneau panneau--reussite",
        aria_labelledby="t-fini",
        custom_attrs={"data-relire": "fini"},
    )


def rien_view() -> rx.Component:
    """For who reads, or has no right yet."""
    return rx.el.section(
        rx.el.h2("Rien à relire ici", id="t-rien"),
        rx.el.p(
            fr(
                "La relecture montre les offres et les lieux que vous pouvez confirmer ou modifier. Vos droits "
                "permettent de lire : demandez à un référent si vous devez aussi mettre à jour."
            )
        ),
        rx.el.p(
            rx.el.a("Mes établissements", href=parcours.ETABLISSEMENTS, class_name="bouton bouton--second"),
            class_name="boutons",
        ),
        class_name="panneau",
        aria_labelledby="t-rien",
    )
