"""The joint Gaussian prior of the uncertain inputs, in whitened coordinates."""

from collections.abc import Callable, Iterable, Iterator, Mapping

import equinox as eqx
import jax
import jax.numpy as jnp
import numpy as np
from jaxtyping import Array, Float, PRNGKeyArray

from dineutrino.errors import DineutrinoError, unknown
from dineutrino.inputs.correlation import cholesky_of_covariance
from dineutrino.inputs.inputs import Inputs
from dineutrino.inputs.tail_yields import TailYields


class Block(eqx.Module):
    """Inputs with a common Gaussian: x = mean + cholesky z, z ~ N(0, 1). Blocks are independent of one another.

    Attributes:
        mean: central values, powers of GeV.
        cholesky: lower triangular square root of the covariance.
        name: for example "masses", "CKM", "B->K HPQCD2022".
        labels: one per entry: the name of a scalar, or "B->K f_plus a0".
        transition: whose form factors these are; empty for scalars.
        places: one per entry: (form factor, index in its vector of coefficients), or (name of the scalar, 0).
        correlated: whether the covariance is all there is; False where a source gives uncertainties of several entries
            but not their correlations, so that `cholesky` is diagonal for want of a better one.
    """

    mean: Float[Array, " n"]
    cholesky: Float[Array, "n n"]
    name: str = eqx.field(static=True)
    labels: tuple[str, ...] = eqx.field(static=True)
    transition: str = eqx.field(static=True)
    places: tuple[tuple[str, int], ...] = eqx.field(static=True)
    correlated: bool = eqx.field(static=True, default=True)

    @property
    def covariance(self) -> Float[Array, "n n"]:
        """Covariance of the entries."""
        return self.cholesky @ self.cholesky.T

    def values(self, z: Float[Array, " n"]) -> Float[Array, " n"]:
        """The entries at whitened coordinates z; a sum rather than a dot, since it fuses and compiles faster."""
        return self.mean + jnp.sum(self.cholesky * z, axis=1)

    def shifted(self, central: Inputs) -> Iterator[tuple[str, Inputs]]:
        """For each entry its label and the central inputs with only that entry moved by its standard deviation."""
        deviations = np.sqrt(np.sum(np.asarray(self.cholesky) ** 2, axis=1))
        for label, (name, index), mean, deviation in zip(
            self.labels, self.places, np.asarray(self.mean), deviations, strict=True
        ):
            if self.transition:
                fit = central.form_factors[self.transition]
                moved = np.array(fit.coefficients[name])
                moved[index] = mean + deviation
                coefficients = fit.coefficients | {name: jnp.asarray(moved)}
                shifted = eqx.tree_at(lambda f: f.coefficients, fit, coefficients)
                form_factors = central.form_factors | {self.transition: shifted}
                yield label, central.moved(central.values, form_factors)
            else:
                yield label, central.replace({label: mean + deviation})

    def restrict(self, keep: Callable[[str], bool]) -> "Block | None":
        """The marginal of the entries with a label that `keep` accepts; None if there is none."""
        rows = [i for i, label in enumerate(self.labels) if keep(label)]
        if not rows:
            return None
        if len(rows) == len(self.labels):
            return self
        cholesky = np.asarray(self.cholesky)
        covariance = (cholesky @ cholesky.T)[np.ix_(rows, rows)]
        return Block(
            mean=jnp.asarray(np.asarray(self.mean)[rows]),
            cholesky=jnp.asarray(cholesky_of_covariance(covariance, f"block '{self.name}'")),
            name=self.name,
            labels=tuple(self.labels[i] for i in rows),
            transition=self.transition,
            places=tuple(self.places[i] for i in rows),
            correlated=self.correlated or len(rows) == 1,
        )


class Prior(eqx.Module):
    """Product of Gaussian blocks around the central values of an input set.

    To compile a method, wrap it: `jax.jit(lambda z: prior.inputs(z))` or `eqx.filter_jit(prior.inputs)`.

    Attributes:
        central: all inputs at their central values.
        blocks: the uncertain ones.
    """

    central: Inputs
    blocks: tuple[Block, ...]

    @property
    def labels(self) -> tuple[str, ...]:
        """Labels of all entries, block by block."""
        return tuple(label for block in self.blocks for label in block.labels)

    def with_tails(self, yields: TailYields) -> "Prior":
        """The same with these yields of the tails of pp -> tau tau, which have no uncertainty.

        Those of a leptoquark are for a model of it alone, of the same mass: of what else makes taus they are wrong.
        """
        return Prior(self.central.with_tails(yields), self.blocks)

    def origin(self) -> dict[str, Float[Array, " _"]]:
        """The whitened coordinates of the central values: zeros."""
        return jax.device_put({block.name: np.zeros(block.mean.shape, block.mean.dtype) for block in self.blocks})

    def inputs(self, z: Mapping[str, Float[Array, " _"]]) -> Inputs:
        """The inputs at whitened coordinates z, one vector per block; blocks that are missing stay central.

        Raises:
            DineutrinoError: a block that does not exist, or a vector of the wrong length.
        """
        self._check(z)
        values = dict(self.central.values)
        form_factors = dict(self.central.form_factors)
        for block in self.blocks:
            if block.name not in z:
                continue
            entries = block.values(z[block.name])
            if block.transition:
                fit = form_factors[block.transition]
                updated = _with_entries(fit.coefficients, block.places, entries)
                form_factors[block.transition] = eqx.tree_at(lambda f: f.coefficients, fit, updated)
            else:
                values.update(zip(block.labels, jnp.unstack(entries), strict=True))
        return self.central.moved(values, form_factors)

    def whiten(self, inputs: Inputs) -> dict[str, Float[Array, " _"]]:
        """The whitened coordinates of given inputs: inverse of `inputs` on the uncertain entries."""
        return {
            block.name: jax.scipy.linalg.solve_triangular(
                block.cholesky, _entries(block, inputs) - block.mean, lower=True
            )
            for block in self.blocks
        }

    def log_prob(self, z: Mapping[str, Float[Array, " _"]]) -> Float[Array, ""]:
        """-z.z/2 summed over the blocks: the log of the density up to its constant, zero at the central values.

        Raises:
            DineutrinoError: as `inputs`.
        """
        self._check(z)
        return sum((-0.5 * jnp.vdot(vector, vector) for vector in z.values()), start=jnp.zeros(()))

    def sample(self, key: PRNGKeyArray) -> dict[str, Float[Array, " _"]]:
        """Whitened coordinates drawn from the prior."""
        keys = jax.random.split(key, max(len(self.blocks), 1))
        return {block.name: jax.random.normal(k, block.mean.shape) for k, block in zip(keys, self.blocks, strict=False)}

    def restrict(self, keep: Iterable[str] | Callable[[str], bool]) -> "Prior":
        """The marginal prior of some entries; the others become exact at their central values.

        Args:
            keep: labels, or names of whole blocks, or a predicate on labels.

        Raises:
            DineutrinoError: a label that no entry has.
        """
        if not callable(keep):
            chosen = set(keep)
            names = {block.name: block.labels for block in self.blocks}
            for label in chosen - set(self.labels) - set(names):
                raise unknown("uncertain input", label, [*self.labels, *names])
            chosen = chosen.union(*(names[name] for name in chosen & set(names)))
            return self.restrict(lambda label: label in chosen)
        blocks = (block.restrict(keep) for block in self.blocks)
        return Prior(self.central, tuple(block for block in blocks if block is not None))

    def _check(self, z: Mapping[str, Float[Array, " _"]]) -> None:
        sizes = {block.name: len(block.labels) for block in self.blocks}
        for name, vector in z.items():
            if name not in sizes:
                raise unknown("block of inputs", name, sizes)
            if vector.shape != (sizes[name],):
                raise DineutrinoError(
                    f"block '{name}' takes {sizes[name]} numbers, not an array of shape {vector.shape}."
                )


def _with_entries(
    coefficients: dict[str, Float[Array, " _"]], places: tuple[tuple[str, int], ...], entries: Float[Array, " n"]
) -> dict[str, Float[Array, " _"]]:
    """Coefficients with the entries put at their places; one slice or scatter per form factor."""
    updated = dict(coefficients)
    names = list(dict.fromkeys(name for name, _ in places))
    rows = {name: [row for row, place in enumerate(places) if place[0] == name] for name in names}
    indices = {name: [places[row][1] for row in rows[name]] for name in names}
    in_order = [row for name in names for row in rows[name]] == list(range(len(places)))
    if in_order and all(indices[name] == list(range(len(coefficients[name]))) for name in names):
        parts = jax.lax.split(entries, [len(rows[name]) for name in names])
        return updated | dict(zip(names, parts, strict=True))
    for name in names:
        updated[name] = coefficients[name].at[np.array(indices[name])].set(entries[np.array(rows[name])])
    return updated


def _entries(block: Block, inputs: Inputs) -> Float[Array, " n"]:
    if block.transition:
        coefficients = inputs.form_factors[block.transition].coefficients
        return jnp.stack([coefficients[name][index] for name, index in block.places])
    return jnp.stack([inputs[label] for label in block.labels])
