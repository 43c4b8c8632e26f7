"""Which measured inputs the running in SMEFT depends on."""

import jax
import numpy as np
from jax.flatten_util import ravel_pytree
from jaxtyping import Array, Complex, Float

from dineutrino.inputs import Inputs
from dineutrino.running.standard_model import couplings_at_m_z


def inputs_of_running(inputs: Inputs) -> tuple[str, ...]:
    """Names of the inputs that the couplings at m_Z depend on; the pole mass of the top quark, say, is none of them."""
    return tuple(name for name, slope in _slopes(inputs).items() if np.any(slope))


@jax.jit
def _slopes(inputs: Inputs) -> dict[str, Complex[Array, " coupling"]]:
    """Derivatives of all couplings by each input."""

    def couplings(values: dict[str, Float[Array, ""]]) -> Complex[Array, " coupling"]:
        return ravel_pytree(couplings_at_m_z(inputs.replace(values)))[0]

    return jax.jacfwd(couplings)(dict(inputs.values))
