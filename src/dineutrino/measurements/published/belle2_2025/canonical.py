"""A file reduced to its content: two copies that differ in whitespace or in trailing digits have the same checksum.

- json: every number a double in its shortest form, keys sorted, no whitespace, strings in ASCII.
- csv: every number rounded to nine significant digits, as in 1.23456789e-02; commas, and a line feed between rows.

The published densities have nineteen digits; copies rounded to nine are in use, and say the same within a relative
5e-9. Byte by byte only one of all these would be right.
"""

import hashlib
import json

from dineutrino.errors import DineutrinoError
from dineutrino.measurements.published.belle2_2025.manifest import Form
from dineutrino.measurements.published.belle2_2025.table import parse_table


def canonical_sha256(content: bytes, form: Form, name: str, columns: int) -> str:
    """Checksum of the canonical form.

    Args:
        content: bytes of the file.
        form: what it holds.
        name: for messages.
        columns: of a table.

    Raises:
        DineutrinoError: not UTF-8, not JSON with finite numbers, not a table of finite numbers that are not negative.
    """
    try:
        text = content.decode("utf-8")
    except UnicodeDecodeError:
        raise DineutrinoError(f"{name} is not a text file.") from None
    canonical = _canonical_json(text, name) if form == "json" else _canonical_table(text, name, columns)
    return hashlib.sha256(canonical.encode()).hexdigest()


def _canonical_json(text: str, name: str) -> str:
    try:
        content = json.loads(text, parse_int=float)
        return json.dumps(content, sort_keys=True, separators=(",", ":"), allow_nan=False)
    except json.JSONDecodeError as error:
        raise DineutrinoError(f"{name} is not JSON: {error}.") from None
    except (ValueError, RecursionError):
        raise DineutrinoError(f"{name} has a number that is not finite, or is nested too deeply.") from None


def _canonical_table(text: str, name: str, columns: int) -> str:
    rows = parse_table(text, name, columns)
    return "\n".join(",".join(f"{float(value):.8e}" for value in row) for row in rows)
