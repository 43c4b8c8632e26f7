"""Writes the frozen predictions of the peers: `python tests/validation/freeze.py`, with the extra `bench` installed.

The numbers are those of the versions and settings that each file states; the tests that read them need no peer.
"""

import json
from typing import Any

import eos_peer
import flavio_peer
import numpy as np
from peers import FLAVOURS, FROZEN

FLAVIO_POINTS: dict[str, dict[str, complex]] = {
    "Standard Model": {},
    "left tau": {"CL_bsnutaunutau": -9.5},
    "right tau": {"CR_bsnutaunutau": 4.0},
    "complex left and right": {"CL_bsnumunumu": 1.5 - 2.5j, "CR_bsnumunumu": -0.7 + 3.2j},
    "between flavours": {"CL_bsnuenumu": 3.0 + 4.0j, "CR_bsnutaunue": -6.0j},
    "left and right between flavours": {"CL_bsnutaunumu": 5.0 + 1.0j, "CR_bsnutaunumu": -2.0 + 4.5j},
    "all of them": {
        f"C{X}_bsnu{a}nu{b}": complex((-1) ** (i + j) * (1 + i + 2 * j), (1 + i - j) * (1 - 2 * x) * 0.75)
        for x, X in enumerate("LR")
        for i, a in enumerate(FLAVOURS)
        for j, b in enumerate(FLAVOURS)
    },
}
FLAVIO_REFERENCES: list[list[Any]] = [
    *[[f"BR({mode}nunu)"] for mode in flavio_peer.MODES],
    *[[f"dBR/dq2({mode}nunu)", q2] for mode in flavio_peer.MODES for q2 in (0.5, 6.0, 14.0, 18.9)],
    *[[f"<dBR/dq2>({mode}nunu)", *q2] for mode in flavio_peer.MODES for q2 in ((0.0, 4.0), (8.0, 18.5))],
    *[[f"FL({mode}nunu)", q2] for mode in flavio_peer.MODES if "*" in mode for q2 in (0.5, 6.0, 14.0, 18.9)],
    *[[f"<FL>({mode}nunu)", *q2] for mode in flavio_peer.MODES if "*" in mode for q2 in ((0.0, 4.0), (8.0, 18.5))],
]
EOS_POINTS: list[tuple[complex, complex]] = [(0, 0), (-13.5, 0), (2.0 - 1.5j, 0.5j), (0, 4.0 + 3.0j), (6.61, -6.61)]
EOS_REFERENCES: list[list[Any]] = [
    ["<BR>(B+->Knunu)", 0.0, 22.9],
    ["<BR>(B+->K*nunu)", 0.0, 19.2],
    ["<BR>(B0->K*nunu)", 0.0, 19.2],
    *[[f"dBR/dq2({mode}nunu)", q2] for mode in ("B+->K", "B+->K*", "B0->K*") for q2 in (0.5, 6.0, 14.0, 18.9)],
    *[[f"FL({mode}nunu)", q2] for mode in ("B+->K*", "B0->K*") for q2 in (0.5, 6.0, 14.0, 18.9)],
    *[[f"<FL>({mode}nunu)", *q2] for mode in ("B+->K*", "B0->K*") for q2 in ((0.0, 4.0), (8.0, 18.5))],
]
EOS_TEST_BINS: dict[str, list[list[Any]]] = {
    "test of B -> P nunu": [["<BR>(B+->Knunu)", *q2] for q2 in ((0.0, 8.0), (8.0, 16.0), (16.0, 22.9), (0.0, 22.9))],
    "test of B -> V nunu": [["<BR>(B0->K*nunu)", *q2] for q2 in ((0.0, 8.0), (8.0, 16.0), (16.0, 19.21), (0.0, 19.21))],
}


def flavio() -> dict[str, Any]:
    """Predictions of flavio at its default parameters."""
    points = [
        {
            "name": name,
            "coefficients": {key: [complex(value).real, complex(value).imag] for key, value in point.items()},
            "values": flavio_peer.predict(point, FLAVIO_REFERENCES),
        }
        for name, point in FLAVIO_POINTS.items()
    ]
    return {
        "peer": flavio_peer.version(),
        "settings": "default parameters and form factors, coefficients in the flavio basis of WCxf at 4.8 GeV",
        "inputs": flavio_peer.inputs(),
        "references": FLAVIO_REFERENCES,
        "points": points,
    }


def eos() -> dict[str, Any]:
    """Predictions of EOS at its default parameters and at the points of its own tests."""
    cases = [_eos_case("default parameters", {}, EOS_REFERENCES, EOS_POINTS)]
    cases += [
        _eos_case(name, eos_peer.TEST_POINTS[name], references, [(0, 0)]) for name, references in EOS_TEST_BINS.items()
    ]
    return {
        "peer": eos_peer.version(),
        "settings": "model WET, form factors BSZ2015, the same coefficients for each neutrino flavour",
        "cases": cases,
    }


def _eos_case(
    name: str, changed: dict[str, float], references: list[list[Any]], points: list[tuple[complex, complex]]
) -> dict[str, Any]:
    par = eos_peer.parameters(changed)
    inputs, rows = eos_peer.inputs(par), []
    for C_L, C_R in points:
        eos_peer.set_coefficients(par, C_L, C_R)
        parts = np.array([C_L, C_R], complex).view(float)
        rows.append({"C_L, C_R": [float(part) for part in parts], "values": eos_peer.predict(par, references)})
    return {"name": name, "inputs": inputs, "references": references, "points": rows}


def _write(name: str, content: dict[str, Any]) -> None:
    text = json.dumps(content, indent=1)
    (FROZEN / f"{name}.json").write_text(text + "\n", encoding="utf-8")


if __name__ == "__main__":
    _write("flavio", flavio())
    _write("eos", eos())
