"""A look around known maxima for what searches from afar miss: a narrow maximum upon the slopes of a wide one."""

import jax
import numpy as np
from jaxtyping import Float, PRNGKeyArray

from dineutrino.inference.coordinates import Box, inside
from dineutrino.inference.evaluation import MANY, log_probs
from dineutrino.inference.target import Target

FEWEST, PER_PARAMETER, MOST = 2**14, 12, 2**20
"""Points that are looked at: at least so many, this factor more with each parameter, at most so many."""
WORK = 2**25
"""Points times maxima times entries, at most."""
POINTS_OF_MANY = 2**12
"""Points with more than `search.MANY` entries, where each costs more."""
WIDTHS = (1.0, 1.6, 2.5)
"""Of the clouds of points around a maximum, in units of the errors of the parameters; nuisances keep theirs."""
RADIUS = 5.5
"""Of the ball of errors around a maximum that every other point is spread evenly over: at five parameters a normal
density ten times as narrow is met there, with `MOST` points."""
CANDIDATES = 64
"""Points that become starts of searches."""


def candidates(
    target: Target,
    box: Box,
    key: PRNGKeyArray,
    means: Float[np.ndarray, "k n"],
    roots: Float[np.ndarray, "k n n"],
) -> Float[np.ndarray, "candidate n"]:
    """Points around the maxima where the log-probability is much higher than their normal approximations say.

    Searches roll down into wide basins; a point that lies in a narrow one by chance sees it. Half of the candidates are
    drawn by their weight p / q, p the probability and q that of the approximations, and half are those of largest p / q
    among points as high as the lowest of the maxima.

    Args:
        target: see `Target`.
        box: its bounds and scales.
        key: random key of the points.
        means: the maxima.
        roots: symmetric roots of their covariances in units of the scales.
    """
    random = np.random.default_rng(np.asarray(jax.random.key_data(key)))
    (k, n), n_parameters = means.shape, int(target.n_parameters)
    is_parameter = np.arange(n) < n_parameters
    wanted = float(np.clip(4 * float(PER_PARAMETER) ** n_parameters, FEWEST, MOST))
    count = int(max(min(wanted, WORK / (k * n)), FEWEST)) if n <= MANY else POINTS_OF_MANY
    scale = np.asarray(box.scale)
    width = np.array(WIDTHS)[np.arange(count) // (2 * k) % len(WIDTHS)]
    in_ball = np.arange(count) // k % 2 == 0
    normal = random.normal(size=(count, n))
    radius = RADIUS * random.uniform(size=count) ** (1 / n_parameters)
    width = np.where(in_ball, radius / np.linalg.norm(normal[:, is_parameter], axis=1), width)
    vectors = np.empty((count, n))
    for i, (mean, root) in enumerate(zip(means, roots, strict=True)):
        own = slice(i, None, k)
        stretch = np.where(is_parameter, width[own, None], 1.0)
        vectors[own] = mean + scale * ((stretch * normal[own]) @ root)
    vectors = inside(box, np.where(vectors < box.lower, 2 * box.lower - vectors, vectors), 1e-6)
    vectors = inside(box, np.where(vectors > box.upper, 2 * box.upper - vectors, vectors), 1e-6)
    log_p = log_probs(target, vectors)
    widest = scale * np.where(is_parameter, max(WIDTHS), 1.0)
    excess = np.where(np.isfinite(log_p), log_p, -np.inf) - _log_normals(widest, means, roots, vectors)
    chosen: list[int] = []
    if np.isfinite(excess).any():
        weights = np.exp(excess - excess.max())
        drawn = np.flatnonzero(weights > 0)
        chosen += random.choice(drawn, CANDIDATES // 2, p=weights[drawn] / weights[drawn].sum()).tolist()
        high = np.flatnonzero(log_p > np.quantile(log_p[np.isfinite(log_p)], 0.5))
        chosen += high[np.argsort(-excess[high])[: CANDIDATES // 2]].tolist()
    return vectors[np.unique(chosen)] if chosen else np.zeros((0, n))


def _log_normals(
    scale: Float[np.ndarray, " n"],
    means: Float[np.ndarray, "k n"],
    roots: Float[np.ndarray, "k n n"],
    vectors: Float[np.ndarray, "batch n"],
) -> Float[np.ndarray, " batch"]:
    """Log of the sum of the normal densities with these roots of their covariances, up to a constant."""
    parts = []
    for mean, root in zip(means, roots, strict=True):
        w = np.linalg.solve(root, ((vectors - mean) / scale).T)
        parts.append(-0.5 * np.sum(w**2, axis=0) - np.linalg.slogdet(root)[1])
    return np.logaddexp.reduce(parts, axis=0)
