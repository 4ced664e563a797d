"""The bare facts of the machine that measures."""

import os
import platform
from pathlib import Path


def machine() -> str:
    modele = (
        next(
            (
                ligne.split(":")[1].strip()
                for ligne in Path("/proc/cpuinfo").read_text("utf-8").splitlines()
                if "model name" in ligne
            ),
            "?",
        )
        if Path("/proc/cpuinfo").exists()
        else platform.processor()
    )
    return f"{modele}, {os.cpu_count()} cores, {platform.system()}, Python {platform.python_version()}"
