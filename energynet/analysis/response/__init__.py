"""The exact response along one line of change: breakpoints, what changes at each, and the certified answer anywhere between."""
