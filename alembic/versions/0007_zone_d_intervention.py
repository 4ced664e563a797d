"""zone d intervention: a list of communes on the offer; centres of the communes, départements.

The communes of an offer leave `division_territoriale`, which stays for the territoire de santé of an établissement.
Columns are added without copying `offre_operationnelle`: its triggers stay.
"""

import sqlalchemy as sa
from alembic import op

revision = '0007'
down_revision = '0006'
branch_labels = None
depends_on = None

COMMUNE = '3'
SQLITE = ('json_group_array(code)', 'json_each(o.zone_intervention) AS e', 'e.value')
POSTGRESQL = ('json_agg(code)', 'json_array_elements_text(o.zone_intervention) AS e(value)', 'e.value')


def dialecte() -> tuple[str, str, str]:
    """How a list of rows becomes JSON, and JSON a list of rows."""
    return POSTGRESQL if op.get_context().dialect.name == 'postgresql' else SQLITE


def upgrade() -> None:
    """Move to this schema."""
    op.add_column('offre_operationnelle', sa.Column('zone_intervention', sa.JSON(), nullable=False, server_default='[]'))
    en_liste, _, _ = dialecte()
    op.execute(f"""
        UPDATE offre_operationnelle SET zone_intervention = (
            SELECT {en_liste} FROM (
                SELECT DISTINCT code_territorial_division AS code FROM division_territoriale
                WHERE offre_operationnelle_id = offre_operationnelle.id AND type_territorial_division = '{COMMUNE}'
                AND code_territorial_division <> '' ORDER BY code_territorial_division
            ) AS communes
        )
        WHERE id IN (
            SELECT offre_operationnelle_id FROM division_territoriale
            WHERE type_territorial_division = '{COMMUNE}' AND code_territorial_division <> ''
        )
    """)
    if not op.get_context().as_sql:
        _refuser_ce_qui_n_est_pas_une_commune()
    op.execute('DELETE FROM division_territoriale WHERE offre_operationnelle_id IS NOT NULL')
    with op.batch_alter_table('division_territoriale', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_division_territoriale_offre_operationnelle_id'))
        batch_op.drop_column('offre_operationnelle_id')

    op.add_column('commune', sa.Column('arrondissement', sa.Boolean(), nullable=False, server_default=sa.false()))
    op.add_column('commune', sa.Column('latitude', sa.Float(), nullable=True))
    op.add_column('commune', sa.Column('longitude', sa.Float(), nullable=True))
    op.create_table('departement',
    sa.Column('code', sa.String(length=3), nullable=False),
    sa.Column('nom', sa.String(), nullable=False),
    sa.Column('communes', sa.Integer(), nullable=False),
    sa.PrimaryKeyConstraint('code')
    )


def _refuser_ce_qui_n_est_pas_une_commune() -> None:
    """A zone is made of communes (RG_EXP_009): anything else is for a person to look at, not to lose."""
    autres = op.get_bind().execute(sa.text(
        "SELECT count(*) FROM division_territoriale WHERE offre_operationnelle_id IS NOT NULL "
        f"AND (type_territorial_division <> '{COMMUNE}' OR code_territorial_division = '')"
    )).scalar_one()
    if autres:
        raise RuntimeError(f'{autres} rows of division_territoriale hang on an offer and are no commune: mend them first')


def downgrade() -> None:
    """Move back."""
    op.drop_table('departement')
    with op.batch_alter_table('commune', schema=None) as batch_op:
        for colonne in ('longitude', 'latitude', 'arrondissement'):
            batch_op.drop_column(colonne)
    with op.batch_alter_table('division_territoriale', schema=None) as batch_op:
        batch_op.add_column(sa.Column('offre_operationnelle_id', sa.Integer(), nullable=True))
        batch_op.create_foreign_key(
            'division_territoriale_offre', 'offre_operationnelle', ['offre_operationnelle_id'], ['id'], ondelete='CASCADE'
        )
        batch_op.create_index(batch_op.f('ix_division_territoriale_offre_operationnelle_id'), ['offre_operationnelle_id'], unique=False)
    _, en_lignes, valeur = dialecte()
    op.execute(f"""
        INSERT INTO division_territoriale (offre_operationnelle_id, type_territorial_division, code_territorial_division)
        SELECT o.id, '{COMMUNE}', {valeur} FROM offre_operationnelle AS o, {en_lignes}
    """)
    op.execute('ALTER TABLE offre_operationnelle DROP COLUMN zone_intervention')
