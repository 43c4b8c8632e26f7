"""Model + observables + measurements + prior of the inputs = a log-likelihood, jitted and differentiable."""

import math
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import TypeAlias

import equinox as eqx
import jax
import jax.numpy as jnp
import numpy as np
from jaxtyping import Array, ArrayLike, Float, PRNGKeyArray

from dineutrino.eft import NeutrinoCoefficients
from dineutrino.eft.names.parts import parts
from dineutrino.errors import DineutrinoError, unknown
from dineutrino.inputs import Block, Inputs, Prior
from dineutrino.measurements import Measurement, Nuisances, Term, check_independent
from dineutrino.models import MasslessNeutrinos, Model
from dineutrino.numerics.folding import folded
from dineutrino.observables import ObservableRef, check, label
from dineutrino.observables.predictor import Predictor, contract, dependence, kernels, rows_of
from dineutrino.theory import Theory, theory_of

Point: TypeAlias = dict[str, ArrayLike | dict[str, Float[Array, " _"]]]
"""{"Re CL_bsnutaunutau": 0.3, ..., "nuisances": {"B->K HPQCD2022": z, ...}}: float64 scalars, and whitened vectors."""
Coefficients = Callable[[Mapping[str, Float[Array, ""]]], NeutrinoCoefficients]


@dataclass(frozen=True)
class Parameter:
    """A free real parameter with a flat prior between its bounds.

    Attributes:
        name: "Re CL_bsnutaunutau", "Im CL_...", or whatever a model function calls it.
        lower, upper: bounds, may be infinite.
        scale: typical size; sets the spread of starting points where there is no bound.
        tex: label for plots, without dollars.
    """

    name: str
    lower: float = -math.inf
    upper: float = math.inf
    scale: float = 10.0
    tex: str = ""

    def __post_init__(self) -> None:
        if math.isnan(self.lower) or math.isnan(self.upper) or not self.lower < self.upper:
            raise DineutrinoError(f"parameter '{self.name}' needs lower < upper, got [{self.lower}, {self.upper}].")
        if not (math.isfinite(self.scale) and self.scale > 0):
            raise DineutrinoError(f"parameter '{self.name}' needs a positive, finite scale, got {self.scale}.")


class Data(eqx.Module):
    """What a likelihood compares with.

    Attributes:
        terms: of the measurements, with their data in them.
        centres: of the constraints of the nuisances, by block, whitened.
    """

    terms: tuple[Term, ...]
    centres: dict[str, Float[Array, " _"]]


class Likelihood:
    """log L(parameters, nuisances) + log prior(nuisances), a pure function of a point, compiled once.

    Args:
        parameters: the free parameters.
        measurements: the terms; see `dineutrino.measurements`.
        prior: of the inputs; entries that no prediction depends on are dropped. Without blocks the inputs are fixed.
        coefficients: a `Model`, or a function from the named parameters to C_L and C_R; by default each parameter is
            "Re NAME" or "Im NAME" of a coefficient.
        predictions: further observables for `predict`.

    Raises:
        DineutrinoError: no measurement, repeated, overlapping or unknown ones, impossible arguments, or x64 disabled.
    """

    def __init__(
        self,
        parameters: Sequence[Parameter],
        measurements: Sequence[Measurement],
        prior: Prior,
        coefficients: Model | Coefficients | None = None,
        predictions: Sequence[ObservableRef | str] = (),
    ):
        if not jax.config.read("jax_enable_x64"):
            raise DineutrinoError(
                "a likelihood needs double precision, but JAX runs with x64 disabled; unset DINEUTRINO_ENABLE_X64=0 "
                "or call jax.config.update('jax_enable_x64', True) first."
            )
        if not measurements:
            raise DineutrinoError("a likelihood needs at least one measurement, none given.")
        _refuse_repeated("parameter", [parameter.name for parameter in parameters])
        _refuse_repeated("measurement", [measurement.name for measurement in measurements])
        check_independent(measurements)
        self.parameters = tuple(parameters)
        self.measurements = tuple(measurements)
        self.coefficients = MasslessNeutrinos() if coefficients is None else coefficients
        if isinstance(self.coefficients, Model):
            self.coefficients.check([parameter.name for parameter in parameters])
            for parameter in parameters:
                self.coefficients.check_range(parameter.name, parameter.lower, parameter.upper)
        shown = [reference for measurement in measurements for reference in measurement.term.shown]
        shown += [(reference,) if isinstance(reference, str) else tuple(reference) for reference in predictions]
        needed = [reference for measurement in measurements for reference in measurement.observables]
        self.shown: tuple[ObservableRef, ...] = tuple(dict.fromkeys(shown))
        """What `predict` returns: all that is asked for but the bins of spectra, which only the terms see."""
        self.references: tuple[ObservableRef, ...] = tuple(dict.fromkeys([*shown, *needed]))
        """All that is computed; those shown come first."""
        check(self.references, prior.central)
        self._central = Predictor(self.references, prior.central)
        somewhere = {p.name: jnp.asarray(_inside(p)) for p in self.parameters}
        entries = jax.jit(lambda prepared, inputs: dependence(prepared, self.theory(somewhere, inputs)))
        self.dependence: Callable[[Inputs], list[Array]] = lambda inputs: entries(self._central.prepare(inputs), inputs)
        """All numbers through which the inputs enter the predictions: an input that changes none does not matter."""
        self.prior = prior.restrict(self._relevant(prior))
        for block in self.prior.blocks:
            if not block.correlated:
                raise DineutrinoError(
                    f"the inputs {block.name} have no published correlations, so they cannot be nuisances; fix the "
                    "nuisances (nuisances: none), or choose other form factors."
                )
        own = [measurement.term.nuisances for measurement in measurements]
        self.own_nuisances: tuple[Nuisances, ...] = tuple(nuisances for nuisances in own if nuisances is not None)
        """Uncertain numbers of the measurements themselves; those of the inputs are in `prior`."""
        _refuse_repeated("block of nuisances", [*(n.name for n in self.own_nuisances), *(b.name for b in prior.blocks)])
        standard_model = np.asarray(self._central(NeutrinoCoefficients.zero()))
        rows = [[self.references.index(r) for r in m.observables] for m in self.measurements]
        expected = [jnp.asarray(standard_model[row]) for row in rows]
        self._terms = list(zip(self.measurements, rows, expected, strict=True))
        for measurement, _, value in self._terms:
            measurement.term.check(value)

        self._values: Callable[[Point], Float[Array, " n"]] = folded(self._predictions)
        self.log_prob: Callable[[Point], Float[Array, ""]] = jax.jit(self._log_prob)
        """Log-likelihood plus log prior of the nuisances; -inf outside the bounds of the parameters."""
        self.value_and_grad: Callable[[Point], tuple[Float[Array, ""], Point]] = jax.jit(
            jax.value_and_grad(self._log_prob)
        )
        """`log_prob` and its gradient, a point."""
        self.predict: Callable[[Point], dict[str, Float[Array, ""]]] = jax.jit(self._predict)
        """Predictions by label, "BR(B+->Knunu)" or "<dBR/dq2>(B+->Knunu)[4, 8]"."""
        self.log_likelihoods: Callable[[Point], dict[str, Float[Array, ""]]] = jax.jit(self._log_likelihoods)
        """Log-likelihood of each measurement, by name."""
        self.pulls: Callable[[Point], dict[str, dict[str, Float[Array, ""]]]] = jax.jit(self._pulls)
        """(prediction - data)/width of each observable of each measurement, by name and label."""

    # -- the formula ------------------------------------------------------------------------------------------------

    def _predictions(self, point: Point) -> Float[Array, " n"]:
        values, inputs = (
            {p.name: _number(point, p.name) for p in self.parameters},
            self.prior.inputs(self._of_inputs(point)),
        )
        theory = self.theory(values, inputs)
        if not self.prior.blocks:
            return self._central(theory)
        return contract(self.references, kernels(self.references, inputs), theory)

    def theory(self, values: Mapping[str, Float[Array, ""]], inputs: Inputs) -> Theory:
        """What the parameters and the inputs of a point say about nature."""
        model = self.coefficients
        return model(values, inputs) if isinstance(model, Model) else theory_of(model(values), inputs)

    def _of_inputs(self, point: Point) -> dict[str, Float[Array, " _"]]:
        """The nuisances that are inputs."""
        nuisances = _nuisances(point)
        return {block.name: nuisances[block.name] for block in self.prior.blocks}

    def _log_prob(self, point: Point) -> Float[Array, ""]:
        return self.log_prob_of(point, self.observed)

    def log_prob_of(self, point: Point, data: Data) -> Float[Array, ""]:
        """`log_prob` with other data, such as those of `simulate`; not compiled by itself."""
        nuisances = _nuisances(point)
        total = self.log_likelihood_of(self.predictions(point), data, nuisances)
        for name, centre in data.centres.items():
            pull = nuisances[name] - centre
            total = total - 0.5 * jnp.vdot(pull, pull)
        inside = jnp.asarray(True)
        for p in self.parameters:
            x = _number(point, p.name)
            inside = inside & (x >= p.lower) & (x <= p.upper)
        for own in self.own_nuisances:
            z = nuisances[own.name]
            inside = inside & jnp.all((z >= np.array(own.lower)) & (z <= np.array(own.upper)))
        return jnp.where(inside, total, -jnp.inf)

    def predictions(self, point: Point) -> Float[Array, " n"]:
        """All that is computed at a point, in the order of `references`; pure, not compiled by itself."""
        return self._values(point)

    def log_likelihood_of(
        self, predictions: Float[Array, " n"], data: Data, nuisances: Mapping[str, Float[Array, " _"]]
    ) -> Float[Array, ""]:
        """What the data say of `predictions`; pure, not compiled by itself."""
        total = jnp.asarray(0.0)
        for term, (_, rows, expected) in zip(data.terms, self._terms, strict=True):
            total = total + term.at(nuisances).log_prob(rows_of(predictions, rows), expected)
        return total

    @property
    def observed(self) -> Data:
        """What was measured, and nuisances constrained around zero."""
        return Data(tuple(m.term for m in self.measurements), _nuisances(self.origin()))

    def simulate(self, key: PRNGKeyArray, point: Point) -> Data:
        """What might have been measured at a point: toy data of every term, and of every constraint of a nuisance.

        Raises:
            DineutrinoError: a kind of term that has no toy data, see `Term.simulate`.
        """
        values, nuisances = self._values(point), _nuisances(point)
        keys = jax.random.split(key, len(self._terms) + len(nuisances))
        terms = [
            m.term.at(nuisances).simulate(rows_of(values, rows), k)
            for (m, rows, _), k in zip(self._terms, keys, strict=False)
        ]
        centres = {
            name: z + jax.random.normal(k, z.shape)
            for (name, z), k in zip(nuisances.items(), keys[len(terms) :], strict=True)
        }
        return Data(tuple(terms), centres)

    def histograms(self, point: Point) -> dict[str, dict[str, dict[str, Float[Array, " bin"]]]]:
        """Expected numbers of events by measurement, channel and sample, of the measurements that have such."""
        histograms = {m.name: term.histograms(predictions) for m, term, (predictions, _) in self._at(point)}
        return {name: channels for name, channels in histograms.items() if channels}

    def _predict(self, point: Point) -> dict[str, Float[Array, ""]]:
        return dict(zip(map(label, self.shown), jnp.unstack(self._values(point)[: len(self.shown)]), strict=True))

    def _log_likelihoods(self, point: Point) -> dict[str, Float[Array, ""]]:
        return {m.name: term.log_prob(*numbers) for m, term, numbers in self._at(point)}

    def _pulls(self, point: Point) -> dict[str, dict[str, Float[Array, ""]]]:
        return {
            m.name: dict(zip(m.labels, jnp.unstack(term.pull(*numbers)), strict=True))
            for m, term, numbers in self._at(point)
        }

    def _at(self, point: Point) -> Iterator[tuple[Measurement, Term, tuple[Array, Array]]]:
        """Each measurement with its term, and the predictions in it, at a point and in the Standard Model."""
        values, nuisances = self._values(point), _nuisances(point)
        for measurement, rows, expected in self._terms:
            yield measurement, measurement.term.at(nuisances), (rows_of(values, rows), expected)

    def _relevant(self, prior: Prior) -> list[str]:
        """Labels of the uncertain inputs that matter: moving one by its uncertainty changes a bit of an integral.

        The columns of a Jacobian say the same, for all analyses of the package, but take 2 to 4 s more to compile, on
        top of the 1.4 s that this takes for the default fit.
        """
        central, relevant = self.dependence(prior.central), []
        for block in prior.blocks:
            for entry, inputs in block.shifted(prior.central):
                if any(not np.array_equal(a, b) for a, b in zip(central, self.dependence(inputs), strict=True)):
                    relevant.append(entry)
        return relevant

    # -- points and vectors -----------------------------------------------------------------------------------------

    @property
    def n_parameters(self) -> int:
        """Number of free parameters, the first entries of a vector."""
        return len(self.parameters)

    @property
    def names(self) -> tuple[str, ...]:
        """One name per entry of a vector: the parameters, then "block: label" of the nuisances."""
        nuisances = (f"{block.name}: {entry}" for block in self.blocks for entry in block.labels)
        return (*(p.name for p in self.parameters), *nuisances)

    @property
    def lower(self) -> Float[Array, " n"]:
        """Lower bounds of a vector."""
        return self._padded([p.lower for p in self.parameters], -math.inf, [n.lower for n in self.own_nuisances])

    @property
    def upper(self) -> Float[Array, " n"]:
        """Upper bounds of a vector."""
        return self._padded([p.upper for p in self.parameters], math.inf, [n.upper for n in self.own_nuisances])

    @property
    def scale(self) -> Float[Array, " n"]:
        """Typical sizes of the entries of a vector; 1 for the whitened nuisances."""
        return self._padded(
            [p.scale for p in self.parameters], 1.0, [[1.0] * len(n.labels) for n in self.own_nuisances]
        )

    def _padded(self, values: list[float], fill: float, own: Sequence[Sequence[float]]) -> Float[Array, " n"]:
        return jnp.asarray([*values, *[fill] * len(self.prior.labels), *(x for part in own for x in part)], dtype=float)

    @property
    def blocks(self) -> tuple[Block | Nuisances, ...]:
        """All nuisances, in the order of a vector."""
        return (*self.prior.blocks, *self.own_nuisances)

    def origin(self, values: Mapping[str, complex] | None = None) -> Point:
        """The point with all nuisances at their central values, and the parameters at `values`, else 0 or the bound
        that is closest to it. A complex coefficient may be given as a whole, {"CL_bsnuenue": 1-2j}, or by its parts.

        Raises:
            DineutrinoError: a name that is not a parameter, or a value that is not finite.
        """
        point: Point = {p.name: jnp.clip(0.0, p.lower, p.upper) for p in self.parameters}
        for name, value in parts(values or {}, point).items():
            if name not in point:
                raise unknown("parameter", name, point)
            point[name] = jnp.asarray(value)
        own = {n.name: jnp.zeros(len(n.labels)) for n in self.own_nuisances}
        return point | {"nuisances": self.prior.origin() | own}

    def to_point(self, vector: Float[Array, " n"]) -> Point:
        """A point from a vector in the order of `names`."""
        sizes = [1] * self.n_parameters + [len(block.labels) for block in self.blocks]
        parts = jax.lax.split(vector, sizes)  # slices give gradients that XLA gets wrong: it drops some of the pads
        point: Point = {p.name: part[0] for p, part in zip(self.parameters, parts, strict=False)}
        nuisances = dict(zip((block.name for block in self.blocks), parts[self.n_parameters :], strict=True))
        return point | {"nuisances": nuisances}

    def to_vector(self, point: Point) -> Float[Array, " n"]:
        """The vector of a point, in the order of `names`."""
        free, nuisances = [jnp.reshape(_number(point, p.name), (1,)) for p in self.parameters], _nuisances(point)
        return jnp.concatenate(free + [nuisances[block.name] for block in self.blocks])

    # -- for people -------------------------------------------------------------------------------------------------

    @property
    def observed_data(self) -> dict[str, float]:
        """What was measured, by "measurement: observable": central values and limits."""
        return {
            f"{m.name}: {name}": float(x)
            for m in self.measurements
            for name, x in zip(m.labels, m.term.measured, strict=True)
        }

    @property
    def provenance(self) -> dict[str, str]:
        """Where the numbers come from: input set, choices, form factors, measurements with their sources."""
        inputs = self.prior.central
        return {
            "input_set": inputs.name,
            "choices": ", ".join(f"{name}: {value}" for name, value in inputs.choices.items()),
            "form_factors": ", ".join(f"{transition} {fit.name}" for transition, fit in inputs.form_factors.items()),
            **({} if inputs.tails is None else {"tails": inputs.tails.what}),
            "sources": "; ".join(f"{m.name}: {m.source}" for m in self.measurements),
        }

    def describe(self) -> str:
        """What is in it, with sources, as text."""
        lines = [f"free parameters ({self.n_parameters}), flat prior:"]
        lines += [f"  {p.name} in [{p.lower:g}, {p.upper:g}]" for p in self.parameters]
        lines.append(f"measurements ({len(self.measurements)}):")
        for m in self.measurements:
            lines.append(f"  {m.name}: {', '.join(map(label, m.term.shown))}, {m.term.summary()} [{m.source}]")
        where = self.provenance
        lines.append(f"inputs: set '{where['input_set']}' ({where['choices']}), form factors {where['form_factors']}")
        lines += [f"tails: {where['tails']}"] if "tails" in where else []
        lines.append(f"nuisances ({sum(len(block.labels) for block in self.blocks)}), Gaussian prior:")
        lines += [f"  {block.name}: {', '.join(block.labels)}" for block in self.blocks]
        return "\n".join(lines)


def _number(point: Point, name: str) -> Float[Array, ""]:
    """A parameter of a point."""
    value = point[name]
    if isinstance(value, dict):
        raise DineutrinoError(f"'{name}' of a point must be a number, not vectors by name.")
    return jnp.asarray(value)


def _nuisances(point: Point) -> dict[str, Float[Array, " _"]]:
    """The nuisances of a point, block by block."""
    blocks = point["nuisances"]
    if not isinstance(blocks, dict):
        raise DineutrinoError("'nuisances' of a point must be vectors by the name of their block.")
    return {name: jnp.asarray(z) for name, z in blocks.items()}


def _inside(parameter: Parameter) -> float:
    """A value between the bounds that is nowhere special."""
    lower, upper = parameter.lower, parameter.upper
    if math.isfinite(lower) and math.isfinite(upper):
        return lower + 0.37 * (upper - lower)
    return lower + parameter.scale if math.isfinite(lower) else min(upper - parameter.scale, 0.37 * parameter.scale)


def _refuse_repeated(kind: str, names: Sequence[str]) -> None:
    for name in names:
        if names.count(name) > 1:
            raise DineutrinoError(f"{kind} '{name}' is given {names.count(name)} times; give it once.")
