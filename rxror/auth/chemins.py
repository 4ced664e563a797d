"""Where to come back after signing in: a path of ours, nothing else."""

LONGUEUR = 300


def suite_sure(suite: str | None) -> str:
    """The path itself when it is safe, else the home page.

    One leading slash, never two, no backslash, no control character, bounded length: a browser can then
    not read it as another site.
    """
    if not suite or len(suite) > LONGUEUR or not suite.startswith("/") or suite.startswith("//"):
        return "/"
    if "\\" in suite or not suite.isprintable():
        return "/"
    return suite
