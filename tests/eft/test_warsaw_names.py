"""Names of all coefficients of the Warsaw basis, and the arrays and files behind them."""

import hashlib

import jax.numpy as jnp
import numpy as np
import pytest
from random_warsaw import random_values

from dineutrino.eft.smeft import smeft_from_mapping, smeft_names, smeft_to_mapping
from dineutrino.eft.warsaw import warsaw_from_mapping, warsaw_names, warsaw_parameters, warsaw_to_mapping
from dineutrino.eft.wcxf.smeft import read_warsaw, write_warsaw
from dineutrino.errors import DineutrinoError
from dineutrino.running.warsaw_classes import CLASSES, arrays, from_arrays, indices

DIGEST = "d1bc13b5cc1888466a6e3d4aa0ba979761b659f618a23dcbba96dcad6cd48e2f"


def test_names_are_those_of_wcxf():
    """1635 names of the basis file less 279 of operators that violate baryon or lepton number, and 2499 real numbers.

    The digest is that of the sorted names and "1" or "0" for real or complex in the basis file of wilson 2.5.2.
    """
    assert len(CLASSES) == 59
    assert len(warsaw_names()) == 1635 - (81 + 54 + 57 + 81 + 6)
    assert len(warsaw_parameters()) == 2499
    assert set(smeft_names()) < set(warsaw_names())
    real = {name: f"Im {name}" not in set(warsaw_parameters()) for name in warsaw_names()}
    lines = "\n".join(f"{name} {int(real[name])}" for name in sorted(real))
    assert hashlib.sha256(lines.encode()).hexdigest() == DIGEST


def test_there_and_back():
    values = random_values(1)
    assert warsaw_to_mapping(warsaw_from_mapping(values)) == pytest.approx(values, rel=1e-15)


def test_vector_currents_have_the_same_arrays_as_before():
    values = {name: value for name, value in random_values(2).items() if name in smeft_names()}
    ours, alone = warsaw_from_mapping(values), smeft_from_mapping(values)
    for name, value in vars(alone).items():
        assert np.array_equal(value, getattr(ours.vectors, name))
    assert smeft_to_mapping(alone) == pytest.approx(values, rel=1e-15)


def test_places_of_operators_that_are_not_hermitian():
    """No entry is shared, no conjugate is added."""
    found = warsaw_from_mapping({"phiud_23": 1j, "uB_32": 2 + 1j, "quqd1_3321": 3.0, "uphi_13": 4j})
    assert found.Hud[1, 2] == 1j
    assert found.Hud[2, 1] == 0
    assert found.dipoles.uB[2, 1] == 2 + 1j
    assert found.chiral.quqd1[2, 2, 1, 0] == 3
    assert found.chiral.quqd1[1, 2, 2, 0] == 0
    assert found.cubic.uH[0, 2] == 4j


def test_rounding_of_programs_is_tolerated():
    """Hermitian entries of dumped files have Im/Re of 1e-19."""
    values = {"phiq1_33": complex(1e-8, 1e-27), "phiG": complex(0, 1e-26), "lq1_3323": 1e-8 + 1e-9j, "ll_1111": 1e-8j}
    with pytest.raises(DineutrinoError, match="ll_1111 must be real"):
        warsaw_from_mapping(values)
    del values["ll_1111"]
    found = warsaw_from_mapping(values)
    assert found.vectors.Hq1[2, 2] == 1e-8
    assert found.bosons.HG == 0
    assert smeft_from_mapping({"phiq1_33": complex(1e-8, 1e-27)}).Hq1[2, 2] == 1e-8


@pytest.mark.parametrize("read", [warsaw_from_mapping, smeft_from_mapping])
@pytest.mark.parametrize(
    ("name", "message"),
    [
        ("uB_45", "unknown SMEFT coefficient 'uB_45'; did you mean 'uB_33'[?] uB has two flavour indices from 1 to 3"),
        ("phiW_33", "'phiW_33'; did you mean 'phiW'[?] phiW has no flavour indices"),
        ("Hq1_23", "did you mean 'phiq1_23'"),
        ("LQ1_3323", "did you mean 'lq1_3323'[?] lq1 has four flavour indices"),
        ("lq1_3332x", "did you mean 'lq1_3323'"),
        ("lq1_", "did you mean 'lq1_3333'"),
        ("HWB", "did you mean 'phiWB'"),
        ("lequ_3333", "did you mean 'lequ[13]_3333'"),
        ("x", "unknown SMEFT coefficient 'x'[.] Names are those of WCxf"),
        ("lq1_3332", "lq1_3332 is redundant: give lq1_3323, its complex conjugate"),
        ("llphiphi_11", "violates lepton number"),
        ("qqql_1111", "violates baryon number"),
    ],
)
def test_refusals(read, name, message):
    with pytest.raises(DineutrinoError, match=message):
        read({name: 1.0})


def test_every_redundant_name_is_redirected():
    for name in ("qq1_3323", "ee_3111", "phiq1_32", "qu8_2133"):
        with pytest.raises(DineutrinoError, match="is redundant: give") as error:
            warsaw_from_mapping({name: 1.0})
        other = str(error.value).split("give ")[1].split(",")[0].strip(".")
        assert other in warsaw_names()


def test_files(tmp_path):
    """Every class, with rounding in the imaginary parts of real entries, as programs write it."""
    values = random_values(3)
    for path in (tmp_path / "point.json", tmp_path / "point.yaml"):
        write_warsaw(path, warsaw_from_mapping(values), 1000.0, {"generator": "test"})
        found = read_warsaw(path)
        assert found.scale == 1000.0
        assert warsaw_to_mapping(found.coefficients) == pytest.approx(values, rel=1e-15)


def test_arrays_and_classes():
    c = warsaw_from_mapping(random_values(4))
    again = from_arrays(arrays(c))
    assert all(np.array_equal(one, arrays(again)[name]) for name, one in arrays(c).items())
    assert [jnp.ndim(value) for value in arrays(c).values()] == [indices(name) for name in CLASSES]
