"""Mails: left in the transaction of a gesture (`depot`), sent later by the server (`envoi`), read in demonstration."""
