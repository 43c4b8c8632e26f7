"""Small workspaces that together have every modifier, shared parameters, empty bins and settings."""


def sample(name, data, *modifiers):
    return {"name": name, "data": data, "modifiers": [{"name": n, "type": t, "data": d} for n, t, d in modifiers]}


def workspace(channels, observations, parameters=(), poi="mu"):
    return {
        "channels": [{"name": name, "samples": samples} for name, samples in channels.items()],
        "observations": [{"name": name, "data": data} for name, data in observations.items()],
        "measurements": [{"name": "fit", "config": {"poi": poi, "parameters": list(parameters)}}],
        "version": "1.0.0",
    }


def histosys(high, low):
    return {"hi_data": high, "lo_data": low}


MU = ("mu", "normfactor", None)
EVERYTHING = workspace(
    {
        "signal region": [
            sample(
                "signal", [5.0, 8.0, 2.0], MU, ("lumi", "lumi", None),
                ("efficiency", "normsys", {"hi": 1.1, "lo": 0.85}),
                ("shape", "histosys", histosys([5.6, 8.4, 1.7], [4.5, 7.9, 2.4])),
            ),
            sample(
                "background", [50.0, 30.0, 20.0], ("statistics", "staterror", [4.0, 3.0, 2.5]),
                ("shape", "histosys", histosys([52.0, 29.0, 23.0], [47.0, 31.5, 18.0])),
                ("scale", "normsys", {"hi": 1.3, "lo": 0.6}), ("lumi", "lumi", None),
            ),
            sample("fakes", [10.0, 5.0, 0.0], ("statistics", "staterror", [1.5, 1.0, 0.0]),
                   ("fake rate", "shapesys", [2.0, 0.0, 1.0])),
        ],
        "control region": [
            sample("background", [200.0, 120.0], ("scale", "normsys", {"hi": 1.25, "lo": 0.7}),
                   ("free shape", "shapefactor", None),
                   ("scale", "histosys", histosys([210.0, 118.0], [195.0, 125.0]))),
            sample("others", [15.0, 9.0], ("own", "shapesys", [3.0, 2.0])),
        ],
    },
    {"signal region": [70, 45, 19], "control region": [210, 140]},
    [
        {"name": "lumi", "auxdata": [1.0], "sigmas": [0.02], "bounds": [[0.9, 1.1]], "inits": [1.0]},
        {"name": "mu", "bounds": [[0, 5]], "inits": [0.5]},
        {"name": "efficiency", "auxdata": [0.2], "fixed": True},
    ],
)  # fmt: skip
COUNTING = workspace(
    {"bin": [sample("signal", [12.0], MU), sample("background", [50.0], ("error", "shapesys", [7.0]))]}, {"bin": [55]}
)
STATISTICS = workspace(
    {
        "a": [sample("x", [4.0, 0.0, 3.0], MU, ("gamma a", "staterror", [1.0, 0.0, 0.0])),
              sample("y", [6.0, 0.0, 2.0], ("gamma a", "staterror", [0.5, 0.0, 0.0]))],
        "b": [sample("x", [7.0], MU, ("gamma b", "staterror", [0.7]), ("one", "normsys", {"hi": 0.8, "lo": 1.1}))],
    },
    {"a": [11, 0, 4], "b": [6]},
)  # fmt: skip
ALL = {"everything": EVERYTHING, "counting": COUNTING, "statistics": STATISTICS}
