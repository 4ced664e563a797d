"""What a person recognises of a browser: its name and its system, from the header that it sends."""

# The first that is found wins: most browsers also say that they are the others.
NAVIGATEURS = (
    ("Edg", "Edge"),
    ("OPR/", "Opera"),
    ("SamsungBrowser/", "Samsung Internet"),
    ("Firefox/", "Firefox"),
    ("FxiOS/", "Firefox"),
    ("CriOS/", "Chrome"),
    ("Chromium/", "Chromium"),
    ("Chrome/", "Chrome"),
    ("Safari/", "Safari"),
)
SYSTEMES = (
    ("iPhone", "iPhone"),
    ("iPad", "iPad"),
    ("Android", "Android"),
    ("Windows", "Windows"),
    ("CrOS", "ChromeOS"),
    ("Macintosh", "Mac"),
    ("Linux", "Linux"),
)


def appareil(annonce: str) -> str:
    """« Firefox sur Windows ». A browser may say anything: what is not known is said to be so.

    Args:
        annonce: the User-Agent header, as received.
    """
    navigateur = next((nom for mot, nom in NAVIGATEURS if mot in annonce), "")
    systeme = next((nom for mot, nom in SYSTEMES if mot in annonce), "")
    if navigateur and systeme:
        return f"{navigateur} sur {systeme}"
    return navigateur or systeme or "Navigateur inconnu"
