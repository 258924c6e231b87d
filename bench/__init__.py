"""Speed and size: the corpus scaled up, and the ladder beside its peers over it."""
