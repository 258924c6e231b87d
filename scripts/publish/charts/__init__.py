"""Charts: what they show, how they look, and their files."""
