"""Marks on the cells in question, and the list of findings."""
