"""Many people on one section at once: nobody replaces what they have not seen, and what is refused is told."""

import asyncio
import json
import random

from sqlmodel import col, select

from rxror.ror.objets import LieuRealisationOffre
from rxror.ror.saisie import Lecture
from rxror.services.fusion import base_de
from rxror.tables import Action, Trace
from tests.fautes.application import Application
from tests.fautes.conftest import Noter
from tests.fautes.fiabilite import nombre
from tests.fautes.onglet import Envoi, Onglet, Reponse
from tests.fautes.verite import base, faire_le_bilan

SECTION = "informations_generales"
FORMULAIRE = f"/lieu/L76-000001/modifier/{SECTION}"
CHAMPS = ("nom", "description", "nom_externe_synchro")


def test_eight_writers_on_one_section_lose_nothing_and_nobody_is_overwritten(application: Application, noter: Noter):
    fois = nombre(8, 40)
    onglets = asyncio.run(_ecrire_a_huit(application, fois))
    envois = [e for o in onglets for e in o.envois]
    refuses = [e for e in envois if e.reponse is Reponse.CONFLIT]
    bilan = faire_le_bilan(application, envois)
    assert bilan.sain, bilan
    assert bilan.acquittes + len(refuses) == 8 * fois
    assert bilan.acquittes > fois
    assert refuses
    _verifier_que_les_refus_attendent(application, refuses)
    _verifier_que_chacun_avait_vu(application, envois)
    noter(
        "ensemble",
        obtenu=f"0 lost, 0 unseen text replaced; {len(refuses)} refusals, each told and kept for a choice",
        compte=f"8 tabs of two people, {fois} saves each, three champs; {bilan.acquittes} acknowledged",
    )


async def _ecrire_a_huit(application: Application, fois: int) -> list[Onglet]:
    cookies = {qui: application.connecter(qui) for qui in ("claire-dumas", "mireille-faure")}
    onglets = [Onglet(application.base, application.origine, cookies[q], q) for q in [*cookies] * 4]
    await asyncio.gather(*(_ecrire(o, fois, numero) for numero, o in enumerate(onglets)))
    return onglets


async def _ecrire(onglet: Onglet, fois: int, numero: int) -> None:
    """Type in one field, then in another; read the page again after a refusal, and from time to time."""
    hasard = random.Random(numero)
    await onglet.aller(FORMULAIRE)
    for i in range(fois):
        envoi = onglet.taper(**{hasard.choice(CHAMPS): f"{numero} écrit {i}"})
        if await onglet.enregistrer_sans_faute(envoi) is Reponse.CONFLIT or hasard.random() < 0.2:
            await onglet.rouvrir()
    await onglet.couper()


def _verifier_que_les_refus_attendent(application: Application, refuses: list[Envoi]) -> None:
    """What was refused is in the trace of its own sending, beside what was kept."""
    with base(application) as session:
        gardes = {str(t.cle): t.resultat.get("attente", []) for t in session.exec(select(Trace))}
    for envoi in refuses:
        attente = {(a["champ"], a["valeur"]) for cle in envoi.cles for a in gardes.get(cle, [])}
        assert attente >= set(envoi.saisi.items())


def _verifier_que_chacun_avait_vu(application: Application, envois: list[Envoi]) -> None:
    """What a save replaced is what its page had shown: the digests it was sent with are those of the text replaced."""
    par_cle = {cle: e for e in envois for cle in e.cles}
    with base(application) as session:
        for trace in session.exec(select(Trace).where(Trace.action == Action.BROUILLON)):
            envoi = par_cle[str(trace.cle)]
            for c in trace.changements:
                avant = base_de(LieuRealisationOffre, SECTION, Lecture({c["champ"]: c["avant"]}))
                assert c["champ"] in envoi.saisi, "a save changed a field that its author left alone"
                assert json.loads(envoi.base)[c["champ"]] == avant[c["champ"]], f"{envoi.saisi} replaced {c['avant']!r}"


def test_two_tabs_merge_what_is_disjoint_and_tell_what_is_not(application: Application):
    premier, second, reponses = asyncio.run(_deux_onglets(application))
    assert reponses == [Reponse.RECU, Reponse.RECU, Reponse.CONFLIT]
    bilan = faire_le_bilan(application, [*premier.envois, *second.envois])
    assert bilan.sain, bilan
    with base(application) as session:
        traces = session.exec(select(Trace).where(Trace.action == Action.BROUILLON).order_by(col(Trace.id))).all()
    assert [(c["champ"], c["apres"]) for t in traces for c in t.changements] == [
        ("nom", "Du premier"),
        ("description", "Du second"),
    ]


async def _deux_onglets(application: Application) -> tuple[Onglet, Onglet, list[Reponse]]:
    cookie = application.connecter("claire-dumas")
    premier, second = (Onglet(application.base, application.origine, cookie, q) for q in ("un", "deux"))
    for onglet in (premier, second):
        await onglet.aller(FORMULAIRE)
    reponses = [
        await premier.enregistrer(premier.taper(nom="Du premier")),
        await second.enregistrer(second.taper(description="Du second")),
        await second.enregistrer(second.taper(nom="Aussi du second")),
    ]
    for onglet in (premier, second):
        await onglet.couper()
    return premier, second, reponses
