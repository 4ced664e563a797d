"""What was read and confirmed on the cards of the yearly review."""

import sqlalchemy as sa
from alembic import op

revision = '0020'
down_revision = '0019'
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Move to this schema."""
    if op.get_context().dialect.name == 'postgresql':
        for acte in ('CONFIRMATION', 'DEDIT'):
            op.execute(f"ALTER TYPE action ADD VALUE IF NOT EXISTS '{acte}'")
    op.create_table('confirmation',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('geste', sa.String(length=36), nullable=False),
    sa.Column('objet', sa.String(), nullable=False),
    sa.Column('finess', sa.String(length=9), nullable=False),
    sa.Column('instant', sa.DateTime(timezone=True), nullable=False),
    sa.Column('utilisateur_id', sa.Integer(), nullable=False),
    sa.Column('nom', sa.String(), nullable=False),
    sa.Column('version', sa.Integer(), nullable=False),
    sa.Column('montres', sa.JSON(), nullable=False),
    sa.Column('faits', sa.JSON(), nullable=False),
    sa.Column('complete', sa.Boolean(), nullable=False),
    sa.Column('change', sa.Boolean(), nullable=False),
    sa.Column('avant', sa.JSON(), nullable=False),
    sa.Column('annulee', sa.DateTime(timezone=True), nullable=True),
    sa.ForeignKeyConstraint(['utilisateur_id'], ['utilisateur.id'], ),
    sa.PrimaryKeyConstraint('id')
    )
    with op.batch_alter_table('confirmation', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_confirmation_finess'), ['finess'], unique=False)
        batch_op.create_index(batch_op.f('ix_confirmation_geste'), ['geste'], unique=False)
        batch_op.create_index(batch_op.f('ix_confirmation_objet'), ['objet'], unique=False)
        batch_op.create_index(batch_op.f('ix_confirmation_utilisateur_id'), ['utilisateur_id'], unique=False)


def downgrade() -> None:
    """Refuse: going back is restoring a backup."""
    raise NotImplementedError("Restore a backup instead.")
