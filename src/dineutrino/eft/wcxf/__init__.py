"""Files of Wilson coefficients in the exchange format WCxf, read and written."""

from dineutrino.eft.wcxf.neutrinos import WCxfFile, read_wcxf, write_wcxf

__all__ = ["WCxfFile", "read_wcxf", "write_wcxf"]
