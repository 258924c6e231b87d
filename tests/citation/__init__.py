"""Tests of scripts/citation."""
