"""Where the entries of a YAML document stand."""

import pytest

from dineutrino.errors import DineutrinoError
from dineutrino.io.located_yaml import read_located

TEXT = """\
# a comment
name: a
parameters:
  Re CL: {min: -1e1,
          max: 2}
list:
  - one
  - [two, 3e-5]
"""


def test_every_entry_knows_its_line():
    source = read_located(TEXT, "a.yaml")
    assert source.content["parameters"]["Re CL"] == {"min": -10.0, "max": 2}
    assert source.content["list"][1][1] == 3e-5
    assert source.where(("name",)) == "a.yaml, line 2, name"
    assert source.where(("parameters", "Re CL", "min")) == "a.yaml, line 4, parameters.Re CL.min"
    assert source.where(("parameters", "Re CL", "max")) == "a.yaml, line 5, parameters.Re CL.max"
    assert source.where(("list", 1, 1)) == "a.yaml, line 8, list[1][1]"


def test_what_is_not_there_stands_where_it_would():
    source = read_located(TEXT, "a.yaml")
    assert source.where(("parameters", "Re CL", "scale")) == "a.yaml, line 4, parameters.Re CL.scale"
    assert source.where(("name", 0)) == "a.yaml, line 2, name"
    assert source.where(("seed",)) == "a.yaml, line 2, seed"


def test_repeated_keys_are_noted_with_the_second_line():
    source = read_located("a: 1\nb: {c: 1, d: 2,\n c: 3}\na: 4\n", "a.yaml")
    assert [source.where(place) for place in source.repeated] == ["a.yaml, line 3, b.c", "a.yaml, line 4, a"]


def test_merge_keys_and_aliases_work():
    source = read_located("a: &x {min: 1, max: 2}\nb: {<<: *x, max: 3}\nc: *x\n", "a.yaml")
    assert source.content["b"] == {"min": 1, "max": 3}
    assert source.repeated == ()
    assert source.line(("c", "min")) == 1


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("a: 1\nb: [1, 2\nc: 3\n", "a.yaml, line 3: not readable as YAML: "),
        ("a:\n\t- 1\n", "a.yaml, line 2: not readable as YAML: "),
        ("a: 'open\n", "a.yaml, line 2: not readable as YAML: "),
        ("a: 1\n---\nb: 2\n", "a.yaml, line 2: not readable as YAML: expected a single document"),
        ("? [1, 2]\n: 3\n", "a.yaml, line 1: not readable as YAML: "),
        (
            "a: !!python/object:os.system {}\n",
            "a.yaml, line 1: not readable as YAML: could not determine a constructor",
        ),
        ("a: *missing\n", "a.yaml, line 1: not readable as YAML: found undefined alias"),
        ("a: 2024-99-99\n", "a.yaml: not readable as YAML: "),
        ("a: \x07\n", "a.yaml: not readable as YAML: "),
        ("a: &a [*a]\n", "a.yaml, line 1: an entry contains itself"),
        ("[" * 5000, "a.yaml"),
    ],
)
def test_what_is_not_yaml_is_refused_with_its_line(text, said):
    with pytest.raises(DineutrinoError) as caught:
        read_located(text, "a.yaml")
    assert str(caught.value).startswith(said)
    assert "\n" not in str(caught.value)


def test_an_empty_document_is_nothing():
    assert read_located("# nothing\n", "a.yaml").content is None
