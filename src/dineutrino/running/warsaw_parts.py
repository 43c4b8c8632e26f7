"""What the terms with changing chirality share: Yukawa matrices of up quarks, down quarks and leptons side by side."""

from dataclasses import dataclass

import jax.numpy as jnp
import numpy as np
from jaxtyping import Array, Complex, Float

from dineutrino.running.couplings import Couplings, higgs_wave_function
from dineutrino.running.vector_classes import Four, Two
from dineutrino.running.warsaw_classes import Chiral, Warsaw

Stack = Complex[Array, "3 3 3"]
"""Three matrices, doublet by singlet flavour: of up quarks, down quarks, charged leptons."""
Three = Float[np.ndarray, "3"]

T = np.array([1.0, -1.0, -1.0])
"""Twice the weak isospin of the left-handed u, d, e."""
Y_LEFT = np.array([1 / 6, 1 / 6, -1 / 2])
Y_RIGHT = np.array([2 / 3, -1 / 3, -1.0])
"""Hypercharges of u, d, e."""
Y_SUM = Y_LEFT + Y_RIGHT
COLOURS = np.array([3.0, 3.0, 1.0])
QUARK = np.array([1.0, 1.0, 0.0])
"""1 for the fields that feel the strong force, else 0."""


def each(numbers: Three | Complex[Array, "3"] | Float[Array, "3"]) -> Complex[Array, "3 1 1"] | Float[Array, "3 1 1"]:
    """One number for each matrix of a stack, in a shape that multiplies the stack."""
    return jnp.asarray(numbers)[:, None, None]


def dagger(M: Complex[Array, "... 3 3"]) -> Complex[Array, "... 3 3"]:
    """The Hermitian conjugates."""
    return jnp.swapaxes(M, -1, -2).conj()


def traces(M: Complex[Array, "... 3 3"], N: Complex[Array, "... 3 3"]) -> Complex[Array, "..."]:
    """Tr M N^dagger."""
    return jnp.sum(M * N.conj(), (-1, -2))


def partner(M: Stack) -> Stack:
    """Of the other fermion of the doublet: d at the place of u, u at that of d, nothing at that of e."""
    return jnp.stack([M[1], M[0], jnp.zeros_like(M[2])])


@dataclass(frozen=True)
class Flavours:
    """The three Yukawa matrices, what follows from them, and the couplings.

    Attributes:
        Y: Yu, Yd, Ye.
        A: Y Y^dagger, on doublets; B: Y^dagger Y, on singlets.
        other: A of the other fermion of the doublet.
        down_to_up: Yd^dagger Yu.
        Y3: lambda Y - 2 Y Y^dagger Y, what the equations of motion of the Higgs field turn Y into.
        G_H: Higgs wave function.
        sm: couplings.
    """

    Y: Stack
    A: Stack
    B: Stack
    other: Stack
    down_to_up: Two
    Y3: Stack
    G_H: Float[Array, ""]
    sm: Couplings


def flavours(sm: Couplings) -> Flavours:
    """The products of Yukawa matrices that the slopes of many classes share."""
    Y = jnp.stack([sm.Yu, sm.Yd, sm.Ye])
    A, B = Y @ dagger(Y), dagger(Y) @ Y
    Y3 = sm.lambda_ * Y - 2 * A @ Y
    return Flavours(Y, A, B, partner(A), sm.Yd.conj().T @ sm.Yu, Y3, higgs_wave_function(sm), sm)


@dataclass(frozen=True)
class Duals:
    """Bosonic coefficients of operators with field strengths, X + i Xtilde: what couples to left-handed dipoles."""

    GGG: Complex[Array, ""]
    WWW: Complex[Array, ""]
    G: Complex[Array, ""]
    B: Complex[Array, ""]
    W: Complex[Array, ""]
    WB: Complex[Array, ""]


def duals(c: Warsaw) -> Duals:
    """All of them; the operators are Hermitian, their coefficients real."""
    b = c.bosons

    def dual(plain: Complex[Array, ""], tilde: Complex[Array, ""]) -> Complex[Array, ""]:
        return plain.real + 1j * tilde.real

    return Duals(
        GGG=dual(b.G, b.Gtilde),
        WWW=dual(b.W, b.Wtilde),
        G=dual(b.HG, b.HGtilde),
        B=dual(b.HB, b.HBtilde),
        W=dual(b.HW, b.HWtilde),
        WB=dual(c.vectors.HWB, b.HWtildeB),
    )


@dataclass(frozen=True)
class DipoleStacks:
    """Dipoles of u, d, e by gauge boson; leptons have none with gluons."""

    G: Stack
    W: Stack
    B: Stack


def dipole_stacks(c: Warsaw) -> DipoleStacks:
    """The dipoles of u, d and e as stacks, one for each gauge boson."""
    d = c.dipoles
    return DipoleStacks(
        G=jnp.stack([d.uG, d.dG, jnp.zeros_like(d.uG)]),
        W=jnp.stack([d.uW, d.dW, d.eW]),
        B=jnp.stack([d.uB, d.dB, d.eB]),
    )


def higgs_loops_of_vectors(c: Warsaw, Y: Stack) -> Stack:
    """A pair of fermions of (L L)(R R) coefficients closed to a Higgs field by a Yukawa coupling, as Y -> X[Y]."""
    v, (Yu, Yd, Ye) = c.vectors, Y

    def closed(array: Four, Y: Two) -> Two:
        return jnp.einsum("pvwr,vw->pr", array, Y)

    return -4 * jnp.stack(
        [closed(v.qu1 + 4 / 3 * v.qu8, Yu), closed(v.qd1 + 4 / 3 * v.qd8, Yd), closed(v.le, Ye)],
    )


def higgs_loops_of_chiral(c: Chiral, Y: Stack) -> Stack:
    """Loops of Higgs bosons, as `higgs_loops_of_vectors`, for scalar coefficients."""
    Yu, Yd, Ye = Y
    crossing = c.quqd1 + 4 / 3 * c.quqd8
    return jnp.stack(
        [
            6 * jnp.einsum("prvw,vw->pr", c.quqd1, Yd.conj())
            + jnp.einsum("vrpw,vw->pr", crossing, Yd.conj())
            - 2 * jnp.einsum("vwpr,vw->pr", c.lequ1, Ye.conj()),
            6 * jnp.einsum("vwpr,vw->pr", c.quqd1, Yu.conj())
            + jnp.einsum("pvwr,wv->pr", crossing, Yu.conj())
            + 2 * jnp.einsum("vwrp,vw->pr", c.ledq.conj(), Ye),
            6 * jnp.einsum("prvw,wv->pr", c.ledq, Yd) - 6 * jnp.einsum("prvw,vw->pr", c.lequ1, Yu.conj()),
        ]
    )
