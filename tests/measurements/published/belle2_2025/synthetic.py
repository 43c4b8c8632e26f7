"""A small publication of the same form as that of Belle II: two channels, three bins of q2 and the underflow."""

import hashlib
import json

WORKSPACE = {
    "channels": [
        {"name": "first", "samples": [
            {"name": "signal", "data": [6.0, 1.5], "modifiers": []},
            {"name": "background", "data": [9.0, 8.0], "modifiers": []},
        ]},
        {"name": "second", "samples": [{"name": "signal", "data": [0.0], "modifiers": []}]},
    ],
    "observations": [{"name": "first", "data": [15, 9]}, {"name": "second", "data": [0]}],
    "measurements": [{"name": "fit", "config": {"poi": "mu", "parameters": []}}],
    "version": "1.0.0",
}  # fmt: skip
FILES = {
    "workspace.json": json.dumps(WORKSPACE, indent=4) + "\n",
    "first.csv": "0.000000000000e+00,1.000000000000e+00,2.000000000001e+00,3.0\n0.0,0.5,0.5,0.5\n",
    "second.csv": "0,0,0,0\n",
}
CANONICAL = {
    "workspace.json": json.dumps(json.loads(json.dumps(WORKSPACE), parse_int=float), sort_keys=True).replace(" ", ""),
    "first.csv": "0.00000000e+00,1.00000000e+00,2.00000000e+00,3.00000000e+00\n"
    "0.00000000e+00,5.00000000e-01,5.00000000e-01,5.00000000e-01",
    "second.csv": ",".join(["0.00000000e+00"] * 4),
}


def content():
    """Of the manifest, as in YAML."""
    records = {
        name: {
            "form": name.split(".")[1],
            "description": name,
            "size": len(text),
            "sha256": hashlib.sha256(CANONICAL[name].encode()).hexdigest(),
        }
        for name, text in FILES.items()
    }
    records["first.csv"] |= {"key": "A", "channel": "first", "sample": "signal"}
    records["second.csv"] |= {"key": "B", "channel": "second", "sample": "signal"}
    return {
        "source": "a test",
        "base_url": "https://example.invalid/",
        "q2_gen": {"upper": 6.0, "bins": 3},
        "row_sum_tolerance": 1e-3,
        "files": records,
    }


def write(folder):
    """All files into a folder."""
    folder.mkdir(exist_ok=True)
    for name, text in FILES.items():
        (folder / name).write_text(text)
    return folder
