"""Ledger intake: mappings, matches, jobs"""

import sqlalchemy as sa
from alembic import op

import portal.store.base

revision = "20261121_05_ledger_intake"
down_revision = "20261121_04_factor_library"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table('jobs',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('kind', sa.String(length=20), nullable=False),
    sa.Column('subject_id', sa.Integer(), nullable=False),
    sa.Column('arguments', portal.store.base.Json(), nullable=False),
    sa.Column('state', sa.String(length=10), nullable=False),
    sa.Column('step', sa.String(length=20), nullable=False),
    sa.Column('done', sa.Integer(), nullable=False),
    sa.Column('of', sa.Integer(), nullable=False),
    sa.Column('attempts', sa.Integer(), nullable=False),
    sa.Column('claim', sa.String(length=32), nullable=False),
    sa.Column('outcome', portal.store.base.Json(), nullable=True),
    sa.Column('problems', portal.store.base.Json(), nullable=True),
    sa.Column('problem_count', sa.Integer(), nullable=False),
    sa.Column('asked_by_id', sa.Integer(), nullable=False),
    sa.Column('asked_at', portal.store.base.UtcDateTime(timezone=True), nullable=False),
    sa.Column('started_at', portal.store.base.UtcDateTime(timezone=True), nullable=True),
    sa.Column('finished_at', portal.store.base.UtcDateTime(timezone=True), nullable=True),
    sa.Column('beat_at', portal.store.base.UtcDateTime(timezone=True), nullable=True),
    sa.Column('cancel_asked_at', portal.store.base.UtcDateTime(timezone=True), nullable=True),
    sa.CheckConstraint("state IN ('queued', 'running', 'done', 'failed', 'cancelled')", name=op.f('ck_jobs_state_known')),
    sa.ForeignKeyConstraint(['asked_by_id'], ['users.id'], name=op.f('fk_jobs_asked_by_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_jobs'))
    )
    with op.batch_alter_table('jobs', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_jobs_state'), ['state'], unique=False)

    op.create_table('ledger_intakes',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('name', sa.String(length=255), nullable=False),
    sa.Column('form', sa.String(length=8), nullable=False),
    sa.Column('size', sa.BigInteger(), nullable=False),
    sa.Column('sha256', sa.String(length=64), nullable=False),
    sa.Column('vault_key', sa.String(length=80), nullable=False),
    sa.Column('state', sa.String(length=10), nullable=False),
    sa.Column('uploaded_by_id', sa.Integer(), nullable=False),
    sa.Column('uploaded_at', portal.store.base.UtcDateTime(timezone=True), nullable=False),
    sa.Column('decided_at', portal.store.base.UtcDateTime(timezone=True), nullable=True),
    sa.Column('choices', portal.store.base.Json(), nullable=False),
    sa.Column('reading', portal.store.base.Json(), nullable=True),
    sa.Column('raw_key', sa.String(length=80), nullable=False),
    sa.Column('mapping', portal.store.base.Json(), nullable=True),
    sa.Column('checked', portal.store.base.Json(), nullable=True),
    sa.Column('plain_key', sa.String(length=80), nullable=False),
    sa.Column('problems_key', sa.String(length=80), nullable=False),
    sa.CheckConstraint("form IN ('csv', 'xlsx', 'parquet')", name=op.f('ck_ledger_intakes_form_known')),
    sa.CheckConstraint("state IN ('waiting', 'accepted', 'discarded')", name=op.f('ck_ledger_intakes_state_known')),
    sa.ForeignKeyConstraint(['uploaded_by_id'], ['users.id'], name=op.f('fk_ledger_intakes_uploaded_by_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_ledger_intakes')),
    sa.UniqueConstraint('vault_key', name=op.f('uq_ledger_intakes_vault_key'))
    )
    op.create_table('ledger_mappings',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('header_key', sa.String(length=64), nullable=False),
    sa.Column('header', portal.store.base.Json(), nullable=False),
    sa.Column('mapping', portal.store.base.Json(), nullable=False),
    sa.Column('saved_by_id', sa.Integer(), nullable=False),
    sa.Column('saved_at', portal.store.base.UtcDateTime(timezone=True), nullable=False),
    sa.ForeignKeyConstraint(['saved_by_id'], ['users.id'], name=op.f('fk_ledger_mappings_saved_by_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_ledger_mappings')),
    sa.UniqueConstraint('header_key', name=op.f('uq_ledger_mappings_header_key'))
    )
    op.create_table('ledger_words',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('kind', sa.String(length=10), nullable=False),
    sa.Column('written', sa.String(length=500), nullable=False),
    sa.Column('meaning', sa.String(length=200), nullable=False),
    sa.Column('times', portal.store.base.ExactDecimal(length=60), nullable=False),
    sa.Column('confirmed_by_id', sa.Integer(), nullable=False),
    sa.Column('confirmed_at', portal.store.base.UtcDateTime(timezone=True), nullable=False),
    sa.CheckConstraint("kind IN ('unit', 'currency', 'country', 'supplier', 'material')", name=op.f('ck_ledger_words_kind_known')),
    sa.ForeignKeyConstraint(['confirmed_by_id'], ['users.id'], name=op.f('fk_ledger_words_confirmed_by_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_ledger_words')),
    sa.UniqueConstraint('kind', 'written', name=op.f('uq_ledger_words_kind_written'))
    )
    with op.batch_alter_table('ledgers', schema=None) as batch_op:
        batch_op.add_column(sa.Column('original_name', sa.String(length=255), server_default='', nullable=False))
        batch_op.add_column(sa.Column('original_key', sa.String(length=80), server_default='', nullable=False))
        batch_op.add_column(sa.Column('original_sha256', sa.String(length=64), server_default='', nullable=False))
        batch_op.add_column(sa.Column('intake', portal.store.base.Json(), nullable=True))


def downgrade() -> None:
    with op.batch_alter_table('ledgers', schema=None) as batch_op:
        batch_op.drop_column('intake')
        batch_op.drop_column('original_sha256')
        batch_op.drop_column('original_key')
        batch_op.drop_column('original_name')

    op.drop_table('ledger_words')
    op.drop_table('ledger_mappings')
    op.drop_table('ledger_intakes')
    with op.batch_alter_table('jobs', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_jobs_state'))

    op.drop_table('jobs')
