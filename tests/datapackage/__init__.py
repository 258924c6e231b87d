"""Tests of scripts/datapackage."""
