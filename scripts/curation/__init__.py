"""Everything that changes data/: add, correct, withdraw, release."""
