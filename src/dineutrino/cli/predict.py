"""`dineutrino predict`."""

import cmath
import math
from collections.abc import Mapping, Sequence
from functools import cache
from pathlib import Path
from typing import NotRequired, SupportsFloat, TypedDict

import jax
import jax.numpy as jnp
import numpy as np
from jax.tree_util import Partial
from jaxtyping import Array, Float

from dineutrino import observables
from dineutrino.analysis.names import name_or_path
from dineutrino.analysis.plausibility import impossible_rates, too_heavy, untouched
from dineutrino.analysis.predict import Predictions
from dineutrino.analysis.predict import predict as predict_points
from dineutrino.analysis.strength import too_strong, too_strong_for
from dineutrino.cli.printing import print_json, print_table, remark
from dineutrino.eft import NeutrinoCoefficients, NuNu, names
from dineutrino.eft.names.parts import parts, whole
from dineutrino.eft.smeft import smeft_from_mapping, smeft_names
from dineutrino.eft.warsaw import warsaw_from_mapping, warsaw_names, warsaw_to_mapping
from dineutrino.eft.wcxf.format import parse_file
from dineutrino.eft.wcxf.neutrinos import read_wcxf
from dineutrino.eft.wcxf.smeft import read_warsaw
from dineutrino.errors import DineutrinoError, shortened, unknown
from dineutrino.inputs import DB, DS, SB, Inputs, Quarks, load_prior
from dineutrino.inputs.quarks import ALL
from dineutrino.io import parse_yaml
from dineutrino.matching.smeft_to_left import match_transition
from dineutrino.models import MasslessNeutrinos, read_model
from dineutrino.observables import ObservableRef
from dineutrino.running.smeft import HIGHEST, smeft_at_m_z
from dineutrino.running.standard_model import couplings_at_m_z
from dineutrino.running.vector_classes import VectorClasses
from dineutrino.running.warsaw import warsaw_at_m_z
from dineutrino.running.warsaw_classes import Warsaw
from dineutrino.theory import Flavours, NewPhysics, Wet

MOST_OBSERVABLES, MOST_POINTS = 200, 100_000
"""In one call; each observable is a part of the compiled program, each point a line of the table."""
PER_TEV2 = 1e-6
"""GeV^-2."""
S, B = 1, 2
TEV = 1e3
"""GeV."""
INVISIBLE = 1e-5
"""TeV^-2; a coefficient of SMEFT below this changes no rate, and is more likely meant in GeV^-2."""


def run(
    tokens: Sequence[str],
    settings: Sequence[str],
    wilson_file: Path | None,
    inputs: str,
    form_factors: Sequence[str],
    choices: Sequence[str],
    model: str | None,
    scale: float | None,
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
    states: NewPhysics | Partial
    if model is not None and scale is not None:
        raise DineutrinoError("--scale goes with SMEFT coefficients in --set; a model has its scale as an option.")
    if high:
        many, states = False, smeft_states(wilson_file, settings, scale, prior.central)
    elif model is None:
        many, states, ignored = _points(wilson_file, coefficients)
        if ignored:
            remark(f"{wilson_file}: no decay with two neutrinos depends on {', '.join(ignored)}.")
    elif wilson_file is None:
        many, states = False, model_states(model, settings, prior.central)
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


def coefficient_values(settings: Sequence[str]) -> dict[str, complex]:
    """Coefficients from "NAME=VALUE", VALUE a complex number such as 1.5-2j.

    Raises:
        DineutrinoError: not of that form, an unknown name, a name given twice, or a value not finite.
    """
    values = whole(complex_values(settings))
    smeft = [name for name in values if name in warsaw_names()]
    if smeft:
        raise DineutrinoError(f"{smeft[0]} is a coefficient of SMEFT; say at which scale with --scale, in GeV.")
    for name in values:
        if name not in coefficient_names():
            raise unknown("Wilson coefficient", name, coefficient_names())
        if not cmath.isfinite(values[name]):
            raise DineutrinoError(f"--set {name}: the value must be finite, not {values[name]}.")
    return values


@cache
def coefficient_names() -> tuple[str, ...]:
    """C_L and C_R of all transitions."""
    return tuple(name for quarks in ALL for name in names(quarks))


def complex_values(settings: Sequence[str]) -> dict[str, complex]:
    """NAME -> VALUE of "NAME=VALUE", VALUE a complex number such as 1.5-2j.

    Raises:
        DineutrinoError: not of that form, or a name given twice.
    """
    values = {}
    for name, written in pairs(settings, "--set").items():
        try:
            number = complex(written.replace(" ", ""))
        except ValueError:
            raise DineutrinoError(f"--set {name}: '{written}' is not a number such as -3 or 1.5-2j.") from None
        values[name] = number if number.imag else number.real
    return values


def is_smeft(file: Path | None) -> bool:
    """Whether a file says that it holds SMEFT coefficients."""
    if file is None:
        return False
    content = parse_file(file)
    return isinstance(content, dict) and content.get("eft") == "SMEFT"


def smeft_states(file: Path | None, settings: Sequence[str], scale: float | None, inputs: Inputs) -> Wet:
    """New physics of SMEFT coefficients: those of the file, GeV^-2, with the settings, TeV^-2, in their place.

    Raises:
        DineutrinoError: an unknown or redundant coefficient, one that does not run here, a scale that is missing, given
            twice or not above m_Z.
    """
    values: dict[str, complex] = {}
    if file is not None:
        content = read_warsaw(file) if is_smeft(file) else None
        if content is None or scale is not None:
            raise DineutrinoError(f"--scale goes with SMEFT coefficients in --set; {file} has its own EFT and scale.")
        values, scale = warsaw_to_mapping(content.coefficients), content.scale
    if scale is None or not float(inputs["m_Z"]) < scale <= HIGHEST:
        raise DineutrinoError(
            f"the scale of SMEFT coefficients must be above m_Z and at most {HIGHEST:g}, in GeV, not {scale}."
        )
    new = whole(complex_values(settings))
    all_values = values | {name: PER_TEV2 * value for name, value in new.items()}
    wet = Wet(neutrinos_from_smeft(all_values, scale, inputs), Flavours())
    for name, value in new.items():
        if name in values:
            remark(f"--set {name} replaces the value in {file}.")
        if 0 < abs(value) < INVISIBLE:
            remark(
                f"--set {name}={value:g} is in TeV^-2, where it has no effect; "
                f"{value:g} GeV^-2 is now written {name}={value / PER_TEV2:g}."
            )
    for sentence in too_strong({name: value / PER_TEV2 for name, value in all_values.items()}, scale / TEV):
        remark(sentence)
    return wet


def neutrinos_from_smeft(values: Mapping[str, complex], scale: float, inputs: Inputs) -> Flavours[NuNu]:
    """Run to m_Z and match there; without classes beyond vector currents the program for those is enough.

    Args:
        values: coefficients of the whole Warsaw basis, GeV^-2.
        scale: GeV.
        inputs: couplings and masses.

    Raises:
        DineutrinoError: an unknown or redundant coefficient, or one that violates baryon or lepton number.
    """
    vectors = set(values) <= set(smeft_names())
    start = smeft_from_mapping(values) if vectors else warsaw_from_mapping(values)
    return _neutrinos(start, jnp.asarray(scale), inputs)


@jax.jit
def _neutrinos(start: VectorClasses | Warsaw, scale: Float[Array, ""], inputs: Inputs) -> Flavours[NuNu]:
    couplings, m_z = couplings_at_m_z(inputs), inputs["m_Z"]
    if isinstance(start, Warsaw):
        at_m_z = warsaw_at_m_z(start, scale, couplings, m_z).vectors
    else:
        at_m_z = smeft_at_m_z(start, scale, couplings, m_z)
    return Flavours(*(match_transition(at_m_z, quarks) for quarks in ALL))


def model_states(written: str, settings: Sequence[str], inputs: Inputs) -> NewPhysics | Partial:
    """A model with its values, written in YAML as in an analysis file, with its parameters from "NAME=VALUE".

    Raises:
        DineutrinoError: an unknown model, option or parameter, one that is missing, or a value out of range.
    """
    try:
        content = parse_yaml(written, "--model")
    except DineutrinoError as error:
        raise DineutrinoError(
            f"{shortened(error, 200)} A model is written as DarkScalar or '{{DarkScalar: {{real: true}}}}'."
        ) from None
    model, values = read_model(content, inputs), {}
    for name, number in parts(complex_values(settings), model.parameters()).items():
        model.check_name(name)
        model.check_range(name, number, number)
        values[name] = jnp.asarray(number)
    for sentence in too_strong_for(model, {name: float(value) for name, value in values.items()}):
        remark(sentence)
    model(values, inputs).wet.check()
    return Partial(model, values) if values else NeutrinoCoefficients.zero()


def pairs(given: Sequence[str], option: str) -> dict[str, str]:
    """NAME -> VALUE of an option that takes NAME=VALUE.

    Raises:
        DineutrinoError: not of that form, or a name given twice.
    """
    found: dict[str, str] = {}
    for text in given:
        name, equals, value = text.partition("=")
        if not (name and equals and value):
            raise DineutrinoError(f"{option} takes NAME=VALUE, not '{text}'.")
        if name in found:
            raise DineutrinoError(f"{option} gives '{name}' twice.")
        found[name] = value
    return found


def _number(token: str) -> float | None:
    try:
        return float(token)
    except ValueError:
        return None


def _points(
    file: Path | None, settings: dict[str, complex]
) -> tuple[bool, NeutrinoCoefficients | Wet | Partial, tuple[str, ...]]:
    """New physics of the file with the settings in their place; whether they are many, and what the file holds besides.

    C_L and C_R of other transitions than b -> s are given to a model, so that their normalisation follows the inputs.
    """
    if file is None:
        return False, _with_others({SB: NeutrinoCoefficients.zero()}, settings), ()
    content = read_wcxf(file)
    many = isinstance(content.scale, tuple)
    if content.lagrangian is not None:
        if settings:
            raise DineutrinoError(
                f"--set {next(iter(settings))} goes with the flavio basis, {file} is in the JMS basis."
            )
        others = [there if isinstance(there := content.others.get(quarks), NuNu) else None for quarks in (DB, DS)]
        return many, Wet(Flavours(content.lagrangian, *others), Flavours()), content.ignored
    given = {SB: content.coefficients}
    given |= {quarks: there for quarks, there in content.others.items() if isinstance(there, NeutrinoCoefficients)}
    for name in settings:
        for quarks, there in given.items():
            if name in names(quarks):
                old = _entry(there, name, quarks)
                if np.any(old != 0):
                    remark(f"--set {name} replaces the value in {file}.")
    return many, _with_others(given, settings), content.ignored


def _with_others(
    given: Mapping[Quarks, NeutrinoCoefficients], settings: Mapping[str, complex]
) -> NeutrinoCoefficients | Partial:
    """Coefficients with settings in their place: as they are if they are all of b -> s, else as a model."""
    mixed = {}
    for quarks in ALL:
        own = {name: value for name, value in settings.items() if name in names(quarks)}
        if quarks in given or own:
            old = given.get(quarks, jax.tree.map(jnp.zeros_like, given[SB]))
            new, mask = (NeutrinoCoefficients.from_mapping(x, quarks) for x in (own, dict.fromkeys(own, 1)))
            mixed[quarks] = jax.tree.map(lambda new, mask, old: jnp.where(mask != 0, new, old), new, mask, old)
    if set(mixed) == {SB}:
        return mixed[SB]
    values: dict[str, Array] = {}
    for quarks, there in mixed.items():
        for name in names(quarks):
            entry = _entry(there, name, quarks)
            if np.any(entry != 0):
                values |= {f"Re {name}": entry.real, f"Im {name}": entry.imag}
    return Partial(MasslessNeutrinos(), values)


def _entry(coefficients: NeutrinoCoefficients, name: str, quarks: Quarks) -> Array:
    """One coefficient by name, at each of the points."""
    place = NeutrinoCoefficients.from_mapping({name: 1}, quarks)
    chosen = jax.tree.map(lambda at, all_: jnp.sum(jnp.where(at != 0, all_, 0), axis=(-2, -1)), place, coefficients)
    return chosen.C_L + chosen.C_R


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
