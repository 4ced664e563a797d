"""The public pages where anybody verifies an attestation, without an account and without a name on them: plain HTML."""
