"""fermeture et réouverture dans la trace.

Revision ID: 0006
Revises: 0005
"""

from alembic import op

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """More acts; only PostgreSQL keeps the list of them in the database."""
    if op.get_context().dialect.name == "postgresql":
        for acte in ("MODELE", "FERMETURE", "REOUVERTURE"):
            op.execute(f"ALTER TYPE action ADD VALUE IF NOT EXISTS '{acte}'")


def downgrade() -> None:
    """PostgreSQL takes no value back; one that nobody uses does no harm."""
