"""`python -m rxror` is the same as the `rxror` command."""

from rxror.commandes import app

app(prog_name="rxror")
