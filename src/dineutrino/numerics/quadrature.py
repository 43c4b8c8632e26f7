"""Fixed-order quadrature for decay rates, whose integrands have square roots at the ends of phase space."""

from collections.abc import Callable

import jax.numpy as jnp
import numpy as np
from jaxtyping import Array, Complex, Float

from dineutrino.numerics.kinematics import sqrt_or_zero

ORDER = 32
"""Default number of nodes: 1e-12 relative for every B -> M nu nubar rate (tests/observables/test_quadrature.py)."""
RESOLUTION = 0.005
"""Of t next to a pole: with 48 nodes 1e-10 relative for pairs of any mass (tests/observables/test_pairs.py)."""


def nodes(
    start: Float[Array, ""],
    end: Float[Array, ""],
    lower: Float[Array, ""] | None = None,
    upper: Float[Array, ""] | None = None,
    order: int = ORDER,
    pole: float | None = None,
    peaks: Complex[Array, " peak"] | None = None,
) -> tuple[Float[Array, " node"], Float[Array, " node"]]:
    """Nodes and weights on [lower, upper] within a phase space [start, end].

    Gauss-Legendre in t, x = start + (end - start) sin^2 t, which makes sqrt(x - start) and sqrt(end - x) smooth in t,
    also where an end of phase space is close to an edge of the bin. What lies outside of phase space does not count; an
    empty phase space or bin has zero weights.

    Args:
        start: where phase space opens.
        end: where it closes.
        lower: edge of the bin, by default `start`; derivatives with respect to it are zero at and below `start`.
        upper: edge of the bin, by default `end`; the same.
        order: number of nodes; with peaks, of each of the 1 + 2 n intervals that n peaks make.
        pole: where below `start` the integrand is singular, such as q2 = 0 below a threshold. Nodes then crowd at
            `start` over the distance to the pole.
        peaks: where the integrand has peaks like 1/((x - x_0)^2 + w^2), as x_0 + i w with w > 0. Nodes crowd at x_0
            over the distance w, and move along with it in derivatives.
    """
    unit, weights = np.polynomial.legendre.leggauss(order)
    width = jnp.maximum(end - start, 0.0)
    scale = jnp.where(width > 0, width, 1.0)
    first = jnp.asarray(0.0) if lower is None else _angle(lower, start, end)
    last = jnp.asarray(np.pi / 2) if upper is None else _angle(upper, start, end)
    knee = None if pole is None else jnp.sqrt((start - pole) / scale + RESOLUTION**2)
    if peaks is None:
        t, slope = _crowded_at_zero(unit, first, last, knee)
    else:
        t, slope = _between_peaks(unit, first, last, knee, jnp.arcsin(jnp.sqrt((peaks - start) / scale)))
        weights = np.tile(weights, 1 + 2 * len(peaks))
    return start + width * jnp.sin(t) ** 2, width * jnp.sin(2 * t) * slope * weights


def _crowded_at_zero(
    unit: Float[np.ndarray, " node"], first: Float[Array, ""], last: Float[Array, ""], knee: Float[Array, ""] | None
) -> tuple[Float[Array, " node"], Float[Array, "..."]]:
    """From [-1, 1] to [first, last], and the slope; with a knee, logarithmic beyond that distance from zero."""
    if knee is None:
        return _linear(unit, first, last)
    v, slope = _linear(unit, jnp.arcsinh(first / knee), jnp.arcsinh(last / knee))
    return knee * jnp.sinh(v), knee * jnp.cosh(v) * slope


def _between_peaks(
    unit: Float[np.ndarray, " node"],
    first: Float[Array, ""],
    last: Float[Array, ""],
    knee: Float[Array, ""] | None,
    poles: Complex[Array, " peak"],
) -> tuple[Float[Array, " nodes"], Float[Array, " nodes"]]:
    """From [-1, 1] to the intervals between the peaks, their midpoints and [first, last], crowded at each peak.

    Args:
        unit: nodes on [-1, 1].
        first: where the first interval starts.
        last: where the last interval ends.
        knee: of the first interval, which has no peak; see `_crowded_at_zero`.
        poles: t_0 + i w of the peaks; one that lies outside crowds the nodes at the end that is next to it.
    """
    order = jnp.argsort(poles.real)
    peaks = jnp.clip(poles.real[order], first, last)
    distances = jnp.hypot(poles.imag[order], poles.real[order] - peaks)
    middles = (jnp.concatenate([first[None], peaks[:-1]]) + peaks) / 2
    ends = jnp.append(middles[1:], last)
    pieces = [_crowded_at_zero(unit, first, middles[0], knee)]
    for peak, distance, before, after in zip(peaks, distances, middles, ends, strict=True):
        for sign, edge in ((-1.0, before), (1.0, after)):
            u, slope = _crowded_at_zero(unit, jnp.asarray(0.0), sign * (edge - peak), distance)
            pieces.append((peak + sign * u, slope))
    t, slopes = zip(*pieces, strict=True)
    return jnp.concatenate(t), jnp.concatenate([jnp.broadcast_to(slope, unit.shape) for slope in slopes])


def _linear(
    unit: Float[np.ndarray, " node"], first: Float[Array, ""] | float, last: Float[Array, ""] | float
) -> tuple[Float[Array, " node"], Float[Array, ""]]:
    """From [-1, 1] to [first, last], and the slope; an empty interval has slope zero."""
    half = jnp.maximum(last - first, 0.0) / 2
    return first + half * (unit + 1), half


def _angle(x: Float[Array, ""], start: Float[Array, ""], end: Float[Array, ""]) -> Float[Array, ""]:
    """t of x, clipped to phase space; 0 where that is empty."""
    is_open = end > start
    inside = jnp.clip(x, start, jnp.where(is_open, end, start))
    above, below = sqrt_or_zero(inside - start), jnp.where(is_open, sqrt_or_zero(end - inside), 1.0)
    return jnp.arctan2(above, below)


def integrate(
    integrand: Callable[[Float[Array, " node"]], Float[Array, "... node"]],
    start: Float[Array, ""],
    end: Float[Array, ""],
    lower: Float[Array, ""] | None = None,
    upper: Float[Array, ""] | None = None,
    order: int = ORDER,
    pole: float | None = None,
    peaks: Complex[Array, " peak"] | None = None,
) -> Float[Array, "..."]:
    """Integral of `integrand` over [lower, upper] within [start, end], see `nodes`."""
    points, weights = nodes(start, end, lower, upper, order, pole, peaks)
    return jnp.sum(integrand(points) * weights, axis=-1)
