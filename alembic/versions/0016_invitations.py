"""Invitations by mail, and requests for an access."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = '0016'
down_revision = '0015'
branch_labels = None
depends_on = None

ROLES = ('LECTEUR', 'RESPONSABLE_OFFRE', 'REFERENT', 'REFERENT_REGIONAL', 'RESPONSABLE_QUALITE')
PORTEES = ('STRUCTURE', 'ETABLISSEMENT', 'ENTITE_JURIDIQUE', 'DEPARTEMENT', 'REGION')


def upgrade() -> None:
    """Move to this schema."""
    if op.get_context().dialect.name == 'postgresql':
        for acte in ('INVITATION', 'ACCES'):
            op.execute(f"ALTER TYPE action ADD VALUE IF NOT EXISTS '{acte}'")
        role = postgresql.ENUM(*ROLES, name='role', create_type=False)
        portee = postgresql.ENUM(*PORTEES, name='portee', create_type=False)
    else:
        role, portee = sa.Enum(*ROLES, name='role'), sa.Enum(*PORTEES, name='portee')
    op.create_table('demande_acces',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('utilisateur_id', sa.Integer(), nullable=False),
    sa.Column('finess', sa.String(length=9), nullable=False),
    sa.Column('ouverte', sa.String(length=9), nullable=True),
    sa.Column('role', role, nullable=False),
    sa.Column('motif', sa.String(length=500), nullable=False),
    sa.Column('adresse', sa.String(length=254), nullable=False),
    sa.Column('cree', sa.DateTime(timezone=True), nullable=False),
    sa.Column('issue', sa.String(length=10), nullable=False),
    sa.Column('mot', sa.String(length=300), nullable=False),
    sa.Column('decidee', sa.DateTime(timezone=True), nullable=True),
    sa.Column('decidee_par', sa.Integer(), nullable=True),
    sa.ForeignKeyConstraint(['decidee_par'], ['utilisateur.id'], ),
    sa.ForeignKeyConstraint(['utilisateur_id'], ['utilisateur.id'], ),
    sa.PrimaryKeyConstraint('id'),
    sa.UniqueConstraint('utilisateur_id', 'ouverte')
    )
    with op.batch_alter_table('demande_acces', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_demande_acces_finess'), ['finess'], unique=False)
        batch_op.create_index(batch_op.f('ix_demande_acces_utilisateur_id'), ['utilisateur_id'], unique=False)

    op.create_table('invitation',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('empreinte', sa.String(length=64), nullable=False),
    sa.Column('adresse', sa.String(length=254), nullable=False),
    sa.Column('role', role, nullable=False),
    sa.Column('portee', portee, nullable=False),
    sa.Column('code', sa.String(length=60), nullable=False),
    sa.Column('finess', sa.String(length=9), nullable=False),
    sa.Column('fin', sa.Date(), nullable=True),
    sa.Column('invite_par', sa.Integer(), nullable=False),
    sa.Column('reponse_a', sa.String(length=254), nullable=False),
    sa.Column('cree', sa.DateTime(timezone=True), nullable=False),
    sa.Column('expire', sa.DateTime(timezone=True), nullable=False),
    sa.Column('envois', sa.Integer(), nullable=False),
    sa.Column('courriel_id', sa.Integer(), nullable=True),
    sa.Column('issue', sa.String(length=10), nullable=False),
    sa.Column('close', sa.DateTime(timezone=True), nullable=True),
    sa.Column('acceptee_par', sa.Integer(), nullable=True),
    sa.ForeignKeyConstraint(['acceptee_par'], ['utilisateur.id'], ),
    sa.ForeignKeyConstraint(['courriel_id'], ['courriel.id'], ondelete='SET NULL'),
    sa.ForeignKeyConstraint(['invite_par'], ['utilisateur.id'], ),
    sa.PrimaryKeyConstraint('id'),
    sa.UniqueConstraint('empreinte')
    )
    with op.batch_alter_table('invitation', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_invitation_finess'), ['finess'], unique=False)
        batch_op.create_index(batch_op.f('ix_invitation_invite_par'), ['invite_par'], unique=False)



def downgrade() -> None:
    """Refuse: going back is restoring a backup."""
    raise NotImplementedError("Restore a backup instead.")
