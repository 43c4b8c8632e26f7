"""Luminosities of a quark and an antiquark in proton collisions at 13 TeV, both beams in either role: from files."""

from pathlib import Path

import equinox as eqx
import jax.numpy as jnp
import numpy as np
from jaxtyping import Array, Float

from dineutrino.errors import DineutrinoError

FOLDER = "parton_luminosities_PDF4LHC15"
DOWN, UP = "dsb", "uc"
"""Flavours in protons, by charge."""


def read_luminosity(folder: Path, q: str, p: str) -> Float[np.ndarray, "2 n"]:
    """Energies of a quark q and an antiquark pbar, GeV, and tau dL/dtau there.

    Args:
        folder: that holds `parton_luminosities_PDF4LHC15`.
        q: flavour of the quark.
        p: that of the antiquark.

    Raises:
        DineutrinoError: no such file, or not two columns of numbers; `dineutrino data check` says more.
    """
    path = folder / FOLDER / f"{q}_{p}bar.dat"
    try:
        rows = np.loadtxt(path, ndmin=2)
    except OSError:
        raise DineutrinoError(f"there is no file '{path}'; 'dineutrino data fetch atlas2020_ditau' gets it.") from None
    except ValueError as error:
        raise DineutrinoError(f"'{path}' is not a table of numbers: {error}.") from None
    if rows.shape[1] != 2:
        raise DineutrinoError(f"'{path}' has {rows.shape[1]} columns, not an energy and a luminosity.")
    return rows.T


def read_luminosities(folder: Path) -> dict[str, Float[np.ndarray, "2 n"]]:
    """Those of all pairs of one charge, by pair "sb", see `read_luminosity`."""
    return {q + p: read_luminosity(folder, q, p) for kind in (DOWN, UP) for q in kind for p in kind}


class Luminosities(eqx.Module):
    """tau dL/dtau of all pairs of quarks of one charge, index (quark, antiquark), at ascending energies.

    Attributes:
        energy: GeV, where all of them are known.
        down: of d, s and b.
        up: of u and c.
    """

    energy: Float[Array, " n"]
    down: Float[Array, "3 3 n"]
    up: Float[Array, "2 2 n"]

    @classmethod
    def read(cls, folder: Path) -> "Luminosities":
        """From the files in a folder, see `read_luminosity`."""
        tables = read_luminosities(folder)
        energy = tables["dd"][0]
        known = np.all([table[1] > 0 for table in tables.values()], axis=0)

        def of(kind: str) -> Float[Array, "q q n"]:
            return jnp.asarray([[tables[q + p][1][known] for p in kind] for q in kind])

        return cls(jnp.asarray(energy[known]), of(DOWN), of(UP))

    def at(self, energy: Float[Array, ""] | float) -> tuple[Float[Array, "3 3"], Float[Array, "2 2"]]:
        """Of down and of up quarks: a power of the energy between two tabulated ones; nan outside of all."""
        x = jnp.log(jnp.asarray(energy, dtype=float))
        known = jnp.log(self.energy)

        def of(table: Float[Array, "q q n"]) -> Float[Array, "q q"]:
            rows = jnp.log(table).reshape(-1, table.shape[-1])
            found = jnp.stack([jnp.interp(x, known, row, left=jnp.nan, right=jnp.nan) for row in rows])
            return jnp.exp(found).reshape(table.shape[:2])

        return of(self.down), of(self.up)
