"""Dataclasses of the package come back from a file bit by bit."""

import json
import math
import warnings
from dataclasses import fields

import jax
import jax.numpy as jnp
import numpy as np
import pytest
import toys

from dineutrino.analysis.unfinished import Found
from dineutrino.errors import DineutrinoError
from dineutrino.inference import Caution, Contour, Interval, Toys, maximum, profile
from dineutrino.io.stored import read_back, store
from dineutrino.likelihood import Parameter

ARRAY = np.array([[0.1, np.nan], [-np.inf, 1e-320]])


CONTOUR = Contour(0.68, 2.3, (np.arange(6.0).reshape(3, 2),), (False,), True)
VALUES = {
    "contour": CONTOUR,
    "intervals": ((Interval(0.1, math.inf, True, False),), (), (Interval(math.nan, -0.0, False, False),)),
    "toys": Toys(("x",), np.zeros(1), ARRAY[:, :1], np.arange(2.0), np.array([True, False]), 0.1),
    "nothing": Found(None, "not converged", ("a sentence.", "zwölf")),
    "nested": {"a": [1, 2.5, None, (np.float64(math.pi), np.int32(3))], ("b", 1): np.array("text"), "c": ARRAY},
    "point": {"Re CL": jnp.asarray(1 / 3, float), "nuisances": {"a": jnp.arange(3.0), "none": jnp.zeros(0)}},
}


@pytest.fixture(scope="module")
def found():
    """Real results; their classes may have more fields one day."""
    target = toys.sign_degenerate()
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", Caution)
        maxima = maximum(target, toys.key(0))
        return maxima, profile(target, ("x0", "block: z0"), maxima, points=7)


def alike(one, other):
    assert type(one) is type(other)
    if isinstance(one, dict):
        assert list(one) == list(other)
        return all(alike(one[key], other[key]) for key in one)
    if isinstance(one, tuple | list):
        assert len(one) == len(other)
        return all(map(alike, one, other))
    if hasattr(one, "__dataclass_fields__"):
        return all(alike(getattr(one, field.name), getattr(other, field.name)) for field in fields(one))
    if isinstance(one, np.ndarray | jax.Array | np.generic):
        assert one.dtype == other.dtype
        return np.asarray(one).tobytes() == np.asarray(other).tobytes()
    return repr(one) == repr(other)


@pytest.mark.parametrize("name", VALUES)
def test_round_trip(tmp_path, name):
    path = store(VALUES[name], tmp_path / "value.npz")
    assert alike(VALUES[name], read_back(path))
    assert [entry.name for entry in tmp_path.iterdir()] == ["value.npz"]


def test_results_of_a_fit_come_back(tmp_path, found):
    for result in found:
        assert alike(result, read_back(store(result, tmp_path / "value.npz")))


@pytest.mark.parametrize("value", [{1, 2}, object(), np.array([None]), lambda: 0, pytest.Item])
def test_what_cannot_be_stored(tmp_path, value):
    with pytest.raises(TypeError):
        store(value, tmp_path / "value.npz")
    assert not list(tmp_path.iterdir())


def test_a_damaged_file(tmp_path):
    path = store(VALUES["toys"], tmp_path / "value.npz")
    content = path.read_bytes()
    for damaged in (b"", content[:-100], content[:100] + bytes(50) + content[150:], b"PK"):
        path.write_bytes(damaged)
        with pytest.raises(DineutrinoError, match=r"the file '.*value.npz' is damaged, or of another version: "):
            read_back(path)


@pytest.mark.parametrize("name", ["os:system", "subprocess:Popen", "dineutrino.io.stored:store", "dineutrino.no:No"])
def test_only_classes_of_the_package_are_made(tmp_path, name):
    structure = json.dumps({"class": [name, {"args": "true"}]})
    np.savez(tmp_path / "value.npz", structure=np.asarray(structure))
    with pytest.raises(DineutrinoError, match="damaged, or of another version"):
        read_back(tmp_path / "value.npz")


def test_a_class_with_other_fields_is_of_another_version(tmp_path):
    path = store(Parameter("x", 0.0, 1.0), tmp_path / "value.npz")
    with np.load(path) as file:
        changed = str(file["structure"]).replace('"scale"', '"size"')
    np.savez(path, structure=np.asarray(changed))
    with pytest.raises(DineutrinoError, match=r"of another version: .*size"):
        read_back(path)
