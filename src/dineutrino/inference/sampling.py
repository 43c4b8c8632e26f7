"""Samples of a posterior, with the right weights of its modes."""

from collections.abc import Mapping
from typing import TYPE_CHECKING

import jax
import numpy as np
from jaxtyping import Float, PRNGKeyArray

from dineutrino.errors import DineutrinoError, NotConverged, unknown
from dineutrino.inference import nuts, smc
from dineutrino.inference.audit import RELEVANT, Audit, audit
from dineutrino.inference.caution import warn
from dineutrino.inference.checkpoint import Checkpoint
from dineutrino.inference.coordinates import Box, inside
from dineutrino.inference.diagnostics import diagnose
from dineutrino.inference.evaluation import log_probs
from dineutrino.inference.frame import Frame, Modes, frame_of, modes_of
from dineutrino.inference.inference_data import inference_data
from dineutrino.inference.maxima import maximum
from dineutrino.inference.optimum import Maxima
from dineutrino.inference.target import Predicting, Target, check

if TYPE_CHECKING:
    import xarray

METHODS = ("auto", "NUTS", "NUTS with mode jumps", "SMC")
MOST_MODES = 256
"""More modes than these are not sampled."""


def posterior(
    target: Predicting,
    key: PRNGKeyArray,
    *,
    maxima: Maxima | None = None,
    chains: int = 4,
    warmup: int = 500,
    draws: int = 1000,
    method: str = "auto",
    target_acceptance: float = 0.9,
    max_tree_depth: int = 10,
    progress: bool = True,
    attributes: Mapping[str, object] | None = None,
    checkpoint: Checkpoint | None = None,
) -> "xarray.DataTree":
    """Sample a posterior.

    "NUTS" is NumPyro's. "NUTS with mode jumps" tries after each of its steps to jump to another of the maxima, so that
    their weights come out right (see `dineutrino.inference.mode_jump`); a pilot run of twice `warmup` steps finds the
    widths of the best of them, instead of the mass matrix. Before either, the set of maxima is audited (see
    `dineutrino.inference.audit`). "SMC" is tempered sequential Monte Carlo, which needs no maxima: where none are known
    its particles start from the bounds and scales alone. "auto" is the second if there are several relevant maxima, the
    first if there is one, and the third, with a `Caution`, where `maximum` finds none.

    Args:
        target: see `Predicting`.
        key: random key; the same key gives the same draws.
        maxima: from `maximum`, which runs here otherwise.
        chains: number of chains, or of independent runs of SMC.
        warmup: steps of each chain that tune it and are dropped.
        draws: draws of each chain, or particles of each run.
        method: see above.
        target_acceptance: of the trajectories of NUTS.
        max_tree_depth: of NUTS; trajectories have up to 2**max_tree_depth steps.
        progress: whether to show a progress bar (on standard error).
        attributes: provenance to be stored with the draws, beside that of the target.
        checkpoint: where the sampler keeps how far it got, and goes on from; the draws are those of a run in one go.

    Returns:
        A tree of data sets in the schema of ArviZ, see `dineutrino.inference.inference_data`. Its attributes
        "diagnostics_passed" (1 or 0) and "diagnostics" hold the verdicts of `diagnose`; each one that failed is also
        emitted as a `Caution`. After an interruption (Ctrl-C) it holds the draws up to then.

    Raises:
        DineutrinoError: a target or options that cannot be used.
        NotConverged: from `maximum` if NUTS was asked for, or from a run of SMC that did not reach the posterior.
        KeyboardInterrupt: interrupted before there was any draw.
    """
    check(target)
    for name, value, least in (("chains", chains, 1), ("warmup", warmup, 50), ("draws", draws, 4)):
        if value < least:
            raise DineutrinoError(f"`{name}` must be at least {least}, not {value}.")
    if method not in METHODS:
        raise unknown("method", method, METHODS)
    key_maximum, key_start, key_sample = jax.random.split(key, 3)
    box = Box.of(target)
    if maxima is None:
        maxima = _maxima(target, key_maximum, method)
    checked: Audit | None = None
    if maxima is None:
        method = "SMC"
    elif method != "SMC":
        key_sample, key_audit = jax.random.split(key_sample)
        checked = audit(target, key_audit, maxima)
        maxima = checked.maxima
    modes = modes_of(box, () if maxima is None else maxima.within(RELEVANT)[:MOST_MODES])
    frame = frame_of(box, modes)
    if checked is None:
        result, interrupted = smc.sample(target, key_sample, frame, modes, chains, draws, progress, checkpoint)
    else:
        if method == "auto":
            method = "NUTS with mode jumps" if modes.count > 1 else "NUTS"
        # with several modes the mass would adapt to the distance between them
        jumps, several = method == "NUTS with mode jumps", modes.count > 1
        rough = checked.posterior_particles
        frame = frame.fitted(checked.of_mode(modes, 0)).narrowed(rough)
        settings = nuts.Settings(warmup, target_acceptance, max_tree_depth, adapt_mass=not several, jumps=jumps)
        starts = _starts(target, key_start, frame, modes, chains)
        if several:
            key_sample, key_pilot = jax.random.split(key_sample)
            pilot, interrupted = nuts.sample(
                target, key_pilot, frame, modes, starts, warmup, settings, progress, checkpoint, "pilot"
            )
            if interrupted:
                raise KeyboardInterrupt
            vectors = inside(box, pilot.vectors, 1e-9)
            drawn = np.concatenate([vectors.reshape(-1, vectors.shape[-1]), rough])
            frame = frame.fitted(vectors[pilot.mode == 0]).narrowed(drawn)
            starts = frame.to_round(vectors[:, -1])
        result, interrupted = nuts.sample(
            target, key_sample, frame, modes, starts, draws, settings, progress, checkpoint
        )
    described = {
        "method": method,
        "seed": "-".join(str(word) for word in np.ravel(jax.random.key_data(key))),
        "chains": chains,
        "warmup": 0 if method == "SMC" else warmup,
        **_about(maxima, modes, checked),
        "draws_at_edge": frame.at_edge(result.vectors),
        "interrupted": int(interrupted),
        **dict(attributes or {}),
    }
    idata = inference_data(target, result, described)
    diagnostics = diagnose(idata)
    verdict = {"diagnostics_passed": int(diagnostics.passed), "diagnostics": str(diagnostics)}
    for node in (idata, idata.posterior):
        node.attrs.update(verdict)
    warn(f"posterior, {v.check}: {v.sentence}" for v in diagnostics.verdicts if not v.passed)
    return idata


def _maxima(target: Target, key: PRNGKeyArray, method: str) -> Maxima | None:
    """The maxima; none where they are not needed and not found."""
    try:
        return maximum(target, key)
    except NotConverged as error:
        if method not in ("auto", "SMC"):
            raise
        warn([f"{error} The posterior is sampled by SMC, which needs no maximum."])
        return error.result if isinstance(error.result, Maxima) and method == "SMC" else None


def _about(maxima: Maxima | None, modes: Modes, checked: Audit | None) -> dict[str, object]:
    """What `diagnose` is to know about the maxima, as attributes that a file can hold."""
    if maxima is None:
        return {"n_maxima": 0}
    known: dict[str, object] = {"n_maxima": modes.count, "maximum_log_prob": maxima.best.log_prob}
    doubts: list[str] = []
    if checked is not None:
        doubts += checked.doubts
        known["n_maxima_added"] = checked.n_added
        known["audited_weights"] = checked.shares.weights[: modes.count]
        known["audited_errors"] = checked.shares.errors[: modes.count]
    relevant = len(maxima.within(RELEVANT))
    if relevant > modes.count:
        doubts.append(f"only the best {modes.count} of {relevant} maxima were sampled.")
    return {**known, "doubts_about_maxima": " ".join(doubts)}


def _starts(target: Target, key: PRNGKeyArray, frame: Frame, modes: Modes, chains: int) -> Float[np.ndarray, "chain n"]:
    """One start per chain, in round coordinates: scattered around the maxima in turn, where the posterior is finite."""
    random = np.random.default_rng(np.asarray(jax.random.key_data(key)))
    number = np.arange(chains) % modes.count
    means, roots, scale = np.asarray(modes.means), np.asarray(modes.roots), np.asarray(modes.scale)
    scatter = np.einsum("cij,cj->ci", roots[number], random.normal(size=(chains, len(scale))))
    spread = np.ones((chains, 1))
    for _ in range(6):
        vectors = inside(frame.box, scale * (means[number] + spread * scatter), 1e-3)
        far = ~(log_probs(target, vectors) > -np.inf)
        if not far.any():
            break
        spread = np.where(far[:, None], spread / 4, spread)
    return frame.to_round(vectors)
