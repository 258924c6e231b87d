"""Rules for the rows of one table, a module a table."""
