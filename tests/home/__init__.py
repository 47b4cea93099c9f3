"""Tests of Home and the report."""
