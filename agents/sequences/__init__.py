"""Follow-up workflows: their steps, and who is in them."""
