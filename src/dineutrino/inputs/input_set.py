"""An input set as data: the default entries with what a set overrides, checked; no arrays yet."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import NamedTuple

import numpy as np

from dineutrino.errors import DineutrinoError, unknown
from dineutrino.inputs import correlation
from dineutrino.inputs.choices import CHOICES, checked_choices
from dineutrino.inputs.entry import Entry, override, read_entry, text
from dineutrino.inputs.form_factor_files import FormFactorFit, load_form_factor_fit
from dineutrino.inputs.packaged import data_names, read_data, read_mapping
from dineutrino.inputs.units import to_gev
from dineutrino.io import Tree, mapping

_CHANGES = ("choices", "form_factors", "overrides", "correlations")
_FIELDS = ("description", "source", "extends", *_CHANGES)


class InputRow(NamedTuple):
    """One line of a table of inputs, in the unit of the data file."""

    name: str
    value: float
    uncertainty: float
    unit: str
    source: str
    description: str


@dataclass(frozen=True)
class InputSet:
    """Everything that makes a prior: entries, correlations, choices and form-factor fits.

    Attributes:
        entries: scalars by name.
        correlations: block -> (names, correlation matrix), for blocks that are not diagonal.
        choices: name -> value, all of them.
        fits: transition -> form-factor fit.
    """

    name: str
    description: str
    source: str
    entries: dict[str, Entry]
    correlations: dict[str, tuple[tuple[str, ...], np.ndarray]]
    choices: dict[str, str]
    fits: dict[str, FormFactorFit]

    def gev(self, entry: Entry) -> float:
        """The factor that turns the unit of an entry into powers of GeV."""
        return to_gev(entry.unit, self.entries["hbar"].value)

    def cholesky(self, block: str, names: tuple[str, ...]) -> np.ndarray:
        """Square root of the covariance of some entries of a block, in powers of GeV."""
        sigma = np.array([self.entries[name].uncertainty * self.gev(self.entries[name]) for name in names])
        rho = np.eye(len(names))
        if block in self.correlations:
            correlated, matrix = self.correlations[block]
            rows = {name: i for i, name in enumerate(correlated)}
            for i, first in enumerate(names):
                for j, second in enumerate(names):
                    if i != j and first in rows and second in rows:
                        rho[i, j] = matrix[rows[first], rows[second]]
        return correlation.cholesky(sigma, rho, f"input set '{self.name}', block '{block}'")

    def uncertain_blocks(self) -> dict[str, tuple[str, ...]]:
        """Block -> names of its entries that are not exact; empty blocks are left out."""
        blocks: dict[str, list[str]] = {}
        for entry in self.entries.values():
            if entry.uncertainty > 0:
                blocks.setdefault(entry.block, []).append(entry.name)
        return {block: tuple(names) for block, names in blocks.items()}


def input_sets() -> tuple[str, ...]:
    """Names of the input sets that come with the package."""
    return data_names("sets")


def read_input_set(
    name: str | Path = "default",
    form_factors: Mapping[str, str | Path] | None = None,
    overrides: Mapping[str, Mapping[str, Tree]] | None = None,
    choices: Mapping[str, str] | None = None,
) -> InputSet:
    """The default entries, changed by the set `name`, changed by the arguments.

    Args:
        name: of a set, or the Path of a YAML file of the same form.
        form_factors: transition -> name of a fit or Path of a file.
        overrides: name of a scalar -> {value, uncertainty, unit, source}.
        choices: name of a choice -> value.

    Raises:
        DineutrinoError: anything unknown or malformed, with the file and the entry.
    """
    record, label = _set_record(name)
    chosen, fits, entries = _resolved(label) if isinstance(name, str) else _resolve(record, label)
    chosen = chosen | checked_choices(choices or {})
    fits = fits | dict(form_factors or {})
    entries = _with_overrides(entries, overrides or {}, "overrides")
    correlations = _correlations(read_data("scalars.yaml"), entries, "scalars.yaml")
    correlations |= _correlations(record, entries, f"{label}.yaml")
    return InputSet(
        name=label,
        description=" ".join(str(record.get("description", "")).split()),
        source=str(record["source"]),
        entries=entries,
        correlations=correlations,
        choices=chosen,
        fits={transition: load_form_factor_fit(transition, fit) for transition, fit in fits.items()},
    )


def input_rows(
    name: str | Path = "default",
    *,
    form_factors: Mapping[str, str | Path] | None = None,
    overrides: Mapping[str, Mapping[str, Tree]] | None = None,
    choices: Mapping[str, str] | None = None,
) -> list[InputRow]:
    """The inputs of a set as rows of a table: scalars in the units of the data files, then form-factor coefficients.

    Args:
        name: of the set, or Path of a file.
        form_factors: as for `read_input_set`.
        overrides: likewise.
        choices: likewise.
    """
    chosen = read_input_set(name, form_factors, overrides, choices)
    rows = [InputRow(e.name, e.value, e.uncertainty, e.unit, e.source, e.description) for e in chosen.entries.values()]
    for fit in chosen.fits.values():
        description = f"coefficient of {fit.name}, {fit.parametrisation} parametrisation"
        numbers = zip(fit.labels, fit.mean, fit.uncertainties, strict=True)
        rows += [InputRow(label, float(x), float(dx), "1", fit.source, description) for label, x, dx in numbers]
    return rows


def _set_record(name: str | Path) -> tuple[dict[str, Tree], str]:
    if isinstance(name, Path):
        return _extended(read_mapping(name), name.name), name.stem
    if name not in input_sets():
        raise unknown("input set", name, input_sets())
    return _extended(read_data("sets", f"{name}.yaml"), f"{name}.yaml"), name


def _extended(record: dict[str, Tree], file: str) -> dict[str, Tree]:
    """The content of a set, with all that the set under `extends` changes and this one does not."""
    base = record.get("extends")
    if base is None:
        return record
    if base not in input_sets():
        raise DineutrinoError(f"{file}: {unknown('input set', base, input_sets())}")
    changes, _ = _set_record(base)
    return record | {field: {**_part(changes, field, file), **_part(record, field, file)} for field in _CHANGES}


@cache
def _resolved(name: str) -> tuple[dict[str, str], dict[str, str | Path], dict[str, Entry]]:
    return _resolve(_set_record(name)[0], name)


def _resolve(record: Mapping[str, Tree], label: str) -> tuple[dict[str, str], dict[str, str | Path], dict[str, Entry]]:
    file = f"{label}.yaml"
    for field in record:
        if field not in _FIELDS:
            raise DineutrinoError(f"{file}: {unknown('field', field, _FIELDS)}")
    text(record.get("source"), f"{file}: source")
    default = read_data("sets", "default.yaml")
    choices = checked_choices(mapping(default["choices"], "default.yaml: choices"), "default.yaml: ")
    for choice in CHOICES:
        if choice not in choices:
            raise DineutrinoError(f"default.yaml: the choice '{choice}' is missing.")
    choices |= checked_choices(_part(record, "choices", file), f"{file}: ")
    fits = {**_part(default, "form_factors", "default.yaml"), **_part(record, "form_factors", file)}
    form_factors = {transition: _fit(fit, f"{file}: form_factors") for transition, fit in fits.items()}
    entries = _with_overrides(_scalars(), _part(record, "overrides", file), file)
    return choices, form_factors, entries


@cache
def _scalars() -> dict[str, Entry]:
    return read_scalars(read_data("scalars.yaml"), "scalars.yaml")


def read_scalars(record: Mapping[str, Tree], file: str) -> dict[str, Entry]:
    """The scalars of a file with blocks of entries.

    Raises:
        DineutrinoError: a malformed entry, or a name that two blocks share.
    """
    entries: dict[str, Entry] = {}
    for block, members in _part(record, "blocks", file).items():
        for name, content in mapping(members, f"{file}: block '{block}'").items():
            if name in entries:
                raise DineutrinoError(
                    f"{file}: the name '{name}' appears twice, in '{entries[name].block}' and '{block}'."
                )
            entries[name] = read_entry(content, name, block, file)
    return entries


def _part(record: Mapping[str, Tree], field: str, file: str) -> dict[str, Tree]:
    """A mapping in a record; empty where there is none."""
    content = record.get(field)
    return {} if content is None else mapping(content, f"{file}: {field}")


def _fit(given: Tree | Path, place: str) -> str | Path:
    if not isinstance(given, str | Path):
        raise DineutrinoError(f"{place} must be names of fits, not {given!r}.")
    return given


def _with_overrides(
    entries: dict[str, Entry], overrides: Mapping[str, Tree] | Mapping[str, Mapping[str, Tree]], file: str
) -> dict[str, Entry]:
    changed = dict(entries)
    for name, record in overrides.items():
        if name not in entries:
            raise DineutrinoError(f"{file}: {unknown('input', name, entries)}")
        changed[name] = override(entries[name], record, file)
    return changed


def _correlations(
    record: Mapping[str, Tree], entries: Mapping[str, Entry], file: str
) -> dict[str, tuple[tuple[str, ...], np.ndarray]]:
    blocks = {}
    for block, content in _part(record, "correlations", file).items():
        place = f"{file}: correlation of '{block}'"
        if not isinstance(content, Mapping) or set(content) != {"names", "matrix"}:
            raise DineutrinoError(f"{place} must be a mapping with names and matrix.")
        listed = content["names"]
        names = tuple(text(name, f"{place}: a name") for name in listed) if isinstance(listed, list) else ()
        for name in names:
            if name not in entries:
                raise DineutrinoError(f"{place}: {unknown('input', name, entries)}")
            if entries[name].block != block:
                raise DineutrinoError(f"{place}: '{name}' belongs to the block '{entries[name].block}'.")
        if len(set(names)) != len(names):
            raise DineutrinoError(f"{place}: a name appears twice.")
        matrix = correlation.matrix(content["matrix"], len(names), place)
        correlation.cholesky(np.ones(len(names)), matrix, place)
        blocks[block] = (names, matrix)
    return blocks
