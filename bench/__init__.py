"""Speed and size: the corpus scaled up, and validation beside its peers over it."""
