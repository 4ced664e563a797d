"""The document « Attestation de mise à jour », as it is read on a page."""

import reflex as rx
from reflex_components_core.el.elements.inline import A

from rxror.ror.typographie import fr
from rxror.services.attestation_vues import ALT_QR, LignePart
from rxror.ui.components.etats import Donnee, etat

TITRES = ("Offres", "Inchangées", "Modifiées", "Non relues")
NOMBRES = ("total", "sans_changement", "modifies", "non_relus")


def acte_view(vue: Donnee, *verifier: rx.Component) -> rx.Component:
    """One attestation, or one to be.

    Args:
        vue: a `VueAttestation`.
        verifier: what tells how to verify it; nothing before it is established.
    """
    return rx.el.article(
        rx.el.header(
            rx.el.p("rxror, outil libre non officiel", class_name="surtitre"),
            rx.el.p(vue.titre, id="t-acte", class_name="acte-titre"),
            rx.el.p(vue.phrase),
            class_name="acte-tete",
        ),
        rx.el.dl(
            _fait("Établissement", vue.etablissement),
            _fait("FINESS", vue.finess),
            rx.cond(vue.perimetre, _fait("Périmètre", vue.perimetre)),
            rx.cond(vue.valide_par, _fait("Validé par", vue.valide_par)),
            rx.cond(vue.etablie, _fait("Établie le", vue.etablie)),
            class_name="faits faits--deux",
        ),
        _ce_qui_a_ete_fait(vue),
        rx.el.section(
            rx.el.h2("Exigence nationale RE1.2 (récence)", id="t-re"),
            rx.el.p(etat(vue.re_etat, vue.re_sorte), " ", vue.re_texte),
            aria_labelledby="t-re",
        ),
        *verifier,
        rx.foreach(vue.limites.to(list[str]), lambda limite: rx.el.p(limite, class_name="petit second")),
        class_name="acte",
        aria_labelledby="t-acte",
    )


def verifier_view(adresse: rx.Var, empreinte: rx.Var, qr: rx.Var) -> rx.Component:
    """Where and how anybody verifies it.

    Args:
        qr: address of the image.
    """
    return rx.el.section(
        rx.el.div(
            rx.el.h2("Vérifier cette attestation", id="t-ver"),
            rx.el.p(A.create(adresse, href=adresse, class_name="lien")),
            rx.el.p("Empreinte SHA-256 du fichier JSON", class_name="second petit"),
            rx.el.p(empreinte, class_name="empreinte"),
        ),
        rx.el.img(src=qr, alt=fr(ALT_QR), class_name="qr"),
        class_name="verifier",
        aria_labelledby="t-ver",
    )


def _ce_qui_a_ete_fait(vue: Donnee) -> rx.Component:
    tableau = rx.el.table(
        rx.el.caption("Offres relues, par pôle", class_name="invisible"),
        rx.el.thead(
            rx.el.tr(rx.el.th("Pôle", scope="col"), *(rx.el.th(t, scope="col", class_name="droite") for t in TITRES))
        ),
        rx.el.tbody(rx.foreach(vue.parts.to(list[LignePart]), _ligne)),
        rx.el.tfoot(_ligne(vue.ensemble)),
    )
    return rx.el.section(
        rx.el.h2("Ce qui a été fait", id="t-fait"),
        rx.el.div(tableau, class_name="cartes serrees"),
        rx.cond(vue.manquent, rx.el.p(vue.manquent)),
        rx.el.p(vue.lieux),
        aria_labelledby="t-fait",
    )


def _ligne(part: Donnee) -> rx.Component:
    cellules = (
        rx.el.td(part[nom], class_name="droite nombre", custom_attrs={"data-nom": titre})
        for nom, titre in zip(NOMBRES, TITRES, strict=True)
    )
    return rx.el.tr(rx.el.th(part["nom"], scope="row"), *cellules)


def _fait(label: str, texte: Donnee) -> rx.Component:
    return rx.el.div(rx.el.dt(label), rx.el.dd(texte))
