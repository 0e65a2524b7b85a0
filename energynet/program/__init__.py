"""From the algebra of one period to the arrays of the whole horizon."""
