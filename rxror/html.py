"""HTML written by the server: every text is escaped, unless it is HTML already."""

from html import escape

SEULES = frozenset({"input", "br"})  # without content nor end


class Html(str):
    """A text that is HTML already."""

    __slots__ = ()


def el(nom: str, *enfants: object, **attributs: object) -> Html:
    """One element. An attribute that is None or False is left out; `class_` and `aria_label` are named as in HTML."""
    debut = f"<{nom}{''.join(_attribut(n, v) for n, v in attributs.items())}>"
    return Html(debut if nom in SEULES else f"{debut}{suite(*enfants)}</{nom}>")


def suite(*enfants: object) -> Html:
    """Several of them, one after the other; None is nothing."""
    return Html("".join(e if isinstance(e, Html) else escape(str(e)) for e in enfants if e is not None))


def _attribut(nom: str, valeur: object) -> str:
    if valeur is None or valeur is False:
        return ""
    nom = nom.rstrip("_").replace("_", "-")
    return f" {nom}" if valeur is True else f' {nom}="{escape(str(valeur))}"'
