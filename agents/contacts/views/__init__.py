"""The contact screens."""
