"""Who carries a code: published values and brouillons, wherever the declarations say that codes of a list live."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa
from sqlalchemy import ColumnElement, Select, Text, func, literal
from sqlmodel import Session, col, or_, select

from rxror.ror.champs import MULTIPLES, Edition, cle_parente
from rxror.ror.objets import EntiteJuridique
from rxror.ror.porteurs import Porteur, codes_de, porteurs
from rxror.services.acces import IDENTIFIANTS
from rxror.tables import Brouillon

NOMS_DES_OBJETS: dict[Any, Any] = {**IDENTIFIANTS, EntiteJuridique.GENRE: EntiteJuridique.num_finess}


@dataclass(frozen=True, order=True)
class Emploi:
    """One code in one field of one object.

    Attributes:
        rang: place of the field among `porteurs()`.
        identifiant: the object's.
        partie: id of the row of its group, 0 without one or in a brouillon.
        brouillon: it is in what was saved and not yet published.
    """

    rang: int
    identifiant: str
    code: str
    partie: int = 0
    brouillon: bool = False

    @property
    def porteur(self) -> Porteur:
        """The field."""
        return porteurs()[self.rang]

    @property
    def objet(self) -> str:
        """Key of the object, as brouillons and traces name it."""
        return f"{getattr(self.porteur.racine, 'GENRE', '')}:{self.identifiant}"


def emplois(session: Session, codes: Mapping[str, Iterable[str]]) -> list[Emploi]:
    """Where codes are carried, published or in a brouillon: two queries, however many lists and fields.

    Args:
        codes: {list: keys of its codes}.
    """
    return sorted({*publies(session, codes), *en_brouillon(session, codes)})


def publies(
    session: Session,
    codes: Mapping[str, Iterable[str]],
    condition: Callable[[type], ColumnElement[bool]] | None = None,
    au_plus: int | None = None,
    *,
    modifiables: bool = False,
) -> list[Emploi]:
    """The published ones, in one query.

    Args:
        condition: for a class of objects, those to look into; all of them by default.
        au_plus: stop after so many.
        modifiables: only the fields that people change.
    """
    requetes: list[Any] = []
    for rang, porteur in enumerate(porteurs()):
        voulus = list(codes.get(porteur.champ.jdv, ()))
        racine: Any = porteur.racine
        ailleurs = racine is EntiteJuridique if condition is not None else False
        if not voulus or ailleurs or (modifiables and porteur.champ.edition is not Edition.LIBRE):
            continue
        partie = porteur.classe.id if porteur.groupes else literal(0)  # type: ignore[attr-defined]
        requete = codes_portes(session, porteur, literal(rang), NOMS_DES_OBJETS[racine.GENRE], partie, parmi=voulus)
        if condition is not None:
            requete = requete.where(condition(racine))
        requetes.append(requete)
    if not requetes:
        return []
    lignes = session.execute(sa.union_all(*requetes).limit(au_plus) if au_plus else sa.union_all(*requetes))
    return [Emploi(rang, identifiant, code, partie) for rang, identifiant, partie, code in lignes]


def en_brouillon(session: Session, codes: Mapping[str, Iterable[str]]) -> list[Emploi]:
    """Those of the brouillons, in one query."""
    voulus = {jdv: frozenset(cles) for jdv, cles in codes.items()}
    concernes = [(r, p) for r, p in enumerate(porteurs()) if voulus.get(p.champ.jdv)]
    if not concernes:
        return []
    texte = sa.cast(col(Brouillon.valeurs), Text)
    noms = {p.chemin.partition(".")[0] for _, p in concernes}
    requete = select(Brouillon).where(
        col(Brouillon.section).in_({p.section for _, p in concernes}),
        or_(*(texte.contains(f'"{nom}"', autoescape=True) for nom in sorted(noms))),
    )
    trouves: list[Emploi] = []
    for brouillon in session.exec(requete):
        genre, _, identifiant = brouillon.objet.partition(":")
        for rang, porteur in concernes:
            if (getattr(porteur.racine, "GENRE", ""), porteur.section) == (genre, brouillon.section):
                tenus = {code for _, code in codes_de(porteur, brouillon.valeurs)}
                siens = tenus & voulus[porteur.champ.jdv]
                trouves += [Emploi(rang, identifiant, code, brouillon=True) for code in siens]
    return trouves


def codes_portes(
    session: Session, porteur: Porteur, *colonnes: Any, par_code: bool = False, parmi: Iterable[str] = ()
) -> Select[Any]:
    """A query on the published codes of one field: the columns asked for, then the code, one row per code carried.

    Args:
        par_code: group by these columns and the code; the count comes last.
        parmi: these codes only.
    """
    racine: Any = porteur.racine
    colonne = getattr(porteur.classe, porteur.nom)
    code: Any = colonne
    codes: Any = None
    if porteur.champ.type in MULTIPLES:
        codes = _elements(session, colonne)
        code = codes.c.value
    quoi: list[Any] = [*colonnes, code, *([func.count()] if par_code else [])]
    requete: Any = sa.select(*quoi).select_from(racine)
    tout: Any = racine
    for _, groupe in porteur.groupes:
        partie: Any = groupe.classe
        requete = requete.join(partie, getattr(partie, cle_parente(tout)) == tout.id)
        tout = partie
    if codes is not None:
        requete = requete.join(codes, sa.true())
    requete = requete.where(code.in_(list(parmi)) if parmi else sa.and_(code.is_not(None), code != ""))
    return requete.group_by(*colonnes, code) if par_code else requete


def _elements(session: Session, colonne: Any) -> Any:
    """The elements of a JSON list, as rows of a column "value"."""
    if session.get_bind().dialect.name == "sqlite":
        return func.json_each(colonne).table_valued("value", name="codes")
    return func.json_array_elements_text(colonne).table_valued("value", name="codes").render_derived()
