"""Formulas as text: what they refer to, and what the plain ones give."""
