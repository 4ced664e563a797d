"""No sign is left alone at the start of a line: what the pages say by themselves holds its no-break spaces."""

import json
import re
from types import ModuleType

import pytest

from rxror.ui.routes import MODULES

LITTERAL = re.compile(r'"((?:[^"\\\n]|\\.)*)"')
A_LIER = re.compile(r" [:;!?»](?![\w:=?&])|« ")


@pytest.mark.parametrize("module", MODULES, ids=lambda m: m.__name__.rpartition(".")[2])
def test_what_a_page_says_has_no_break_spaces(module: ModuleType) -> None:
    dits = {litteral for _, vue, *_ in module.PAGES for litteral in LITTERAL.findall(str(vue()))}
    assert dits or not module.PAGES  # a page of the demonstration alone is drawn in demonstration alone
    assert not [texte for dit in sorted(dits) if A_LIER.search(texte := json.loads(f'"{dit}"'))], "use fr()"
