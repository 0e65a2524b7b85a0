"""A small data package and model to start from, shipped with the program."""
