"""Packages, records, citations and dist folders, mutated by chance: see `python -m tests.fuzz --help`."""
