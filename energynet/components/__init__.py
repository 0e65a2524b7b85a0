"""The components of a network, one file each: tables, algebra of one period, and mathematics."""
