"""Files that somebody else wrote, some of them in bad faith: one sentence each, at once."""

import os

import pytest

from dineutrino.errors import DineutrinoError
from dineutrino.io import parse_json, parse_yaml, read_json, read_text, read_yaml

BOMB = "a0: &a0 [x, x, x, x, x, x, x, x, x, x]\n" + "".join(
    f"a{i}: &a{i} [{', '.join([f'*a{i - 1}'] * 10)}]\n" for i in range(1, 12)
)


def refused(read, *arguments):
    with pytest.raises(DineutrinoError) as caught:
        read(*arguments)
    assert "\n" not in str(caught.value)
    return str(caught.value)


@pytest.mark.parametrize("read", [read_text, read_json, read_yaml])
def test_files_that_are_no_text(tmp_path, read):
    latin, binary = tmp_path / "latin.yaml", tmp_path / "binary.yaml"
    latin.write_bytes("a: 1\nname: Grössler\n".encode("latin-1"))
    binary.write_bytes(bytes(range(256)))
    assert "not text in UTF-8 (line 2, byte 0xf6)" in refused(read, latin)
    assert "not text in UTF-8" in refused(read, binary)
    assert "there is no file" in refused(read, tmp_path / "nothing")
    assert "cannot be read: Is a directory" in refused(read, tmp_path)
    assert "larger than" in refused(read, "/dev/zero")


def test_a_pipe_is_read():
    begin, end = os.pipe()
    os.write(end, b"a: 1e-5")
    os.close(end)
    assert read_yaml(f"/dev/fd/{begin}") == {"a": 1e-5}
    os.close(begin)


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("[" * 20_000, "nested too deeply"),
        ("{a: " * 20_000, "nested too deeply"),
        ("- " * 20_000, "nested too deeply"),
        ("[\n" * 20_000, "nested too deeply"),
        (BOMB, "it has more than 1000000 entries"),
        ("{" + "k: 1, " * 1_000_001 + "k: 1}", "it has more than 1000000 entries"),
        ("a: &a [*a]", "an entry contains itself"),
        ("a: 1\na: 2", "the name 'a' appears twice"),
        ("b: {c: 1, c: 2}", "the name 'c' appears twice"),
        ("a: [", "not readable as YAML"),
    ],
)
def test_yaml_in_bad_faith(text, reason):
    assert reason in refused(parse_yaml, text, "a.yaml")


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("[" * 100_000, "nested too deeply"),
        ("", "it is empty"),
        ("{", "Expecting"),
        ('{"a": 1, "a": 2}', "the key 'a' appears twice"),
        ("{" + '"k": 1, ' * 1_000_000 + '"k": 1}', "the key 'k' appears twice"),
        ("{" + ", ".join(f'"{i}": 1' for i in range(200_000)) + ', "7": 1}', "the key '7' appears twice"),
    ],
    ids=range(6),
)
def test_json_in_bad_faith(text, reason):
    assert reason in refused(parse_json, text, "the file 'a.json'")


def test_what_is_read():
    assert parse_yaml("a: 1e-5\nb: [1, .5, text, null]\n", "a.yaml") == {"a": 1e-5, "b": [1, 0.5, "text", None]}
    assert parse_yaml("a: &x {b: 1}\nc: *x\n", "a.yaml") == {"a": {"b": 1}, "c": {"b": 1}}
    assert parse_yaml("", "a.yaml") is None
    assert parse_json("[-Infinity]", "a.json", constants=True) == [-float("inf")]
    assert "NaN is not a finite number" in refused(parse_json, "[NaN]", "a.json")
    assert parse_json('{"a": [1, 2.5, null, "x"]}', "a.json") == {"a": [1.0, 2.5, None, "x"]}
