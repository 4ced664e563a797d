"""A piece of a section given by a personal link, and what is proposed in return."""

import sqlalchemy as sa
from alembic import op

revision = '0019'
down_revision = '0018'
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Move to this schema."""
    if op.get_context().dialect.name == "postgresql":
        for acte in ('CONFIER', 'RETRAIT', 'PROPOSITION', 'EXAMEN'):
            op.execute(f"ALTER TYPE action ADD VALUE IF NOT EXISTS '{acte}'")
    op.create_table('lien_confie',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('empreinte', sa.String(length=64), nullable=False),
    sa.Column('objet', sa.String(), nullable=False),
    sa.Column('section', sa.String(), nullable=False),
    sa.Column('champs', sa.JSON(), nullable=False),
    sa.Column('destinataire', sa.String(length=120), nullable=False),
    sa.Column('adresse', sa.String(length=254), nullable=False),
    sa.Column('mot', sa.String(length=300), nullable=False),
    sa.Column('utilisateur_id', sa.Integer(), nullable=False),
    sa.Column('cree', sa.DateTime(timezone=True), nullable=False),
    sa.Column('expire', sa.DateTime(timezone=True), nullable=False),
    sa.Column('navigateur', sa.String(length=64), nullable=False),
    sa.Column('ouvert', sa.DateTime(timezone=True), nullable=True),
    sa.Column('repondu', sa.DateTime(timezone=True), nullable=True),
    sa.Column('retire', sa.DateTime(timezone=True), nullable=True),
    sa.ForeignKeyConstraint(['utilisateur_id'], ['utilisateur.id'], ),
    sa.PrimaryKeyConstraint('id'),
    sa.UniqueConstraint('empreinte')
    )
    with op.batch_alter_table('lien_confie', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_lien_confie_objet'), ['objet'], unique=False)
        batch_op.create_index(batch_op.f('ix_lien_confie_utilisateur_id'), ['utilisateur_id'], unique=False)

    op.create_table('proposition',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('lien_id', sa.Integer(), nullable=False),
    sa.Column('objet', sa.String(), nullable=False),
    sa.Column('section', sa.String(), nullable=False),
    sa.Column('saisie', sa.JSON(), nullable=False),
    sa.Column('vues', sa.JSON(), nullable=False),
    sa.Column('valeurs', sa.JSON(), nullable=False),
    sa.Column('mot', sa.String(length=300), nullable=False),
    sa.Column('recue', sa.DateTime(timezone=True), nullable=False),
    sa.Column('decisions', sa.JSON(), nullable=False),
    sa.Column('decidee', sa.DateTime(timezone=True), nullable=True),
    sa.ForeignKeyConstraint(['lien_id'], ['lien_confie.id'], ),
    sa.PrimaryKeyConstraint('id'),
    sa.UniqueConstraint('lien_id')
    )
    with op.batch_alter_table('proposition', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_proposition_objet'), ['objet'], unique=False)
        batch_op.create_index(batch_op.f('ix_proposition_decidee'), ['decidee'], unique=False)


def downgrade() -> None:
    """Refuse: going back is restoring a backup."""
    raise NotImplementedError("Restore a backup instead.")
