"""Tests of scripts/history."""
