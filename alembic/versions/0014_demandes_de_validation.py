"""Requests to validate, and what is told of rights, settings and requests."""

import sqlalchemy as sa
from alembic import op

revision = '0014'
down_revision = '0013'
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Move to this schema."""
    if op.get_context().dialect.name == 'postgresql':
        for acte in ('HABILITATION', 'REGLAGE', 'DEMANDE', 'RENVOI'):
            op.execute(f"ALTER TYPE action ADD VALUE IF NOT EXISTS '{acte}'")
    op.create_table('demande_validation',
    sa.Column('objet', sa.String(), nullable=False),
    sa.Column('finess', sa.String(length=9), nullable=False),
    sa.Column('utilisateur_id', sa.Integer(), nullable=False),
    sa.Column('instant', sa.DateTime(timezone=True), nullable=False),
    sa.Column('vu', sa.String(length=64), nullable=False),
    sa.Column('mot', sa.String(length=300), nullable=False),
    sa.Column('renvoyee', sa.DateTime(timezone=True), nullable=True),
    sa.Column('renvoyee_par', sa.Integer(), nullable=True),
    sa.Column('reponse', sa.String(length=300), nullable=False),
    sa.ForeignKeyConstraint(['renvoyee_par'], ['utilisateur.id'], ),
    sa.ForeignKeyConstraint(['utilisateur_id'], ['utilisateur.id'], ),
    sa.PrimaryKeyConstraint('objet')
    )
    with op.batch_alter_table('demande_validation', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_demande_validation_finess'), ['finess'], unique=False)
        batch_op.create_index(batch_op.f('ix_demande_validation_utilisateur_id'), ['utilisateur_id'], unique=False)


def downgrade() -> None:
    """Refuse: going back is restoring a backup."""
    raise NotImplementedError("Restore a backup instead.")
