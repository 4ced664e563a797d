"""The few pages served outside Reflex: refusals of the sign-in, choice of a person in demonstration."""

from html import escape

from starlette.responses import HTMLResponse

GABARIT = """<!doctype html>
<html lang="fr">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1, viewport-fit=cover">
<meta name="color-scheme" content="light dark">
<title>{titre} – rxror</title>
<link rel="icon" href="/favicon.svg" type="image/svg+xml">
<link rel="stylesheet" href="/rxror.css">
</head>
<body>
<a class="evitement" href="#contenu">Aller au contenu</a>
<header class="entete"><div class="entete-ligne">
<a class="marque" href="/"><strong>rxror</strong><span>, outil libre non officiel</span></a>
</div></header>
{bandeau}<main class="page page--etroite pile" id="contenu" tabindex="-1">
<div class="tete"><h1>{titre}</h1></div>
{corps}
</main>
<footer class="pied"><div class="pied-ligne"><ul>
<li><a href="/aide">Aide</a></li>
<li><a href="/accessibilite">Accessibilité\u00a0: non conforme</a></li>
<li><a href="/donnees-personnelles">Données personnelles</a></li>
<li><a href="/mentions-legales">Mentions légales</a></li>
</ul></div></footer>
</body>
</html>
"""

BANDEAU = """<aside class="bandeau bandeau--info" aria-label="Démonstration"><div><p>{}</p></div></aside>
"""


def page(titre: str, corps: str, *, bandeau: str = "", status: int = 200) -> HTMLResponse:
    """A whole page.

    Args:
        titre: plain text.
        corps: HTML, already escaped.
        bandeau: plain text of a banner above the content.
    """
    contenu = GABARIT.format(
        titre=escape(titre), corps=corps, bandeau=BANDEAU.format(escape(bandeau)) if bandeau else ""
    )
    return HTMLResponse(contenu, status_code=status, headers={"Cache-Control": "no-store"})


def refus(titre: str, phrases: list[str], *, status: int, lien: tuple[str, str]) -> HTMLResponse:
    """A page that says what did not work and where to go from there."""
    paragraphes = "\n".join(f"<p>{escape(phrase)}</p>" for phrase in phrases)
    nom, adresse = lien
    return page(
        titre,
        f'{paragraphes}\n<p class="boutons"><a class="bouton" href="{escape(adresse)}">{escape(nom)}</a></p>',
        status=status,
    )
