"""Tests of scripts/spark."""
