"""Signing in by OpenID Connect, the web session and the gate before every event."""
