"""Maxima, profiles and posteriors of anything with a log-probability; none of it knows any physics."""

from dineutrino.inference.caution import Caution
from dineutrino.inference.checkpoint import Checkpoint
from dineutrino.inference.contours import Contour, Profile2D
from dineutrino.inference.density import Density
from dineutrino.inference.diagnostics import Diagnostics, Verdict, diagnose
from dineutrino.inference.intervals import Interval, Profile
from dineutrino.inference.marginals import marginal_densities, marginal_density
from dineutrino.inference.maxima import maximum
from dineutrino.inference.optimum import Maxima, Optimum
from dineutrino.inference.profiles import profile
from dineutrino.inference.sampling import posterior
from dineutrino.inference.target import Predicting, Simulating, Target
from dineutrino.inference.toys import Toys, toys

__all__ = [
    "Caution",
    "Checkpoint",
    "Contour",
    "Density",
    "Diagnostics",
    "Interval",
    "Maxima",
    "Optimum",
    "Predicting",
    "Profile",
    "Profile2D",
    "Simulating",
    "Target",
    "Toys",
    "Verdict",
    "diagnose",
    "marginal_densities",
    "marginal_density",
    "maximum",
    "posterior",
    "profile",
    "toys",
]
