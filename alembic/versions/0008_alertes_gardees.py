"""alertes gardees."""

import sqlalchemy as sa
from alembic import op

revision = '0008'
down_revision = '0007'
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Move to this schema."""
    op.create_table('alerte_gardee',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('objet', sa.String(), nullable=False),
    sa.Column('regle', sa.String(length=40), nullable=False),
    sa.Column('chemin', sa.String(), nullable=False),
    sa.Column('vu', sa.String(length=32), nullable=False),
    sa.Column('motif', sa.String(length=300), nullable=False),
    sa.Column('utilisateur_id', sa.Integer(), nullable=False),
    sa.Column('instant', sa.DateTime(timezone=True), nullable=False),
    sa.ForeignKeyConstraint(['utilisateur_id'], ['utilisateur.id'], ),
    sa.PrimaryKeyConstraint('id'),
    sa.UniqueConstraint('objet', 'regle', 'chemin', 'vu')
    )
    with op.batch_alter_table('alerte_gardee', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_alerte_gardee_objet'), ['objet'], unique=False)

    if op.get_context().dialect.name == "postgresql":
        for acte in ("GARDE", "REPRISE"):
            op.execute(f"ALTER TYPE action ADD VALUE IF NOT EXISTS '{acte}'")


def downgrade() -> None:
    """Refuse: going back is restoring a backup."""
    raise NotImplementedError("Restore a backup instead.")
