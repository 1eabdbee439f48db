"""Mutated workbooks: what the program accepts is right, what it refuses it refuses in one sentence."""
