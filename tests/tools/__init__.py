"""How the dataset is made: each promise of the tools, kept."""
