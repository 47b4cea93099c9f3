"""Home: what is to be done first, how the agents fare, and the report."""
