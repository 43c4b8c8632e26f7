"""The b -> s nu nu coefficients of LEFT for Majorana neutrinos of any number and masses, steriles included."""

from collections.abc import Mapping, Sequence

import equinox as eqx
import jax.numpy as jnp
import numpy as np
from jaxtyping import Array, Complex, Float

from dineutrino.errors import DineutrinoError, unknown

Matrix = Complex[Array, "n n"]
Numbers = Array | np.ndarray | Sequence[complex] | Sequence[Sequence[complex]] | complex

SYMMETRY = {"VLL": 0, "VLR": 0, "SLL_sb": 1, "SLL_bs": 1, "SLR_sb": 1, "SLR_bs": 1, "TLL_sb": -1, "TLL_bs": -1}
"""+1: symmetric in the neutrinos, -1: antisymmetric, 0: neither."""
_ROUNDING = 1e-12


class ParityBasis(eqx.Module):
    """Coefficients, GeV^-2, of L = (1/2) sum_ab [C_ab (sbar_L Gamma b) + C'_ab (sbar_R Gamma b)](nubar_a Gamma' nu_b).

    Gamma' is 1 for S, gamma_5 for P, gamma_mu for V, gamma_mu gamma_5 for A, sigma_{mu nu} for T. S, P and A are
    symmetric in a and b, V and T antisymmetric. Source: arXiv:2309.02940 eqs. (18), (20).
    """

    S: Matrix
    S_prime: Matrix
    P: Matrix
    P_prime: Matrix
    V: Matrix
    V_prime: Matrix
    A: Matrix
    A_prime: Matrix
    T: Matrix
    T_prime: Matrix


class MassiveNeutrinos(eqx.Module):
    """Masses of n left-handed species and their coefficients, indices (alpha, beta).

    L contains VLL (nubar_alpha gamma_mu P_L nu_beta)(sbar gamma^mu P_L b), the same with P_R on the quarks for VLR, and
    with the complex conjugates of the bs coefficients
        SLL (nu^c-bar_alpha P_L nu_beta)(sbar P_L b), SLR with (sbar P_R b),
        TLL (nu^c-bar_alpha sigma_{mu nu} P_L nu_beta)(sbar sigma^{mu nu} P_L b),
    each for sb and, with s and b exchanged, for bs. A right-handed sterile neutrino N enters as nu = N^c. By custom
    e, mu, tau come first.

    Attributes:
        masses: GeV.
        VLL, VLR: GeV^-2, any matrix.
        SLL_sb, SLL_bs, SLR_sb, SLR_bs: GeV^-2, symmetric.
        TLL_sb, TLL_bs: GeV^-2, antisymmetric.

    A part of S or T with the wrong symmetry multiplies an operator that is zero; `from_matrices` refuses it.

    Source: arXiv:2309.02940 eqs. (3), (4), (6).
    """

    masses: Float[Array, " n"]
    VLL: Matrix
    VLR: Matrix
    SLL_sb: Matrix
    SLL_bs: Matrix
    SLR_sb: Matrix
    SLR_bs: Matrix
    TLL_sb: Matrix
    TLL_bs: Matrix

    @classmethod
    def from_matrices(cls, masses: Numbers, matrices: Mapping[str, Numbers]) -> "MassiveNeutrinos":
        """From numbers, checked; absent coefficients are zero.

        Args:
            masses: GeV, one per species.
            matrices: by name, GeV^-2, shape (n, n).

        Raises:
            DineutrinoError: for a mass that is negative or not finite, an unknown operator, or a matrix of the wrong
                shape or symmetry or with entries that are not finite.
        """
        values = np.asarray(masses, dtype=float)
        if values.ndim != 1 or not np.all(np.isfinite(values) & (values >= 0)):
            raise DineutrinoError(f"neutrino masses {values} must be a list of finite numbers, zero or positive.")
        n = len(values)
        checked = {name: np.zeros((n, n), complex) for name in SYMMETRY}
        for name, matrix in matrices.items():
            if name not in SYMMETRY:
                raise unknown("operator with two neutrinos", name, SYMMETRY)
            checked[name] = _checked(name, np.asarray(matrix, dtype=complex), n)
        return cls(jnp.asarray(values), **{name: jnp.asarray(matrix) for name, matrix in checked.items()})

    def plus_active(self, L_L: Complex[Array, "3 3"], L_R: Complex[Array, "3 3"]) -> "MassiveNeutrinos":
        """With more of (sbar gamma_mu P_X b)(nubar_alpha gamma^mu P_L nu_beta) for the first three species, GeV^-2.

        The Standard Model is L_L = `normalisation` * `c_l_sm` * 1.
        """
        VLL, VLR = self.VLL.at[:3, :3].add(L_L), self.VLR.at[:3, :3].add(L_R)
        return eqx.tree_at(lambda neutrinos: (neutrinos.VLL, neutrinos.VLR), self, (VLL, VLR))

    def parity_basis(self) -> ParityBasis:
        """The same in the basis of scalars, pseudoscalars, vectors, axial vectors and tensors.

        Source: arXiv:2309.02940 eq. (21), derived anew from eqs. (4) and (20).
        """
        left, right = self.VLL, self.VLR
        return ParityBasis(
            S=_even(self.SLR_sb) + _even(self.SLL_bs).conj(),
            S_prime=_even(self.SLL_sb) + _even(self.SLR_bs).conj(),
            P=_even(self.SLL_bs).conj() - _even(self.SLR_sb),
            P_prime=_even(self.SLR_bs).conj() - _even(self.SLL_sb),
            V=_odd(left),
            V_prime=_odd(right),
            A=-_even(left),
            A_prime=-_even(right),
            T=-2 * _odd(self.TLL_bs).conj(),
            T_prime=2 * _odd(self.TLL_sb),
        )


def _even(matrix: Matrix) -> Matrix:
    return (matrix + matrix.T) / 2


def _odd(matrix: Matrix) -> Matrix:
    return (matrix - matrix.T) / 2


def _checked(name: str, matrix: Complex[np.ndarray, "..."], n: int) -> Complex[np.ndarray, "..."]:
    """The matrix, if it has the shape, the finite entries and the symmetry that it must have."""
    if matrix.shape != (n, n):
        shape = " x ".join(map(str, matrix.shape)) or "a number"
        raise DineutrinoError(f"{name} must be {n} x {n}, one row per neutrino mass, it is {shape}.")
    if not np.all(np.isfinite(matrix)):
        raise DineutrinoError(f"{name} has entries that are not finite.")
    sign, tolerance = SYMMETRY[name], _ROUNDING * np.abs(matrix).max(initial=0.0)
    if sign and np.any(np.abs(matrix - sign * matrix.T) > tolerance):
        word = "symmetric" if sign == 1 else "antisymmetric"
        raise DineutrinoError(f"{name} must be {word} in the two neutrinos.")
    return matrix
