"""A right covers a structure, an établissement, an entité juridique, a département or a region."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = '0012'
down_revision = '0011'
branch_labels = None
depends_on = None

ROLES = ('LECTEUR', 'RESPONSABLE_OFFRE', 'REFERENT')
NOUVEAUX = ('REFERENT_REGIONAL', 'RESPONSABLE_QUALITE')
PORTEES = ('STRUCTURE', 'ETABLISSEMENT', 'ENTITE_JURIDIQUE', 'DEPARTEMENT', 'REGION')


def upgrade() -> None:
    """Move to this schema: each right so far was on an établissement."""
    op.create_table('reglage_etablissement',
    sa.Column('finess', sa.String(length=9), nullable=False),
    sa.Column('validation_separee', sa.Boolean(), nullable=False),
    sa.PrimaryKeyConstraint('finess')
    )
    op.rename_table('habilitation', 'habilitation_avant')
    if op.get_bind().dialect.name == 'postgresql':
        for role in NOUVEAUX:
            op.execute(f"ALTER TYPE role ADD VALUE '{role}'")
        role = postgresql.ENUM(*ROLES, *NOUVEAUX, name='role', create_type=False)
    else:
        role = sa.Enum(*ROLES, *NOUVEAUX, name='role')
    for nom in ('ix_habilitation_utilisateur_id', 'ix_habilitation_entite_geographique_id'):
        op.drop_index(nom, table_name='habilitation_avant')
    op.create_table('habilitation',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('utilisateur_id', sa.Integer(), nullable=False),
    sa.Column('role', role, nullable=False),
    sa.Column('portee', sa.Enum(*PORTEES, name='portee'), nullable=False),
    sa.Column('code', sa.String(length=60), nullable=False),
    sa.Column('debut', sa.Date(), nullable=True),
    sa.Column('fin', sa.Date(), nullable=True),
    sa.Column('accordee_par', sa.Integer(), nullable=True),
    sa.Column('suppleance_de', sa.Integer(), nullable=True),
    sa.ForeignKeyConstraint(['utilisateur_id'], ['utilisateur.id'], name='fk_habilitation_utilisateur'),
    sa.ForeignKeyConstraint(['accordee_par'], ['utilisateur.id'], name='fk_habilitation_accordee_par'),
    sa.ForeignKeyConstraint(['suppleance_de'], ['habilitation.id'], name='fk_habilitation_suppleance_de', ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('id', name='pk_habilitation'),
    sa.UniqueConstraint('utilisateur_id', 'role', 'portee', 'code', name='uq_habilitation')
    )
    op.create_index('ix_habilitation_utilisateur_id', 'habilitation', ['utilisateur_id'])
    op.create_index('ix_habilitation_code', 'habilitation', ['code'])
    op.create_index('ix_habilitation_suppleance_de', 'habilitation', ['suppleance_de'])
    op.execute(
        "INSERT INTO habilitation (utilisateur_id, role, portee, code, debut, fin)"
        " SELECT h.utilisateur_id, h.role, 'ETABLISSEMENT', e.num_finess, h.debut, h.fin"
        " FROM habilitation_avant h JOIN entite_geographique e ON e.id = h.entite_geographique_id"
    )
    op.drop_table('habilitation_avant')


def downgrade() -> None:
    """Refuse: going back is restoring a backup."""
    raise NotImplementedError("Restore a backup instead.")
