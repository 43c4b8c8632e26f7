"""Files: text, YAML and JSON that anybody may have written, each read in one place and never executed; files that are
complete or not there (`atomic`); what was computed, written and read back bit by bit (`stored`).
"""

from dineutrino.io.json import parse_json, read_json
from dineutrino.io.text import read_text
from dineutrino.io.tree import Tree, mapping
from dineutrino.io.yaml import parse_yaml, read_yaml

__all__ = ["Tree", "mapping", "parse_json", "parse_yaml", "read_json", "read_text", "read_yaml"]
