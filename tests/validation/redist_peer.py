"""The reinterpretation of the Belle II likelihood (arXiv:2507.12393) as pyhf, redist and EOS compute it."""

import copy
import json
from collections.abc import Callable, Mapping
from functools import lru_cache
from importlib.metadata import version
from pathlib import Path
from typing import Any

import eos
import numpy as np
import pyhf
from redist.modifier import Modifier

WORKSPACE = "combined_likelihood.json"
REPLACED = ("mu", "corr_ff_c1", "corr_ff_c2", "corr_ff_c3")
COEFFICIENTS = ("cVL", "cSL", "cTL")
FORM_FACTORS = "form factors"
FORM_FACTOR_NAMES = tuple(
    f"B->K::alpha^{name}@BSZ2015" for name in ("f+_0", "f+_1", "f+_2", "f0_1", "f0_2", "fT_0", "fT_1", "fT_2")
)
DENSITIES = {
    "region_a": ("number_density_ita_regA.csv", "A__", "signal"),
    "region_b": ("number_density_ita_regB.csv", "B__", "signal"),
    "hadronic": ("number_density_hta.csv", "sgn1_had", "sgn_1_had"),
}
"""Name of the modifier -> file, start of the name of the channel, sample."""
HBAR = 6.582119569509066e-25
"""GeV s, as the SI defines it; EOS's default is 4e-8 lower."""
END = 22.885
"""Upper edge of the bins of generated q2, GeV^2."""
EDGES = np.append(-1.0, np.linspace(0.0, END, 101))
"""Of the columns of the densities; the first one is the underflow."""
INTERPOLATION = {"normsys": {"interpcode": "code4"}, "histosys": {"interpcode": "code4p"}}
"""What `pyhf.Workspace.model` takes; `pyhf.Model`, and so redist's `add_to_model`, would take code1 and code0."""


def versions() -> str:
    """For the record."""
    return f"pyhf {pyhf.__version__}, redist {version('redistpy')}, EOS {eos.__version__}"


def null(q2: Any) -> Any:
    """dBR/dq2 of the simulation, GeV^-2: eq. (16) of arXiv:2207.13371, f_+ of Table V of arXiv:2207.12468."""
    G_F, alpha, X_t, s2_w, V = 1.1663787e-5, 1 / 127.952, 1.468, 0.23124, 0.04185
    m_B, m_K, tau = 5.279495, 0.495644, 1.638e-12 / HBAR
    t_plus, pole = (m_B + m_K) ** 2, 5.4158
    z = (np.sqrt(t_plus - q2) - np.sqrt(t_plus)) / (np.sqrt(t_plus - q2) + np.sqrt(t_plus))
    series = sum(a * (z**n - n / 3 * (-1.0) ** (n - 3) * z**3) for n, a in enumerate((0.2545, -0.71, 0.32)))
    f_plus = 1.304 / (1 - q2 / pole**2) * series
    kallen = (m_B**2 + m_K**2 - q2) ** 2 - 4 * m_B**2 * m_K**2
    momentum = np.sqrt(np.maximum(kallen, 0.0)) / (2 * m_B)
    return tau * (G_F * alpha * V * X_t / s2_w) ** 2 / (32 * np.pi**5) * momentum**3 * f_plus**2


def alternative() -> Callable[..., Any]:
    """dBR/dq2 of EOS, GeV^-2, at one or many q2, for values of COEFFICIENTS and FORM_FACTOR_NAMES."""
    parameters, kinematics = eos.Parameters.Defaults(), eos.Kinematics(q2=1.0)
    parameters["QM::hbar"].set(HBAR)
    options = eos.Options(**{"form-factors": "BSZ2015", "model": "WET"})
    observable = eos.Observable.make("B->Knunu::dBR/dq2", parameters, kinematics, options)
    names = [f"sbnunu::Re{{{name}}}" for name in COEFFICIENTS] + list(FORM_FACTOR_NAMES)
    handles, variable = [parameters[name] for name in names], kinematics["q2"]

    def at(q2: float) -> float:
        variable.set(q2)
        return observable.evaluate()

    def move(values: tuple[float, ...]) -> None:
        for handle, value in zip(handles, values, strict=True):
            handle.set(float(value))

    @lru_cache(maxsize=8)  # each of the three modifiers asks for the same
    def many(q2: bytes, values: tuple[float, ...]) -> np.ndarray:
        move(values)
        return np.array([at(x) for x in np.frombuffer(q2).tolist()])

    def rate(q2: Any, *values: float) -> Any:
        values = tuple(map(float, values))
        if np.ndim(q2):
            return many(np.ascontiguousarray(q2).tobytes(), values).reshape(np.shape(q2))
        move(values)
        return at(float(q2))

    return rate


def reinterpretation(
    folder: Path, mean: np.ndarray, covariance: np.ndarray, quad: str = "nquad", order: int = 16
) -> tuple[Any, list[float]]:
    """pyhf's model with redist's modifiers, and its data.

    Args:
        folder: holds the published files.
        mean, covariance: of the form-factor coefficients.
        quad: "nquad" integrates adaptively, value by value, as EOS's observables come; "gauss" at fixed points.
        order: number of points in a bin for "gauss".
    """
    content = json.loads((folder / WORKSPACE).read_text(encoding="utf-8"))
    channels = copy.deepcopy(content["channels"])
    new: dict[str, Any] = {
        name: {"inits": (start,), "bounds": ((0.0, 20.0),), "paramset_type": "unconstrained"}
        for name, start in zip(COEFFICIENTS, (10.0, 1.0, 5.0), strict=True)
    }
    new[FORM_FACTORS] = {
        "inits": tuple(mean.tolist()),
        "bounds": ((-5.0, 5.0),) * len(mean),
        "paramset_type": "constrained_by_normal",
        "cov": covariance,
    }
    rate, modifiers = alternative(), {}
    for name, (file, start, signal) in DENSITIES.items():
        table = np.loadtxt(folder / file, delimiter=",")
        modifier = Modifier(
            new, rate, null_everywhere, table, [EDGES], name=name, cutoff=((0.0, END),), quad=quad, quad_order=order
        )
        modifiers |= modifier.expanded_pyhf
        [channel] = [channel for channel in channels if channel["name"].startswith(start)]
        [sample] = [sample for sample in channel["samples"] if sample["name"] == signal]
        weights = {"name": f"{name} weights", "type": name, "data": {"expr": f"{name}_weight_fn"}}
        sample["modifiers"].append(weights)
    for channel in channels:
        for sample in channel["samples"]:
            sample["modifiers"] = [m for m in sample["modifiers"] if m["name"] not in REPLACED]
    settings = [p for p in content["measurements"][0]["config"]["parameters"] if p["name"] not in REPLACED]
    spec = {"channels": channels, "parameters": settings}
    model = pyhf.Model(
        spec, validate=False, batch_size=None, modifier_set=modifiers, modifier_settings=INTERPOLATION, poi_name="cVL"
    )
    observed = {entry["name"]: entry["data"] for entry in content["observations"]}
    data = [n for name in model.config.channels for n in observed[name]] + model.config.auxdata
    return model, data


def null_everywhere(q2: Any) -> Any:
    """`null`, with any positive number in the underflow, where the weight is 1."""
    return np.where(np.asarray(q2) < 0, 1.0, null(np.maximum(q2, 0.0)))


def vector(model: Any, values: Mapping[str, Any]) -> np.ndarray:
    """Parameters by name in the order of pyhf's model."""
    found = np.empty(model.config.npars)
    for name in model.config.par_order:
        found[model.config.par_slice(name)] = values[name]
    return found


def decorrelated(covariance: np.ndarray, shifts: np.ndarray) -> dict[str, float]:
    """redist's parameters for given form-factor coefficients minus their means."""
    rotation, lengths, _ = np.linalg.svd(covariance)
    values = np.linalg.solve(rotation * np.sqrt(lengths), shifts)
    return {f"{FORM_FACTORS}_decorrelated[{i}]": value for i, value in enumerate(values)}
