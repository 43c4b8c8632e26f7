"""From the down-aligned basis with the standard phases of the CKM matrix to the one of `mass_basis`."""

import jax.numpy as jnp
import numpy as np

from dineutrino.running.at_m_z import mass_basis


def _phase(z):
    return z / np.abs(z)


def standard_phases(couplings):
    """Diagonal matrices by which fields q, u, d of the basis of `mass_basis` differ from those of the standard one."""
    U = mass_basis(couplings)
    Yu = np.asarray(U["q"].conj().T @ couplings.Yu @ U["u"])
    V = (Yu / np.linalg.norm(Yu, axis=0)).conj().T
    s13 = abs(V[0, 2])
    c13 = np.sqrt(1 - s13**2)
    s12, c12, s23, c23 = (abs(x) / c13 for x in (V[0, 1], V[0, 0], V[1, 2], V[2, 2]))
    quartet = V[0, 0] * V[0, 2].conj() * V[1, 2] * V[1, 0].conj() / (c12 * c13**2 * s13 * s23)
    delta = np.angle(-(quartet + c12 * s23 * s13) / (s12 * c23))
    down = np.array([1, _phase(V[0, 0] * V[0, 1].conj()), _phase(V[0, 0] * V[0, 2].conj()) * np.exp(-1j * delta)])
    up = np.array([_phase(V[0, 0]).conj(), _phase(V[1, 2] * down[2]).conj(), _phase(V[2, 2] * down[2]).conj()])
    assert np.allclose((up[:, None] * V * down)[[0, 0, 1, 2], [0, 1, 2, 2]].imag, 0, atol=1e-12)
    return {"q": jnp.diag(down), "d": jnp.diag(down), "u": jnp.diag(up.conj())}
