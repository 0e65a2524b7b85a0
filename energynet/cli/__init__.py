"""Commands, one a file, without logic."""
