"""What FINESS last said of each établissement, apart from its record, which until now held nothing else."""

import sqlalchemy as sa
from alembic import op

revision = '0024'
down_revision = '0023'
branch_labels = None
depends_on = None

ADRESSE = (
    'complement_point_geographique', 'numero_voie', 'extension', 'type_voie', 'libelle_voie', 'lieu_dit',
    'mention_distribution', 'code_postal', 'localite', 'commune_cog',
)
AUTRES = ('denomination_eg', 'complement_denomination_eg', 'categorie_eg', 'categorie_libelle')
LOT = 500


def upgrade() -> None:
    """Move to this schema."""
    if op.get_context().dialect.name == 'postgresql':
        op.execute("ALTER TYPE action ADD VALUE IF NOT EXISTS 'FINESS'")
    op.create_table('releve_finess',
    sa.Column('finess', sa.String(length=9), nullable=False),
    sa.Column('jour', sa.Date(), nullable=False),
    sa.Column('fichier_source', sa.String(), nullable=False),
    sa.Column('valeurs', sa.JSON(), nullable=False),
    sa.Column('ecarts', sa.Integer(), nullable=False),
    sa.PrimaryKeyConstraint('finess')
    )
    with op.batch_alter_table('releve_finess', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_releve_finess_ecarts'), ['ecarts'], unique=False)
    _reprendre_les_fiches()


def _reprendre_les_fiches() -> None:
    """Every import wrote the record with what FINESS said: the record is what it last said."""
    if op.get_context().as_sql:
        return  # nothing to read: a script is for an empty database
    textes = [*ADRESSE, *AUTRES, 'num_finess']
    eg = sa.table(
        'entite_geographique',
        *(sa.column(nom, sa.String) for nom in textes),
        sa.column('source_finess', sa.Date), sa.column('entite_juridique_id', sa.Integer),
        sa.column('latitude', sa.Numeric(9, 6)), sa.column('longitude', sa.Numeric(9, 6)),
    )
    ej = sa.table('entite_juridique', sa.column('id', sa.Integer), sa.column('num_finess', sa.String))
    releve = sa.table(
        'releve_finess', sa.column('finess', sa.String), sa.column('jour', sa.Date),
        sa.column('fichier_source', sa.String), sa.column('valeurs', sa.JSON), sa.column('ecarts', sa.Integer),
    )
    requete = sa.select(*(eg.c[nom] for nom in (*textes, 'source_finess', 'latitude', 'longitude')),
                        ej.c.num_finess.label('ej'))
    requete = requete.join(ej, ej.c.id == eg.c.entite_juridique_id).where(eg.c.source_finess.is_not(None))
    lignes = op.get_bind().execute(requete.order_by(eg.c.num_finess)).mappings().all()
    for debut in range(0, len(lignes), LOT):
        op.get_bind().execute(sa.insert(releve), [_releve(ligne) for ligne in lignes[debut:debut + LOT]])


def _releve(ligne):
    valeurs = {nom: ligne[nom] for nom in (*ADRESSE, *AUTRES)}
    for nom in ('latitude', 'longitude'):
        valeurs[nom] = None if ligne[nom] is None else format(ligne[nom].normalize(), 'f')
    valeurs |= {'date_fermeture': None, 'type_fermeture': '', 'entite_juridique_id': ligne['ej']}
    return {'finess': ligne['num_finess'], 'jour': ligne['source_finess'], 'fichier_source': '', 'valeurs': valeurs,
            'ecarts': 0}


def downgrade() -> None:
    """Refuse: going back is restoring a backup."""
    raise NotImplementedError("Restore a backup instead.")
