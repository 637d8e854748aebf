"""The schema's history: one Alembic chain for all features, run at start."""
