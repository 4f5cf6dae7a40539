"""The looks of our files: base document, style sheet and fixed words."""
