"""Models by name."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import partial

from dineutrino.errors import DineutrinoError, shortened, unknown
from dineutrino.inputs import SB, Inputs
from dineutrino.inputs.quarks import by_name
from dineutrino.io import Tree
from dineutrino.models.dark_pairs import DarkFermion, DarkPair, DarkScalar, DarkVector
from dineutrino.models.light_bosons import ALP, LightBoson, LightScalar, LightVector
from dineutrino.models.mediators import FLAVOURS, MEDIATORS, Mediator
from dineutrino.models.mediators.model import Mediators
from dineutrino.models.model import MasslessNeutrinos, Model
from dineutrino.models.rank_one_neutrinos import RankOneNeutrinos
from dineutrino.models.smeft import SMEFT
from dineutrino.models.sterile_neutrino import SterileNeutrino
from dineutrino.models.vector_like_quark import VectorLikeQuarkDarkMatter
from dineutrino.models.weak_effective_theory import WET

Build = Callable[..., Model]
"""From the inputs, and from options that each model has of its own."""


def _dark(kind: type[DarkPair], flag: str) -> Build:
    def build(inputs: Inputs, scale: float = 1.0, transition: str = SB.name, **flags: bool) -> Model:
        return kind(self_conjugate=flags.get(flag, False), scale=scale, transition=by_name(transition))

    return build


def _light(kind: type[LightBoson]) -> Build:
    def build(inputs: Inputs, scale: float = 1.0) -> Model:
        return kind(scale)

    return build


def _massless(inputs: Inputs) -> Model:
    return MasslessNeutrinos()


def _heavy(
    inputs: Inputs,
    fields: Sequence[type[Mediator]],
    name: str,
    loops: bool = True,
    flavour: str = "free",
    mass: float | None = None,
    scale: float | None = None,
    neutrinos_run: bool = True,
) -> Model:
    if flavour not in FLAVOURS:
        raise unknown(f"option flavour of {name}:", flavour, FLAVOURS)
    return Mediators(inputs, fields, name, loops, FLAVOURS[flavour], mass, scale, neutrinos_run)


@dataclass(frozen=True)
class Option:
    """What an option of a model may be.

    Attributes:
        written: in words, for errors.
        types: of its values, as YAML reads them.
    """

    written: str
    types: tuple[type, ...]

    def read(self, value: Tree) -> Tree:
        """A value of these types, a whole number as a float where that is one; true and false are no numbers.

        Raises:
            ValueError: of another type, or too large for a float.
        """
        if not isinstance(value, self.types) or isinstance(value, bool) != (bool in self.types):
            raise ValueError
        try:
            return float(value) if isinstance(value, int) and float in self.types else value
        except OverflowError as error:
            raise ValueError from error


NUMBER, WHOLE, TEXT = Option("a number", (int, float)), Option("a whole number", (int,)), Option("text", (str,))
TRUTH, LIST = Option("true or false", (bool,)), Option("a list", (list,))
NUMBER_OR_WORD = Option("a number or a word", (int, float, str))
_OF_DARK = {"scale": NUMBER, "transition": TEXT}
_OF_HEAVY = {"loops": TRUTH, "flavour": TEXT, "mass": NUMBER, "scale": NUMBER, "neutrinos_run": TRUTH}
MODELS: dict[str, tuple[Build, dict[str, Option], str]] = {
    "MasslessNeutrinos": (_massless, {}, "massless left-handed neutrinos alone, C_L and C_R"),
    "WET": (
        WET.from_inputs,
        {"transition": TEXT},
        "vector, scalar and tensor currents of massless neutrinos, universal, as in EOS",
    ),
    "RankOneNeutrinos": (
        RankOneNeutrinos.from_inputs,
        {"quarks": TEXT, "universal": TRUTH},
        "vector currents of massless neutrinos for one direction of down quarks",
    ),
    "SterileNeutrino": (
        SterileNeutrino.from_inputs,
        {"scale": NUMBER, "steriles": WHOLE, "transition": TEXT},
        "massive Majorana sterile neutrinos with the operators QN, dN, LNQd, LNQdT",
    ),
    "SMEFT": (
        SMEFT,
        {"scale": NUMBER_OR_WORD, "live": LIST},
        "SMEFT coefficients at a high scale, fixed or free",
    ),
    "VectorLikeQuarkDarkMatter": (
        VectorLikeQuarkDarkMatter.from_inputs,
        {"sign": TEXT},
        "a pair of real dark scalars made by vector-like quarks",
    ),
    "DarkScalar": (_dark(DarkScalar, "real"), {"real": TRUTH} | _OF_DARK, "a pair of dark scalars"),
    "DarkFermion": (_dark(DarkFermion, "majorana"), {"majorana": TRUTH} | _OF_DARK, "a pair of dark fermions"),
    "DarkVector": (_dark(DarkVector, "real"), {"real": TRUTH} | _OF_DARK, "a pair of dark vectors"),
    "ALP": (_light(ALP), {"scale": NUMBER}, "one axion-like particle, B -> K a"),
    "LightScalar": (_light(LightScalar), {}, "one scalar or pseudoscalar, B -> K X"),
    "LightVector": (_light(LightVector), {"scale": NUMBER}, "one vector with a mass, B -> K X"),
    "Mediators": (
        partial(_heavy, fields=tuple(MEDIATORS.values()), name="Mediators"),
        _OF_HEAVY,
        "several of the heavy fields below at once",
    ),
    **{
        name: (
            partial(_heavy, fields=(field,), name=name),
            _OF_HEAVY,
            field.representation,
        )
        for name, field in MEDIATORS.items()
    },
}
"""Name -> how to build it, its options with their types, one line about it. Scales are in TeV."""


def read_model(written: Tree, inputs: Inputs) -> Model:
    """A model as an analysis file gives it: "DarkScalar", or {"DarkScalar": {"real": True}}.

    Raises:
        DineutrinoError: as `load_model`, or not of that form.
    """
    name, options = written, None
    if isinstance(written, dict) and len(written) == 1:
        [(name, options)] = written.items()
    if not isinstance(name, str) or not isinstance(options, dict | None):
        raise DineutrinoError(
            "a model is a name, or a name with its options, DarkScalar: {real: true}, "
            f"not {shortened(repr(written))}."
        )
    return load_model(name, inputs, options)


def model_names() -> tuple[str, ...]:
    """All names that `load_model` knows."""
    return tuple(MODELS)


def load_model(name: str, inputs: Inputs, options: Mapping[str, Tree] | None = None) -> Model:
    """A model by name.

    Args:
        name: one of `model_names()`.
        inputs: for couplings and masses that the model takes from the Standard Model, at these values.
        options: of the model; see `MODELS`.

    Raises:
        DineutrinoError: unknown name or option, or an option of the wrong type.
    """
    if name not in MODELS:
        raise unknown("model", name, MODELS)
    build, allowed, _ = MODELS[name]
    given = {}
    for option, value in (options or {}).items():
        if option not in allowed:
            if not allowed:
                raise DineutrinoError(f"{name} has no options, '{option}' given.")
            raise unknown(f"option of {name}", option, allowed)
        try:
            given[option] = allowed[option].read(value)
        except ValueError:
            raise DineutrinoError(
                f"option '{option}' of {name} must be {allowed[option].written}, not {shortened(repr(value))}."
            ) from None
    return build(inputs, **given)
