"""Colourless vectors as light as eq. (17) lets them be, against the search of ATLAS for resonances in pp -> tau tau.

It needs luminosities of quarks from the files of the di-tau tails; without them it is left out, and that is said.
"""

from functools import cache
from math import pi

import jax
import jax.numpy as jnp
import numpy as np
from jaxtyping import Array, Float

from dineutrino.errors import DineutrinoError
from dineutrino.inputs import ckm_matrix, load_inputs
from dineutrino.measurements.published.atlas2020_ditau import files
from dineutrino.models.mediators import MEDIATORS
from dineutrino.models.mediators.colourless import Colourless
from dineutrino.models.mediators.rank_one import direction, lepton_current, quark_current
from dineutrino.models.mediators.resonance import Made, limit, neutral
from dineutrino.observables.ditau.luminosities import Luminosities
from dineutrino.reproduce.marzocca2024.classes import PAPER

PRINTED = {"Vprime": 4.0}
"""Eq. (18) over the cross section: of V' its width belongs to currents with sigma_a, C and the bounds to sigma_a/2."""
TAUS = 0.5
"""The branching ratio into two taus, where g_q is small."""
Grid = Float[np.ndarray, " point"]


@cache
def luminosities() -> Luminosities | None:
    """Of quarks; None where no folder holds them."""
    try:
        return Luminosities.read(files().directory())
    except DineutrinoError:
        return None


def rates(name: str, C: Grid, mass: Grid, theta: Grid, phi: Grid, strongest: float, number: float) -> Grid:
    """sigma(pp -> V -> tau tau) of eq. (18), pb; nan where luminosities are not known.

    Args:
        name: of a colourless vector.
        C: g_q g_l number/M^2, TeV^-2.
        mass: M, GeV.
        theta: angle of the direction of its quarks to the third family.
        phi: angle between the first and the second family.
        strongest: g_l.
        number: of C.

    Raises:
        DineutrinoError: there are no luminosities.
    """
    found = luminosities()
    if found is None:
        raise DineutrinoError(missing())
    kind, ckm, factor = MEDIATORS[name], ckm_matrix(load_inputs(PAPER)), PRINTED.get(name, 1.0) * TAUS

    def rate(C: Array, mass: Array, theta: Array, phi: Array) -> Array:
        g_q = C * (mass / 1000) ** 2 / (number * strongest)
        field = kind(quark_current(g_q, direction(theta, phi)), lepton_current(strongest, universal=False))
        assert isinstance(field, Colourless)
        return factor * neutral(field, ckm).cross_section(mass, found)

    columns = map(jnp.asarray, np.broadcast_arrays(C, mass, theta, phi))
    return np.asarray(jax.jit(jax.vmap(rate))(*columns))


def over_limit(
    name: str, C: Grid, mass: Grid, theta: Grid, phi: Grid, strongest: float, number: float, made: Made = "gluons"
) -> Grid:
    """The same over what ATLAS allows at 95%; above 1 is excluded, nan where masses are beyond the search."""
    allowed = jax.vmap(lambda m: limit(m, made))(jnp.asarray(mass))
    return rates(name, C, mass, theta, phi, strongest, number) / np.asarray(allowed)


def smallest_angle(name: str, scale: float, mass: float, strongest: float, number: float, made: Made) -> float:
    """theta at phi = pi/2 below which the best fit is excluded at one mass, GeV; nan where it never is."""
    theta = np.linspace(0.02, 0.6, 581)
    C = scale**-2 / (np.sin(theta) * np.cos(theta))
    over = over_limit(name, C, np.full_like(theta, mass), theta, np.full_like(theta, pi / 2), strongest, number, made)
    excluded = np.flatnonzero(over > 1)
    return float(theta[excluded[-1]]) if len(excluded) else float("nan")


def missing() -> str:
    """Why there are no luminosities, in a sentence."""
    try:
        files().directory()
    except DineutrinoError as error:
        return str(error)
    return "the files of the di-tau tails cannot be read."
