"""Tests of Help."""
