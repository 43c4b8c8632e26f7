"""Which yields the tails of pp -> tau tau have: those of the package, or what is made from published files.

The package holds those of contact interactions. A leptoquark of a few TeV is not heavy enough for that: in the last bin
its contact interaction makes 1.7 times the events of R_2~ with 2 TeV, coupled to b quarks. With its name, an analysis
takes the propagator along, at the mass that its model has; with a folder, yields of contact interactions from the files
there. Neither has an uncertainty.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import jax.numpy as jnp

from dineutrino import observables
from dineutrino.errors import DineutrinoError, shortened, unknown
from dineutrino.inputs import Inputs, Prior
from dineutrino.io import Tree
from dineutrino.measurements.published.leptoquark_tails import contact_yields, leptoquark_yields
from dineutrino.models import Model
from dineutrino.models.mediators.model import Mediators
from dineutrino.observables import ObservableRef
from dineutrino.observables.ditau.catalogue import InTail
from dineutrino.observables.ditau.leptoquarks import CHANNEL

WRITTEN = "tails are {leptoquark: R2t}, or {data: FOLDER} for contact interactions from files"


@dataclass(frozen=True)
class ChosenTails:
    """What an analysis says about its tails.

    Attributes:
        leptoquark: whose propagator is kept, "R2t"; None for contact interactions.
        data: folder of the files; None for that of the analysis, or of DINEUTRINO_DATA.
    """

    leptoquark: str | None = None
    data: str | None = None


def read_tails(written: Tree) -> ChosenTails:
    """From {"leptoquark": "R2t"} or {"data": "folder"}, or both.

    Raises:
        DineutrinoError: anything else, or a leptoquark that is not exchanged in pp -> tau tau.
    """
    if not isinstance(written, dict) or not written:
        raise DineutrinoError(f"{WRITTEN}, not {shortened(repr(written))}.")
    given = {}
    for key, value in written.items():
        if key == "mass":
            raise DineutrinoError("tails have the mass of the model, which is not given twice: leave out 'mass' here.")
        if key not in ("leptoquark", "data"):
            raise unknown("key of tails", key, ("leptoquark", "data"))
        if not isinstance(value, str):
            raise DineutrinoError(f"'{key}' of tails must be text, not {shortened(repr(value))}.")
        given[key] = value
    chosen = ChosenTails(**given)
    if chosen.leptoquark is not None and chosen.leptoquark not in CHANNEL:
        raise unknown("leptoquark", chosen.leptoquark, CHANNEL)
    return chosen


def with_tails(
    prior: Prior, chosen: ChosenTails, model: Model | None, values: Mapping[str, float], data: Path | None
) -> Prior:
    """The prior with the chosen yields.

    Args:
        prior: of the inputs; its choice of a cut counts.
        chosen: see `read_tails`.
        model: that the leptoquark is in; None where coefficients are given instead.
        values: of the parameters of the model, such as their lower ends.
        data: folder of the files, by default that of DINEUTRINO_DATA.

    Raises:
        DineutrinoError: as `fixed_mass`; a mass below 1 TeV; files that are missing or broken.
    """
    if chosen.leptoquark is None:
        return prior.with_tails(contact_yields(prior.central, data))
    mass = fixed_mass(chosen.leptoquark, model, values)
    return prior.with_tails(leptoquark_yields(chosen.leptoquark, mass, prior.central, data))


def fixed_mass(leptoquark: str, model: Model | None, values: Mapping[str, float]) -> float:
    """The mass of the leptoquark, TeV, if it alone makes pairs of taus in this model.

    Raises:
        DineutrinoError: it is not in the model, or has no couplings; its mass is a parameter; there is another field
            with couplings to leptons, whose amplitude would interfere.
    """
    written = f"'model: {{{leptoquark}: {{mass: 2.0}}}}'"
    if not isinstance(model, Mediators) or leptoquark not in [field.name for field in model.fields]:
        other = "coefficients" if model is None else f"the model {model.name}"
        raise DineutrinoError(
            f"tails with the propagator of {leptoquark} need it in the model, {written}, not {other}."
        )
    if model.mass is None:
        raise DineutrinoError(
            f"tails with the propagator of {leptoquark} need one mass, in TeV: {written}, without a parameter for it."
        )
    present = model.present({name: jnp.asarray(value, dtype=float) for name, value in values.items()})
    if leptoquark not in [field.name for field in present]:
        raise DineutrinoError(f"tails with the propagator of {leptoquark} need couplings of it among the parameters.")
    others = [field.name for field in present if field.name != leptoquark and field.leptonic()]
    if others:
        raise DineutrinoError(
            f"tails have the propagator of one field, and {leptoquark} comes with {', '.join(others)} here: leave out "
            "'tails', which makes all of them contact interactions, or the couplings of the others."
        )
    return model.mass


def idle_tails(references: Sequence[ObservableRef], inputs: Inputs) -> list[str]:
    """One sentence if there are yields of tails, but nothing that they are for."""
    if inputs.tails is None or any(isinstance(observables.get(str(name)), InTail) for name, *_ in references):
        return []
    return [f"tails: no bin of them is asked for, so {inputs.tails.what} change nothing."]
