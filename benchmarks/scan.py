"""Scans over mass and coupling: four branching ratios of B -> K(*) + invisible on a grid, one operator at a time."""

import time

import jax
import jax.numpy as jnp
import numpy as np

from benchmarks.branching_ratios import NAMES
from benchmarks.report import Report, Row
from benchmarks.timing import measure
from dineutrino import NeutrinoCoefficients, Predictor, load_inputs
from dineutrino.models import DarkFermion, DarkScalar, DarkVector, SterileNeutrino
from dineutrino.models.model import Model
from dineutrino.numerics.batching import chunked
from dineutrino.theory import NewPhysics

SIDE = 500
CHUNK = 5
"""Masses at a time: what they need fits the cache."""
TARGET = 2.0
"""Seconds for SIDE x SIDE points."""


def run(quick: bool) -> Report:
    """All rows of the table."""
    report = Report(f"{SIDE} x {SIDE} masses and couplings, four branching ratios of B -> K(*) + invisible")
    inputs = load_inputs("default")
    predictor = Predictor(NAMES, inputs)
    cases: list[tuple[Model, str, float]] = [
        (SterileNeutrino.from_inputs(inputs), "QN_2311", 2.4),
        (SterileNeutrino.from_inputs(inputs), "LNQdT_3123", 4.8),
        (DarkScalar(), "S", 2.4),
        (DarkFermion(), "T1", 2.4),
        (DarkVector(), "V6", 2.4),
    ]
    for model, operator, end in cases:
        row = scan_row(predictor, model, operator, end, 3 if quick else 7)
        report.add(row)
        report.at_most(f"seconds, {model.name} {operator}", row.seconds.median, TARGET)
    massless = single_row(predictor, NeutrinoCoefficients.zero(), "massless neutrinos alone", quick)
    sterile = SterileNeutrino.from_inputs(inputs)(
        {"mass": jnp.asarray(1.0), "Re QN_2311": jnp.asarray(0.01), "Re LNQd_3123": jnp.asarray(0.01)}, inputs
    )
    report.add(massless)
    report.add(single_row(predictor, sterile, "with a massive sterile neutrino", quick))
    return report


def scan_row(predictor: Predictor, model: Model, operator: str, end: float, samples: int) -> Row:
    """Form factors and phase space are computed once for each mass, not for each point; a few masses at a time."""

    def value(mass: jax.Array, coupling: jax.Array) -> jax.Array:
        return predictor(model({"mass": mass, f"Re {operator}": coupling}, predictor.inputs))

    def line(mass: jax.Array, couplings: jax.Array) -> jax.Array:
        return jax.vmap(value, (None, 0))(mass, couplings)

    @jax.jit
    def grid(masses: jax.Array, couplings: jax.Array) -> jax.Array:
        return chunked(lambda mass: line(mass, couplings), CHUNK)(masses)

    masses = jnp.linspace(0.01, end, SIDE)
    couplings = [jnp.linspace(1e-3, scale, SIDE) for scale in (0.1, 0.2)]
    start = time.perf_counter()
    jax.block_until_ready(grid(masses, couplings[0]))
    compilation = time.perf_counter() - start
    timing = measure(lambda i: jax.block_until_ready(grid(masses, couplings[i % 2])), samples)
    return Row(
        f"{model.name} {operator}",
        timing,
        points=SIDE**2,
        memory=grid.lower(masses, couplings[0]).compile().memory_analysis().temp_size_in_bytes,
        note=f"{compilation:.1f} s to compile",
    )


def single_row(predictor: Predictor, states: NewPhysics, what: str, quick: bool) -> Row:
    """One point: a sterile neutrino costs an integral over q2, massless neutrinos none."""
    states = jax.tree.map(np.asarray, states)
    return Row(f"one point, {what}", measure(lambda _: predictor(states).block_until_ready(), 5 if quick else 25))
