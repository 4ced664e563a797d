"""No sequence of saves and « Valider » publishes an object that breaks a blocking rule. Real tables, real services."""

from typing import Any
from uuid import uuid4

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlmodel import Session

from rxror.ror.champs import Contexte, champs_de, groupes_de, sections_de
from rxror.ror.controles import controler
from rxror.ror.erreurs import AccesRefuse
from rxror.ror.objets import LieuRealisationOffre, OffreOperationnelle
from rxror.ror.regles import Examen
from rxror.ror.saisie import element_de
from rxror.services import contenu, dossier, modification, validation
from rxror.services.acces import Cible, Geste
from rxror.services.modification import Enregistrement
from rxror.services.nomenclatures import catalogue
from rxror.services.validation import DemandeValidation

TEXTES = [
    "",
    "0",
    "1",
    "12",
    "-3",
    "140",
    "200",
    "4,5",
    "oui",
    "non",
    "a",
    "mo",
    "h",
    "service",
    "personne",
    "08:00",
    "07:00",
    "24:00",
    "25:00",
    "2020-01-01",
    "2026-11-01",
    "2026-02-30",
    "PRO",
    "DEF",
    "81004",
    "99999",
    "81000",
    "0536491208",
    "0612345678",
    "15",
    "a@b",
    "a@ch.fr",
    "a@ch.mssante.fr",
    "https://x.fr",
    "<b>x</b>",
    "Anne Vidal",
    "x" * 300,
]


def une_reponse(donnees: Any, session: Session, classe: Any, chemin: str) -> str:
    """A text for a field: any one, or, for a field of codes, often one of its list."""
    sans_code = chemin if element_de(classe, chemin) else chemin.rpartition(".")[0]
    champ: Any = element_de(classe, sans_code)
    codes = [c.cle for c in catalogue(session).choix(getattr(champ, "jdv", ""))][:6]
    return donnees.draw(st.sampled_from(TEXTES + codes * 4))


def enregistrer(donnees: Any, session: Session, acteur: Any, cible: Cible, classe: Any) -> None:
    """Open a section, change up to four answers, perhaps add or drop a row, « Enregistrer »."""
    section = donnees.draw(st.sampled_from([s.cle for s in sections_de(classe) if s.modifiable]))
    try:
        ouverte = modification.ouvrir(session, acteur, cible, section)
    except AccesRefuse:
        return  # the section is not shown in this context
    form = ouverte.form
    saisie = {f"{chemin}.{cle}": "1" for chemin, cles in form.lignes.items() for cle in cles} | form.valeurs
    groupes = [nom for nom, groupe in groupes_de(classe, section).items() if not groupe.unique]
    if groupes and donnees.draw(st.booleans()):
        nom = donnees.draw(st.sampled_from(groupes))
        if donnees.draw(st.booleans()):
            cle = f"n{uuid4().hex[:6]}"
            neuve = modification.ligne_neuve(classe, nom, cle)
            saisie |= {f"{nom}.{cle}": "1"} | neuve.valeurs
            saisie |= {f"{chemin}.{c}": "1" for chemin, cles in neuve.lignes.items() for c in cles}
        elif form.lignes.get(nom):
            partie = f"{nom}.{form.lignes[nom][0]}"
            saisie = {c: t for c, t in saisie.items() if c != partie and not c.startswith(partie + ".")}
    if saisie:
        for chemin in donnees.draw(st.lists(st.sampled_from(sorted(saisie)), max_size=4)):
            saisie[chemin] = une_reponse(donnees, session, classe, chemin)
    demande = Enregistrement(
        genre=cible.genre,
        identifiant=cible.identifiant,
        section=section,
        base=ouverte.base,
        cle=uuid4(),
        saisie=saisie,
    )
    modification.enregistrer(session, acteur, demande)


def valider(session: Session, acteur: Any, cible: Cible) -> list[Any]:
    vu = validation.preparer(session, acteur, cible).vu
    demande = DemandeValidation(genre=cible.genre, identifiant=cible.identifiant, vu=vu, cle=uuid4())
    return validation.valider(session, acteur, demande)


def fautes_publiees(session: Session, acteur: Any, cible: Cible) -> list[tuple[str, str]]:
    """The blocking rules that what is published breaks, the lieux of an offer included; brouillons do not count."""
    session.expire_all()
    ouvert = dossier.ouvrir(session, acteur, cible, Geste.LIRE)
    categorie = ouvert.etablissement.categorie_eg
    publiees = {
        piece.objet.identifiant: contenu.lire(session, LieuRealisationOffre, [piece.objet])[piece.objet.id]
        for piece in ouvert.lieux.values()
    }
    objets = [(ouvert.principale, publiees)] + [(piece, {}) for piece in ouvert.lieux.values()]
    fautes: list[tuple[str, str]] = []
    for piece, lieux in objets:
        valeurs = contenu.lire(session, piece.classe, [piece.objet])[piece.objet.id]
        examen = Examen(Contexte(valeurs, categorie), ouvert.catalogue, lieux, communes=ouvert.voisinage.communes)
        fautes += [(a.regle, a.chemin) for a in controler(piece.classe, examen) if a.bloque]
    return fautes


@pytest.mark.parametrize("genre", ["offre", "structure", "etablissement", "lieu"])
@settings(max_examples=25, deadline=None, suppress_health_check=list(HealthCheck), derandomize=True)
@given(donnees=st.data())
def test_nothing_published_breaks_a_blocking_rule(
    session: Session, place: Any, monde: Any, genre: str, donnees: Any
) -> None:
    point = session.begin_nested()
    uf = monde.oi(place.eg, "UF Gynécologie", "3")
    lieu = session.get(LieuRealisationOffre, session.exec(contenu_du_lieu(place)).first())
    objets = {"offre": place.offre, "structure": uf, "etablissement": place.eg, "lieu": lieu}
    noms = {"offre": "identifiant_offre", "structure": "identifiant_oi", "etablissement": "num_finess"}
    objet = objets[genre]
    cible, classe = Cible(genre, getattr(objet, noms.get(genre, "identifiant"))), type(objet)
    assert champs_de(classe)
    try:
        for _ in range(donnees.draw(st.integers(1, 5))):
            enregistrer(donnees, session, place.claire, cible, classe)
            if donnees.draw(st.booleans()):
                avant = objet.version
                refus = valider(session, place.claire, cible)
                session.flush()
                session.refresh(objet)
                if refus:
                    assert all(a.bloque for a in refus)
                    assert objet.version == avant
                else:
                    assert objet.version == avant + 1
                    assert fautes_publiees(session, place.claire, cible) == []
    finally:
        point.rollback()


def contenu_du_lieu(place: Any) -> Any:
    from sqlmodel import select

    from rxror.ror.objets import OffreLieu

    return select(OffreLieu.lieu_realisation_offre_id).where(OffreLieu.offre_operationnelle_id == place.offre.id)


def test_the_offre_of_these_tests_can_be_validated(session: Session, place: Any) -> None:
    assert valider(session, place.claire, Cible(OffreOperationnelle.GENRE, place.offre.identifiant_offre)) == []
