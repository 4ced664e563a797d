"""Measures of what a person waits for: `make bench` runs them and writes docs/mesures.md."""
