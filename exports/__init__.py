"""A tender, a clause or a redline as a file."""
