"""Write tests/eft/warsaw_points.json: `python tests/validation/freeze_warsaw_points.py`, minutes.

wilson's integrated running of random points with all coefficients, ten from each of five scales.
"""

import json
from pathlib import Path

from wilson_warsaw import at_m_z, high_couplings

from random_warsaw import contracted, random_values  # isort: skip  (in tests)
from smeft_reference import M_Z, couplings  # isort: skip

SCALES = (500.0, 1000.0, 3000.0, 10000.0, 50000.0)
EACH = 10

if __name__ == "__main__":
    points = []
    for i, mu in enumerate(SCALES):
        high = high_couplings(mu, couplings("91.1876"), M_Z)
        for seed in range(100 * i, 100 * i + EACH):
            low = contracted(at_m_z(random_values(seed), mu, high, M_Z), seed)
            numbers = {cls: [round(value.real, 9), round(value.imag, 9)] for cls, value in low.items()}
            points.append({"mu": mu, "seed": seed, "at_m_z": numbers})
    path = Path(__file__).parents[1] / "eft" / "warsaw_points.json"
    lines = ",\n".join(json.dumps(point) for point in points)
    path.write_text(f'{{"source": "wilson 2.5.2", "points": [\n{lines}\n]}}\n')
