"""Words and phrases that the rules know, as data."""
