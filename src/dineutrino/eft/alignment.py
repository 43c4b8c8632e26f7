"""Where the quark doublets point: along down quarks, as the Warsaw basis of WCxf has them, or along up quarks."""

import jax.numpy as jnp
from jaxtyping import Array, Complex, Float

from dineutrino.inputs import Inputs
from dineutrino.running.at_m_z import mass_basis
from dineutrino.running.couplings import Couplings, run_couplings
from dineutrino.running.standard_model import couplings_at_m_z
from dineutrino.running.warsaw_classes import Warsaw, rotated

CKM = Complex[Array, "3 3"]


def up_aligned(c: Warsaw, V: CKM) -> Warsaw:
    """Coefficients of the basis in which Yu is diagonal, from those of the basis in which Yd is.

    Doublets turn by the CKM matrix at the scale of the coefficients, from (V^dagger u_L, d_L) to (u_L, V d_L). The
    basis is "Warsaw up" in WCxf.
    """
    return rotated(c, {"q": V})


def down_aligned(c: Warsaw, V: CKM) -> Warsaw:
    """The inverse of `up_aligned`."""
    return rotated(c, {"q": V.conj().T})


def running_ckm(mu: Float[Array, ""] | float, inputs: Inputs) -> CKM:
    """The CKM matrix at a scale above the electroweak one, GeV, in the basis of `mass_basis`; |V_cb| grows with mu."""
    return ckm_of(run_couplings(couplings_at_m_z(inputs), inputs["m_Z"], mu))


def ckm_of(couplings: Couplings) -> CKM:
    """The CKM matrix of Yukawa matrices in any flavour basis: Yu = V^dagger diag(y_u, y_c, y_t) if Yd is diagonal."""
    U = mass_basis(couplings)
    Yu = U["q"].conj().T @ couplings.Yu @ U["u"]
    return (Yu / jnp.linalg.norm(Yu, axis=0)).conj().T
