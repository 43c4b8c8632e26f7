"""The parameters of a workspace: where they start, how they are constrained."""

from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass, replace
from typing import TypeVar

import numpy as np

from dineutrino.errors import DineutrinoError, unknown
from dineutrino.measurements.histfactory.checks import not_negative
from dineutrino.measurements.histfactory.settings import Settings
from dineutrino.measurements.histfactory.workspace import Channel, Modifier, Sample, Workspace

Entry = TypeVar("Entry")
NORMAL, POISSON = "normal", "poisson"
SMALLEST = 1e-50
"""An error relative to its yield below this is a mistake, and its inverse squared would overflow."""


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
        DineutrinoError: a name shared by modifiers that cannot share it; settings of a parameter that is not there or
            that do not fit it; an initial value outside of the bounds; a luminosity without settings; a parameter of
            interest that no modifier has.
    """
    found: dict[str, Parameter] = {}
    homes: dict[str, tuple[str, str]] = {}
    for channel, sample, modifier in _modifiers(workspace):
        name, kind = modifier.name, modifier.kind
        parameter = _parameter(channel, sample, modifier, workspace.place)
        known = found.setdefault(name, parameter)
        if known.kind != parameter.kind:
            raise DineutrinoError(
                f"{workspace.place}: parameter '{name}' is a {known.kind} and a {parameter.kind}; one is allowed."
            )
        home = (channel.name, sample.name if kind == "shapesys" else "")
        if kind in ("staterror", "shapesys") and homes.setdefault(name, home) != home:
            raise DineutrinoError(f"{workspace.place}: {kind} '{name}' is in several places; it belongs to one.")
        if known.size != parameter.size:
            raise DineutrinoError(
                f"{workspace.place}: {kind} '{name}' is in channels of {known.size} and {parameter.size} bins; "
                "they must have the same number."
            )
    _check_names(workspace, found)
    return {name: _configured(found[name], workspace) for name in sorted(found)}


def _check_names(workspace: Workspace, found: Collection[str]) -> None:
    poi = workspace.parameter_of_interest
    if poi and poi not in found:
        raise DineutrinoError(f"{workspace.place}: {unknown('parameter of interest', poi, found)}")
    for name in workspace.settings:
        if name not in found and name != "lumi":  # which converted workspaces set whether it is there or not
            raise DineutrinoError(
                f"{workspace.place}: there are settings of the parameter '{name}', which no modifier has: "
                f"{unknown('parameter', name, found)}"
            )


def _modifiers(workspace: Workspace) -> Iterator[tuple[Channel, Sample, Modifier]]:
    for channel in workspace.channels:
        for sample in channel.samples:
            for modifier in sample.modifiers:
                yield channel, sample, modifier


def _parameter(channel: Channel, sample: Sample, modifier: Modifier, place: str) -> Parameter:
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
            relative = _relative(sample.yields, modifier.errors, channel, modifier, place)
            fixed = tuple(error == 0 for error in relative)
            factors = tuple(1.0 if error == 0 else error**-2 for error in relative)
            return Parameter(name, "shapesys", (1.0,) * n, ((1e-10, 10.0),) * n, fixed, POISSON, factors, (), factors)
    relative = _relative(*_summed(channel, name), channel, modifier, place)
    fixed = tuple(error == 0 for error in relative)
    sigmas = tuple(1.0 if error == 0 else error for error in relative)
    return Parameter(name, "staterror", (1.0,) * n, ((1e-10, 10.0),) * n, fixed, NORMAL, (1.0,) * n, sigmas)


def _summed(channel: Channel, name: str) -> tuple[Iterable[float], Iterable[float]]:
    """Yields and errors of the sum of the samples that share a staterror."""
    shared = [
        (s.yields, m.errors) for s in channel.samples for m in s.modifiers if (m.kind, m.name) == ("staterror", name)
    ]
    yields, errors = (np.array(values) for values in zip(*shared, strict=True))
    return yields.sum(axis=0), np.sqrt(np.sum(errors**2, axis=0))


def _relative(
    yields: Iterable[float], errors: Iterable[float], channel: Channel, modifier: Modifier, place: str
) -> tuple[float, ...]:
    """Errors relative to the yields, zero where there are none."""
    found = []
    for i, (size, error) in enumerate(zip(yields, errors, strict=True), start=1):
        relative = float(error / size) if size > 0 else 0.0
        if relative != 0 and not SMALLEST <= relative <= 1 / SMALLEST:
            raise DineutrinoError(
                f"{place}: channel '{channel.name}', {modifier.kind} '{modifier.name}': an error of {error:g} "
                f"cannot be that of {size:g} events in bin {i}."
            )
        found.append(relative)
    return tuple(found)


def _configured(parameter: Parameter, workspace: Workspace) -> Parameter:
    given = workspace.settings.get(parameter.name, Settings())
    where = f"{workspace.place}: "
    if parameter.kind == "lumi":
        needed = {"auxdata": given.auxdata, "sigmas": given.sigmas, "bounds": given.bounds, "inits": given.inits}
        missing = [key for key, value in needed.items() if value is None]
        if missing:
            raise DineutrinoError(f"{where}the luminosity '{parameter.name}' needs the settings {', '.join(missing)}.")
    of = f"of parameter '{parameter.name}'"
    for key, auxiliary in (("auxdata", given.auxdata), ("sigmas", given.sigmas)):
        if auxiliary is not None and not parameter.constraint:
            raise DineutrinoError(f"{where}{key} {of} has no meaning, for it has no constraint.")
    if given.sigmas is not None and parameter.constraint == POISSON:
        raise DineutrinoError(f"{where}sigmas {of} has no meaning, for its constraint is a Poisson distribution.")
    size = parameter.size or 1
    changed = replace(
        parameter,
        inits=_sized(given.inits, parameter.inits, size, f"{where}inits {of}"),
        bounds=_sized(given.bounds, parameter.bounds, size, f"{where}bounds {of}"),
        fixed=tuple(bool(given.fixed) or never for never in parameter.fixed),  # what has no error stays fixed
        auxdata=_sized(given.auxdata, parameter.auxdata, size, f"{where}auxdata {of}"),
        sigmas=_sized(given.sigmas, parameter.sigmas, size, f"{where}sigmas {of}"),
    )
    if given.auxdata is not None and parameter.constraint == POISSON:
        not_negative(given.auxdata, f"{where}auxdata {of}")
    _check_start(changed, where)
    return changed


def _sized(given: tuple[Entry, ...] | None, default: tuple[Entry, ...], size: int, place: str) -> tuple[Entry, ...]:
    """What a measurement says, one entry for each of the parameter; the default where it says nothing."""
    if given is None:
        return default
    if len(given) != size:
        raise DineutrinoError(f"{place} must have {size} entries, not {len(given)}.")
    return given


def _check_start(parameter: Parameter, where: str) -> None:
    for start, (lower, upper), fixed in zip(parameter.inits, parameter.bounds, parameter.fixed, strict=True):
        interval = f"its bounds [{lower:g}, {upper:g}]"
        if not lower <= start <= upper:
            raise DineutrinoError(f"{where}parameter '{parameter.name}' starts at {start:g}, outside of {interval}.")
        if lower == upper and not fixed:
            raise DineutrinoError(f"{where}parameter '{parameter.name}' must be fixed, for {interval} are equal.")
