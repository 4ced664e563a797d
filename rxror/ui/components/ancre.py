"""A link to a part of the same page: the browser's own, which moves the focus."""

from typing import Any

import reflex as rx
from reflex_components_core.el.elements.inline import A


def ancre(href: Any, *dedans: Any, **props: Any) -> rx.Component:
    """A native link to `href`, « #part »; a link of the router would lose the query, and the page with it."""
    return A.create(*dedans, href=href, **props)
