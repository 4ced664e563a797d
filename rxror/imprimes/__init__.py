"""Documents one prints or keeps: accessible PDF, from the data they are given and from our own models only."""
