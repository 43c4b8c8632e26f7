"""Whatever a workspace file holds: a usable likelihood, or one sentence that says what is wrong."""

import copy
import json
import math

import jax.numpy as jnp
import numpy as np
import pytest
from close import approx
from hypothesis import given, settings
from hypothesis import strategies as st
from workspaces import ALL, COUNTING, EVERYTHING, MU, STATISTICS, sample, workspace

from dineutrino.errors import DineutrinoError
from dineutrino.measurements.histfactory import HistFactory, parse_workspace, read_workspace


def refusal(content, read=parse_workspace):
    """The sentence with which a workspace is refused."""
    with pytest.raises(DineutrinoError) as raised:
        HistFactory(read(content))
    message = str(raised.value)
    assert message.endswith(".")
    assert message.isprintable()
    return message


def changed(content, *path, to):
    """A copy with another node at the path."""
    content = copy.deepcopy(content)
    parent = at(content, path[:-1])
    parent[path[-1]] = (
        to(parent.get(path[-1]) if isinstance(parent, dict) else parent[path[-1]]) if callable(to) else to
    )
    return content


def at(content, path):
    for step in path:
        content = content[step]
    return content


def nodes(content, path=()):
    """The paths of all nodes but the root."""
    steps = content if isinstance(content, dict) else range(len(content)) if isinstance(content, list) else ()
    for step in steps:
        yield (*path, step)
        yield from nodes(content[step], (*path, step))


# -- any mistake ------------------------------------------------------------------------------------------------------


def nested(depth):
    found = []
    for _ in range(depth):
        found = [found]
    return found


JUNK = [
    None, True, False, 0, 1, -1, 2.5, 1e-100, 1e100, 1e300, -1e300, 5e-324, 10**400, math.nan, math.inf, -math.inf,
    "", "mu", "x", "lumi", "normsys", "two\nlines", "\ud800", [], [[]], [1.0], [-1.0, 2.0], [1, 2, 3], {},
    {"hi": 1, "lo": 2}, nested(5000), (1.0,),
]  # fmt: skip


@st.composite
def mistaken(draw):
    """A workspace with one or two mistakes: a node that is missing, there twice, in another's place, or anything."""
    content = copy.deepcopy(ALL[draw(st.sampled_from(sorted(ALL)))])
    for _ in range(draw(st.integers(1, 2))):
        paths = list(nodes(content))
        path, other = draw(st.sampled_from(paths)), draw(st.sampled_from(paths))
        parent = at(content, path[:-1])
        match draw(st.sampled_from(["drop", "twice", "swap", "junk", "key"])):
            case "drop":
                del parent[path[-1]]
            case "twice" if isinstance(parent, list):
                parent.append(parent[path[-1]])
            case "swap":
                parent[path[-1]] = copy.deepcopy(at(content, other))
            case "key" if isinstance(parent, dict):
                parent[draw(st.sampled_from(["data", "fixed", "sigmas", "inits", "note", "two\nlines"]))] = None
            case _:
                parent[path[-1]] = draw(st.sampled_from(JUNK))
                break  # junk may be too deep to walk through
    return content


@pytest.mark.slow
@settings(max_examples=400)
@given(mistaken())
def test_a_mistake_is_refused_or_harmless(content):
    """Another number may be as good as the first; then the density exists, and may be zero."""
    try:
        model = HistFactory(parse_workspace(content))
    except DineutrinoError as error:
        message = str(error)
        assert message.endswith(".")
        assert message.isprintable()
        assert len(message) < 600
    else:
        assert model.log_prob(model.initial()) < math.inf


# -- particular mistakes ----------------------------------------------------------------------------------------------

CHANNEL = ("channels", 0)
SIGNAL = (*CHANNEL, "samples", 0)
BACKGROUND = (*CHANNEL, "samples", 1)
CONFIG = ("measurements", 0, "config")
LUMI, MU_SETTINGS, EFFICIENCY = ((*CONFIG, "parameters", i) for i in range(3))


def twice(records):
    return [*records, records[0]]


@pytest.mark.parametrize(
    ("path", "to", "message"),
    [
        (("chanels",), [], "workspace: unknown key 'chanels'; did you mean 'channels'?"),
        (("channels",), twice, "workspace: channel 'bin' appears twice"),
        (("channels",), {}, "workspace: channels must be a list of mappings, not a mapping"),
        (("channels", 0), 3, "workspace: channel must be a mapping with the keys name, samples, not 3"),
        ((*CHANNEL, "name"), 3, "workspace: channel: the name must be a text of printable characters, not 3"),
        ((*CHANNEL, "name"), "bim", "workspace: channel 'bim' has no observation"),
        ((*CHANNEL, "name"), "", "channel: the name must be a text of printable characters, not ''"),
        ((*CHANNEL, "name"), "a\nb", r"channel: the name must be a text of printable characters, not 'a\nb'"),
        ((*CHANNEL, "samples"), [], "channel 'bin' has no samples"),
        ((*CHANNEL, "samples"), twice, "channel 'bin': sample 'signal' appears twice"),
        ((*SIGNAL, "datum"), 1, "channel 'bin': sample: unknown key 'datum'; did you mean 'data'?"),
        ((*SIGNAL, "data"), [], "channel 'bin', sample 'signal': data has 0 numbers for 1 bins"),
        ((*SIGNAL, "data"), [math.inf], "sample 'signal': data: entry 1 must be a number, but inf is not finite"),
        ((*SIGNAL, "data"), [10**400], "data: entry 1 must be a number, but inf is not finite"),
        ((*SIGNAL, "data"), [1e101], "data: entry 1 must be a number up to 1e+100, not 1e+101"),
        ((*SIGNAL, "data"), [True], "data must be a list of numbers, but entry 1 is true"),
        ((*SIGNAL, "modifiers"), twice, "channel 'bin', sample 'signal': normfactor 'mu' appears twice"),
        ((*SIGNAL, "modifiers"), None, "sample 'signal': modifiers must be a list of mappings, not null"),
        ((*SIGNAL, "modifiers", 0, "data"), 1.0, "normfactor 'mu' takes no data; they must be null, not 1"),
        ((*SIGNAL, "modifiers", 0, "type"), [], "the type of modifier 'mu' must be a text of printable characters"),
        ((*SIGNAL, "modifiers", 0, "type"), "lumi", "a modifier of the kind lumi must have the name 'lumi', not 'mu'"),
        ((*BACKGROUND, "modifiers", 0, "data"), [-7.0], "'error': errors must not be negative, but entry 1 is -7"),
        ((*BACKGROUND, "modifiers", 0, "data"), [7.0, 7.0], "shapesys 'error' has 2 numbers for 1 bins"),
        ((*BACKGROUND, "modifiers", 0, "data"), [1e-90],
         "workspace: channel 'bin', shapesys 'error': an error of 1e-90 cannot be that of 50 events in bin 1"),
        (("observations",), [], "channel 'bin' has no observation"),
        (("observations",), twice, "observation 'bin' appears twice"),
        (("observations",), lambda records: [*records, {"name": "bim", "data": [1]}],
         "workspace: an observation has an unknown channel 'bim'; did you mean 'bin'?"),
        (("observations", 0, "data"), [-1], "observation 'bin' must not be negative, but entry 1 is -1"),
        (("observations", 0, "data"), [1, 2], "sample 'signal': data has 1 numbers for 2 bins"),
        (("observations", 0, "data"), [], "observation 'bin' has no numbers"),
        (("measurements",), twice, "measurement 'fit' appears twice"),
        (("measurements", 0), {"name": "fit"}, "measurement: the key 'config' is missing"),
        ((*CONFIG, "poi"), "nu", "workspace: unknown parameter of interest 'nu'; did you mean 'mu'?"),
        ((*CONFIG, "poi"), None, "measurement 'fit': the parameter of interest must be a text of printable characters"),
        ((*CONFIG, "parameters"), [{"name": "mu"}] * 2, "settings of the parameter 'mu' appears twice"),
        ((*CONFIG, "parameters"), [{"name": "error", "sigmas": [1.0]}],
         "sigmas of parameter 'error' has no meaning, for its constraint is a Poisson distribution"),
        ((*CONFIG, "parameters"), [{"name": "error", "auxdata": [-1.0]}],
         "auxdata of parameter 'error' must not be negative, but entry 1 is -1"),
        ((*CONFIG, "parameters"), [{"name": "mu", "factors": [1.0]}], "unknown key 'factors'"),
        (("version",), 1, "workspace: version must be a text of printable characters, not 1"),
    ],
)  # fmt: skip
def test_what_is_wrong_with_a_counting_experiment(path, to, message):
    assert message in refusal(changed(COUNTING, *path, to=to))


@pytest.mark.parametrize(
    ("path", "to", "message"),
    [
        ((*LUMI, "sigmas"), [0.0], "sigmas of parameter 'lumi' must be positive, not 0"),
        ((*LUMI, "sigmas"), [-0.1], "sigmas of parameter 'lumi' must be positive, not -0.1"),
        ((*LUMI, "auxdata"), ["1"], "auxdata of parameter 'lumi' must be a list of numbers, but entry 1 is '1'"),
        ((*LUMI, "auxdata"), 1.0, "auxdata of parameter 'lumi' must be a list of numbers, not 1"),
        ((*LUMI, "bounds"), [0.9, 1.1], "'lumi' must be a list of pairs [lower, upper], but has 0.9"),
        ((*LUMI, "bounds"), [[0.9, 1.0, 1.1]], "bounds of parameter 'lumi' must be a list of pairs [lower, upper]"),
        ((*LUMI, "bounds"), [[1.1, 0.9]], "bounds of parameter 'lumi' must have lower <= upper, not [1.1, 0.9]"),
        ((*LUMI, "bounds"), [[1.0, 1.0]], "parameter 'lumi' must be fixed, for its bounds [1, 1] are equal"),
        ((*LUMI, "bounds"), [], "bounds of parameter 'lumi' must have 1 entries, not 0"),
        ((*LUMI, "inits"), [1.2], "parameter 'lumi' starts at 1.2, outside of its bounds [0.9, 1.1]"),
        ((*MU_SETTINGS, "bounds"), [[1, 5]], "parameter 'mu' starts at 0.5, outside of its bounds [1, 5]"),
        ((*MU_SETTINGS, "sigmas"), [1.0], "sigmas of parameter 'mu' has no meaning, for it has no constraint"),
        ((*MU_SETTINGS, "name"), "mw", "which no modifier has: unknown parameter 'mw'; did you mean 'mu'?"),
        ((*EFFICIENCY, "fixed"), 1, "fixed of parameter 'efficiency' must be true or false, not 1"),
        ((*EFFICIENCY, "fixed"), [True], "fixed of parameter 'efficiency' must be true or false, not a list"),
    ],
)  # fmt: skip
def test_what_is_wrong_with_settings(path, to, message):
    assert message in refusal(changed(EVERYTHING, *path, to=to))


def test_errors_and_factors():
    path = ("channels", 0, "samples", 0, "modifiers", 1, "data")
    message = refusal(changed(STATISTICS, *path, to=[1.0, 0.0, -0.5]))
    assert "sample 'x', staterror 'gamma a': errors must not be negative, but entry 3 is -0.5" in message
    path = ("channels", 1, "samples", 0, "modifiers", 2, "data")
    for factor in (0.0, -0.8, 1e-101):
        assert "'hi' and 'lo' must be positive" in refusal(changed(STATISTICS, *path, "hi", to=factor))
    assert "normsys 'one': the key 'lo' is missing" in refusal(changed(STATISTICS, *path, to={"hi": 1.1}))


def test_initial_values_that_overflow():
    parameters = [
        {"name": "mu", "inits": [1e90], "bounds": [[0, 1e100]]},
        {"name": "nu", "inits": [1e90], "bounds": [[0, 1e100]]},
    ]
    content = workspace({"bin": [sample("signal", [0.0], MU, ("nu", "normfactor", None))]}, {"bin": [1]}, parameters)
    assert "so large that yields overflow" in refusal(content)


def test_a_name_is_shared_by_what_can_share_it():
    """A free shape over two channels has one number of bins; statistical errors belong to one channel."""
    free = ("shape", "shapefactor", None)
    channels = {"a": [sample("x", [4.0, 5.0], free)], "b": [sample("x", [7.0, 6.0], free), sample("y", [1.0, 1.0], MU)]}
    model = HistFactory(parse_workspace(workspace(channels, {"a": [5, 6], "b": [8, 7]})))
    assert model.parameters["shape"].size == 2
    point = model.initial() | {"shape": jnp.asarray([2.0, 3.0])}
    assert model.expected(point) == approx([8.0, 15.0, 15.0, 19.0], rel=1e-14)
    channels["b"] = [sample("x", [7.0, 6.0, 5.0], free), sample("y", [1.0, 1.0, 1.0], MU)]
    message = refusal(workspace(channels, {"a": [5, 6], "b": [8, 7, 6]}))
    assert "shapefactor 'shape' is in channels of 2 and 3 bins; they must have the same number" in message
    for kind in ("staterror", "shapesys"):
        error = ("error", kind, [1.0])
        content = workspace(
            {"a": [sample("x", [4.0], MU, error)], "b": [sample("x", [4.0], error)]}, {"a": [1], "b": [1]}
        )
        assert f"{kind} 'error' is in several places" in refusal(content)


# -- what is not a mistake --------------------------------------------------------------------------------------------


def log_prob(content):
    model = HistFactory(parse_workspace(content))
    return float(model.log_prob(model.initial()))


def test_what_pyhf_reads_too():
    """No parameter of interest, luminosity settings that nothing uses, further keys of a shape, negative yields."""
    expected = -6.221738972945417  # of pyhf 0.7.6
    lumi = {"name": "lumi", "auxdata": [1.0], "sigmas": [0.1], "bounds": [[0.5, 1.5]], "inits": [1.0], "fixed": True}
    for path, to in [((*CONFIG, "poi"), ""), ((*CONFIG, "parameters"), [lumi])]:
        assert log_prob(changed(COUNTING, *path, to=to)) == approx(expected, rel=1e-12)
    data = ("channels", 1, "samples", 0, "modifiers", 2, "data")
    assert log_prob(changed(STATISTICS, *data, "note", to="x")) == log_prob(STATISTICS)
    assert log_prob(changed(COUNTING, *SIGNAL, "data", to=[-12.0])) == approx(-9.14689136547426, rel=1e-12)


def test_a_workspace_without_parameters():
    content = workspace({"bin": [sample("all", [50.0])]}, {"bin": [55]}, poi="")
    assert log_prob(content) == approx(55 * math.log(50.0) - 50.0 - math.lgamma(56.0), rel=1e-12)


@pytest.mark.parametrize(("expected", "observed"), [(-3.0, 4), (-3.0, 0), (0.0, 4)])
def test_an_impossible_expectation_has_no_probability(expected, observed):
    content = workspace({"bin": [sample("all", [expected], MU)]}, {"bin": [observed]})
    assert log_prob(content) == -math.inf


def test_an_impossible_auxiliary_expectation_has_no_probability():
    model = HistFactory(parse_workspace(COUNTING))
    assert model.log_constraints(model.initial() | {"error": jnp.asarray(-0.1)}) == -math.inf


@pytest.mark.parametrize("relative", [1e-3, 1e-5, 1e-9, 1e-40])
def test_a_tiny_error_costs_no_digits(relative):
    """A Poisson distribution with so many events is a normal one: half a unit for one standard deviation."""
    content = changed(COUNTING, *BACKGROUND, "modifiers", 0, "data", to=[50.0 * relative])
    model = HistFactory(parse_workspace(content))
    best = model.log_constraints(model.initial())
    assert best == approx(math.log(relative / math.sqrt(2 * math.pi)), rel=1e-6)
    if relative > 1e-12:  # a double near 1
        away = model.log_constraints(model.initial() | {"error": jnp.asarray(1.0 + relative)})
        assert best - away == approx(0.5, rel=max(relative, 1e-6))


def test_bins_without_an_error_stay_fixed():
    content = changed(STATISTICS, *CONFIG, "parameters", to=[{"name": "gamma a", "fixed": False}])
    assert HistFactory(parse_workspace(content)).parameters["gamma a"].fixed == (False, True, True)


# -- names are names --------------------------------------------------------------------------------------------------


def test_nothing_is_executed(tmp_path):
    """Whatever a name looks like, the density is that of the same workspace with plain names."""
    proof = tmp_path / "executed"
    names = {
        "mu": f"__import__('pathlib').Path('{proof}').touch()",
        "scale": "{0.__class__.__mro__}",
        "signal region": "$(touch executed); `touch executed`; %s %n",
        "background": "lambda: exec('raise SystemExit')",
        "shape": "../../etc/passwd",
        "fit": "!!python/object/apply:os.system ['true']",
    }
    text = json.dumps(EVERYTHING)
    for old, new in names.items():
        text = text.replace(json.dumps(old), json.dumps(new))
    path = tmp_path / "workspace.json"
    path.write_text(text)
    model = HistFactory(read_workspace(path))
    assert set(names.values()) & set(model.parameters) == {names["mu"], names["scale"], names["shape"]}
    assert model.parameter_of_interest == names["mu"]
    assert float(model.log_prob(model.initial())) == approx(log_prob(EVERYTHING), rel=1e-13)
    assert not proof.exists()


# -- files ------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (b"", "it is empty"),
        (b" \n", "it is empty"),
        (b"{", "cannot be read as JSON: Expecting"),
        (b"\xff\xfe{\x00}\x00", "it is not text in UTF-8"),
        (b"PK\x03\x04\x80", "it is not text in UTF-8"),
        (b"\xef\xbb\xbf{}", "BOM"),
        (b"[" * 100_000, "it is nested too deeply"),
        (b'{"a":' * 100_000, "it is nested too deeply"),
        (b'{"version": NaN}', "NaN is not a finite number"),
        (b"[1, -Infinity]", "-Infinity is not a finite number"),
        (b'{"version": "1.0.0", "version": "1.0.0"}', "the key 'version' appears twice in one mapping"),
        (b"[]", "must be a mapping with the keys channels, observations, measurements, version, not a list"),
        (b"null", "must be a mapping with the keys channels, observations, measurements, version, not null"),
        (b"{}", "the key 'channels' is missing"),
    ],
)  # fmt: skip
def test_a_file_that_is_no_workspace(tmp_path, content, message):
    path = tmp_path / "workspace.json"
    path.write_bytes(content)
    found = refusal(path, read_workspace)
    assert message in found
    assert "workspace.json" in found


@pytest.mark.parametrize("number", ["1e400", "-1e400", "9" * 400, "9" * 5000])
def test_a_number_in_a_file_that_is_too_large(tmp_path, number):
    path = tmp_path / "workspace.json"
    path.write_text(json.dumps(COUNTING).replace("55", number))
    assert "observation 'bin': entry 1 must be a number, but" in refusal(path, read_workspace)


def test_every_sentence_names_the_file(tmp_path):
    """Also where parameters do not fit together, which is found later."""
    for content in (changed(COUNTING, *CONFIG, "poi", to="nu"), changed(COUNTING, *CHANNEL, "name", to="nu")):
        path = tmp_path / "workspace.json"
        path.write_text(json.dumps(content))
        assert refusal(path, read_workspace).startswith(str(path))


def test_a_folder_and_no_possible_path(tmp_path):
    assert "cannot be read" in refusal(tmp_path, read_workspace)
    with pytest.raises(DineutrinoError, match="cannot be read: embedded null"):
        read_workspace("nul\0.json")


def test_integers_are_numbers(tmp_path):
    path = tmp_path / "workspace.json"
    path.write_text(json.dumps(COUNTING))
    assert read_workspace(path).channels == parse_workspace(COUNTING).channels
    assert np.isfinite(log_prob(COUNTING))
