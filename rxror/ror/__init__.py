"""What the ROR says: its model, code lists, rules and sentences. No web, no session, no Reflex."""
