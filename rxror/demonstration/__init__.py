"""Invented offers of real établissements, to try rxror without touching anybody's data. Start with `charger.py`."""
