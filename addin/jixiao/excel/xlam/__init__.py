"""Composing the .xlam without Excel: compound file, VBA project, customUI, package."""
