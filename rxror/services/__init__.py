"""What one can do: plain functions that take `session, acteur` first and never commit."""
