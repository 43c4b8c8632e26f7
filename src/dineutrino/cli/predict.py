"""`dineutrino predict`."""

import math
from collections.abc import Sequence
from pathlib import Path
from typing import NotRequired, SupportsFloat, TypedDict

import jax
import jax.numpy as jnp
import numpy as np
from jax.tree_util import Partial

from dineutrino import observables
from dineutrino.analysis.names import name_or_path
from dineutrino.analysis.plausibility import impossible_rates, too_heavy, untouched
from dineutrino.analysis.predict import Predictions
from dineutrino.analysis.predict import predict as predict_points
from dineutrino.analysis.tails import idle_tails, read_tails, with_tails
from dineutrino.cli.new_physics import (
    coefficient_values,
    is_smeft,
    model_states,
    model_values,
    pairs,
    points,
    smeft_states,
)
from dineutrino.cli.printing import print_json, print_table, remark
from dineutrino.errors import DineutrinoError
from dineutrino.inputs import load_prior
from dineutrino.io import parse_yaml
from dineutrino.observables import ObservableRef
from dineutrino.theory import NewPhysics

MOST_OBSERVABLES, MOST_POINTS = 200, 100_000
"""In one call; each observable is a part of the compiled program, each point a line of the table."""


def run(
    tokens: Sequence[str],
    settings: Sequence[str],
    wilson_file: Path | None,
    inputs: str,
    form_factors: Sequence[str],
    choices: Sequence[str],
    model: str | None,
    scale: float | None,
    tails: str | None,
    json: bool,
) -> None:
    """Print predictions.

    Raises:
        DineutrinoError: anything that the user named does not exist, is malformed or out of range.
    """
    references = observable_references(tokens)
    if len(references) > MOST_OBSERVABLES:
        raise DineutrinoError(
            f"one call predicts at most {MOST_OBSERVABLES} observables, not {len(references)}; "
            "dineutrino.Predictor in Python takes as many as memory does."
        )
    high = model is None and (scale is not None or is_smeft(wilson_file))
    coefficients = {} if model is not None or high else coefficient_values(settings)
    fits = {
        transition: name_or_path(name, Path()) for transition, name in pairs(form_factors, "--form-factors").items()
    }
    prior = load_prior(name_or_path(inputs, Path()), form_factors=fits, choices=pairs(choices, "--choice"))
    observables.check(references, prior.central)
    known = None if model is None else model_values(model, settings, prior.central)
    if tails is not None:
        chosen = read_tails(parse_yaml(tails, "--tails"))
        folder = None if chosen.data is None else Path(chosen.data)
        its_model, values = (None, {}) if known is None else known
        prior = with_tails(prior, chosen, its_model, values, folder)
        for sentence in idle_tails(references, prior.central):
            remark(sentence)
    states: NewPhysics | Partial
    if model is not None and scale is not None:
        raise DineutrinoError("--scale goes with SMEFT coefficients in --set; a model has its scale as an option.")
    if high:
        many, states = False, smeft_states(wilson_file, settings, scale, prior.central)
    elif known is None:
        many, states, ignored = points(wilson_file, coefficients)
        if ignored:
            remark(f"{wilson_file}: no observable here reads {', '.join(ignored)} from a file.")
    elif wilson_file is None:
        many, states = False, model_states(*known, references, prior.central)
    else:
        raise DineutrinoError("a point is given by --wilson or by --model with --set, not by both.")
    n_points = jax.tree.leaves(states)[0].shape[0] if many else 1
    if n_points > MOST_POINTS:
        raise DineutrinoError(
            f"one call predicts at most {MOST_POINTS} points, and {wilson_file} holds {n_points}; "
            "dineutrino.Predictor in Python takes as many as memory does."
        )
    batch = states if many else jax.tree.map(lambda leaf: jnp.asarray(leaf)[None], states)
    found = predict_points(references, batch, prior)
    closed: set[ObservableRef] = set()
    for sentence, of_this_pair in [] if many else too_heavy(references, states, prior.central):
        closed.update(of_this_pair)
        remark(sentence)
    for sentence in impossible_rates(found):
        remark(sentence)
    if settings or wilson_file is not None:
        for sentence in untouched(found, closed):
            remark(sentence)
    for name in found.uncorrelated if np.any(np.isnan(found.uncertainties)) else ():
        remark(f"the correlations of {name} are not published, so what depends on it has no uncertainty.")
    rows = _rows(found, many)
    if json:
        print_json(rows)
    else:
        _print(rows)
        if high and settings:
            print(f"\n{', '.join(settings)}: TeV^-2{'' if scale is None else f', at {scale:g} GeV'}")


def observable_references(tokens: Sequence[str]) -> tuple[ObservableRef, ...]:
    """Names with the numbers that follow them.

    Raises:
        DineutrinoError: a number before any name, an option that does not exist, or an unknown name.
    """
    found: list[list[str | float]] = []
    for token in tokens:
        number = _number(token)
        if number is None and token.startswith("-"):
            raise DineutrinoError(f"there is no option '{token}'; see 'dineutrino predict --help'.")
        if number is None:
            observables.get(token)
            found.append([token])
        elif not found:
            raise DineutrinoError(f"the argument {token} must follow the name of an observable.")
        else:
            found[-1].append(number)
    return tuple(tuple(reference) for reference in found)


def _number(token: str) -> float | None:
    try:
        return float(token)
    except ValueError:
        return None


class Row(TypedDict):
    """A prediction, as it is printed; None where a number is undefined (0/0)."""

    point: NotRequired[int]
    name: str
    arguments: list[float]
    value: float | None
    uncertainty: float | None
    sm: float | None
    sm_uncertainty: float | None
    ratio: float | None
    unit: str


def _rows(found: Predictions, many: bool) -> list[Row]:
    """One object per point and observable."""
    rows: list[Row] = []
    for point, (values, uncertainties, ratios) in enumerate(
        zip(found.values, found.uncertainties, found.ratios, strict=True)
    ):
        for i, (name, *arguments) in enumerate(found.references):
            row = Row(
                name=str(name),
                arguments=[float(x) for x in arguments],
                value=_finite(values[i]),
                uncertainty=_finite(uncertainties[i]),
                sm=_finite(found.standard_model[i]),
                sm_uncertainty=_finite(found.standard_model_uncertainties[i]),
                ratio=_finite(ratios[i]),
                unit=observables.get(str(name)).unit,
            )
            rows.append(Row(point=point, **row) if many else row)
    return rows


def _finite(value: SupportsFloat) -> float | None:
    number = float(value)
    return number if math.isfinite(number) else None


def _print(rows: list[Row]) -> None:
    columns = ["observable", "value", "uncertainty", "SM", "ratio", "unit"]
    cells = [[observables.label((row["name"], *row["arguments"])), *_written(row), row["unit"]] for row in rows]
    if "point" in rows[0]:
        columns = ["point", *columns]
        cells = [[str(row["point"]), *line] for row, line in zip(rows, cells, strict=True)]
    print_table(columns, cells, right=("point", "value", "uncertainty", "SM", "ratio"))


def _written(row: Row) -> list[str]:
    """Value, uncertainty, value in the Standard Model, and ratio to it."""
    no_uncertainty = "undefined" if row["value"] is None else "none"
    missing = ("undefined", no_uncertainty, "undefined", "undefined")
    entries = (row["value"], row["uncertainty"], row["sm"], row["ratio"])
    return [word if entry is None else f"{entry:.5g}" for entry, word in zip(entries, missing, strict=True)]
