"""The parameters of a workspace: where they start, how they are constrained."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from dineutrino.errors import DineutrinoError
from dineutrino.measurements.histfactory.workspace import Channel, Modifier, Sample, Workspace

NORMAL, POISSON = "normal", "poisson"


@dataclass(frozen=True)
class Parameter:
    """One parameter, or one for each bin of a channel.

    Attributes:
        name: shared by all modifiers that it drives.
        kind: of these modifiers: "alpha" for histosys and normsys.
        inits, bounds, fixed: for each entry.
        constraint: "normal", "poisson" or "" for none.
        auxdata: what the auxiliary measurement found.
        sigmas: of a normal constraint.
        factors: of a Poisson constraint, whose expectation is factor times parameter.
    """

    name: str
    kind: str
    inits: tuple[float, ...]
    bounds: tuple[tuple[float, float], ...]
    fixed: tuple[bool, ...]
    constraint: str = ""
    auxdata: tuple[float, ...] = ()
    sigmas: tuple[float, ...] = ()
    factors: tuple[float, ...] = ()

    @property
    def size(self) -> int:
        """Number of entries."""
        return len(self.inits)


def parameters(workspace: Workspace) -> dict[str, Parameter]:
    """All parameters by name, in alphabetical order.

    Raises:
        DineutrinoError: a name shared by modifiers that cannot share it, settings of a parameter that is not there or
            that do not fit, a luminosity without settings.
    """
    found: dict[str, Parameter] = {}
    homes: dict[str, tuple[str, str]] = {}
    for channel, sample, modifier in _modifiers(workspace):
        parameter = _parameter(channel, sample, modifier)
        known = found.setdefault(modifier.name, parameter)
        if known.kind != parameter.kind:
            raise DineutrinoError(
                f"parameter '{modifier.name}' is a {known.kind} and a {parameter.kind}; one is allowed."
            )
        home = (channel.name, sample.name if modifier.kind == "shapesys" else "")
        if modifier.kind in ("staterror", "shapesys", "shapefactor") and homes.setdefault(modifier.name, home) != home:
            raise DineutrinoError(f"{modifier.kind} '{modifier.name}' is in several places; it belongs to one.")
    for name in workspace.settings:
        if name not in found:
            raise DineutrinoError(f"there are settings of the parameter '{name}', which no modifier has.")
    return {name: _configured(found[name], workspace) for name in sorted(found)}


def _modifiers(workspace: Workspace) -> Iterator[tuple[Channel, Sample, Modifier]]:
    for channel in workspace.channels:
        for sample in channel.samples:
            for modifier in sample.modifiers:
                yield channel, sample, modifier


def _parameter(channel: Channel, sample: Sample, modifier: Modifier) -> Parameter:
    name, n = modifier.name, len(channel.observed)
    match modifier.kind:
        case "normfactor":
            return Parameter(name, "normfactor", (1.0,), ((0.0, 10.0),), (False,))
        case "shapefactor":
            return Parameter(name, "shapefactor", (1.0,) * n, ((0.0, 10.0),) * n, (False,) * n)
        case "histosys" | "normsys":
            return Parameter(name, "alpha", (0.0,), ((-5.0, 5.0),), (False,), NORMAL, (0.0,), (1.0,))
        case "lumi":
            return Parameter(name, "lumi", (), (), (False,), NORMAL)
        case "shapesys":
            valid = [size > 0 and error > 0 for size, error in zip(sample.yields, modifier.data, strict=True)]
            pairs = zip(sample.yields, modifier.data, valid, strict=True)
            factors = tuple((size / error) ** 2 if ok else 1.0 for size, error, ok in pairs)
            fixed = tuple(not ok for ok in valid)
            return Parameter(name, "shapesys", (1.0,) * n, ((1e-10, 10.0),) * n, fixed, POISSON, factors, (), factors)
    sigmas = _statistical_errors(channel, name)
    fixed = tuple(sigma == 0 for sigma in sigmas)
    safe = tuple(1.0 if sigma == 0 else sigma for sigma in sigmas)
    return Parameter(name, "staterror", (1.0,) * n, ((1e-10, 10.0),) * n, fixed, NORMAL, (1.0,) * n, safe)


def _statistical_errors(channel: Channel, name: str) -> tuple[float, ...]:
    """Relative errors of the sum of the samples that share the modifier."""
    yields, variances = np.zeros(len(channel.observed)), np.zeros(len(channel.observed))
    for sample in channel.samples:
        for modifier in sample.modifiers:
            if modifier.kind == "staterror" and modifier.name == name:
                yields += sample.yields
                variances += np.square(modifier.data)
    relative = np.sqrt(variances) / np.where(yields > 0, yields, 1.0)
    return tuple(float(x) for x in np.where(yields > 0, relative, 0.0))


def _configured(parameter: Parameter, workspace: Workspace) -> Parameter:
    given = dict(workspace.settings.get(parameter.name, {}))
    if parameter.kind == "lumi":
        missing = [key for key in ("auxdata", "sigmas", "bounds", "inits") if key not in given]
        if missing:
            raise DineutrinoError(f"the luminosity '{parameter.name}' needs the settings {', '.join(missing)}.")
    size = parameter.size or 1
    changes: dict[str, Any] = {}
    for key, value in given.items():
        if key == "fixed":
            changes[key] = (bool(value),) * size
            continue
        if key in ("auxdata", "sigmas") and not parameter.constraint:
            raise DineutrinoError(f"parameter '{parameter.name}' has no constraint, so it takes no {key}.")
        if len(value) != size:
            raise DineutrinoError(f"{key} of parameter '{parameter.name}' must have {size} entries, not {len(value)}.")
        changes[key] = tuple((float(a), float(b)) for a, b in value) if key == "bounds" else tuple(map(float, value))
    return replace(parameter, **changes)
