"""Tests of scripts/query."""
