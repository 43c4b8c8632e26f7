"""Where searches for maxima start, and how many of them it takes."""

import jax
import numpy as np
from jaxtyping import Float, PRNGKeyArray
from scipy.special import ndtri

from dineutrino.inference.coordinates import Box, inside
from dineutrino.inference.evaluation import MANY
from dineutrino.inference.target import Target

FEWEST = 32
"""Starts with one parameter; each further one doubles them."""
FIRST_ROUND, MOST = 1024, 16384
"""Starts of the first round at most, and of all rounds together."""
MOST_OF_MANY = 64
"""Starts with more than `evaluation.MANY` entries, where a search takes seconds."""
EXPECTED = 3.0
"""A maximum that so many starts are expected to reach is missed by all of them with a probability of 5%."""


def first_starts(n_parameters: int, n: int) -> int:
    """Starts of the first round, of a target with n entries."""
    return min(FEWEST * 2 ** min(n_parameters - 1, 20), FIRST_ROUND, most_starts(n))


def most_starts(n: int) -> int:
    """Starts of all rounds."""
    return MOST if n <= MANY else MOST_OF_MANY


def expected_in_smaller(fewest: int, n_parameters: int) -> float:
    """Starts expected to reach a maximum half as wide as one that `fewest` starts have reached.

    The basin of a maximum that is half as wide in each of n parameters is smaller by 2**n, so in many parameters no
    affordable number of starts can show that there are no others.
    """
    return fewest / 2.0**n_parameters


def starting_points(target: Target, box: Box, key: PRNGKeyArray, starts: int) -> Float[np.ndarray, "starts n"]:
    """The origin, and points spread evenly entry by entry (Latin hypercube).

    Parameters between bounds: every other point uniform between them, the others like unbounded parameters, which
    follow a heavy-tailed distribution (Student's t with two degrees of freedom, 3 scales wide, reaching beyond 20
    scales) around zero or their bound. Nuisances: one scale around zero, normally distributed.
    """
    n = len(target.names)
    random = np.random.default_rng(np.asarray(jax.random.key_data(key)))
    orders = np.stack([random.permutation(starts) for _ in range(n)], axis=1)
    u = (orders + random.uniform(0.05, 0.95, (starts, n))) / starts
    below, above = np.isfinite(box.lower), np.isfinite(box.upper)
    heavy = 3 * box.scale * (2 * u - 1) / np.sqrt(2 * u * (1 - u))
    heavy = np.where(below & ~above, box.lower + np.abs(heavy), heavy)
    heavy = np.where(above & ~below, box.upper - np.abs(heavy), heavy)
    every_other = (np.arange(starts) % 2 == 0)[:, None]
    with np.errstate(invalid="ignore"):
        spread = np.where(below & above & every_other, box.lower + (box.upper - box.lower) * u, heavy)
    nuisance = np.arange(n) >= target.n_parameters
    spread = np.where(nuisance, box.scale * ndtri(u), spread)
    spread[0] = 0.0
    return inside(box, spread, 1e-3)
