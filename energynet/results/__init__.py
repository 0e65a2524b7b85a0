"""Result tables, run directories, exports and audit."""
