"""Freezes B -> X_s gamma of flavio over its Standard Model: `python tests/validation/freeze_radiative.py`."""

import json
from pathlib import Path

import flavio
import numpy as np
import wilson

FILE = Path(__file__).parent / "frozen" / "flavio_radiative.json"
NAMES = ("C7_bs", "C8_bs", "C7p_bs", "C8p_bs")
SCALE = 4.8

if __name__ == "__main__":
    rng, standard_model = np.random.default_rng(23), float(flavio.sm_prediction("BR(B->Xsgamma)"))
    points = []
    for _ in range(100):
        sizes = 0.3 * np.sqrt(rng.uniform(size=len(NAMES))) * np.exp(2j * np.pi * rng.uniform(size=len(NAMES)))
        values = dict(zip(NAMES, map(complex, sizes), strict=True))
        found = float(flavio.np_prediction("BR(B->Xsgamma)", wilson.Wilson(values, SCALE, "WET", "flavio")))
        written = {name: [value.real, value.imag] for name, value in values.items()}
        points.append({"coefficients": written, "ratio": found / standard_model})
    content = {
        "peer": f"flavio {flavio.__version__}, wilson {wilson.__version__}",
        "scale": SCALE,
        "standard_model": standard_model,
        "points": points,
    }
    FILE.write_text(json.dumps(content, indent=1) + "\n", encoding="utf-8")
