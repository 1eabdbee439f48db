"""The narrative report: sentences from a scored filing, poured into a Word template."""
