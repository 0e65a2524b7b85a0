"""The System: sets and arrays of a case over its periods."""
