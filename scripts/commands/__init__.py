"""The commands of `python -m scripts`, one a file: `register` declares, `run` acts and returns the exit code."""
