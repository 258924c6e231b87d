"""Tools that validate, build and release the dataset: `python -m scripts COMMAND`."""
