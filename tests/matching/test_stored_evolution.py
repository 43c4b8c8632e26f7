"""Evolutions as files: the same numbers again, and what must not be read is refused in one sentence."""

import jax
import jax.numpy as jnp
import numpy as np
import pytest

from dineutrino.errors import DineutrinoError
from dineutrino.inputs import load_inputs
from dineutrino.matching import stored
from dineutrino.matching.evolution import Evolution, EvolutionTable, Live, unravelled
from dineutrino.matching.stored import load_evolution, save_evolution

INPUTS = load_inputs()
LIKE = {"entries": jnp.zeros((2, 2), complex), "phi": jnp.zeros(())}
COLUMNS = ("Re lq1_3323", "Im lq1_3323", "Re phi")
POINT = jnp.asarray([1.0, -2.0, 0.5])


def numbers(*shape):
    return jnp.asarray(np.random.default_rng(1).normal(size=shape))


def live():
    return Live(jnp.asarray([float(INPUTS["m_t(m_t)"])]), ("m_t(m_t)",))


def matrix():
    return Evolution(numbers(9, 3), numbers(1, 9, 3), live(), COLUMNS, unravelled(LIKE))


def table():
    return EvolutionTable(numbers(4, 9, 3), numbers(1, 4, 9, 3), live(), 500.0, 10000.0, COLUMNS, unravelled(LIKE))


@pytest.mark.parametrize(("make", "scale"), [(matrix, ()), (table, (1234.5,))])
def test_there_and_back(tmp_path, make, scale):
    """Bit by bit, at other values of a live input too."""
    path = save_evolution(tmp_path / "evolution.npz", make(), INPUTS)
    found = load_evolution(path, INPUTS.replace({"m_t(m_t)": 160.0}), LIKE)
    assert (found.columns, found.live.names) == (COLUMNS, ("m_t(m_t)",))
    for inputs in (INPUTS, INPUTS.replace({"m_t(m_t)": 160.0})):
        one, two = (jax.tree.leaves(e.moved(inputs)(POINT, *scale)) for e in (make(), found))
        assert all(np.array_equal(a, b) for a, b in zip(one, two, strict=True))
    assert load_evolution(path, INPUTS, LIKE)(POINT, *scale)["entries"].shape == (2, 2)


def test_refusals(tmp_path, monkeypatch):
    path = save_evolution(tmp_path / "evolution.npz", table(), INPUTS)
    with pytest.raises(DineutrinoError, match="there is no file"):
        load_evolution(tmp_path / "other.npz", INPUTS, LIKE)
    with pytest.raises(DineutrinoError, match=r"was made with alpha_s = [0-9.]+, not 0.12; give those inputs"):
        load_evolution(path, INPUTS.replace({"alpha_s": 0.12}), LIKE)
    with pytest.raises(DineutrinoError, match=r"the rows of the file .* are .*entries.*, not .*rates"):
        load_evolution(path, INPUTS, {"rates": jnp.zeros(9)})
    monkeypatch.setattr(stored, "version", lambda name: "99")
    with pytest.raises(DineutrinoError, match=r"is of dineutrino .*, this is 99; make it again"):
        load_evolution(path, INPUTS, LIKE)


def test_damage(tmp_path):
    """Truncated, or with one number changed."""
    path = save_evolution(tmp_path / "evolution.npz", matrix(), INPUTS)
    whole = path.read_bytes()
    path.write_bytes(whole[:-100])
    with pytest.raises(DineutrinoError, match="is damaged"):
        load_evolution(path, INPUTS, LIKE)
    path.write_bytes(whole)
    with np.load(path) as file:
        arrays = dict(file)
    arrays["0"] = arrays["0"] + 1e-15
    np.savez(path, **arrays)
    with pytest.raises(DineutrinoError, match="is damaged, or holds no evolution"):
        load_evolution(path, INPUTS, LIKE)
