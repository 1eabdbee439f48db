"""The families of what is recomputed in a report."""
