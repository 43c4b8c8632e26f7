"""Compute once what does not depend on the arguments of a function.

A likelihood has inputs that are fixed: the nodes of an integral over q2, the phase space and the currents of massless
neutrinos are then the same at every point. XLA does not fold them, since they are broadcast on the way.
"""

from collections.abc import Callable
from typing import Any

import jax
from jax.extend.core import ClosedJaxpr, Jaxpr, Literal, Var, jaxpr_as_fun
from jaxtyping import Array


def folded(function: Callable[..., Any]) -> Callable[..., Any]:
    """The same pure function of pytrees, with all that is known beforehand computed once for arguments of a shape.

    Use it under `jax.jit`; any transformation may come on top. Derivatives with respect to what the function closes
    over are lost.
    """
    programs: dict[Any, tuple[ClosedJaxpr, list[Array], Any]] = {}

    def run(*arguments: Any) -> Any:
        leaves, structure = jax.tree.flatten(arguments)
        key = (structure, tuple(map(jax.typeof, leaves)))
        if key not in programs:
            closed, shapes = jax.make_jaxpr(function, return_shape=True)(*arguments)
            known, rest = _split(closed)
            compute = jax.jit(jaxpr_as_fun(known)).lower().compile()  # runs now, also where this is being traced
            programs[key] = (rest, compute(), jax.tree.structure(shapes))
        rest, constants, result = programs[key]
        return jax.tree.unflatten(result, jaxpr_as_fun(rest)(*leaves, *constants))

    return run


def _split(closed: ClosedJaxpr) -> tuple[ClosedJaxpr, ClosedJaxpr]:
    """A program without arguments, and the rest, which takes the arguments and then what the first one returns."""
    jaxpr = closed.jaxpr
    unknown = set(jaxpr.invars)
    early: list[Any] = []
    late: list[Any] = []
    for equation in jaxpr.eqns:
        depends = equation.effects or any(not isinstance(v, Literal) and v in unknown for v in equation.invars)
        (late if depends else early).append(equation)
        if depends:
            unknown.update(equation.outvars)
    computed = {v for equation in early for v in equation.outvars}
    used = [v for equation in late for v in equation.invars] + list(jaxpr.outvars)
    needed = list(dict.fromkeys(v for v in used if isinstance(v, Var) and v in computed))
    return (
        ClosedJaxpr(_program(jaxpr, [], needed, early), closed.consts),
        ClosedJaxpr(_program(jaxpr, [*jaxpr.invars, *needed], list(jaxpr.outvars), late), closed.consts),
    )


def _program(jaxpr: Jaxpr, invars: list[Any], outvars: list[Any], equations: list[Any]) -> Jaxpr:
    names = jaxpr.debug_info.with_unknown_names()
    return jaxpr.replace(invars=invars, outvars=outvars, eqns=equations, debug_info=names)
