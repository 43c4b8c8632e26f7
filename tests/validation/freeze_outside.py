"""Print the lines of src/dineutrino/eft/data/smeft_outside.yaml: `python tests/validation/freeze_outside.py`, minutes.

Each coefficient outside the thirty classes alone, from 1 TeV to m_Z; the largest part that reaches one of them.
"""

import wilson_peer

from dineutrino.eft.smeft import outside, smeft_names

SECTOR = "dB=de=dmu=dtau=0"
SMALL = 1e-12


def sizes():
    """Class -> largest part that reaches phiWB, and any other coefficient."""
    found = {}
    for name in wilson_peer.wilson.wcxf.Basis["SMEFT", "Warsaw"].sectors[SECTOR]:
        cls = name.split("_")[0]
        if cls in outside():
            low = wilson_peer.at_m_z(name)
            reached = {key: abs(value) for key, value in low.items() if key in smeft_names()}
            pair = found.setdefault(cls, [0.0, 0.0])
            pair[1] = max(pair[1], reached.pop("phiWB", 0.0))
            pair[0] = max([pair[0], *reached.values()])
    return found


if __name__ == "__main__":
    measured = sizes()
    for cls, record in outside().items():
        value, on_phiWB = (f"{x:.1e}" if x > SMALL else "0.0" for x in measured.get(cls, (0.0, 0.0)))
        print(f"  {cls}: {{kind: {record['kind']}, value: {value}, phiWB: {on_phiWB}}}")
