"""The national quality requirements (« exigences qualité »): what the indicators of the ANS say of an offer or an EG.

They are computed by the ANS on the national ROR; we compute them here on what rxror holds. None of them blocks.
Source: ansforge/ROR-indicateurs-BI-SQL.
"""

from rxror.ror.exigences.declarations import EXIGENCES

__all__ = ["EXIGENCES"]
