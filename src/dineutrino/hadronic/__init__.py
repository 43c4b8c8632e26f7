"""One side of the decay, squared helicity amplitudes of the currents between hadrons, and the width."""

from dineutrino.hadronic.amplitudes import Amplitudes
from dineutrino.hadronic.masses import Masses
from dineutrino.hadronic.width import flux, width

__all__ = ["Amplitudes", "Masses", "flux", "width"]
