"""Searches with many entries, one by one: SciPy's L-BFGS-B calls one compiled gradient.

With hundreds of entries a program of many searches side by side takes minutes and gigabytes to compile, and their
matrices do not fit the cache of a processor. Measured on 2 cores with 90 entries: 13 s in place of 46 s to compile.
"""

import threading
from concurrent.futures import ThreadPoolExecutor

import numpy as np
from jaxtyping import Float, Int
from scipy.optimize import minimize

from dineutrino.inference.coordinates import Box, fold, stretch
from dineutrino.inference.evaluation import THREADS, slopes
from dineutrino.inference.target import Target

MAX_STEPS = 5000
REMEMBERED = 50
"""Steps that tell a search the curvature."""
IMPOSSIBLE = 1e150
"""Stands for minus an infinite log-probability: a search needs a number to step back from."""


def driven(
    target: Target,
    starts: Float[np.ndarray, "batch n"],
    roots: Float[np.ndarray, "k n n"],
    which: Int[np.ndarray, " batch"],
    slope: float,
) -> tuple[Float[np.ndarray, "batch n"], Float[np.ndarray, " batch"], Float[np.ndarray, " batch"]]:
    """As `search`, for targets with many entries, until the slope is as small as that; can be interrupted.

    Returns:
        Where the searches ended, the log-probability there, and its largest slope.

    Raises:
        KeyboardInterrupt: interrupted; searches under way end first, after their next step.
    """
    box, stop = Box.of(target), threading.Event()

    def run(number: int) -> tuple[np.ndarray, float, float]:
        start, root = starts[number], roots[which[number]]

        def objective(w: Float[np.ndarray, " n"]) -> tuple[float, Float[np.ndarray, " n"]]:
            t = start + root @ w
            values, gradients = slopes(target, fold(box, t)[None])
            if not np.isfinite(values[0]):
                return IMPOSSIBLE, np.zeros_like(w)
            return float(values[0]), root.T @ (stretch(box, t) * gradients[0])

        def stopped(_: Float[np.ndarray, " n"]) -> None:
            if stop.is_set():
                raise StopIteration

        options = {"maxiter": MAX_STEPS, "maxfun": 2 * MAX_STEPS, "maxcor": REMEMBERED, "ftol": 0.0, "gtol": slope}
        end = minimize(objective, np.zeros(len(start)), jac=True, method="L-BFGS-B", callback=stopped, options=options)
        value = -float(end.fun) if end.fun < IMPOSSIBLE else -np.inf
        return fold(box, start + root @ end.x), value, float(np.max(np.abs(end.jac)))

    slopes(target, fold(box, starts[:1]))  # compiled once, before threads start
    with ThreadPoolExecutor(THREADS) as pool:
        futures = [pool.submit(run, number) for number in range(len(starts))]
        try:
            ends = [future.result() for future in futures]
        except BaseException:
            stop.set()
            pool.shutdown(cancel_futures=True)
            raise
    vectors, values, largest = zip(*ends, strict=True)
    return np.stack(vectors), np.array(values), np.array(largest)
