"""Arrays for a page: one gzipped block of text with a header that says where each array stands."""

from __future__ import annotations

import base64
import gzip
import json
from collections.abc import Mapping
from typing import Any

import numpy as np
from numpy.typing import NDArray

KINDS = {"float64": "f8", "int32": "i4", "uint8": "u1"}
ALIGNED = 8


def pack(header: Mapping[str, Any], arrays: Mapping[str, NDArray[Any]]) -> str:
    """`header` and one-dimensional `arrays` (float64, int32 or uint8) as base64 of gzip; the same content gives the same text.

    Inside: the length of the header (uint32, little-endian), the header as JSON with `arrays` [[name, kind, first byte, length]], then
    the arrays, each on a multiple of eight bytes counted from the end of the header. Raises ValueError for another kind of array.
    """
    listed, parts, done = [], [], 0
    for name, array in arrays.items():
        if array.dtype.name not in KINDS or array.ndim != 1:
            raise ValueError(f"{name} is {array.ndim}-dimensional {array.dtype.name}")
        content = np.ascontiguousarray(array).astype(array.dtype.newbyteorder("<")).tobytes()
        content += b"\0" * (-len(content) % ALIGNED)
        listed.append([name, KINDS[array.dtype.name], done, len(array)])
        parts.append(content)
        done += len(content)
    head = json.dumps({**header, "arrays": listed}, ensure_ascii=False, allow_nan=False, separators=(",", ":")).encode()
    head += b" " * (-(len(head) + 4) % ALIGNED)
    return squeeze(len(head).to_bytes(4, "little") + head + b"".join(parts))


def squeeze(content: bytes) -> str:
    """Bytes as base64 of gzip, without a time in it."""
    return base64.b64encode(gzip.compress(content, compresslevel=9, mtime=0)).decode("ascii")
