"""LEFT coefficients by the names of WCxf's flavio basis, from and to those of its JMS basis; exact both ways.

For the sectors that both have here: d_j -> d_i nu nu, d_j -> d_i l l and d_j -> u l nu with vector currents, and meson
mixing with vector currents.
"""

from collections.abc import Mapping
from functools import lru_cache
from itertools import product

import jax.numpy as jnp
import numpy as np
from jaxtyping import Array, Complex, Float

from dineutrino.eft.flavio_basis import (
    TRANSITIONS,
    DeltaF2,
    Semileptonic,
    charged_current,
    delta_f2,
    from_charged_current,
    from_delta_f2,
    from_semileptonic,
    semileptonic,
)
from dineutrino.eft.named_entries import Index
from dineutrino.eft.neutrinos import FLAVOURS
from dineutrino.errors import DineutrinoError, unknown
from dineutrino.running.left_classes import SHAPES, LeftVectors

UP, DOWN = "uc", "dsb"
CHARGED = "CVL"
_NAMES = {
    "C_9": "C9",
    "C_10": "C10",
    "C_9_prime": "C9p",
    "C_10_prime": "C10p",
    "C_L": "CL",
    "C_R": "CR",
}
MIXING = ("VLL", "VRR", "VLR", "SLR")
CKM = Complex[Array, "3 3"]
Number = Float[Array, ""] | float


@lru_cache
def flavio_places() -> dict[str, tuple[str, str, Index]]:
    """Name -> (transition, coefficient, index). In names of currents the barred field comes second."""
    found: dict[str, tuple[str, str, Index]] = {}
    pairs = list(product(enumerate(FLAVOURS), repeat=2))
    for q in TRANSITIONS:
        for name in ("CL", "CR"):
            found |= {f"{name}_{q}nu{b}nu{a}": (q, name, (i, j)) for (i, a), (j, b) in pairs}
        for name in ("C9", "C10", "C9p", "C10p"):
            found |= {f"{name}_{q}{b}{a}": (q, name, (i, j)) for (i, a), (j, b) in pairs}
        found |= {f"C{name}_{q}{q}": (q, name, ()) for name in MIXING}
    for (u, up), (d, down), ((n, neutrino), (k, lepton)) in product(enumerate(UP), enumerate(DOWN), pairs):
        found[f"{CHARGED}_{down}{up}{lepton}nu{neutrino}"] = ("", CHARGED, (u, d, n, k))
    return found


def flavio_from_left(left: LeftVectors, V: CKM, G_F: Number, alpha_em: Number) -> dict[str, complex]:
    """Coefficients of the flavio basis that are not zero.

    Args:
        left: GeV^-2.
        V: CKM matrix of the normalisation.
        G_F: GeV^-2.
        alpha_em: of the normalisation.

    Source: as for `semileptonic`, `charged_current`, `delta_f2`.
    """
    arrays = {("", CHARGED): np.asarray(charged_current(left, V, G_F))}
    for q in TRANSITIONS:
        both = vars(semileptonic(left, V, G_F, alpha_em, q)) | vars(delta_f2(left, q))
        arrays |= {(q, _NAMES.get(name, name)): np.asarray(value) for name, value in both.items()}
    values = {name: complex(arrays[q, key][index]) for name, (q, key, index) in flavio_places().items()}
    return {name: value for name, value in values.items() if value != 0}


def left_from_flavio(coefficients: Mapping[str, complex], V: CKM, G_F: Number, alpha_em: Number) -> LeftVectors:
    """The inverse of `flavio_from_left`; absent coefficients are zero.

    Raises:
        DineutrinoError: an unknown name, or a value that is not finite.
    """
    places = flavio_places()
    arrays: dict[tuple[str, str], np.ndarray] = {("", CHARGED): np.zeros((2, 3, 3, 3), complex)}
    for q in TRANSITIONS:
        arrays |= {(q, name): np.zeros((3, 3), complex) for name in _NAMES.values()}
        arrays |= {(q, name): np.zeros((), complex) for name in MIXING}
    for name, value in coefficients.items():
        if name not in places:
            raise unknown("coefficient of the flavio basis", name, places)
        if not np.isfinite(value):
            raise DineutrinoError(f"coefficient {name} = {value} is not finite; give a finite number.")
        q, key, index = places[name]
        arrays[q, key][index] = value
    found = {name: jnp.zeros(shape, complex) for name, shape in SHAPES.items()}
    for q in TRANSITIONS:
        neutral = Semileptonic(**{name: jnp.asarray(arrays[q, key]) for name, key in _NAMES.items()})
        mixing = DeltaF2(**{name: jnp.asarray(arrays[q, name]) for name in MIXING})
        for part in (from_semileptonic(neutral, V, G_F, alpha_em, q), from_delta_f2(mixing, q)):
            found |= {name: found[name] + value for name, value in part.items()}
    found |= from_charged_current(jnp.asarray(arrays["", CHARGED]), V, G_F)
    return LeftVectors(**found)
