"""All observables, as a tuple: quantities of a decay times decays, and those that stand alone."""

from dineutrino.observables.charged import CHARGED_CURRENTS
from dineutrino.observables.charm_mixing import CHARM_MIXING
from dineutrino.observables.ditau import DITAU
from dineutrino.observables.inclusive import INCLUSIVE
from dineutrino.observables.leptonic import LEPTONIC
from dineutrino.observables.meson_mixing import MIXING
from dineutrino.observables.modes import MODES
from dineutrino.observables.neutrino_kernel import NeutrinoKernel
from dineutrino.observables.observable import SomeObservable
from dineutrino.observables.one_particle import ONE_PARTICLE
from dineutrino.observables.polarisation import PolarisationKernel
from dineutrino.observables.quantities import ANNIHILATION, POLARISATIONS, RATES, Quantity
from dineutrino.observables.radiative import RADIATIVE
from dineutrino.observables.rare_kaons import RARE_KAONS
from dineutrino.observables.semileptonic import SEMILEPTONIC
from dineutrino.observables.tau import TAU_DECAYS
from dineutrino.observables.z_pole import Z_POLE

OfNeutrinos = tuple[Quantity[NeutrinoKernel], ...]
OfPolarisation = tuple[Quantity[PolarisationKernel], ...]


def _of(mode: str, *quantities: OfNeutrinos | OfPolarisation) -> tuple[SomeObservable, ...]:
    return tuple(quantity.of(MODES[mode]) for group in quantities for quantity in group)


CATALOGUE: tuple[SomeObservable, ...] = (
    *_of("B+->K", RATES),
    *_of("B0->K", RATES),
    *_of("B0->KS", RATES),
    *_of("B+->K*", RATES, POLARISATIONS),
    *_of("B0->K*", RATES, POLARISATIONS),
    *_of("Bs->phi", RATES, POLARISATIONS),
    *_of("Lambdab->Lambda", RATES, POLARISATIONS),
    *_of("Bs->", ANNIHILATION),
    *_of("B+->pi", RATES),
    *_of("B0->pi", RATES),
    *_of("B+->rho", RATES, POLARISATIONS),
    *_of("B0->rho", RATES, POLARISATIONS),
    *INCLUSIVE,
    *ONE_PARTICLE,
    *RARE_KAONS,
    *LEPTONIC,
    *SEMILEPTONIC,
    *RADIATIVE,
    *Z_POLE,
    *MIXING,
    *CHARM_MIXING,
    *CHARGED_CURRENTS,
    *TAU_DECAYS,
    *DITAU,
)
"""All observables, in the order in which they are listed."""
