"""From SMEFT at 1 TeV to b -> s at 4.8 GeV: wilson, ours step by step, as a table and as a matrix; alpha_s."""

import time
from functools import partial

import jax
import jax.numpy as jnp
import numpy as np

from benchmarks.report import Report, Row
from benchmarks.timing import Timing, measure
from dineutrino import load_inputs
from dineutrino.eft.evolution import evolution_table, parameter_vector
from dineutrino.eft.smeft import smeft_from_mapping, smeft_parameters
from dineutrino.eft.smeft_chain import b_to_s, smeft_to_left
from dineutrino.running import alpha_s

CLASSES = ("lq1", "lq3", "ld", "qe", "ed", "phiq1", "phiq3", "phid", "qq1", "qq3", "dd")
BATCH = 1000
POINT = {"lq1_3323": 1e-8 + 1e-9j, "lq3_3323": -2e-9, "ld_2223": 3e-9, "qq1_2323": 1e-12}


def run(quick: bool) -> Report:
    """All rows of the table."""
    report = Report("running and matching from SMEFT at a high scale to LEFT at 4.8 GeV")
    samples = 5 if quick else 25
    inputs = load_inputs()
    report.add(Row("alpha_s(mu), four loops", _alpha_s(inputs, samples)))
    direct = _direct(report, inputs, samples)
    columns = tuple(name for name in smeft_parameters() if name.split()[1].split("_")[0] in CLASSES)
    start = time.perf_counter()
    table = evolution_table(inputs, columns)
    jax.block_until_ready(table.polynomials)
    building = time.perf_counter() - start
    rows = table.polynomials.shape[1]
    report.add(Row(f"table of {rows} x {len(columns)} at 8 scales, built once", Timing(building, building, 1)))
    single, batch, fixed = _table(report, table, samples)
    report.extra["largest error of the table / largest entry"] = _error(table, inputs)
    report.at_most("table, one point at any scale, milliseconds", 1e3 * single.per_point, 1.0)
    report.at_most("table, batched, microseconds per point", 1e6 * batch.per_point, 150.0)
    report.at_most("matrix at one scale, batched, microseconds per point", 1e6 * fixed.per_point, 20.0)
    report.at_most("step by step, milliseconds", 1e3 * direct.per_point, 15.0)
    peer = _wilson(report, min(samples, 5))
    if peer:
        report.at_least("wilson / ours, step by step", peer.per_point / direct.per_point, 20)
        report.at_least("wilson / ours, table", peer.per_point / single.per_point, 300)
    return report


def _alpha_s(inputs, samples: int) -> Timing:
    compiled = jax.jit(partial(alpha_s, inputs=inputs))
    return measure(lambda i: compiled(3.0 + 0.01 * (i % 1000)).block_until_ready(), samples)


def _direct(report: Report, inputs, samples: int) -> Row:
    """The differential equations, with all couplings recomputed from the inputs."""

    @jax.jit
    def chain(coefficients, mu, inputs):
        return b_to_s(smeft_to_left(coefficients, mu, inputs), inputs)

    @jax.jit
    def slope(coefficients, mu, inputs):
        def scalar(scale):
            scaled = jax.tree.map(lambda leaf: scale * leaf, coefficients)
            return jnp.real(b_to_s(smeft_to_left(scaled, mu, inputs), inputs).neutrinos.C_L[2, 2])

        return jax.jvp(scalar, (1.0,), (1.0,))

    point = smeft_from_mapping(POINT)
    start = time.perf_counter()
    jax.block_until_ready(chain(point, 1000.0, inputs))
    first = time.perf_counter() - start
    report.add(Row("dineutrino, step by step, first call", Timing(first, first, 1)))
    report.at_most("step by step, first call with compilation, seconds", first, 15.0)
    row = report.add(
        Row(
            "dineutrino, step by step",
            measure(lambda i: jax.block_until_ready(chain(point, 1000.0 + i % 50, inputs)), samples),
            note="all coefficients, all outputs",
        )
    )
    derivative = report.add(
        Row(
            "dineutrino, value and one derivative",
            measure(lambda i: jax.block_until_ready(slope(point, 1000.0 + i % 50, inputs)), samples),
        )
    )
    report.at_most("value and derivative / value", derivative.per_point / row.per_point, 4.0)
    return row


def _table(report: Report, table, samples: int) -> tuple[Row, Row, Row]:
    x = parameter_vector(POINT, table.columns)
    rng = np.random.default_rng(0)
    many = jax.device_put(1e-8 * rng.normal(size=(BATCH, len(table.columns))))
    scales = jax.device_put(rng.uniform(600, 9000, BATCH))
    one = jax.jit(lambda x, mu: table(x, mu))
    batched = jax.jit(jax.vmap(table))
    matrix = table.at(1000.0)
    at_scale = jax.jit(jax.vmap(matrix))
    single = report.add(
        Row(
            "dineutrino, table, one point",
            measure(lambda i: jax.block_until_ready(one(x, 1000.0 + i % 50)), samples),
        )
    )
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
    found = table(parameter_vector(POINT, table.columns), 2345.6)
    exact = b_to_s(smeft_to_left(smeft_from_mapping(POINT), 2345.6, inputs), inputs)
    differences = zip(jax.tree.leaves(found.neutrinos), jax.tree.leaves(exact.neutrinos), strict=True)
    return max(float(jnp.abs(a - b).max() / jnp.abs(b).max()) for a, b in differences)


def _wilson(report: Report, samples: int) -> Row | None:
    """The same coefficients and scales, sector sb with its neighbours."""
    try:
        import wilson
    except ImportError as error:
        report.skipped.append(f"wilson is not installed ({error}); pip install '.[bench]'")
        return None

    def call(i: int) -> object:
        point = wilson.Wilson(POINT, 1000.0 + i % 50, "SMEFT", "Warsaw")
        return point.match_run(4.8, "WET", "flavio")

    return report.add(
        Row("wilson match_run", measure(call, samples, budget=20.0), note="all sectors, default accuracy")
    )
