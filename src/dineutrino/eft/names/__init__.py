"""Names of coefficients and the places of arrays that they stand for."""
