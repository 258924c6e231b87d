"""What the data must be: Table Schemas, rules for rows, checks between tables, views."""
