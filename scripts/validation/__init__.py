"""The four stages of validation, package, cells, rows and tables, and the last release."""
