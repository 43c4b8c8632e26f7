"""Models by name."""

from collections.abc import Callable, Mapping
from typing import Any

from dineutrino.errors import DineutrinoError, shortened, unknown
from dineutrino.inputs import Inputs
from dineutrino.models.dark_pairs import DarkFermion, DarkPair, DarkScalar, DarkVector
from dineutrino.models.model import MasslessNeutrinos, Model
from dineutrino.models.smeft import SMEFT
from dineutrino.models.sterile_neutrino import SterileNeutrino
from dineutrino.models.vector_like_quark import VectorLikeQuarkDarkMatter
from dineutrino.models.weak_effective_theory import WET


def _dark(kind: type[DarkPair], flag: str) -> Callable[..., Model]:
    def build(inputs: Inputs, scale: float = 1.0, **flags: bool) -> Model:
        return kind(self_conjugate=flags.get(flag, False), scale=scale)

    return build


def _massless(inputs: Inputs) -> Model:
    return MasslessNeutrinos()


FLOAT_OR_WORD = float | str
MODELS: dict[str, tuple[Callable[..., Model], dict[str, Any], str]] = {
    "MasslessNeutrinos": (_massless, {}, "massless left-handed neutrinos alone, C_L and C_R"),
    "WET": (WET.from_inputs, {}, "vector, scalar and tensor currents of massless neutrinos, universal, as in EOS"),
    "SterileNeutrino": (
        SterileNeutrino.from_inputs,
        {"scale": float, "steriles": int},
        "massive Majorana sterile neutrinos with the operators QN, dN, LNQd, LNQdT",
    ),
    "SMEFT": (
        SMEFT,
        {"scale": FLOAT_OR_WORD, "live": list},
        "SMEFT coefficients of vector currents at a high scale, fixed or free",
    ),
    "VectorLikeQuarkDarkMatter": (
        VectorLikeQuarkDarkMatter.from_inputs,
        {"sign": str},
        "a pair of real dark scalars made by vector-like quarks",
    ),
    "DarkScalar": (_dark(DarkScalar, "real"), {"real": bool, "scale": float}, "a pair of dark scalars"),
    "DarkFermion": (_dark(DarkFermion, "majorana"), {"majorana": bool, "scale": float}, "a pair of dark fermions"),
    "DarkVector": (_dark(DarkVector, "real"), {"real": bool, "scale": float}, "a pair of dark vectors"),
}
"""Name -> how to build it, its options with their types, one line about it. Scales are in TeV."""
_WRITTEN: dict[Any, str] = {
    bool: "true or false",
    float: "a number",
    int: "a whole number",
    str: "text",
    list: "a list",
}
_WRITTEN[FLOAT_OR_WORD] = "a number or a word"
_GIVEN: dict[Any, Any] = {float: int | float, FLOAT_OR_WORD: int | float | str}


def read_model(written: Any, inputs: Inputs) -> Model:
    """A model as an analysis file gives it: "DarkScalar", or {"DarkScalar": {"real": True}}.

    Raises:
        DineutrinoError: as `load_model`, or not of that form.
    """
    name, options = written, None
    if isinstance(written, Mapping) and len(written) == 1:
        [(name, options)] = written.items()
    if not isinstance(name, str) or not isinstance(options, Mapping | None):
        raise DineutrinoError(
            "a model is a name, or a name with its options, DarkScalar: {real: true}, "
            f"not {shortened(repr(written))}."
        )
    return load_model(name, inputs, options)


def model_names() -> tuple[str, ...]:
    """All names that `load_model` knows."""
    return tuple(MODELS)


def load_model(name: str, inputs: Inputs, options: Mapping[str, Any] | None = None) -> Model:
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
        kind = allowed[option]
        if isinstance(value, bool) != (kind is bool) or not isinstance(value, _GIVEN.get(kind, kind)):
            raise DineutrinoError(f"option '{option}' of {name} must be {_WRITTEN[kind]}, not {value!r}.")
        given[option] = kind(value) if isinstance(kind, type) else value
    return build(inputs, **given)
