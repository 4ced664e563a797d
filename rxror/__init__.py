"""rxror: keep one's offer true in the ROR, the national directory of health-care offers."""
