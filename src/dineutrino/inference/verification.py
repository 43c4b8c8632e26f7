"""Whether the end of a search is a minimum of minus the log-probability, and which way leads on where it is none.

A search that starts on a symmetric point, such as an imaginary part at zero, sees no slope along it and ends on a
saddle. So the curvature is tested: in the coordinates of a search, in which the Hessian is nearly one, a few steps of
Lanczos' method with difference quotients of the exact gradient find its lowest eigenvalue. Where that is not clearly
positive, the log-probability is looked up along the eigenvector to both sides, from thousandths of a standard deviation
up to ten of them: a saddle, also one whose curvature vanishes, shows higher values. The highest one on each side is
where a new search should start.

At a bound the coordinates of `fold` have no slope. There an entry must be pressed against its bound by the slope in
the entry itself; one that would rather leave is treated like a direction of negative curvature.
"""

from typing import NamedTuple

import numpy as np
from jaxtyping import Bool, Float, Int

from dineutrino.inference.coordinates import Box, fold, stretch, unfold
from dineutrino.inference.evaluation import slopes
from dineutrino.inference.search import REACHED
from dineutrino.inference.target import Target

STEP = 1e-3
"""Of the difference quotients, in standard deviations."""
FEWEST, MOST = 5, 12
"""Steps of Lanczos' method."""
CLEAR = 0.1
"""A curvature above this, in inverse squared standard deviations, is positive beyond doubt."""
HEIGHT = 1e-6
"""An end that is higher than its minimum by less than this has converged."""
SMALL = 1e-3
"""Smallest curvature by which the slope that is left is divided for the height that it may account for."""
LOWER = 1e-8
"""A value that is less than this below another one is the same, relative to one plus its size."""
PROBES = np.array([0.003, 0.01, 0.03, 0.1, 0.3, 1.0, 3.0, 10.0])
"""Distances at which the log-probability is looked up, in standard deviations."""
AT_BOUND = 1e-6
"""An entry closer to its bound than this, in units of its scale, is at the bound."""


class Verdict(NamedTuple):
    """What the curvature says about ends of searches.

    Attributes:
        minimum: whether each end is a minimum.
        owner: numbers of the ends that there is a way down from; one number for each way.
        starts: where each way leads to, in the coordinates of `fold`.
    """

    minimum: Bool[np.ndarray, " batch"]
    owner: Int[np.ndarray, " way"]
    starts: Float[np.ndarray, "way n"]


def examine(
    target: Target,
    box: Box,
    vectors: Float[np.ndarray, "batch n"],
    slope: Float[np.ndarray, " batch"],
    roots: Float[np.ndarray, "batch n n"],
) -> Verdict:
    """Test ends of searches.

    Args:
        target: see `Target`.
        box: its bounds.
        vectors: where the searches ended.
        slope: their largest gradients there, see `Found`.
        roots: the matrices in whose coordinates they moved; entries whose rows vanish are held.
    """
    points = unfold(box, vectors)
    lengths = np.linalg.norm(roots, axis=2)
    if not lengths.any():
        return Verdict(_flat(slope, np.ones(len(slope))), np.zeros(0, int), np.zeros((0, points.shape[1])))
    lowest, directions = _lowest_curvature(target, box, points, roots)
    flat = _flat(slope, lowest)
    leaving = _leaving(target, box, vectors, lengths)
    released = np.asarray(leaving.any(axis=1))
    if released.any():
        entry = np.argmax(leaving[released], axis=1)
        directions[released] = 0.0
        directions[released, entry] = lengths[released, entry]
    doubtful = np.flatnonzero(released | ~(lowest > CLEAR))
    minimum = np.where(released, False, flat & (lowest > CLEAR))
    if not doubtful.size:
        return Verdict(minimum, np.zeros(0, int), np.zeros((0, points.shape[1])))
    down, found = _ways_down(target, box, points[doubtful], directions[doubtful], slope[doubtful])
    level = ~down.any(axis=1) & ~np.isnan(lowest[doubtful])
    minimum[doubtful] = flat[doubtful] & ~released[doubtful] & level
    row, side = np.nonzero(down)
    return Verdict(minimum, doubtful[row], found[row, side])


def _flat(slope: Float[np.ndarray, " batch"], curvature: Float[np.ndarray, " batch"]) -> Bool[np.ndarray, " batch"]:
    """Whether the slope that is left is small, or accounts for little height because the curvature is large."""
    with np.errstate(invalid="ignore", over="ignore"):
        height = slope**2 / (2 * np.where(curvature > CLEAR, curvature, CLEAR))
    return np.where(np.isfinite(slope), (slope < REACHED) | (height < HEIGHT), False)


def _lowest_curvature(
    target: Target, box: Box, points: Float[np.ndarray, "batch n"], roots: Float[np.ndarray, "batch n n"]
) -> tuple[Float[np.ndarray, " batch"], Float[np.ndarray, "batch n"]]:
    """The lowest eigenvalue of the Hessian in the coordinates of the roots, and its eigenvector in those of `fold`."""
    batch, n = points.shape
    lowest, directions = np.full(batch, np.nan), np.zeros((batch, n))
    moving = np.linalg.norm(roots, axis=1) > 0
    start = np.where(moving, np.random.default_rng(0).normal(size=n), 0.0)
    basis = (start / np.linalg.norm(start, axis=1, keepdims=True))[:, None]
    images = np.zeros((batch, 0, n))
    left = np.arange(batch)
    _, at = _slopes(target, box, points)
    steps = int(min(MOST, moving.sum(axis=1).max()))
    for step in range(1, steps + 1):
        ahead = points[left] + STEP * np.einsum("bij,bj->bi", roots[left], basis[:, -1])
        _, there = _slopes(target, box, ahead)
        image = np.einsum("bji,bj->bi", roots[left], (there - at[left]) / STEP)
        images = np.concatenate([images, image[:, None]], axis=1)
        projected = np.einsum("bin,bjn->bij", basis, images)
        values, vectors = np.linalg.eigh(np.nan_to_num((projected + np.swapaxes(projected, 1, 2)) / 2))
        values, vectors = values[:, 0], vectors[:, :, 0]
        ritz = np.einsum("bi,bin->bn", vectors, basis)
        remainder = np.linalg.norm(np.einsum("bi,bin->bn", vectors, images) - values[:, None] * ritz, axis=1)
        finite = np.isfinite(projected).all(axis=(1, 2))
        lowest[left] = np.where(finite, values, np.nan)
        directions[left] = np.einsum("bij,bj->bi", roots[left], ritz)
        # the next vector of the basis: the image of the last one, orthogonal to all
        for _ in range(2):
            image = image - np.einsum("bi,bin->bn", np.einsum("bin,bn->bi", basis, image), basis)
        size = np.linalg.norm(image, axis=1)
        settled = ~finite | (size < 1e-9) | ((step >= FEWEST) & (values - remainder > CLEAR))
        keep = ~settled
        if step == steps or not keep.any():
            break
        left, images = left[keep], images[keep]
        basis = np.concatenate([basis[keep], (image[keep] / size[keep, None])[:, None]], axis=1)
    return lowest, directions


def _leaving(
    target: Target, box: Box, vectors: Float[np.ndarray, "batch n"], lengths: Float[np.ndarray, "batch n"]
) -> Bool[np.ndarray, "batch n"]:
    """Entries at a bound along which minus the log-probability falls on the way inside."""
    margin = AT_BOUND * np.asarray(box.scale)
    below, above = vectors - box.lower < margin, box.upper - vectors < margin
    touching = np.flatnonzero(((below | above) & (lengths > 0)).any(axis=1))
    leaving = np.zeros(vectors.shape, bool)
    if touching.size:
        _, gradient = slopes(target, vectors[touching])
        inward = np.where(below[touching], gradient, np.where(above[touching], -gradient, 0.0))
        leaving[touching] = inward * lengths[touching] < -REACHED
    return leaving


def _ways_down(
    target: Target,
    box: Box,
    points: Float[np.ndarray, "batch n"],
    directions: Float[np.ndarray, "batch n"],
    slope: Float[np.ndarray, " batch"],
) -> tuple[Bool[np.ndarray, "batch 2"], Float[np.ndarray, "batch 2 n"]]:
    """Whether minus the log-probability falls to either side of a point, and where it was seen lowest.

    It must fall by more than the slope that is left at the point accounts for.
    """
    batch, n = points.shape
    offsets = np.concatenate([[0.0], PROBES, -PROBES])
    probes = points[:, None] + offsets[:, None] * directions[:, None]
    values, _ = _slopes(target, box, probes.reshape(-1, n))
    values = np.where(np.isnan(values), np.inf, values).reshape(batch, -1)
    sides = values[:, 1:].reshape(batch, 2, len(PROBES))
    lowest = np.argmin(sides, axis=2)
    size = LOWER * (1 + np.abs(values[:, :1])) + np.where(slope < REACHED, slope, 0.0)[:, None] ** 2 / (2 * SMALL)
    down = np.take_along_axis(sides, lowest[..., None], axis=2)[..., 0] < values[:, :1] - size
    places = probes[:, 1:].reshape(batch, 2, len(PROBES), n)
    return down, np.take_along_axis(places, lowest[..., None, None], axis=2)[:, :, 0]


def _slopes(
    target: Target, box: Box, points: Float[np.ndarray, "batch n"]
) -> tuple[Float[np.ndarray, " batch"], Float[np.ndarray, "batch n"]]:
    """Minus the log-probability, and its gradient in the coordinates of `fold`."""
    values, gradients = slopes(target, fold(box, points))
    return values, gradients * stretch(box, points)
