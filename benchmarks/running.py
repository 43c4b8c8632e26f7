"""From SMEFT at 1 TeV to b -> s at 4.8 GeV: wilson, rgevolve, ours step by step, as table and as matrix; alpha_s."""

import time
from functools import partial

import equinox as eqx
import jax
import jax.numpy as jnp
import numpy as np
from jaxtyping import Array

from benchmarks.report import Report, Row
from benchmarks.running_peers import Rgevolve, our_errors, wilson_call
from benchmarks.timing import Timing, measure
from dineutrino import load_inputs
from dineutrino.eft.flavio.vectors import charged_current, delta_f2, semileptonic
from dineutrino.eft.smeft import smeft_from_mapping, smeft_parameters
from dineutrino.inputs import Inputs, ckm_matrix
from dineutrino.matching.evolution import evolution, evolution_table, parameter_vector
from dineutrino.matching.smeft_chain import LowScales, neutrino_coefficients, smeft_to_low_scales
from dineutrino.numerics import abs2
from dineutrino.running import alpha_s
from dineutrino.running.vector_classes import CURRENTS

CLASSES = ("lq1", "lq3", "ld", "qe", "ed", "phiq1", "phiq3", "phid", "qq1", "qq3", "dd")
BATCH = 1000
POINT = {"lq1_3323": 1e-8 + 1e-9j, "lq3_3323": -2e-9, "ld_2223": 3e-9, "qq1_2323": 1e-12}


def low_energy(low: LowScales, inputs: Inputs) -> tuple[eqx.Module | Array, ...]:
    """b -> s nu nubar, b -> s l l, b -> c l nu, B_s mixing; couplings of Z and W that conserve flavour."""
    V, at_m_z = ckm_matrix(inputs), low.smeft
    return (
        neutrino_coefficients(low.left, inputs),
        semileptonic(low.left, V, inputs["G_F"], inputs["alpha_em"]),
        charged_current(low.left, V, inputs["G_F"])[1, 2],
        delta_f2(low.left),
        jnp.stack([jnp.diagonal(getattr(at_m_z, name)).real for name in CURRENTS]),
        jnp.stack([at_m_z.HD.real, at_m_z.HWB.real, 2 * at_m_z.ll[0, 1, 1, 0].real]),
    )


def run(quick: bool) -> Report:
    """All rows of the table."""
    report = Report("running and matching from SMEFT at a high scale to LEFT at 4.8 GeV, and to the Z pole")
    samples = 5 if quick else 25
    inputs = load_inputs()
    coupling = report.add(Row("alpha_s(mu), four loops", _alpha_s(inputs, samples)))
    report.at_most("alpha_s, microseconds", 1e6 * coupling.per_point, 20.0)
    direct = _direct(report, inputs, samples)
    columns = tuple(name for name in smeft_parameters() if name.split()[1].split("_")[0] in CLASSES)
    start = time.perf_counter()
    table = evolution_table(inputs, low_energy, columns)
    jax.block_until_ready(table.polynomials)
    building = time.perf_counter() - start
    rows = table.polynomials.shape[1]
    report.add(Row(f"table of {rows} x {len(columns)} at 8 scales, built once", Timing(building, building, 1)))
    single, batch, fixed = _table(report, table, samples)
    report.at_most("table, one point at any scale, milliseconds", 1e3 * single.per_point, 1.0)
    report.at_most("table, batched, microseconds per point", 1e6 * batch.per_point, 150.0)
    report.at_most("matrix at one scale, batched, microseconds per point", 1e6 * fixed.per_point, 20.0)
    report.at_most("step by step, milliseconds", 1e3 * direct.per_point, 15.0)
    report.extra["largest error of the table / largest entry of a row"] = _error(table, inputs)
    report.extra |= {f"largest difference to wilson / input, {where}": x for where, x in our_errors().items()}
    peer = _wilson(report, min(samples, 5))
    if peer:
        report.at_least("wilson / ours, step by step", peer.per_point / direct.per_point, 20)
        report.at_least("wilson / ours, table", peer.per_point / single.per_point, 300)
    _rgevolve(report, samples)
    return report


def _alpha_s(inputs, samples: int) -> Timing:
    compiled = jax.jit(partial(alpha_s, inputs=inputs))
    return measure(lambda i: compiled(3.0 + 0.01 * (i % 1000)).block_until_ready(), samples)


def _size(found: tuple[eqx.Module | Array, ...]) -> Array:
    """One number that depends on all rows."""
    return sum(jnp.sum(abs2(leaf)) if jnp.iscomplexobj(leaf) else jnp.sum(leaf**2) for leaf in jax.tree.leaves(found))


def _direct(report: Report, inputs, samples: int) -> Row:
    """The differential equations, with all couplings recomputed from the inputs."""

    def chain(coefficients, mu, inputs):
        return low_energy(smeft_to_low_scales(coefficients, mu, inputs), inputs)

    def scalar(coefficients, mu, inputs):
        return _size(chain(coefficients, mu, inputs))

    compiled, value = jax.jit(chain), jax.jit(scalar)
    slope = jax.jit(jax.value_and_grad(scalar, (0, 1)))
    point = smeft_from_mapping(POINT)
    start = time.perf_counter()
    jax.block_until_ready(compiled(point, 1000.0, inputs))
    first = time.perf_counter() - start
    report.add(Row("dineutrino, step by step, first call", Timing(first, first, 1)))
    report.at_most("step by step, first call with compilation, seconds", first, 15.0)
    row = report.add(
        Row(
            "dineutrino, step by step",
            measure(lambda i: jax.block_until_ready(compiled(point, 1000.0 + i % 50, inputs)), samples),
            note="all coefficients, all outputs",
        )
    )
    one = measure(lambda i: jax.block_until_ready(value(point, 1000.0 + i % 50, inputs)), samples)
    derivative = report.add(
        Row(
            "dineutrino, step by step, a number and its gradient",
            measure(lambda i: jax.block_until_ready(slope(point, 1000.0 + i % 50, inputs)), samples),
            note="by all coefficients and the high scale",
        )
    )
    report.at_most("step by step, value and gradient / value, fastest", derivative.seconds.fastest / one.fastest, 4.0)
    return row


def _table(report: Report, table, samples: int) -> tuple[Row, Row, Row]:
    x = parameter_vector(POINT, table.columns)
    rng = np.random.default_rng(0)
    many = jax.device_put(1e-8 * rng.normal(size=(BATCH, len(table.columns))))
    scales = jax.device_put(rng.uniform(600, 9000, BATCH))
    one = jax.jit(lambda x, mu: table(x, mu))
    value = jax.jit(lambda x, mu: _size(table(x, mu)))
    slope = jax.jit(jax.value_and_grad(lambda x, mu: _size(table(x, mu)), (0, 1)))
    batched = jax.jit(jax.vmap(table))
    matrix = table.at(1000.0)
    at_scale = jax.jit(jax.vmap(matrix))
    single = report.add(
        Row(
            "dineutrino, table, one point",
            measure(lambda i: jax.block_until_ready(one(x, 1000.0 + i % 50)), samples),
        )
    )
    number = measure(lambda i: jax.block_until_ready(value(x, 1000.0 + i % 50)), samples)
    gradient = report.add(
        Row(
            "dineutrino, table, a number and its gradient",
            measure(lambda i: jax.block_until_ready(slope(x, 1000.0 + i % 50)), samples),
            note="by all columns and the high scale",
        )
    )
    report.at_most("table, value and gradient / value, fastest", gradient.seconds.fastest / number.fastest, 4.0)
    batch = report.add(
        Row(
            "dineutrino, table, a scale for each point",
            measure(lambda _: jax.block_until_ready(batched(many, scales)), samples),
            points=BATCH,
        )
    )
    fixed = report.add(
        Row(
            "dineutrino, matrix at one scale",
            measure(lambda _: jax.block_until_ready(at_scale(many)), samples),
            points=BATCH,
        )
    )
    return single, batch, fixed


def _error(table, inputs) -> float:
    """Against the differential equations, between the nodes."""
    found, exact = table.at(2345.6).matrix, evolution(2345.6, inputs, low_energy, table.columns).matrix
    largest = jnp.abs(exact).max(axis=1)
    return float((jnp.abs(found - exact).max(axis=1) / jnp.where(largest > 0, largest, 1)).max())


def _wilson(report: Report, samples: int) -> Row | None:
    """The same coefficients and scales."""
    try:
        call = wilson_call(POINT)
    except ImportError as error:
        report.skipped.append(f"wilson is not installed ({error}); pip install '.[bench]'")
        return None
    return report.add(
        Row("wilson match_run", measure(call, samples, budget=20.0), note="all sectors, default accuracy")
    )


def _rgevolve(report: Report, samples: int) -> None:
    """At a scale of its grid."""
    try:
        peer = Rgevolve()
    except ImportError as error:
        report.skipped.append(f"rgevolve is not installed ({error}); pip install '.[bench]'")
        return
    report.add(
        Row(f"rgevolve, {' x '.join(map(str, peer.matrix.shape))} at 1 TeV, first", Timing(peer.first, peer.first, 1))
    )
    report.add(Row("rgevolve, matrix at one scale, one point", measure(peer.call(1), samples)))
    report.add(Row("rgevolve, matrix at one scale", measure(peer.call(BATCH), samples), points=BATCH))
    report.extra["rgevolve at 1 TeV, largest difference of C_9 to C_R to wilson / C_R of ld_3323"] = peer.error()
