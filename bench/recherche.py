"""How long a field takes to propose codes while one types: every start of words of the two longest lists."""

import random
import statistics
import time

from sqlmodel import select

from rxror import db
from rxror.ror.champs import Contexte, champs_de
from rxror.ror.objets import ActiviteOperationnelle, OffreOperationnelle
from rxror.ror.recherche import sans_accent
from rxror.services.acces import Acteur
from rxror.services.nomenclatures import catalogue, proposer
from rxror.tables import Utilisateur

FOIS = 400
LISTES = (
    ("J16", OffreOperationnelle, "acte_specifique"),
    ("J17", ActiviteOperationnelle, "activite_operationnelle"),
)


def textes(libelles: list[str], hasard: random.Random) -> dict[str, list[str]]:
    """What people type: nothing, the start of a word, of two words, and a word with two letters exchanged."""
    mots = [sans_accent(libelle).split() for libelle in libelles]
    longs = [mot for phrase in mots for mot in phrase if len(mot) > 6]

    def debut(mot: str) -> str:
        return mot[: hasard.randint(1, len(mot))]

    def faute(mot: str) -> str:
        i = hasard.randint(2, len(mot) - 2)
        return mot[: i - 1] + mot[i] + mot[i - 1] + mot[i + 1 :]

    return {
        "nothing": [""] * FOIS,
        "start of a word": [debut(hasard.choice(hasard.choice(mots))) for _ in range(FOIS)],
        "starts of two words": [
            " ".join(debut(m) for m in hasard.sample(p, min(2, len(p)))) for p in hasard.choices(mots, k=FOIS)
        ],
        "a mistake": [faute(hasard.choice(longs)) for _ in range(FOIS)],
    }


def p95(durees: list[float]) -> float:
    return sorted(durees)[round(0.95 * (len(durees) - 1))]


def mesurer() -> list[tuple[str, ...]]:
    """Rows (list, codes, what is typed, times, median, p95 of the time, of the processor) on the database in use."""
    hasard = random.Random(17)
    lignes: list[tuple[str, ...]] = []
    contexte = Contexte({"champ_activite": "01", "type_offre": "156"})
    with db.lecture() as session:
        qui = session.exec(select(Utilisateur)).first()
        acteur = Acteur(qui.id or 0, qui.iss, qui.sub, "") if qui else Acteur(0, "", "", "")
        for jdv, classe, nom in LISTES:
            champ, codes = champs_de(classe)[nom], catalogue(session).choix(jdv)
            for quoi, tapes in textes([c.libelle for c in codes], hasard).items():
                durees: list[float] = []
                calculs: list[float] = []
                for texte in tapes:
                    debut, calcul = time.perf_counter(), time.thread_time()
                    proposer(session, acteur, champ, nom, texte, contexte)
                    durees.append((time.perf_counter() - debut) * 1000)
                    calculs.append((time.thread_time() - calcul) * 1000)
                chiffres = (statistics.median(durees), p95(durees), p95(calculs))
                lignes.append((jdv, str(len(codes)), quoi, str(len(durees)), *(f"{c:.1f} ms" for c in chiffres)))
    return lignes
