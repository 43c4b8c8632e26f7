"""Functions of JAX evaluated by NumPy, operation by operation: for thousands of small products that are needed once.

XLA takes half a minute to compile the renormalisation group of a large operator basis, and NumPy a second to evaluate
it for a hundred functions of the coefficients at once. So what is tabulated once is not compiled.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from functools import lru_cache, partial
from typing import NamedTuple, TypeVar, TypeVarTuple

import jax
import numpy as np
from jax.extend.core import ClosedJaxpr, Jaxpr, JaxprEqn, Literal, Var
from jaxtyping import PyTree

from dineutrino.numerics.primitives import RULES, Rule, Values

Out = TypeVar("Out", bound=PyTree)
Arguments = TypeVarTuple("Arguments")
Layout = tuple[tuple[int, ...], np.dtype]
"""Shape and type of an array."""

NOTHING = np.zeros(0)
"""On a place that nobody needs now."""


def by_numpy(function: Callable[[*Arguments], Out], *arguments: *Arguments) -> Out:
    """The value of a function at pytrees of numbers, with leaves of NumPy.

    It is traced once for arguments of the same shapes, and known by its identity: write it at the top of a module.

    Args:
        function: traceable, without branches on values.
        arguments: as it takes them.
    """
    leaves, structure = jax.tree.flatten(arguments)
    values = [np.asarray(leaf) for leaf in leaves]
    program, result = _traced(function, structure, tuple((value.shape, value.dtype) for value in values))
    with jax.ensure_compile_time_eval(), np.errstate(all="ignore"):  # JAX is silent on values that are selected away
        return jax.tree.unflatten(result, program.run(values))


@lru_cache(maxsize=64)
def _traced(
    function: Callable[[*Arguments], Out], structure: jax.tree_util.PyTreeDef, layouts: tuple[Layout, ...]
) -> tuple["Program", jax.tree_util.PyTreeDef]:
    arguments = jax.tree.unflatten(structure, [jax.ShapeDtypeStruct(*layout) for layout in layouts])
    closed, shape = jax.make_jaxpr(function, return_shape=True)(*arguments)
    with jax.ensure_compile_time_eval(), np.errstate(all="ignore"):
        return planned(closed), jax.tree.structure(shape)


class Step(NamedTuple):
    """One operation: what it does, the places of its operands and results, and those that nobody needs afterwards."""

    rule: Rule
    operands: tuple[int, ...]
    results: tuple[int, ...]
    dead: tuple[int, ...]


@dataclass(frozen=True)
class Program:
    """Operations one after the other, on numbered places that hold arrays; constants are there from the start."""

    steps: tuple[Step, ...]
    start: tuple[Values, ...]
    arguments: tuple[int, ...]
    results: tuple[int, ...]

    def run(self, arguments: Sequence[Values]) -> list[Values]:
        """The results for arguments."""
        places = list(self.start)
        for place, value in zip(self.arguments, arguments, strict=True):
            places[place] = value
        for rule, operands, results, dead in self.steps:
            found = rule(*[places[i] for i in operands])
            for place, value in zip(results, found, strict=True):
                places[place] = np.asarray(value)
            for place in dead:
                places[place] = NOTHING
        return [places[i] for i in self.results]


def planned(closed: ClosedJaxpr) -> Program:
    """The program of a traced function: inner functions written out, what is constant calculated."""
    plan = _Plan()
    arguments = tuple(plan.place() for _ in closed.jaxpr.invars)
    results = plan.add(closed, arguments)
    last: dict[int, int] = {}
    for at, (_, operands, found) in enumerate(plan.steps):
        last |= dict.fromkeys((*operands, *found), at)
    kept = set(results) | {i for i, value in enumerate(plan.known) if value is not None}
    dead: dict[int, list[int]] = {}
    for place, at in last.items():
        if place not in kept:
            dead.setdefault(at, []).append(place)
    steps = tuple(Step(*step, tuple(dead.get(at, ()))) for at, step in enumerate(plan.steps))
    start = tuple(NOTHING if value is None else value for value in plan.known)
    return Program(steps, start, arguments, results)


@dataclass
class _Plan:
    steps: list[tuple[Rule, tuple[int, ...], tuple[int, ...]]] = field(default_factory=list)
    known: list[Values | None] = field(default_factory=list)

    def place(self, value: Values | None = None) -> int:
        """A new one."""
        self.known.append(value)
        return len(self.known) - 1

    def add(self, closed: ClosedJaxpr, arguments: Sequence[int]) -> tuple[int, ...]:
        """All operations of a function; places of its results."""
        jaxpr: Jaxpr = closed.jaxpr
        at: dict[Var, int] = dict(zip(jaxpr.invars, arguments, strict=True))
        at |= {v: self.place(np.asarray(value)) for v, value in zip(jaxpr.constvars, closed.consts, strict=True)}

        def places(variables: Sequence[Var | Literal]) -> tuple[int, ...]:
            return tuple(self.place(np.asarray(v.val)) if isinstance(v, Literal) else at[v] for v in variables)

        for equation in jaxpr.eqns:
            operands = places(equation.invars)
            if equation.primitive.name in ("jit", "pjit"):
                results = self.add(equation.params["jaxpr"], operands)
            else:
                results = self._operation(_rule(equation), operands, len(equation.outvars))
            at |= zip(equation.outvars, results, strict=True)
        return places(jaxpr.outvars)

    def _operation(self, rule: Rule, operands: tuple[int, ...], count: int) -> tuple[int, ...]:
        values = [value for i in operands if (value := self.known[i]) is not None]
        if len(values) == len(operands):
            return tuple(self.place(np.asarray(value)) for value in rule(*values))
        results = tuple(self.place() for _ in range(count))
        self.steps.append((rule, operands, results))
        return results


def _rule(equation: JaxprEqn) -> Rule:
    """What an operation does; where NumPy has nothing of the kind, JAX does it."""
    primitive, parameters = equation.primitive, equation.params
    if primitive.name == "scan":
        return partial(_scanned, planned(parameters["jaxpr"]), **parameters)
    if primitive.name in RULES:
        return partial(RULES[primitive.name], **parameters)

    def by_jax(*operands: Values) -> list[Values]:
        found = primitive.bind(*operands, **parameters)
        return [np.asarray(value) for value in (found if primitive.multiple_results else [found])]

    return by_jax


def _scanned(
    turn: Program,
    *operands: Values,
    length: int,
    num_consts: int,
    num_carry: int,
    reverse: bool,
    **_: object,
) -> list[Values]:
    """A loop: fixed operands, what one turn hands to the next, and one entry of the others for each turn."""
    fixed, carried = operands[:num_consts], list(operands[num_consts : num_consts + num_carry])
    rows: list[list[Values]] = []
    for i in reversed(range(length)) if reverse else range(length):
        found = turn.run([*fixed, *carried, *(np.asarray(values[i]) for values in operands[num_consts + num_carry :])])
        carried = found[:num_carry]
        rows.append(found[num_carry:])
    return carried + [np.stack(values) for values in zip(*(reversed(rows) if reverse else rows), strict=True)]
