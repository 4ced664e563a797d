"""Rules of the means of communication: each canal has its format, wherever it is written."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass

from rxror.ror.objets import EntiteGeographique, LieuRealisationOffre, OffreOperationnelle, OrganisationInterne
from rxror.ror.regles import formats
from rxror.ror.regles.declaration import DE_RXROR, Constat, Examen, Severite, regle
from rxror.ror.regles.valeurs import avec_chemin

MOBILE, FIXE, COURRIEL, SITE, TELECOPIE, ALERTE_TEL, ALERTE_MEL, MSSANTE = "1", "2", "3", "4", "6", "8", "9", "MSSANTE"
TELEPHONES = (MOBILE, FIXE, TELECOPIE, ALERTE_TEL)
COURRIELS = (COURRIEL, ALERTE_MEL, MSSANTE)
JOIGNABLES = (OffreOperationnelle, LieuRealisationOffre, OrganisationInterne, EntiteGeographique)
BLOQUANTE, ALERTE, INFORMATION = Severite.BLOQUANTE, Severite.ALERTE, Severite.INFORMATION


@dataclass(frozen=True)
class Moyen:
    """One address or number, the canal it is of, and its path."""

    chemin: str
    canal: str
    adresse: str


def moyens(examen: Examen) -> Iterator[Moyen]:
    """Every address and number of an object: of its contacts, its own, its téléconsultation, its MSS mailboxes."""
    valeurs = examen.valeurs
    trouves = [("", valeurs, nom) for nom in ("telecommunication", "canal_teleexpertise", "lien_teleconsultation")]
    trouves += [(prefixe, c, "telecommunication") for prefixe, c in avec_chemin(valeurs, "contact")]
    for prefixe, tout, nom in trouves:
        for suite, ligne in avec_chemin(tout, nom):
            canal = SITE if nom == "lien_teleconsultation" else ligne.get("canal") or ""
            if adresse := (ligne.get("adresse_telecom") or "").strip():
                yield Moyen(f"{prefixe}{suite}adresse_telecom", canal, adresse)
    for prefixe, boite in avec_chemin(valeurs, "boite_lettre_mss"):
        if boite.get("adresse_mss"):
            yield Moyen(prefixe + "adresse_mss", MSSANTE, boite["adresse_mss"].strip())
        if boite.get("telephone"):
            yield Moyen(prefixe + "telephone", FIXE, boite["telephone"].strip())


def _mal_ecrits(examen: Examen, canaux: tuple[str, ...], bien: Callable[[str], bool]) -> Iterator[Constat]:
    for moyen in moyens(examen):
        if moyen.canal in canaux and not bien(moyen.adresse):
            yield Constat(moyen.chemin, sur=(moyen.canal, moyen.adresse))


@regle("FMT-TEL", BLOQUANTE, *JOIGNABLES, source=DE_RXROR)
def telephones(examen: Examen) -> Iterator[Constat]:
    """A telephone, fax or alert number can be dialled: ten digits, a short number, or an international one."""
    yield from _mal_ecrits(examen, TELEPHONES, formats.telephone)


@regle("FMT-MOBILE", ALERTE, *JOIGNABLES, source=DE_RXROR)
def mobiles(examen: Examen) -> Iterator[Constat]:
    """A mobile number starts with 06 or 07, or is a mobile of an overseas numbering plan."""
    for moyen in moyens(examen):
        if moyen.canal == MOBILE and formats.telephone(moyen.adresse) and not formats.telephone_mobile(moyen.adresse):
            yield Constat(moyen.chemin)


@regle("FMT-MEL", BLOQUANTE, *JOIGNABLES, source="RFC 5322")
def courriels(examen: Examen) -> Iterator[Constat]:
    """An e-mail address, MSSanté or not, is one."""
    yield from _mal_ecrits(examen, COURRIELS, formats.courriel)


@regle("FMT-MSS", ALERTE, *JOIGNABLES, source=DE_RXROR)
def adresses_mssante(examen: Examen) -> Iterator[Constat]:
    """An MSSanté address is of mssante.fr as a rule; the list of the trust space holds others, so it may be kept."""
    for moyen in moyens(examen):
        if moyen.canal == MSSANTE and formats.courriel(moyen.adresse) and not formats.domaine_mssante(moyen.adresse):
            yield Constat(moyen.chemin)


@regle("FMT-MSS-CANAL", ALERTE, *JOIGNABLES, source=DE_RXROR)
def mssante_a_declarer(examen: Examen) -> Iterator[Constat]:
    """An address of mssante.fr is not declared as an ordinary e-mail."""
    for moyen in moyens(examen):
        if moyen.canal == COURRIEL and formats.courriel(moyen.adresse) and formats.domaine_mssante(moyen.adresse):
            yield Constat(moyen.chemin)


@regle("FMT-WEB", BLOQUANTE, *JOIGNABLES, source=DE_RXROR)
def sites(examen: Examen) -> Iterator[Constat]:
    """The address of a site, or a téléconsultation link, is an http or https URL."""
    yield from _mal_ecrits(examen, (SITE,), formats.site)


@regle("FMT-HTTPS", INFORMATION, *JOIGNABLES, source=DE_RXROR)
def sites_chiffres(examen: Examen) -> Iterator[Constat]:
    """The address of a site had better start with https."""
    for moyen in moyens(examen):
        if moyen.canal == SITE and formats.site(moyen.adresse) and not formats.site_chiffre(moyen.adresse):
            yield Constat(moyen.chemin)
