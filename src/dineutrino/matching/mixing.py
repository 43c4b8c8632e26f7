"""Meson mixing from the Warsaw basis at m_Z: a closed block, since QCD conserves flavour and so does QED."""

import equinox as eqx
import jax.numpy as jnp
from jaxtyping import Array, Float

from dineutrino.eft.mixing import Coefficient, DeltaF2
from dineutrino.inputs import DS, Inputs, Quarks
from dineutrino.inputs.quarks import ALL
from dineutrino.matching.descent import Smeft
from dineutrino.running.jms import FIVE
from dineutrino.running.mixing import mixing_evolution
from dineutrino.running.theories import Theories, theories
from dineutrino.running.vector_classes import VectorClasses
from dineutrino.running.warsaw_classes import Warsaw

THREE = 3
"""Flavours in the theory of the bag parameters of kaons; those of B mesons are for five."""


def mixing_at_m_z(c: VectorClasses, quarks: Quarks) -> DeltaF2:
    """The transition at tree level, c being at m_Z in the down-aligned basis there.

    Exchange of a Z boson with two vertices that change flavour is of dimension eight, and the Warsaw basis has no
    scalars of four down quarks: both are left out, or absent. Source: arXiv:1709.04486 appendix C.
    """
    place = (quarks.final, quarks.initial) * 2
    one, eight, none = c.qd1[place], c.qd8[place], jnp.zeros((), complex)
    return DeltaF2(
        CVLL=(c.qq1 + c.qq3)[place],
        CVRR=c.dd[place],
        CVLR=one - eight / 6,
        CSLL=none,
        CSRR=none,
        CSLR=-eight,
        CTLL=none,
        CTRR=none,
    )


class MixingEvolution(eqx.Module):
    """What QCD makes of the coefficients between two scales; right-handed ones run like their mirror images.

    Attributes:
        vectors: of VLL and of VRR.
        mixed: of (VLR, SLR).
        scalars: of (SLL, TLL) and of (SRR, TRR), tensors with sigma = [gamma, gamma]/2.
    """

    vectors: Float[Array, "1 1"]
    mixed: Float[Array, "2 2"]
    scalars: Float[Array, "2 2"]

    def __call__(self, c: DeltaF2) -> DeltaF2:
        """The coefficients at the lower scale from those at the higher one."""
        vlr, slr = self.mixed @ jnp.stack([c.CVLR, c.CSLR])

        def scalars(s: Coefficient, t: Coefficient) -> tuple[Coefficient, Coefficient]:
            """Sigma of the running has no i: its tensors are minus ours."""
            scalar, tensor = self.scalars @ jnp.stack([s, -t])
            return scalar, -tensor

        (sll, tll), (srr, trr) = scalars(c.CSLL, c.CTLL), scalars(c.CSRR, c.CTRR)
        scale = self.vectors[0, 0]
        return DeltaF2(scale * c.CVLL, scale * c.CVRR, vlr, sll, srr, slr, tll, trr)


def mixing_from_m_z(qcd: Theories, mu: Float[Array, ""] | float, inputs: Inputs, flavours: int) -> MixingEvolution:
    """From m_Z to mu, GeV, in the theory with that many flavours, quarks leaving it at their own mass.

    Next-to-leading order, in the MSbar scheme of the bag parameters; the choice "mixing_running: LO" takes the leading
    one, as wilson does. QED, 0.2%, is left out.

    Source: arXiv:hep-ph/0005183.
    """
    order = inputs.choices["mixing_running"]
    ends = {FIVE: qcd.thresholds.bottom, 4: qcd.thresholds.charm} | {flavours: mu}
    start: Float[Array, ""] | float = inputs["m_Z"]
    found = {sector: jnp.eye(n) for sector, n in (("VLL", 1), ("LR", 2), ("SLL", 2))}
    for n_f in range(FIVE, flavours - 1, -1):
        high, low = qcd.at(start, n_f).alpha_s, qcd.at(ends[n_f], n_f).alpha_s
        found = {sector: mixing_evolution(sector, high, low, n_f, order) @ U for sector, U in found.items()}
        start = ends[n_f]
    return MixingEvolution(found["VLL"], found["LR"], found["SLL"])


def mixing_sectors(c: Warsaw, inputs: Inputs) -> tuple[DeltaF2, ...]:
    """Mixing in the transitions of `ALL` at the scales of their bag parameters, from coefficients at m_Z."""
    qcd = theories(inputs)
    evolutions = {"B": mixing_from_m_z(qcd, inputs["mu_B_mixing"], inputs, FIVE)}
    evolutions["K"] = mixing_from_m_z(qcd, inputs["mu_K_mixing"], inputs, THREE)
    return tuple(evolutions["K" if quarks == DS else "B"](mixing_at_m_z(c.vectors, quarks)) for quarks in ALL)


def mixing_below(smeft: Smeft, quarks: Quarks) -> DeltaF2:
    """One transition at the scale of its bag parameters, as all coefficients at m_Z make it."""
    return smeft.read(mixing_sectors)[ALL.index(quarks)]
