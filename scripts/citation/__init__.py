"""What is cited, in which format, and what a citation is worth today."""
