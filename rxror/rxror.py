"""The application: its pages, the sign-in routes, the gate before every event."""

import reflex as rx
from reflex.utils import prerequisites
from starlette.types import ASGIApp

from rxror import demarrage
from rxror.auth import entetes, routes
from rxror.confie import routes as confie
from rxror.courriels import envoi
from rxror.ui import incidents, layout
from rxror.ui.garde import GardeSession, ecarter_les_inconnus
from rxror.ui.partage import partager
from rxror.ui.routes import ajouter_pages
from rxror.verification import routes as verification

demarrage.verifier_l_environnement()


class Application(rx.App):
    """Reflex's, with our headers around all of it: what its outermost layers answer by themselves has them too."""

    def __call__(self) -> ASGIApp:
        """The whole service."""
        return entetes.EntetesSecurite(super().__call__(), lambda: prerequisites.get_web_dir() / "build" / "client")


app = Application(
    html_lang="fr",
    toaster=None,
    reset_style=False,
    stylesheets=["/rxror.css"],
    head_components=layout.tete_html(),
    app_wraps=incidents.ENVELOPPES,
    backend_exception_handler=incidents.en_panne,
    frontend_exception_handler=incidents.panne_du_navigateur,
    # each item wraps the former
    api_transformer=[routes.application(*confie.routes(), *verification.routes()), entetes.SessionAuHandshake],
)
app.add_middleware(GardeSession(), index=0)
partager(app)
app.register_lifespan_task(envoi.facteur)
ajouter_pages(app)
ecarter_les_inconnus(app)
