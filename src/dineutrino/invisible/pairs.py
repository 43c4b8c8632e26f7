"""Invisible pairs as data: masses and coefficients, with their threshold and their spectral functions."""

from collections.abc import Sequence
from dataclasses import replace
from typing import ClassVar

import equinox as eqx
import jax
import jax.numpy as jnp
import numpy as np
from jaxtyping import Array, Complex, Float

from dineutrino.eft.massive_neutrinos import MassiveNeutrinos
from dineutrino.errors import DineutrinoError
from dineutrino.invisible.dark_fermion_pair import FermionOperators, dark_fermion_pair
from dineutrino.invisible.fermion_pair import Couplings
from dineutrino.invisible.majorana_pair import couplings, majorana_pair, unordered_pairs
from dineutrino.invisible.scalar_pair import ScalarOperators, scalar_pair
from dineutrino.invisible.spectrum import Currents
from dineutrino.invisible.vector_pair import VectorOperators, vector_pair

Mass = Float[Array, ""] | float


class Peak(eqx.Module):
    """Where a spectral function peaks like 1/((q2 - m^2)^2 + m^2 Gamma^2): a resonance that decays into the pair.

    Attributes:
        mass: m, GeV.
        width: Gamma, GeV; the right size is enough.

    Raises:
        DineutrinoError: for a mass or a width that is not positive, if it is known.
    """

    mass: Mass
    width: Mass

    def __check_init__(self) -> None:
        for name, value in (("mass", self.mass), ("width", self.width)):
            known = not isinstance(value, jax.core.Tracer) and np.ndim(value) == 0
            if known and (value <= 0 or np.isinf(value)):
                raise DineutrinoError(f"the {name} of a peak is {value} GeV; it must be finite and positive.")

    @property
    def pole(self) -> Complex[Array, ""]:
        """m^2 + i m Gamma, GeV^2."""
        mass = jnp.asarray(self.mass)
        return jnp.square(mass) + 1j * mass * self.width


class Pair(eqx.Module):
    """One invisible final state: a mass threshold and spectral functions above it.

    A kind of pair of your own is a subclass with `threshold` and `currents`. Rates integrate it over q2 at two orders
    of quadrature, and refuse it where they differ: then it has a peak or a bend that `peaks` must state.

    Attributes:
        smooth: that one order is enough for pairs of this kind at any values is known from tests. A subclass does not
            inherit it.
    """

    smooth: ClassVar[bool] = False

    def __init_subclass__(cls, **options: object) -> None:
        super().__init_subclass__(**options)
        cls.smooth = vars(cls).get("smooth", False)

    @property
    def threshold(self) -> Float[Array, ""]:
        """(m_1 + m_2)^2, GeV^2."""
        raise NotImplementedError

    @property
    def peaks(self) -> tuple[Peak, ...]:
        """Where the spectral functions peak, above the threshold or close to it; by default nowhere."""
        return ()

    def currents(self, q2: Float[Array, "..."]) -> Currents:
        """Spectral functions at q2, GeV^2, coefficients included; zero below the threshold."""
        raise NotImplementedError

    def seen_by_k_long(self) -> "Pair":
        """The same with the part of its couplings that turns K_L into pi0 and the pair.

        Raises:
            DineutrinoError: of a kind of pair that does not say.
        """
        raise DineutrinoError(
            f"{type(self).__name__} does not say which of its couplings K_L sees: give it a method 'seen_by_k_long'."
        )


class DarkScalars(Pair):
    """phi phi^dagger; see `scalar_pair`."""

    smooth: ClassVar[bool] = True

    mass: Mass
    operators: ScalarOperators
    real: bool = eqx.field(static=True, default=False)

    @property
    def threshold(self) -> Float[Array, ""]:
        """4 m^2, GeV^2."""
        return 4 * jnp.square(self.mass)

    def currents(self, q2: Float[Array, "..."]) -> Currents:
        """See `scalar_pair`."""
        return scalar_pair(q2, self.mass, self.operators, self.real)

    def seen_by_k_long(self) -> "DarkScalars":
        """See `Operators.seen_by_k_long`."""
        return replace(self, operators=self.operators.seen_by_k_long())


class DarkFermions(Pair):
    """chi chibar; see `dark_fermion_pair`."""

    smooth: ClassVar[bool] = True

    mass: Mass
    operators: FermionOperators
    majorana: bool = eqx.field(static=True, default=False)

    @property
    def threshold(self) -> Float[Array, ""]:
        """4 m^2, GeV^2."""
        return 4 * jnp.square(self.mass)

    def currents(self, q2: Float[Array, "..."]) -> Currents:
        """See `dark_fermion_pair`."""
        return dark_fermion_pair(q2, self.mass, self.operators, self.majorana)

    def seen_by_k_long(self) -> "DarkFermions":
        """See `Operators.seen_by_k_long`."""
        return replace(self, operators=self.operators.seen_by_k_long())


class DarkVectors(Pair):
    """X X^dagger; see `vector_pair`."""

    smooth: ClassVar[bool] = True

    mass: Mass
    operators: VectorOperators
    real: bool = eqx.field(static=True, default=False)

    @property
    def threshold(self) -> Float[Array, ""]:
        """4 m^2, GeV^2."""
        return 4 * jnp.square(self.mass)

    def currents(self, q2: Float[Array, "..."]) -> Currents:
        """See `vector_pair`."""
        return vector_pair(q2, self.mass, self.operators, self.real)

    def seen_by_k_long(self) -> "DarkVectors":
        """See `Operators.seen_by_k_long`."""
        return replace(self, operators=self.operators.seen_by_k_long())


class Fermions(Pair):
    """Two fermions of any masses: Majorana neutrinos, or charged leptons of different flavours.

    Attributes:
        mass_1, mass_2: GeV.
        couplings: GeV^-2, for identical particles without those that vanish.
        symmetry: 1/2 for identical particles, else 1.
        majorana: that they are Majorana fields, which matters in decays of K_L.
    """

    smooth: ClassVar[bool] = True

    mass_1: Mass
    mass_2: Mass
    couplings: Couplings
    symmetry: Mass = 1.0
    majorana: bool = eqx.field(static=True, default=True)

    @property
    def threshold(self) -> Float[Array, ""]:
        """(m_1 + m_2)^2, GeV^2."""
        return jnp.square(jnp.asarray(self.mass_1) + self.mass_2)

    def currents(self, q2: Float[Array, "..."]) -> Currents:
        """Those of any pair of fermions, times the symmetry factor."""
        pair = majorana_pair(q2, self.mass_1, self.mass_2, self.couplings)
        return jax.tree.map(lambda entry: entry * self.symmetry, pair)

    def seen_by_k_long(self) -> "Fermions":
        """Of Majorana fields both halves of K_L make the same pair; of others one makes x1 x2bar, one x2 x1bar."""
        if self.majorana:
            return replace(self, couplings=self.couplings.of_majorana_fields_seen_by_k_long())
        return replace(self, symmetry=self.symmetry / 2)


def neutrino_pairs(
    neutrinos: MassiveNeutrinos, pairs: Sequence[tuple[int, int]] | None = None, active: int = 3
) -> tuple[Fermions, ...]:
    """Pairs of Majorana neutrinos, without what belongs to `NeutrinoCoefficients`.

    Vector currents of two massless active neutrinos interfere with the Standard Model, which pairs do not: they are
    coefficients of `NeutrinoCoefficients` or `NuNu`. Scalar and tensor currents do not interfere with it.

    Args:
        neutrinos: masses and coefficients; the first `active` species are massless, without vector currents among them.
        pairs: indices (a, b), a <= b; by default all.
        active: number of active neutrinos; 0 where all species are further ones.

    Raises:
        DineutrinoError: an active neutrino has a mass, or two of them have a vector current. Traced ones give nan.
    """
    basis = neutrinos.parity_basis()
    found = []
    for a, b in unordered_pairs(len(neutrinos.masses)) if pairs is None else pairs:
        g = couplings(basis, a, b)
        if b < active:
            none = _nothing_interferes(neutrinos.masses[np.array([a, b])], jnp.stack([g.VV, g.VA, g.AV, g.AA]), a, b)
            g = eqx.tree_at(lambda c: (c.VV, c.VA, c.AV, c.AA), g, (none, none, none, none))
        found.append(Fermions(neutrinos.masses[a], neutrinos.masses[b], g, 0.5 if a == b else 1.0))
    return tuple(found)


def _nothing_interferes(
    masses: Float[Array, "2"], vector_currents: Complex[Array, " 4"], a: int, b: int
) -> Complex[Array, ""]:
    """Zero, if two active neutrinos are massless and have no vector currents; nan if not and that is traced."""
    massive, coupled = jnp.any(masses != 0), jnp.any(vector_currents != 0)
    place = f"the neutrinos {a} and {b} are counted as massless active ones"
    if not isinstance(massive, jax.core.Tracer) and massive:
        raise DineutrinoError(
            f"{place}, but have the masses {float(masses[0]):g} and {float(masses[1]):g} GeV; "
            "put massive ones behind those, or set 'active' to the number of massless ones."
        )
    if not isinstance(coupled, jax.core.Tracer) and coupled:
        raise DineutrinoError(
            f"{place}, and their vector currents interfere with the Standard Model; "
            "give those currents as NeutrinoCoefficients, and leave them out here."
        )
    return jnp.where(massive | coupled, jnp.nan, jnp.zeros_like(vector_currents[0]))
