"""How the two quantities of a rate are told."""
