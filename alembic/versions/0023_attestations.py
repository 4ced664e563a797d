"""« Attestation de mise à jour »: what was established, with its files; and its act in the trace."""

import sqlalchemy as sa
from alembic import op

revision = '0023'
down_revision = '0022'
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Move to this schema."""
    if op.get_context().dialect.name == 'postgresql':
        op.execute("ALTER TYPE action ADD VALUE IF NOT EXISTS 'ATTESTATION'")
    op.create_table('attestation',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('code', sa.String(length=14), nullable=False),
    sa.Column('objet', sa.String(), nullable=False),
    sa.Column('finess', sa.String(length=9), nullable=False),
    sa.Column('du', sa.Date(), nullable=False),
    sa.Column('au', sa.Date(), nullable=False),
    sa.Column('cree', sa.DateTime(timezone=True), nullable=False),
    sa.Column('utilisateur_id', sa.Integer(), nullable=False),
    sa.Column('nom', sa.String(), nullable=False),
    sa.Column('contenu', sa.String(), nullable=False),
    sa.Column('empreinte', sa.String(length=64), nullable=False),
    sa.Column('pdf', sa.LargeBinary(), nullable=False),
    sa.Column('empreinte_pdf', sa.String(length=64), nullable=False),
    sa.ForeignKeyConstraint(['utilisateur_id'], ['utilisateur.id'], ),
    sa.PrimaryKeyConstraint('id'),
    sa.UniqueConstraint('code')
    )
    with op.batch_alter_table('attestation', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_attestation_cree'), ['cree'], unique=False)
        batch_op.create_index(batch_op.f('ix_attestation_finess'), ['finess'], unique=False)
        batch_op.create_index(batch_op.f('ix_attestation_objet'), ['objet'], unique=False)
        batch_op.create_index(batch_op.f('ix_attestation_utilisateur_id'), ['utilisateur_id'], unique=False)



def downgrade() -> None:
    """Refuse: going back is restoring a backup."""
    raise NotImplementedError("Restore a backup instead.")
