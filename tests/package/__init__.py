"""What is shipped: the data hold, generated files are current, known rows are there."""
