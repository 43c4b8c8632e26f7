"""Tails of pp -> tau tau: what contact interactions of taus and quarks add to a histogram of a transverse mass."""

from dineutrino.observables.ditau.catalogue import DITAU

__all__ = ["DITAU"]
