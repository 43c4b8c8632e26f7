"""What NumPy does for each primitive of JAX that the renormalisation group is made of."""

from collections.abc import Callable, Mapping, Sequence

import numpy as np
from jaxtyping import Shaped

Values = Shaped[np.ndarray, "..."]
Whole = int | np.integer
"""JAX numbers axes by either."""
Rule = Callable[..., Sequence[Values]]
"""From operands, with the parameters of the primitive as keywords, to results."""
Dimensions = tuple[Sequence[Whole], Sequence[Whole]]


def _contracted(a: Values, b: Values, *, dimension_numbers: tuple[Dimensions, Dimensions], **_: object) -> list[Values]:
    """Axes of both operands are summed over, or counted together in front, as `jax.lax.dot_general` numbers them."""
    (sum_a, sum_b), (batch_a, batch_b) = dimension_numbers
    free_a = [i for i in range(a.ndim) if i not in sum_a and i not in batch_a]
    free_b = [i for i in range(b.ndim) if i not in sum_b and i not in batch_b]
    left, right = a.transpose(*batch_a, *free_a, *sum_a), b.transpose(*batch_b, *sum_b, *free_b)
    batch, rows, columns = left.shape[: len(batch_a)], [a.shape[i] for i in free_a], [b.shape[i] for i in free_b]
    summed = int(np.prod([a.shape[i] for i in sum_a]))
    product = left.reshape(*batch, -1, summed) @ right.reshape(*batch, summed, -1)
    return [product.reshape(*batch, *rows, *columns)]


def _broadcast(a: Values, *, shape: Sequence[int], broadcast_dimensions: Sequence[Whole], **_: object) -> list[Values]:
    widened = [1] * len(shape)
    for place, length in zip(broadcast_dimensions, a.shape, strict=True):
        widened[place] = length
    return [np.broadcast_to(a.reshape(widened), shape)]


def _padded(a: Values, value: Values, *, padding_config: Sequence[tuple[Whole, Whole, Whole]]) -> list[Values]:
    """Edges that are added, or cut where the width is negative; `inside` entries between neighbours."""
    spread = [n + max(n - 1, 0) * inside for n, (_, _, inside) in zip(a.shape, padding_config, strict=True)]
    lows, highs = [max(low, 0) for low, _, _ in padding_config], [max(high, 0) for _, high, _ in padding_config]
    outer = np.full([low + n + high for low, n, high in zip(lows, spread, highs, strict=True)], value, a.dtype)
    steps = [inside + 1 for _, _, inside in padding_config]
    outer[tuple(slice(low, low + n, step) for low, n, step in zip(lows, spread, steps, strict=True))] = a
    cuts = zip(outer.shape, padding_config, strict=True)
    return [outer[tuple(slice(max(-low, 0), n - max(-high, 0)) for n, (low, high, _) in cuts)]]


def _converted(a: Values, *, new_dtype: np.dtype, **_: object) -> list[Values]:
    drop = np.iscomplexobj(a) and not np.issubdtype(new_dtype, np.complexfloating)
    return [(a.real if drop else a).astype(new_dtype)]


def _counted(*, dtype: np.dtype, shape: Sequence[int], dimension: int, **_: object) -> list[Values]:
    along = np.arange(shape[dimension], dtype=dtype).reshape([-1 if i == dimension else 1 for i in range(len(shape))])
    return [np.broadcast_to(along, shape)]


def _sliced(
    a: Values, *, start_indices: Sequence[Whole], limit_indices: Sequence[Whole], strides: Sequence[Whole] | None
) -> list[Values]:
    return [a[tuple(map(slice, start_indices, limit_indices, strides or [1] * a.ndim))]]


def _sliced_somewhere(a: Values, *starts: Values, slice_sizes: Sequence[Whole]) -> list[Values]:
    """A slice that would reach beyond an end is moved to that end."""
    begins = [min(max(int(at), 0), n - size) for at, n, size in zip(starts, a.shape, slice_sizes, strict=True)]
    return [a[tuple(slice(at, at + size) for at, size in zip(begins, slice_sizes, strict=True))]]


def _selected(which: Values, *cases: Values) -> list[Values]:
    if len(cases) > 2:
        return [np.choose(np.broadcast_to(which, cases[0].shape), cases)]
    return [np.where(which, cases[-1], cases[0])]


def _eigenvectors(a: Values, *, lower: bool, **_: object) -> list[Values]:
    values, vectors = np.linalg.eigh(a, "L" if lower else "U")
    return [vectors, values]


RULES: Mapping[str, Rule] = {
    "abs": lambda a: [np.abs(a)],
    "add": lambda a, b: [a + b],
    "add_any": lambda a, b: [a + b],
    "broadcast_in_dim": _broadcast,
    "complex": lambda a, b: [a + 1j * b],
    "concatenate": lambda *a, dimension: [np.concatenate(a, dimension)],
    "conj": lambda a, **_: [a.conj()],
    "convert_element_type": _converted,
    "div": lambda a, b: [a / b],
    "dot_general": _contracted,
    "dynamic_slice": _sliced_somewhere,
    "eigh": _eigenvectors,
    "eq": lambda a, b: [a == b],
    "exp": lambda a, **_: [np.exp(a)],
    "gt": lambda a, b: [a > b],
    "imag": lambda a: [a.imag],
    "integer_pow": lambda a, *, y: [a**y],
    "iota": _counted,
    "log": lambda a, **_: [np.log(a)],
    "lt": lambda a, b: [a < b],
    "mul": lambda a, b, **_: [a * b],
    "neg": lambda a: [-a],
    "pad": _padded,
    "real": lambda a: [a.real],
    "reduce_sum": lambda a, *, axes, **_: [a.sum(tuple(axes))],
    "reshape": lambda a, *, new_sizes, **_: [a.reshape(new_sizes)],
    "select_n": _selected,
    "slice": _sliced,
    "split": lambda a, *, sizes, axis: np.split(a, np.cumsum(sizes)[:-1], axis),
    "sqrt": lambda a, **_: [np.sqrt(a)],
    "square": lambda a: [np.square(a)],
    "squeeze": lambda a, *, dimensions: [a.squeeze(tuple(dimensions))],
    "stack": lambda *a, axis: [np.stack(a, axis)],
    "sub": lambda a, b: [a - b],
    "transpose": lambda a, *, permutation: [a.transpose(permutation)],
    "unstack": lambda a, *, axis: list(np.moveaxis(a, axis, 0)),
}
