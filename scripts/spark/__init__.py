"""Validation and views on Apache Spark."""
