"""Tests of scripts/validation."""
