"""New physics of `dineutrino predict`, from names and values, from files, and from models."""

import cmath
from collections.abc import Mapping, Sequence
from functools import cache
from pathlib import Path

import jax
import jax.numpy as jnp
import numpy as np
from jax.tree_util import Partial
from jaxtyping import Array, Complex

from dineutrino.analysis.plausibility import refuse_light
from dineutrino.analysis.strength import too_strong, too_strong_for
from dineutrino.cli.printing import remark
from dineutrino.eft import NeutrinoCoefficients, NuNu, names
from dineutrino.eft.charged import charged_names
from dineutrino.eft.leptons import lepton_names
from dineutrino.eft.mixing import charm_mixing_names, mixing_names
from dineutrino.eft.names.parts import parts, whole
from dineutrino.eft.violating import violating_to_mapping
from dineutrino.eft.warsaw import warsaw_names, warsaw_to_mapping
from dineutrino.eft.wcxf.format import parse_file
from dineutrino.eft.wcxf.left import EFT as WET
from dineutrino.eft.wcxf.neutrinos import read_wcxf
from dineutrino.eft.wcxf.smeft import EFT as SMEFT
from dineutrino.eft.wcxf.smeft import UP, read_warsaw
from dineutrino.errors import MANY, DineutrinoError, shortened, unknown
from dineutrino.inputs import DB, DS, SB, Inputs, Quarks
from dineutrino.inputs.quarks import ALL
from dineutrino.inputs.units import PER_TEV2, TEV
from dineutrino.io import parse_yaml
from dineutrino.models import MasslessNeutrinos, Model, read_model
from dineutrino.models.smeft_point import smeft_point
from dineutrino.observables import ObservableRef
from dineutrino.running.at_m_z import HIGHEST
from dineutrino.theory import Beyond, Flavours, NewPhysics, Wet

EFTS, NUSMEFT = (SMEFT, WET), "nuSMEFT"
OTHERS = 1e-4
"""A scale this close to m_Z, relatively, is m_Z: other programs write files there with their own value of it."""
INVISIBLE = 1e-5
"""TeV^-2; a coefficient of SMEFT below this changes no rate, and is more likely meant in GeV^-2."""


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
    """C_L and C_R of all transitions, and coefficients of charged leptons, meson mixing and charged currents."""
    return (*(name for quarks in ALL for name in names(quarks)), *_other_names())


@cache
def _other_names() -> tuple[str, ...]:
    """Of charged leptons, of meson mixing and of charged currents."""
    of_transitions = (name for quarks in ALL for name in (*lepton_names(quarks), *mixing_names(quarks)))
    return (*of_transitions, *charged_names(), *charm_mixing_names())


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
    """Whether a file says that it holds SMEFT coefficients.

    Raises:
        DineutrinoError: many points in SMEFT, or an EFT that is neither SMEFT nor WET.
    """
    if file is None:
        return False
    content = parse_file(file)
    first = content[0] if isinstance(content, list) and content else content
    eft = first.get("eft") if isinstance(first, dict) else None
    if eft is None:
        return False
    if eft == NUSMEFT:
        raise DineutrinoError(
            f"{file}: coefficients of {NUSMEFT} are not read from files; give them with --model SterileNeutrino --set."
        )
    if eft not in EFTS:
        raise DineutrinoError(f"{file}: {unknown('EFT', eft, EFTS)}")
    if eft == SMEFT and isinstance(content, list):
        raise DineutrinoError(f"{file}: one point in SMEFT is read at a time, not a list; write one file for each.")
    return bool(eft == SMEFT)


def smeft_states(file: Path | None, settings: Sequence[str], scale: float | None, inputs: Inputs) -> Beyond:
    """New physics of SMEFT coefficients: those of the file, GeV^-2, with the settings, TeV^-2, in their place.

    Raises:
        DineutrinoError: an unknown or redundant coefficient, one that does not run here, a scale that is missing, given
            twice or below m_Z.
    """
    values: dict[str, complex] = {}
    if file is not None:
        content = read_warsaw(file, inputs) if is_smeft(file) else None
        if content is None or scale is not None:
            raise DineutrinoError(f"--scale goes with SMEFT coefficients in --set; {file} has its own EFT and scale.")
        if content.basis == UP and settings:
            raise DineutrinoError(f"--set {settings[0]} is in the basis 'Warsaw', {file} in '{UP}'.")
        values, scale = warsaw_to_mapping(content.coefficients), content.scale
        if unread := tuple(violating_to_mapping(content.violating)):
            more = f", ... ({len(unread)} in all)" if len(unread) > MANY else ""
            remark(
                f"{file}: no observable here depends on what violates lepton or baryon number: "
                f"{', '.join(unread[:MANY])}{more}."
            )
    m_z = float(inputs["m_Z"])
    if scale is not None and abs(scale - m_z) < OTHERS * m_z:
        scale = m_z
    if scale is None or not m_z <= scale <= HIGHEST:
        raise DineutrinoError(
            f"the scale of SMEFT coefficients must be above m_Z and at most {HIGHEST:g}, in GeV, not {scale}."
        )
    new = whole(complex_values(settings))
    all_values = values | {name: PER_TEV2 * value for name, value in new.items()}
    point = smeft_point(all_values, scale, inputs)
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
    return point


def model_values(written: str, settings: Sequence[str], inputs: Inputs) -> tuple[Model, dict[str, float]]:
    """A model, written in YAML as in an analysis file, and its parameters from "NAME=VALUE".

    Raises:
        DineutrinoError: an unknown model, option or parameter, or a value out of range.
    """
    try:
        content = parse_yaml(written, "--model")
    except DineutrinoError as error:
        raise DineutrinoError(
            f"{shortened(error, 200)} A model is written as DarkScalar or '{{DarkScalar: {{real: true}}}}'."
        ) from None
    model, values = read_model(content, inputs), dict[str, float]()
    for name, number in parts(complex_values(settings), model.parameters()).items():
        model.check_name(name)
        model.check_range(name, number, number)
        values[name] = number
    return model, values


def model_states(
    model: Model, values: Mapping[str, float], references: Sequence[ObservableRef], inputs: Inputs
) -> NewPhysics | Partial:
    """A model with its values.

    Raises:
        DineutrinoError: a parameter that is missing, or a field that is too light for one of the observables.
    """
    refuse_light(references, model, values, inputs)
    for sentence in too_strong_for(model, values):
        remark(sentence)
    arrays = {name: jnp.asarray(number) for name, number in values.items()}
    model(arrays, inputs).wet.check()
    return Partial(model, arrays) if values else NeutrinoCoefficients.zero()


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


def points(
    file: Path | None, settings: dict[str, complex]
) -> tuple[bool, NeutrinoCoefficients | Wet | Partial, tuple[str, ...]]:
    """New physics of the file with the settings in their place; whether they are many, and what the file holds besides.

    C_L and C_R of other transitions than b -> s are given to a model, so that their normalisation follows the inputs.
    """
    if file is None:
        return False, _with_others({SB: NeutrinoCoefficients.zero()}, settings, {}), ()
    content = read_wcxf(file)
    many = isinstance(content.scale, tuple)
    if content.lagrangian is not None:
        if settings:
            raise DineutrinoError(
                f"--set {next(iter(settings))} goes with the flavio basis, {file} is in the JMS basis."
            )
        others = [there if isinstance(there := content.others.get(quarks), NuNu) else None for quarks in (DB, DS)]
        leptons = Flavours(*(content.lepton_currents.get(quarks) for quarks in ALL))
        return many, Wet(Flavours(content.lagrangian, *others), Flavours(), leptons), content.ignored
    given = {SB: content.coefficients}
    given |= {quarks: there for quarks, there in content.others.items() if isinstance(there, NeutrinoCoefficients)}
    for name in settings:
        if name in content.leptons:
            remark(f"--set {name} replaces the value in {file}.")
        for quarks, there in given.items():
            if name in names(quarks):
                old = _entry(there, name, quarks)
                if np.any(old != 0):
                    remark(f"--set {name} replaces the value in {file}.")
    return many, _with_others(given, settings, content.leptons), content.ignored


def _with_others(
    given: Mapping[Quarks, NeutrinoCoefficients],
    settings: Mapping[str, complex],
    leptons: Mapping[str, Complex[Array, "*points"]],
) -> NeutrinoCoefficients | Partial:
    """Coefficients with settings in their place: as they are if they are all of b -> s nu nubar, else as a model."""
    mixed = {}
    for quarks in ALL:
        own = {name: value for name, value in settings.items() if name in names(quarks)}
        if quarks in given or own:
            old = given.get(quarks, jax.tree.map(jnp.zeros_like, given[SB]))
            new, mask = (NeutrinoCoefficients.from_mapping(x, quarks) for x in (own, dict.fromkeys(own, 1)))
            mixed[quarks] = jax.tree.map(lambda new, mask, old: jnp.where(mask != 0, new, old), new, mask, old)
    points = jnp.shape(given[SB].C_L)[:-2]
    more = {name: jnp.full(points, value) for name, value in settings.items() if name in _other_names()}
    more = {**leptons, **more}
    if set(mixed) == {SB} and not more:
        return mixed[SB]
    values: dict[str, Array] = {}
    for name, numbers in more.items():
        values |= {f"Re {name}": jnp.real(numbers), f"Im {name}": jnp.imag(numbers)}
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
