"""Files of Wilson coefficients in the exchange format WCxf, read and written."""
