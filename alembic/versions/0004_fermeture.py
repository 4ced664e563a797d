"""fermeture et réouverture dans la trace.

Revision ID: 0004
Revises: 0003
"""

from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Two more acts; only PostgreSQL keeps the list of them in the database."""
    if op.get_context().dialect.name == "postgresql":
        for acte in ("FERMETURE", "REOUVERTURE"):
            op.execute(f"ALTER TYPE action ADD VALUE IF NOT EXISTS '{acte}'")


def downgrade() -> None:
    """PostgreSQL takes no value back; one that nobody uses does no harm."""
