"""A data package on disk: descriptor, schemas, canonical CSV, problems, atomic writes."""
