"""Import of the FINESS directory, from the CSV files of the « etalab » family (data.gouv.fr, DREES)."""
