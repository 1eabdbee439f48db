"""A workbook in a file: its zip, its XML, saving it whole."""
