"""Downloads that can be interrupted: what has arrived waits in a file NAME.part for the next attempt."""

import http.client
import re
from collections.abc import Callable
from http.client import HTTPResponse as Response
from pathlib import Path
from urllib.error import HTTPError, URLError
from urllib.parse import urlsplit
from urllib.request import Request, urlopen

from dineutrino.errors import DineutrinoError

_BLOCK = 1 << 14
_TIMEOUT = 30.0
"""Seconds of silence after which a server counts as gone."""

Progress = Callable[[int, int | None], None]
"""Called with the number of bytes that are there, and of all bytes where the server tells."""


class Truncated(DineutrinoError):
    """The connection ended early. What has arrived is kept."""


def download_part(url: str, part: Path, progress: Progress | None = None) -> None:
    """Bring the file `part` to the full content at `url`, from where it ends if the server can do that.

    The server is asked for the missing bytes (RFC 9110, section 14). From one that sends everything nevertheless,
    everything is taken: `part` begins anew. Whether the content is the right one is for the caller to see.

    Raises:
        Truncated: the connection broke, or fewer bytes came than were announced; `part` holds them.
        DineutrinoError: the address is not http or https, the server refuses or cannot be reached, or `part` cannot be
            written.
    """
    if urlsplit(url).scheme not in ("http", "https"):
        raise DineutrinoError(f"the address '{url}' does not start with https:// or http://.")
    start = part.stat().st_size if part.is_file() else 0
    response = _open(url, start)
    if response is None:
        return
    with response:
        start, total = _range(response, start, url)
        _append(response, part, start, total, url, progress)


def _open(url: str, start: int) -> Response | None:
    """The answer of the server; none if there is nothing after `start`."""
    try:
        return urlopen(Request(url, headers={"Range": f"bytes={start}-"} if start else {}), timeout=_TIMEOUT)
    except HTTPError as error:
        with error:
            if start and error.code == 416:  # the range cannot be satisfied
                total = re.fullmatch(r"bytes \*/(\d+)", error.headers.get("Content-Range", ""))
                return None if total and int(total[1]) == start else _open(url, 0)
            raise DineutrinoError(f"'{url}': the server answers {error.code} ({error.reason}).") from None
    except URLError as error:
        raise DineutrinoError(f"'{url}' cannot be reached: {error.reason}.") from None
    except (OSError, http.client.HTTPException, ValueError) as error:
        raise DineutrinoError(f"'{url}' cannot be reached: {error}.") from None


def _range(response: Response, start: int, url: str) -> tuple[int, int | None]:
    """Where the bytes of the answer begin in the file, and how many the file has."""
    length = response.headers.get("Content-Length", "")
    if response.status != 206:
        return 0, int(length) if length.isdecimal() else None
    sent = re.fullmatch(r"bytes (\d+)-\d+/(\d+|\*)", response.headers.get("Content-Range", ""))
    if sent is None or int(sent[1]) != start:
        raise DineutrinoError(f"'{url}': the server sends another part of the file than was asked for.")
    if sent[2] != "*":
        return start, int(sent[2])
    return start, start + int(length) if length.isdecimal() else None


def _append(response: Response, part: Path, start: int, total: int | None, url: str, progress: Progress | None) -> None:
    done, broken = start, False
    try:
        file = part.open("r+b" if start else "wb")
    except OSError as error:
        raise _unwritable(part, error) from None
    with file:
        file.seek(start)
        while not broken:
            block, broken = _read(response)
            if not block:
                break
            try:
                file.write(block)
                file.flush()
            except OSError as error:
                raise _unwritable(part, error) from None
            done += len(block)
            if progress is not None:
                progress(done, total)
    if broken or (total is not None and done != total):
        announced = "" if total is None else f" of {total}"
        raise Truncated(f"'{url}' ended after {done}{announced} bytes; the same command goes on from there.")


def _read(response: Response) -> tuple[bytes, bool]:
    """The next block, empty at the end; and whether the connection broke."""
    try:
        return response.read(_BLOCK), False
    except http.client.IncompleteRead as error:
        return error.partial, True
    except (OSError, http.client.HTTPException):
        return b"", True


def _unwritable(part: Path, error: OSError) -> DineutrinoError:
    return DineutrinoError(f"the file '{part}' cannot be written: {error.strerror or error}.")
