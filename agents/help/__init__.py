"""Help: the pages of docs/, served, found and linked from the screens."""
