"""The analysis file: its keys, their types, and what each is checked against."""

import math
from collections.abc import Mapping, Sequence
from pathlib import Path
from reprlib import repr as shortened
from typing import TYPE_CHECKING, Annotated, Literal, TypeAlias, TypedDict

import jax.numpy as jnp
from pydantic import (
    AfterValidator,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    FiniteFloat,
    ValidationInfo,
    field_validator,
)

from dineutrino import observables
from dineutrino.analysis.names import name_or_path
from dineutrino.analysis.plausibility import refuse_light
from dineutrino.analysis.problems import Problems, each
from dineutrino.analysis.tails import ChosenTails, read_tails, with_tails
from dineutrino.eft.names.parts import IM, LARGEST, RE, known_part
from dineutrino.errors import DineutrinoError, unknown
from dineutrino.inputs import Prior, form_factor_sets, input_rows, input_sets, load_prior
from dineutrino.inputs.choices import checked_choices
from dineutrino.io import Tree
from dineutrino.likelihood import Parameter
from dineutrino.measurements import Measurement, check_independent, load_measurement_file, load_measurements
from dineutrino.models import MasslessNeutrinos, Model, read_model
from dineutrino.observables import ObservableRef
from dineutrino.theory import Flavours, Wet


class Context(TypedDict, total=False):
    """What validators know besides the file, and find out for each other.

    Attributes:
        directory: where relative paths in the file start.
        data: folder of published files, whatever the file says.
        model, prior: of the analysis.
    """

    directory: Path
    data: Path | None
    model: Model
    prior: Prior


if TYPE_CHECKING:
    Info: TypeAlias = ValidationInfo[Context]
else:  # a protocol that cannot be checked at run time
    Info = object
Level = Annotated[float, Field(gt=0, lt=1)]
Method = Literal["auto", "NUTS", "NUTS with mode jumps", "SMC"]
Switch = BeforeValidator(lambda given: None if given is False else {} if given is True else given)
"""`false` for None, `true` for the defaults."""


def _known_parameter(name: str, info: Info) -> str:
    if "model" in info.context:  # else the model is wrong, and says so itself
        info.context["model"].check_name(name)
    return name


class _Record(BaseModel):
    model_config = ConfigDict(extra="forbid", strict=True, arbitrary_types_allowed=True, validate_default=True)


class ParameterRecord(_Record):
    """A free parameter, flat between `min` and `max`."""

    min: FiniteFloat
    max: FiniteFloat
    scale: Annotated[FiniteFloat, Field(gt=0)] | None = None
    tex: str = ""

    @field_validator("min", "max")
    @classmethod
    def _size(cls, given: float) -> float:
        if abs(given) > LARGEST:
            raise DineutrinoError(f"must be at most {LARGEST:g} in size to be computed with, not {given:g}.")
        return given

    @field_validator("max")
    @classmethod
    def _range(cls, given: float, info: Info) -> float:
        if "min" in info.data and not info.data["min"] < given:
            raise DineutrinoError(f"must be larger than min = {info.data['min']:g}, not {given:g}.")
        return given

    def parameter(self, name: str, model: Model) -> Parameter:
        """The parameter; its scale is by default a quarter of the range, its label that of the model."""
        scale = (self.max - self.min) / 4 if self.scale is None else self.scale
        return Parameter(name, self.min, self.max, scale, self.tex or model.tex(name))


class ProfileRecord(_Record):
    """What to profile: every parameter, and pairs of them (by default all pairs of up to three parameters).

    Grids have `points` values in one dimension and `contour_points` in each of two. Without confidence levels: one and
    two standard deviations.
    """

    points: Annotated[int, Field(ge=5, le=10_001)] = 41
    contour_points: Annotated[int, Field(ge=5, le=501)] = 33
    confidence_levels: Annotated[list[Level], Field(min_length=1)] | None = None
    pairs: list[Annotated[list[str], Field(min_length=2, max_length=2)]] | None = None


class PosteriorRecord(_Record):
    """Settings of the sampler."""

    chains: Annotated[int, Field(ge=1, le=1000)] = 4
    warmup: Annotated[int, Field(ge=50, le=1_000_000)] = 500
    draws: Annotated[int, Field(ge=10, le=1_000_000)] = 1000
    method: Method = "auto"


class AnalysisRecord(_Record):
    """All keys of an analysis file. Fields are checked in this order: later ones against earlier ones.

    Context of the validation: {"directory": Path}; relative paths in the file start there. With "data", a Path, that is
    the folder of published files, whatever the file says.
    """

    name: str = ""
    description: str = ""
    inputs: Tree = "default"
    form_factors: dict[str, Tree] = {}
    choices: dict[str, Tree] = {}
    overrides: dict[str, dict[str, Tree]] = {}
    model: Tree = "MasslessNeutrinos"
    parameters: dict[Annotated[str, AfterValidator(_known_parameter)], ParameterRecord]
    data: str | None = None
    tails: Tree = None
    upper_limits: str | None = None
    asymmetric_errors: str | None = None
    measurements: Tree = []
    measurement_files: list[str] = []
    nuisances: Tree = "all"
    predictions: Annotated[list[Tree], Field(max_length=200)] = []
    profile: Annotated[ProfileRecord | None, Switch] = ProfileRecord()
    posterior: Annotated[PosteriorRecord | None, Switch] = PosteriorRecord()
    toys: Annotated[int, Field(ge=0, le=10_000_000)] = 0
    seed: Annotated[int, Field(ge=0, lt=2**32)] = 0

    @field_validator("inputs")
    @classmethod
    def _input_set(cls, given: Tree, info: Info) -> str | Path:
        name = name_or_path(given, info.context["directory"])
        if not isinstance(name, Path) and name not in input_sets():
            raise unknown("input set", name, input_sets())
        input_rows(name)
        return name

    @field_validator("form_factors")
    @classmethod
    def _form_factors(cls, given: dict[str, Tree], info: Info) -> dict[str, str | Path]:
        def fit(transition: str, name: Tree) -> tuple[str, str | Path]:
            if transition not in form_factor_sets():
                raise unknown("transition", transition, form_factor_sets())
            chosen = name_or_path(name, info.context["directory"])
            input_rows(form_factors={transition: chosen})
            return transition, chosen

        return dict(each(given.items(), fit))

    @field_validator("choices")
    @classmethod
    def _choices(cls, given: dict[str, Tree]) -> dict[str, str]:
        def checked(name: str, value: Tree) -> dict[str, str]:
            return checked_choices({name: value})

        return {name: value for one in each(given.items(), checked) for name, value in one.items()}

    @field_validator("overrides")
    @classmethod
    def _overrides(cls, given: dict[str, dict[str, Tree]]) -> dict[str, dict[str, Tree]]:
        each(given.items(), lambda name, record: input_rows(overrides={name: record}))
        return given

    @field_validator("model")
    @classmethod
    def _model(cls, given: Tree, info: Info) -> Model:
        model = read_model(given, _prior(info).central)
        info.context["model"] = model
        return model

    @field_validator("parameters", mode="before")
    @classmethod
    def _by_parts(cls, given: Tree, info: Info) -> Tree:
        if not isinstance(given, dict) or "model" not in info.context:
            return given
        known, found = info.context["model"].parameters(), {}
        for name, record in given.items():
            for part, own in (_parts(name, record, known) if isinstance(name, str) else {name: record}).items():
                if part in found:
                    raise Problems([((name,), f"'{part}' is given twice, by name and as a part of a coefficient.")])
                found[part] = own
        return found

    @field_validator("parameters")
    @classmethod
    def _parameters(cls, given: dict[str, ParameterRecord], info: Info) -> tuple[Parameter, ...]:
        if not given:
            raise DineutrinoError("there must be at least one parameter, such as 'Re CL_bsnutaunutau'.")
        if "model" not in info.data:
            return tuple(record.parameter(name, MasslessNeutrinos()) for name, record in given.items())
        model = info.data["model"]
        model.check(given)
        each(given.items(), lambda name, record: model.check_range(name, record.min, record.max))
        for end in ("min", "max"):
            try:
                values, inputs = {n: jnp.asarray(getattr(r, end)) for n, r in given.items()}, _prior(info).central
                dark, one = model.dark(values, inputs), model.one_particle(values, inputs)
                Wet(Flavours(), dark, one=one, right_handed=model.right_handed(values, inputs)).check()
            except DineutrinoError as error:
                raise DineutrinoError(f"with every parameter at its {end}: {error}") from None
        return tuple(record.parameter(name, model) for name, record in given.items())

    @field_validator("tails")
    @classmethod
    def _tails(cls, given: Tree, info: Info) -> ChosenTails | None:
        if given is None:
            return None
        chosen, context = read_tails(given), info.context
        if "parameters" in info.data and "model" in context:
            lowest = {parameter.name: parameter.lower for parameter in info.data["parameters"]}
            own = None if chosen.data is None else context["directory"] / chosen.data
            folder = context.get("data") or own or _data(info)
            context["prior"] = with_tails(_prior(info), chosen, context["model"], lowest, folder)
        return chosen

    @field_validator("upper_limits")
    @classmethod
    def _of_limits(cls, given: str | None) -> str | None:
        load_measurements((), upper_limits=given)
        return given

    @field_validator("asymmetric_errors")
    @classmethod
    def _of_errors(cls, given: str | None) -> str | None:
        load_measurements((), asymmetric_errors=given)
        return given

    @field_validator("measurements")
    @classmethod
    def _measurements(cls, given: Tree, info: Info) -> tuple[Measurement, ...]:
        conventions = _conventions(info)

        def named(_: int, name: Tree) -> tuple[Measurement, ...]:
            if not isinstance(name, str):
                raise DineutrinoError(f"must be the name of a measurement or of a set, not {shortened(name)}.")
            return _predictable(load_measurements(name, **conventions, data=_data(info)), info)

        listed = given if isinstance(given, list) else [given]
        found = tuple(measurement for several in each(enumerate(listed), named) for measurement in several)
        check_independent(found)
        return found

    @field_validator("measurement_files")
    @classmethod
    def _measurement_files(cls, given: list[str], info: Info) -> tuple[Measurement, ...]:
        conventions = _conventions(info)

        def read(_: int, file: str) -> tuple[Measurement, ...]:
            path = info.context["directory"] / file
            return _predictable(load_measurement_file(path, **conventions), info)

        found = tuple(measurement for several in each(enumerate(given), read) for measurement in several)
        if "measurements" in info.data:
            named = info.data["measurements"]
            if not named and not found:
                raise Problems([((), "an analysis needs at least one measurement, such as 'measurements: default'.")])
            check_independent((*named, *found))
        return found

    @field_validator("nuisances")
    @classmethod
    def _nuisances(cls, given: Tree, info: Info) -> str | tuple[str, ...]:
        if given == "all" or given == "none":
            return given
        labels = [label for label in given if isinstance(label, str)] if isinstance(given, list) else []
        if not isinstance(given, list) or len(labels) < len(given):
            raise DineutrinoError(f"must be 'all', 'none', or a list of uncertain inputs, not {shortened(given)}.")
        prior = _prior(info)
        each(enumerate(labels), lambda _, label: prior.restrict([label]))
        return tuple(labels)

    @field_validator("predictions")
    @classmethod
    def _predictions(cls, given: list[Tree], info: Info) -> tuple[ObservableRef, ...]:
        inputs = _prior(info).central

        def reference(_: int, written: Tree) -> ObservableRef:
            found = observable_reference(written)
            observables.check([found], inputs)
            _refuse_light([found], info)
            return found

        return tuple(each(enumerate(given), reference))

    @field_validator("profile")
    @classmethod
    def _pairs(cls, given: ProfileRecord | None, info: Info) -> ProfileRecord | None:
        if given is None or given.pairs is None or "parameters" not in info.data:
            return given
        names = [parameter.name for parameter in info.data["parameters"]]
        given = given.model_copy(update={"pairs": [[known_part(name, names) for name in pair] for pair in given.pairs]})
        for i, pair in enumerate(given.pairs or ()):
            for j, name in enumerate(pair):
                if name not in names:
                    raise Problems([(("pairs", i, j), str(unknown("parameter of this analysis", name, names)))])
            if pair[0] == pair[1]:
                raise Problems([(("pairs", i), f"a pair needs two different parameters, not '{pair[0]}' twice.")])
        return given


def _parts(name: str, record: Tree, known: Mapping[str, str]) -> dict[str, Tree]:
    """A coefficient "C" as its real parameters: "Re C", and "Im C" where the bounds are complex, min: -1-2j."""
    if not isinstance(record, dict) or name in known or RE + name not in known:
        return {name: record}
    bounds = {end: bound for end in ("min", "max") if (bound := _complex(record.get(end))) is not None}
    real = record | {end: bound.real for end, bound in bounds.items()}
    if not any(isinstance(record[end], str) for end in bounds):
        return {RE + name: real}
    both = {RE + name: real, IM + name: record | {end: bound.imag for end, bound in bounds.items()}}
    if record.get("tex"):
        both = {part: own | {"tex": rf"\mathrm{{{part[:2]}}}\,{record['tex']}"} for part, own in both.items()}
    return {**both}


def _complex(written: Tree) -> complex | None:
    """A number, or a complex one that YAML has as text, "-1-2j"; None if it is neither."""
    if isinstance(written, bool) or not isinstance(written, int | float | str):
        return None
    if isinstance(written, str) and not written.endswith("j"):
        return None
    try:
        return complex(written.replace(" ", "")) if isinstance(written, str) else complex(written)
    except ValueError:
        return None


def observable_reference(written: Tree) -> ObservableRef:
    """From a name, or a list [name, argument, ...].

    Raises:
        DineutrinoError: anything else, or an unknown name.
    """
    name, *arguments = written if isinstance(written, list) and written else [written]
    if not isinstance(name, str):
        raise DineutrinoError(
            f"must be the name of an observable or a list [name, arguments], not {shortened(written)}."
        )
    observables.get(name)
    values = []
    for argument in arguments:
        if isinstance(argument, bool) or not isinstance(argument, int | float) or math.isnan(argument):
            raise DineutrinoError(f"arguments of {name} must be numbers, not {shortened(argument)}.")
        values.append(float(argument))
    return (name, *values)


def _refuse_light(references: Sequence[ObservableRef], info: Info) -> None:
    """As `refuse_light`, at the lower ends of the parameters, if these, the tails and the model are right."""
    if {"parameters", "tails"} <= info.data.keys() and "model" in info.context:
        lightest = {parameter.name: parameter.lower for parameter in info.data["parameters"]}
        refuse_light(references, info.context["model"], lightest, _prior(info).central)


def _predictable(measurements: Sequence[Measurement], info: Info) -> tuple[Measurement, ...]:
    """The measurements, after a check of their q2 bins and of masses."""
    for measurement in measurements:
        try:
            observables.check(measurement.observables, _prior(info).central)
            _refuse_light(measurement.observables, info)
        except DineutrinoError as error:
            raise DineutrinoError(f"'{measurement.name}': {error}") from None
    return tuple(measurements)


def _data(info: Info) -> Path | None:
    """Folder of published files: of the command, else of the file."""
    written = info.data.get("data")
    return info.context.get("data") or (None if written is None else info.context["directory"] / written)


def _conventions(info: Info) -> dict[str, str | None]:
    """How to read limits and asymmetric errors; as in the data files where the analysis does not say."""
    return {key: info.data.get(key) for key in ("upper_limits", "asymmetric_errors")}


def _prior(info: Info) -> Prior:
    """The prior of the analysis; with defaults in place of what was refused."""
    memory = info.context
    if "prior" not in memory:
        memory["prior"] = load_prior(
            info.data.get("inputs", "default"),
            form_factors=info.data.get("form_factors"),
            overrides=info.data.get("overrides"),
            choices=info.data.get("choices"),
        )
    return memory["prior"]
