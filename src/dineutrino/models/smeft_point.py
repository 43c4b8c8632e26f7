"""SMEFT coefficients at one point, run to m_Z and matched there: no matrix is made, and no parameter is free."""

from collections.abc import Mapping

import jax
import jax.numpy as jnp
from jaxtyping import Array, Float

from dineutrino.eft import NuNu
from dineutrino.eft.smeft import smeft_from_mapping, smeft_names
from dineutrino.eft.warsaw import warsaw_from_mapping
from dineutrino.inputs import Inputs
from dineutrino.inputs.quarks import ALL
from dineutrino.matching.descent import fixed_point
from dineutrino.matching.smeft_to_left import match_transition
from dineutrino.running.smeft import smeft_at_m_z
from dineutrino.running.standard_model import couplings_at_m_z
from dineutrino.running.vector_classes import VectorClasses
from dineutrino.running.warsaw import warsaw_at_m_z
from dineutrino.running.warsaw_classes import Warsaw
from dineutrino.theory import Beyond, Flavours, Wet


def smeft_point(values: Mapping[str, complex], scale: float, inputs: Inputs) -> Beyond:
    """Run to m_Z and match there; without classes beyond vector currents the program for those is enough.

    Args:
        values: coefficients of the whole Warsaw basis, GeV^-2.
        scale: GeV.
        inputs: couplings and masses.

    Raises:
        DineutrinoError: an unknown or redundant coefficient, or one that violates baryon or lepton number.
    """
    vectors = set(values) <= set(smeft_names())
    start = smeft_from_mapping(values) if vectors else warsaw_from_mapping(values)
    at_m_z, neutrinos = _at_m_z(start, jnp.asarray(scale), inputs)
    whole = at_m_z if isinstance(at_m_z, Warsaw) else Warsaw.of_vectors(at_m_z)
    return Beyond(Wet(neutrinos, Flavours()), fixed_point(whole, inputs))


@jax.jit
def _at_m_z(
    start: VectorClasses | Warsaw, scale: Float[Array, ""], inputs: Inputs
) -> tuple[VectorClasses | Warsaw, Flavours[NuNu]]:
    couplings, m_z = couplings_at_m_z(inputs), inputs["m_Z"]
    if isinstance(start, Warsaw):
        found = warsaw_at_m_z(start, scale, couplings, m_z)
        return found, _neutrinos(found.vectors)
    vectors = smeft_at_m_z(start, scale, couplings, m_z)
    return vectors, _neutrinos(vectors)


def _neutrinos(vectors: VectorClasses) -> Flavours[NuNu]:
    return Flavours(*(match_transition(vectors, quarks) for quarks in ALL))
