"""`dineutrino list`: observables, measurements, inputs, form factors, coefficients, models, choices."""

from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import TypeAlias

from dineutrino.cli.printing import print_json, print_table
from dineutrino.errors import DineutrinoError

Cell: TypeAlias = str | float | Sequence[str] | Mapping[str, str] | None
Rows: TypeAlias = Sequence[Mapping[str, Cell]]


def run(kind: str, name: str | None, json: bool) -> None:
    """Print one listing.

    Raises:
        DineutrinoError: an unknown set, or a name where nothing can be chosen.
    """
    if name is not None and kind not in _NAMED:
        others = ", ".join(f"'list {other}'" for other in _NAMED)
        raise DineutrinoError(f"'list {kind}' takes no name, got '{name}'; {others} do.")
    rows = _NAMED[kind](name) if name is not None else _ROWS[kind]()
    if json:
        print_json(rows)
        return
    if not rows:
        print("none")
        return
    columns = [column for column in rows[0] if column not in ("tex",)]
    print_table(columns, [[_cell(row[column]) for column in columns] for row in rows], right=("value", "uncertainty"))
    if kind == "inputs" and name is None:
        print("\nnumbers of a set: dineutrino list inputs NAME")
    if kind == "models" and name is None:
        print("\nparameters of a model: dineutrino list models NAME")


def _observables() -> Rows:
    from dineutrino import observables

    found = map(observables.get, observables.names())
    return [
        {"name": o.name, "arguments": list(o.arguments), "unit": o.unit, "description": o.description,
         "source": o.source, "tex": o.tex}
        for o in found
    ]  # fmt: skip


def _measurements(chosen: str | None = None) -> Rows:
    from dineutrino.measurements import load_measurements, measurement_rows
    from dineutrino.measurements.published import belle2_2025

    if chosen is not None:
        return [dict(row) for row in measurement_rows(load_measurements(chosen))]
    return [*(dict(row) for row in measurement_rows()), belle2_2025.row()]


def _measurement_sets() -> Rows:
    from dineutrino.measurements import load_measurements, measurement_sets

    return [
        {"name": name, "measurements": [m.name for m in load_measurements(name)], "description": description}
        for name, description in measurement_sets().items()
    ]


def _inputs(chosen: str | None = None) -> Rows:
    from dineutrino.analysis.names import name_or_path
    from dineutrino.inputs import input_rows, input_sets
    from dineutrino.inputs.input_set import read_input_set

    if chosen is not None:
        return [row._asdict() for row in input_rows(name_or_path(chosen, Path()))]
    sets = map(read_input_set, input_sets())
    return [
        {"name": s.name, "choices": s.choices, "form_factors": {t: fit.name for t, fit in s.fits.items()},
         "description": s.description, "source": s.source}
        for s in sets
    ]  # fmt: skip


def _form_factors() -> Rows:
    from dineutrino.inputs import form_factor_sets
    from dineutrino.inputs.form_factor_files import load_form_factor_fit

    fits = [
        load_form_factor_fit(transition, name) for transition, names in form_factor_sets().items() for name in names
    ]
    return [
        {"name": f.name, "transition": f.transition, "parametrisation": f.parametrisation,
         "form_factors": list(f.coefficients), "source": f.source}
        for f in fits
    ]  # fmt: skip


def _coefficients() -> Rows:
    from dineutrino import eft
    from dineutrino.inputs.quarks import ALL

    chirality = {"L": "left", "R": "right"}
    return [
        {"name": name, "description": f"{chirality[name[1]]}-handed quarks, complex, new physics only"}
        for quarks in ALL
        for name in eft.names(quarks)
    ]


def _models(chosen: str | None = None) -> Rows:
    from dineutrino.inputs import load_inputs
    from dineutrino.models import MODELS, load_model

    if chosen is not None:
        own = load_model(chosen, load_inputs()).own_parameters()
        return [{"name": name, "description": description} for name, description in own.items()]
    return [
        {"name": name, "options": list(options), "description": description}
        for name, (_, options, description) in MODELS.items()
    ]


def _choices() -> Rows:
    from dineutrino.inputs import CHOICES, load_inputs

    default = load_inputs().choices
    return [{"name": name, "values": list(values), "default": default[name]} for name, values in CHOICES.items()]


_ROWS: dict[str, Callable[[], Rows]] = {
    "observables": _observables,
    "measurements": _measurements,
    "measurement-sets": _measurement_sets,
    "inputs": _inputs,
    "form-factors": _form_factors,
    "coefficients": _coefficients,
    "models": _models,
    "choices": _choices,
}


_NAMED: dict[str, Callable[[str], Rows]] = {"measurements": _measurements, "inputs": _inputs, "models": _models}
"""Those of which one can be chosen by name."""


def _cell(value: Cell) -> str:
    if isinstance(value, float):
        return f"{value:.8g}"
    if isinstance(value, Mapping):
        return ", ".join(f"{key}={entry}" for key, entry in value.items())
    if isinstance(value, Sequence) and not isinstance(value, str):
        return ", ".join(map(str, value))
    return str(value)
