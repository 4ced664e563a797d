"""Mails to send, left in the transaction of their gesture."""

import sqlalchemy as sa
from alembic import op

revision = '0013'
down_revision = '0012'
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Move to this schema."""
    op.create_table('courriel',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('destinataire', sa.String(length=254), nullable=False),
    sa.Column('sujet', sa.String(length=200), nullable=False),
    sa.Column('texte', sa.String(), nullable=False),
    sa.Column('cree', sa.DateTime(timezone=True), nullable=False),
    sa.Column('envoye', sa.DateTime(timezone=True), nullable=True),
    sa.Column('essais', sa.Integer(), nullable=False),
    sa.Column('prochain_essai', sa.DateTime(timezone=True), nullable=True),
    sa.Column('erreur', sa.String(length=20), nullable=False),
    sa.PrimaryKeyConstraint('id')
    )
    with op.batch_alter_table('courriel', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_courriel_prochain_essai'), ['prochain_essai'], unique=False)



def downgrade() -> None:
    """Refuse: going back is restoring a backup."""
    raise NotImplementedError("Restore a backup instead.")
