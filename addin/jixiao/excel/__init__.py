"""The Excel add-in: worksheet functions, and the .xlam that calls them and the buttons."""
