"""Metadata that catalogues read, made from the descriptor of dist/."""
