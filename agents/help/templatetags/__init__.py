"""Tags of Help."""
