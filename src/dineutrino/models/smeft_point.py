"""SMEFT coefficients at one point, run to m_Z and matched there: no matrix is made, and no parameter is free."""

from collections.abc import Mapping
from typing import TypeVar

import jax
import jax.numpy as jnp
import numpy as np

from dineutrino.eft import NuNu
from dineutrino.eft.smeft import smeft_from_mapping, smeft_names
from dineutrino.eft.warsaw import warsaw_from_mapping
from dineutrino.inputs import Inputs
from dineutrino.inputs.quarks import ALL
from dineutrino.matching.descent import fixed_point
from dineutrino.matching.smeft_to_left import match_transition
from dineutrino.numerics.interpreted import by_numpy
from dineutrino.running.at_m_z import high_scale, mass_basis
from dineutrino.running.couplings import Couplings
from dineutrino.running.many import SlopeOf, run_many_to_m_z
from dineutrino.running.smeft_slope import smeft_slope
from dineutrino.running.vector_classes import VectorClasses
from dineutrino.running.vector_classes import rotated as vectors_rotated
from dineutrino.running.warsaw_classes import Warsaw, rotated
from dineutrino.running.warsaw_slope import warsaw_slope
from dineutrino.theory import Beyond, Flavours, Wet

Coefficients = TypeVar("Coefficients", VectorClasses, Warsaw)


def smeft_point(values: Mapping[str, complex], scale: float, inputs: Inputs) -> Beyond:
    """Run to m_Z and match there; without classes beyond vector currents the program for those is enough.

    Args:
        values: coefficients of the whole Warsaw basis, GeV^-2.
        scale: GeV.
        inputs: couplings and masses.

    Raises:
        DineutrinoError: an unknown or redundant coefficient, or one that violates baryon or lepton number.
    """
    if set(values) <= set(smeft_names()):
        vectors = smeft_from_mapping(values)
        given = by_numpy(Warsaw.of_vectors, vectors)
        whole = by_numpy(Warsaw.of_vectors, _run(smeft_slope, vectors, scale, inputs))
    else:
        given = warsaw_from_mapping(values)
        whole = _run(warsaw_slope, given, scale, inputs)
    neutrinos = by_numpy(_neutrinos, whole.vectors)
    return jax.tree.map(jnp.asarray, Beyond(Wet(neutrinos, Flavours()), fixed_point(given, whole, inputs)))


def _neutrinos(vectors: VectorClasses) -> Flavours[NuNu]:
    return Flavours(*(match_transition(vectors, quarks) for quarks in ALL))


def _run(slope_of: SlopeOf[Coefficients], start: Coefficients, scale: float, inputs: Inputs) -> Coefficients:
    """To m_Z in numbers: for one point it takes longer to compile than to calculate."""
    one = jax.tree.map(lambda leaf: np.asarray(leaf)[None], start)
    high = high_scale(scale, inputs["m_Z"])
    found = run_many_to_m_z(slope_of, _written, one, float(high), inputs)
    return jax.tree.map(lambda leaf: leaf[0], found)


def _written(many: Coefficients, sm: Couplings) -> Coefficients:
    """In the basis of the couplings, from the down-aligned one."""
    basis = mass_basis(sm)
    if isinstance(many, Warsaw):
        return jax.vmap(lambda c: rotated(c, basis))(many)
    return jax.vmap(lambda c: vectors_rotated(c, basis))(many)
