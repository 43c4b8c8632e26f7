"""Spectra in q2 as an experiment selects them: normalised, with the efficiency of each bin."""

from importlib.resources import files

import equinox as eqx
import jax.numpy as jnp
import numpy as np
from jaxtyping import Array, Float

from dineutrino.errors import DineutrinoError, unknown
from dineutrino.inputs.entry import text
from dineutrino.io import Tree, mapping, parse_yaml


class Efficiency(eqx.Module):
    """Probability that a decay is selected, by the bin of its q2.

    Attributes:
        edges: of the bins, GeV^2.
        values: in each bin.
        name: "ITA" (inclusive tag), "HTA" (hadronic tag).
        source: HEPData record.
    """

    edges: Float[Array, " edge"]
    values: Float[Array, " bin"]
    name: str = eqx.field(static=True)
    source: str = eqx.field(static=True)

    @property
    def centres(self) -> Float[Array, " bin"]:
        """Middle of each bin, GeV^2."""
        return (self.edges[1:] + self.edges[:-1]) / 2

    @property
    def widths(self) -> Float[Array, " bin"]:
        """Of the bins, GeV^2."""
        return self.edges[1:] - self.edges[:-1]

    def mean(self, rates: Float[Array, "*batch bin"]) -> Float[Array, "*batch"]:
        """Efficiency of a decay with these rates in the bins."""
        return jnp.sum(rates * self.values, axis=-1) / jnp.sum(rates, axis=-1)

    def selected(self, rates: Float[Array, "*batch bin"]) -> Float[Array, "*batch bin"]:
        """Normalised spectrum of what is selected, GeV^-2.

        Args:
            rates: in the bins, up to a factor: branching ratios "<BR>(B+->Knunu)" (exact), or, as arXiv:2309.12741 does
                for its figure 8, the spectrum at the centres times the widths.
        """
        seen = rates * self.values
        return seen / (self.widths * jnp.sum(seen, axis=-1, keepdims=True))


def mixture(
    standard_model: Float[Array, "*batch n"],
    new_physics: Float[Array, "*batch n"],
    totals: tuple[Float[Array, "*batch"], Float[Array, "*batch"]],
    ratio: Float[Array, ""] | float,
) -> Float[Array, "*batch n"]:
    """Normalised spectrum of the Standard Model and new physics together, GeV^-2.

    Args:
        standard_model: dBR/dq2 or bin rates.
        new_physics: the same, of any strength.
        totals: branching ratios of either.
        ratio: branching ratio of both together over that of the Standard Model.

    Source: arXiv:2309.12741 eq. (22).
    """
    shapes = [rate / total[..., None] for rate, total in zip((standard_model, new_physics), totals, strict=True)]
    return (shapes[0] + (ratio - 1) * shapes[1]) / ratio


def load_efficiency(name: str) -> Efficiency:
    """An efficiency by name; see `efficiency_names`.

    Raises:
        DineutrinoError: unknown name.
    """
    known = _read()
    if name not in known:
        raise unknown("efficiency", name, known)
    record = mapping(known[name], f"efficiencies.yaml: '{name}'")
    edges, values = (np.asarray(record[key], dtype=float) for key in ("edges", "values"))
    if len(edges) != len(values) + 1 or np.any(np.diff(edges) <= 0) or np.any((values < 0) | (values > 1)):
        raise DineutrinoError(f"efficiency '{name}': needs rising edges, one more than values, and values in [0, 1].")
    return Efficiency(
        jnp.asarray(edges), jnp.asarray(values), name, text(record["source"], f"efficiencies.yaml: '{name}': source")
    )


def efficiency_names() -> tuple[str, ...]:
    """All names that `load_efficiency` knows."""
    return tuple(_read())


def _read() -> dict[str, Tree]:
    file = files("dineutrino.measurements").joinpath("data", "efficiencies.yaml")
    return mapping(parse_yaml(file.read_text(encoding="utf-8"), "efficiencies.yaml"), "efficiencies.yaml")
