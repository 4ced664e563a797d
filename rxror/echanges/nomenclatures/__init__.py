"""Code lists: from a folder of CSV files to a new version of each list, beside the one in service."""
