"""The application with every SQL statement written to a file, one a line: what `bench` counts."""

import os
from pathlib import Path
from typing import Any

from sqlalchemy import Engine, event

from rxror.rxror import app

__all__ = ["app"]

_journal = Path(os.environ["BENCH_SQL"]).open("a", buffering=1, encoding="utf-8")  # noqa: SIM115  (as long as the process)


@event.listens_for(Engine, "before_cursor_execute")
def _noter(_c: Any, _k: Any, requete: str, _p: Any, _x: Any, _m: Any) -> None:
    _journal.write(" ".join(requete.split())[:200] + "\n")
