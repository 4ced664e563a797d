"""One module per page: its state and its page function together."""
