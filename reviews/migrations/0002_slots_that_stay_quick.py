"""Slots and quota days are rewritten all day: room on every page for the next version, and a vacuum that comes early."""

from django.db import migrations

_QUICK = (
    "ALTER TABLE {table} SET (fillfactor = 80, autovacuum_vacuum_scale_factor = 0.01, autovacuum_vacuum_threshold = 500,"
    " autovacuum_analyze_scale_factor = 0.02, autovacuum_vacuum_cost_delay = 0)"
)
_USUAL = (
    "ALTER TABLE {table} RESET (fillfactor, autovacuum_vacuum_scale_factor, autovacuum_vacuum_threshold,"
    " autovacuum_analyze_scale_factor, autovacuum_vacuum_cost_delay)"
)


class Migration(migrations.Migration):
    dependencies = [("reviews", "0001_queues_to_snapshots")]

    operations = [
        migrations.RunSQL(_QUICK.format(table=table), _USUAL.format(table=table))
        for table in ("reviews_slot", "reviews_quotaday")
    ]
