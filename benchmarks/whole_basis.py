"""All 2499 parameters of the Warsaw basis at 1 TeV: to m_Z in numbers that observables need; wilson beside it."""

import time
from collections.abc import Callable

import jax
import jax.numpy as jnp
import numpy as np
from jaxtyping import Array, Float

from benchmarks.report import Report, Row
from benchmarks.running_peers import wilson_call
from benchmarks.timing import Timing, measure
from dineutrino import load_inputs
from dineutrino.eft.warsaw import warsaw_names, warsaw_parameters
from dineutrino.eft.warsaw_vector import warsaw_from_vector
from dineutrino.inputs import Inputs
from dineutrino.matching.warsaw_evolution import warsaw_evolution, warsaw_evolution_table
from dineutrino.running.standard_model import couplings_at_m_z
from dineutrino.running.warsaw import warsaw_at_m_z
from dineutrino.running.warsaw_classes import Warsaw

BATCH = 1000
SCALE = 1000.0
TINY = 1e-12
"""Size of all coefficients, GeV^-2."""


def readout(c: Warsaw, inputs: Inputs) -> Float[Array, "60"]:
    """Sixty numbers of vectors, scalars and dipoles: what thirty complex amplitudes of an analysis are made of."""
    entries = jnp.concatenate(
        [
            c.vectors.lq1[:, :, 1, 2].ravel(),
            c.vectors.ld[2, :, 1, 2],
            c.vectors.qd1[1, 2, 1, 2][None],
            c.chiral.ledq[2, 2].ravel(),
            c.chiral.lequ3[2, 2, 2],
            c.dipoles.dB[1],
            c.Hud[2, :2],
        ]
    )
    return jnp.concatenate([entries.real, entries.imag])


def run(quick: bool) -> Report:
    """All rows of the table."""
    report = Report("the whole Warsaw basis from a high scale to m_Z")
    samples, inputs = (5 if quick else 25), load_inputs()
    many = jax.device_put(TINY * np.random.default_rng(0).normal(size=(BATCH, len(warsaw_parameters()))))

    direct = _direct(report, inputs, many[0], samples)
    start, processor = time.perf_counter(), time.process_time()
    matrix = warsaw_evolution(SCALE, inputs, readout)
    jax.block_until_ready(matrix.matrix)
    wall, processor = time.perf_counter() - start, time.process_time() - processor
    shape = " x ".join(map(str, matrix.matrix.shape))
    report.add(Row(f"dineutrino, matrix of {shape}, made once", Timing(wall, wall, 1), note="nothing compiled before"))
    report.at_most("matrix for 60 numbers, seconds of processor time", processor, 5.0)
    start = time.perf_counter()
    table = jax.block_until_ready(warsaw_evolution_table(inputs, readout))
    wall = time.perf_counter() - start
    report.add(Row("dineutrino, table of such matrices at 8 scales, made once", Timing(wall, wall, 1)))

    at_scale = jax.jit(jax.vmap(matrix))
    batch = report.add(
        Row(
            "dineutrino, matrix at one scale",
            measure(lambda _: jax.block_until_ready(at_scale(many)), samples),
            points=BATCH,
        )
    )
    any_scale = jax.jit(lambda x, mu: table(x, mu))
    tabulated = report.add(
        Row(
            "dineutrino, table, one point at any scale",
            measure(lambda i: jax.block_until_ready(any_scale(many[0], SCALE + i % 50)), samples),
        )
    )
    report.at_most("all coefficients step by step, milliseconds", 1e3 * direct.per_point, 20.0)
    report.at_most("matrix, batched, milliseconds per point", 1e3 * batch.per_point, 0.2)
    report.at_most("table, milliseconds", 1e3 * tabulated.per_point, 1.0)
    peer = _wilson(report, min(samples, 5))
    if peer:
        report.at_least("wilson / ours, step by step", peer.per_point / direct.per_point, 15)
        report.at_least("wilson / ours, table", peer.per_point / tabulated.per_point, 300)
    return report


def _direct(report: Report, inputs: Inputs, x: Float[Array, " parameters"], samples: int) -> Row:
    """The differential equations, with all couplings recomputed from the inputs."""

    @jax.jit
    def chain(x: Float[Array, " parameters"], mu: Float[Array, ""], inputs: Inputs) -> Warsaw:
        return warsaw_at_m_z(warsaw_from_vector(x), mu, couplings_at_m_z(inputs), inputs["m_Z"])

    def call(i: int) -> Warsaw:
        return jax.block_until_ready(chain(x, jnp.asarray(SCALE + i % 50), inputs))

    start = time.perf_counter()
    call(0)
    first = time.perf_counter() - start
    report.add(Row("dineutrino, all coefficients step by step, first call", Timing(first, first, 1)))
    return report.add(Row("dineutrino, all coefficients step by step", measure(call, samples), note="all outputs"))


def _wilson(report: Report, samples: int) -> Row | None:
    """The same number of coefficients."""
    try:
        call: Callable[[int], object] = wilson_call(dict.fromkeys(warsaw_names(), TINY))
    except ImportError as error:
        report.skipped.append(f"wilson is not installed ({error}); pip install '.[bench]'")
        return None
    return report.add(
        Row("wilson match_run", measure(call, samples, budget=20.0), note="all sectors, default accuracy")
    )
