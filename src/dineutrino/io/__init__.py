"""Files that anybody may have written: text, YAML and JSON, each read in one place and never executed."""

from dineutrino.io.json import parse_json, read_json
from dineutrino.io.text import read_text
from dineutrino.io.yaml import parse_yaml, read_yaml

__all__ = ["parse_json", "parse_yaml", "read_json", "read_text", "read_yaml"]
