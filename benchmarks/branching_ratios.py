"""Four branching ratios at a new point: flavio, EOS (two of them), and ours alone and in batches."""

import jax
import numpy as np

from benchmarks.peers import Point, eos_call, flavio_call
from benchmarks.report import Report, Row
from benchmarks.timing import measure
from dineutrino import NeutrinoCoefficients, Predictor, load_inputs

NAMES = ("BR(B+->Knunu)", "BR(B0->Knunu)", "BR(B+->K*nunu)", "BR(B0->K*nunu)")
BATCHES = (256, 1024, 4096, 16384, 65536)
TARGET = 4096
"""Points of the batch that is compared with flavio."""
POINTS = 64
"""Different points that the single calls go through."""


def run(quick: bool) -> Report:
    """All rows of the table."""
    report = Report("four branching ratios of B -> K(*) nu nubar at a new point, fixed inputs")
    points = random_points(np.random.default_rng(1), POINTS)
    named = [NeutrinoCoefficients(*map(np.asarray, point)).to_mapping() for point in points]
    samples = 5 if quick else 25
    flavio = _peer(report, "flavio np_prediction", "flavio", lambda: flavio_call(NAMES, named), min(samples, 9))
    eos = _peer(report, "EOS, only B+ -> K+ and B0 -> K*0", "EOS", lambda: eos_call(points), samples)
    predictor = Predictor(NAMES, load_inputs("default"))
    single = report.add(single_row(predictor, points, samples))
    report.add(named_row(predictor, named, samples))
    batches = {size: report.add(batch_row(predictor, size, samples)) for size in BATCHES}
    if flavio:
        report.at_least("flavio / ours, single point", flavio.per_point / single.per_point, 5_000)
        report.at_least(f"flavio / ours, batch of {TARGET}", flavio.per_point / batches[TARGET].per_point, 100_000)
    if eos:
        report.at_least("EOS (two) / ours (four), single point", eos.per_point / single.per_point, 5)
    flat = batches[BATCHES[-1]].per_point / batches[BATCHES[0]].per_point
    report.at_most(f"cost per point, batch of {BATCHES[-1]} / batch of {BATCHES[0]}", flat, 1.2)
    return report


def random_points(rng: np.random.Generator, count: int) -> list[Point]:
    """C_L and C_R of every flavour, of the size of the Standard Model."""
    return [tuple(rng.normal(scale=5.0, size=(2, 3, 6)).view(complex)) for _ in range(count)]


def single_row(predictor: Predictor, points: list[Point], samples: int) -> Row:
    """From NumPy arrays to values on the host's side of the dispatch."""

    def call(i: int) -> jax.Array:
        C_L, C_R = points[i % len(points)]
        return predictor(NeutrinoCoefficients(C_L, C_R)).block_until_ready()

    return Row("dineutrino, one point", measure(call, samples), note="from two arrays")


def named_row(predictor: Predictor, named: list[dict[str, complex]], samples: int) -> Row:
    """From eighteen names and values."""

    def call(i: int) -> jax.Array:
        return predictor(NeutrinoCoefficients.from_mapping(named[i % len(named)])).block_until_ready()

    return Row("dineutrino, one point", measure(call, samples), note="from 18 names")


def batch_row(predictor: Predictor, size: int, samples: int) -> Row:
    """Many points in one call, their arrays already on the device."""
    draws = np.random.default_rng(size).normal(scale=5.0, size=(2, 2, size, 3, 6)).view(complex)
    batches = [NeutrinoCoefficients(*jax.device_put(tuple(draw))) for draw in draws]
    timing = measure(lambda i: predictor.batch(batches[i % 2]).block_until_ready(), samples)
    compiled = jax.jit(lambda wilson: predictor.batch(wilson)).lower(batches[0]).compile()
    return Row(
        f"dineutrino, batch of {size}",
        timing,
        points=size,
        memory=compiled.memory_analysis().temp_size_in_bytes,
    )


def _peer(report: Report, what: str, name: str, build, samples: int) -> Row | None:
    try:
        call = build()
    except ImportError as error:
        report.skipped.append(f"{name} is not installed ({error}); pip install '.[bench]'")
        return None
    return report.add(Row(what, measure(call, samples, budget=10.0)))
