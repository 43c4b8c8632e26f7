"""What can be computed and still cannot be meant: what is too heavy for a decay, and branching ratios above one."""

from collections.abc import Collection, Mapping, Sequence

import jax.numpy as jnp
import numpy as np
from jax.tree_util import Partial
from jaxtyping import Array, Float

from dineutrino import observables
from dineutrino.analysis.predict import Predictions, theory_at
from dineutrino.eft import NeutrinoCoefficients
from dineutrino.errors import DineutrinoError
from dineutrino.inputs import Inputs, Quarks
from dineutrino.inputs.quarks import ALL
from dineutrino.inputs.units import TEV
from dineutrino.models import Model
from dineutrino.models.mediators.model import Mediators
from dineutrino.observables import ObservableRef
from dineutrino.observables.ditau.catalogue import InTail
from dineutrino.observables.ditau.leptoquarks import CHANNEL
from dineutrino.observables.ditau.yields import highest_energy
from dineutrino.observables.observable import OfDecay
from dineutrino.observables.one_particle import OneParticleDecay
from dineutrino.theory import NewPhysics

SAME = 1e-13
"""Relative difference that rounding makes."""


def too_heavy(
    references: Sequence[ObservableRef], new: NewPhysics | Partial, inputs: Inputs
) -> list[tuple[str, list[ObservableRef]]]:
    """Pairs, or one particle, too heavy for some of the observables: a sentence about each, and those observables.

    Args:
        references: the observables.
        new: new physics at one point; several are passed over.
        inputs: the inputs, for the ends of the spectra.
    """
    if isinstance(new, NeutrinoCoefficients):  # of massless ones
        return []
    wet = theory_at(new, inputs).wet
    heavy: list[tuple[str, Float[Array, ""], list[ObservableRef]]] = []
    for quarks in ALL:
        into_pairs = [reference for reference in references if _decays(reference, quarks, into_one=False)]
        heavy += [("a pair of {} GeV in all", pair.threshold, into_pairs) for pair in wet.pairs(quarks)]
        if (particle := wet.particle(quarks)) is not None:
            its = [reference for reference in references if _decays(reference, quarks, into_one=True)]
            heavy.append(("a particle X of {} GeV", particle.q2, its))
    found = []
    for what, squared, possible in heavy:
        if np.ndim(threshold := np.asarray(squared)):
            continue
        ends = {reference: _end(reference, inputs) for reference in possible}
        closed = [reference for reference, end in ends.items() if threshold >= end]
        if closed:
            sentence = (
                f"{what.format(f'{np.sqrt(threshold):.4g}')} is too heavy for "
                f"{', '.join(map(observables.label, closed))} (up to "
                f"{np.sqrt(max(ends[reference] for reference in closed)):.4g} GeV), and changes nothing there."
            )
            found.append((sentence, closed))
    return found


def _decays(reference: ObservableRef, quarks: Quarks, into_one: bool) -> bool:
    """Whether an observable is of decays with this transition that a pair, or one particle, can be made in."""
    observable = observables.get(str(reference[0]))
    if into_one and isinstance(observable, OneParticleDecay):
        return observable.mode.quarks == quarks
    return isinstance(observable, OfDecay) and observable.mode.quarks == quarks


def refuse_light(
    references: Sequence[ObservableRef], model: Model, lightest: Mapping[str, float], inputs: Inputs
) -> None:
    """Refuse heavy fields that are not heavy at the energies of an observable.

    Args:
        references: the observables.
        model: whose fields may make contact interactions of leptons and quarks.
        lightest: the smallest value of each parameter.
        inputs: for the highest energies, and the leptoquark whose propagator the kernels have.

    Raises:
        DineutrinoError: a mass below the highest energy of a kernel that has the field as a contact interaction.
    """
    tails = [reference for reference in references if isinstance(observables.get(str(reference[0])), InTail)]
    if not tails or not isinstance(model, Mediators):
        return
    end, propagating = highest_energy(inputs), "" if inputs.tails is None else inputs.tails.leptoquark
    for field, mass in model.masses({name: jnp.asarray(value) for name, value in lightest.items()}).items():
        if field.leptonic() and field.name != propagating and mass < end:
            raise DineutrinoError(
                f"{observables.label(tails[0])} knows {field.name} as a contact interaction, at energies of up to "
                f"{end / TEV:g} TeV with the choice ditau_cut '{inputs.choices['ditau_cut']}'; its mass must not be "
                f"{float(mass) / TEV:g} TeV, but above{_with_propagator(field.name)}."
            )


def _with_propagator(field: str) -> str:
    return f", or 'tails: {{leptoquark: {field}}}' say that its propagator is kept" if field in CHANNEL else ""


def impossible_rates(found: Predictions) -> list[str]:
    """One sentence if a branching ratio is larger than one, as by coefficients in a wrong unit."""
    branching = [i for i, (name, *_) in enumerate(found.references) if str(name).startswith(("BR(", "<BR>("))]
    above = [i for i in branching if np.any(found.values[:, i] > 1)]
    names = ", ".join(observables.label(found.references[i]) for i in above)
    return [f"{names} above 1: no such point is possible; are the coefficients in the right unit?"] if above else []


def untouched(found: Predictions, besides: Collection[ObservableRef]) -> list[str]:
    """One sentence if observables are those of the Standard Model at each point, as where another decay was meant.

    Args:
        found: the predictions.
        besides: observables of which this was said already.
    """
    same = np.all(np.abs(found.values - found.standard_model) <= SAME * np.abs(found.standard_model), axis=0)
    alike = [reference for reference, it in zip(found.references, same, strict=True) if it and reference not in besides]
    names = ", ".join(map(observables.label, alike))
    return [f"{names}: as in the Standard Model; nothing that was given changes it."] if names else []


def _end(reference: ObservableRef, inputs: Inputs) -> float:
    """The highest q2 that an observable sees, GeV^2."""
    name, *arguments = reference
    end = observables.get(str(name)).end_point(inputs)
    return float(min(end, arguments[-1])) if arguments else end
