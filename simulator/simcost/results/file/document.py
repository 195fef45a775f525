"""All texts and single numbers of a result in one JSON array of bytes: what the reader believes, under one SHA-256.

xarray and netCDF need texts of variable length; HDF5 keeps these in heaps without checksums, and reading a damaged one can
go on for ever inside the library (HDF5 2.0: a heap object of size 0). So simcost itself never reads them back.
"""

from __future__ import annotations

import hashlib
import json
from typing import TYPE_CHECKING, Any

import numpy as np

from simcost.results.file.groups import RESULT_SCHEMA
from simcost.results.file.guarded import Damaged, group_at, has, numbers_at
from simcost.results.file.netcdf import Group, Variable, storable

if TYPE_CHECKING:
    from collections.abc import Mapping

    import h5py

NAME = "document"

SEAL_NAME = "SHA-256 of the file without samples and these bytes, written last"


def document_group(groups: Mapping[str, Group], checks: Mapping[str, Any]) -> Group:
    """Describe the group that holds the texts of other groups.

    Parameters
    ----------
    groups
        Those to be covered: their texts and attributes are in the document, their numbers under its digest.
    checks
        What the reader needs to check the groups that are not covered.
    """
    content = {
        "schema": RESULT_SCHEMA,
        "groups": {path: {"attributes": _plain(group), "texts": _texts(group)} for path, group in groups.items()},
        "checks": checks,
    }
    encoded = json.dumps(content, ensure_ascii=False, separators=(",", ":")).encode()
    variables = {
        "json": Variable(("byte",), np.frombuffer(encoded, np.uint8), {"long_name": "texts and single numbers, JSON in UTF-8"}),
        "sha256": Variable(("sha256_byte",), _digest(encoded, groups), {"long_name": "SHA-256 of json and of the figures"}),
        "seal": Variable(("sha256_byte",), np.zeros(hashlib.sha256().digest_size, np.uint8), {"long_name": SEAL_NAME}),
    }
    return Group(variables, {}, {"byte": len(encoded), "sha256_byte": hashlib.sha256().digest_size})


class StoredDocument:
    """The document of a file that is being read.

    Parameters
    ----------
    file
        Open.
    """

    def __init__(self, file: h5py.File) -> None:
        if not has(file, NAME):
            message = "it has no document of simcost"
            raise Damaged(message)
        group = group_at(file, NAME)
        self._encoded = numbers_at(group, "json", "uint8", 1).tobytes()
        self._sha256 = numbers_at(group, "sha256", "uint8", 1)
        try:
            content = json.loads(self._encoded)
        except RecursionError as error:
            message = "its document is nested too deeply"
            raise Damaged(message) from error
        if content["schema"] != RESULT_SCHEMA:
            message = f"its schema is {content['schema']!r}, not {RESULT_SCHEMA!r}"
            raise Damaged(message)
        self._groups: dict[str, Any] = content["groups"]
        self.checks: dict[str, Any] = content["checks"]

    def has(self, path: str) -> bool:
        """Whether the file had such a group."""
        return path in self._groups

    def group(self, path: str) -> Group:
        """Texts and attributes of a group as they were given to `document_group`."""
        said = self._groups[path]
        variables = {str(name): Variable((), np.array(values, dtype=object)) for name, values in said["texts"].items()}
        if not all(isinstance(value, str) for variable in variables.values() for value in variable.data.ravel()):
            message = "its document holds texts that are none"
            raise Damaged(message)
        return Group(variables, said["attributes"])

    def verify(self, groups: Mapping[str, Group]) -> None:
        """Compare document and numbers with their digest."""
        if not np.array_equal(self._sha256, _digest(self._encoded, groups)):
            message = "its contents are not as they were written"
            raise Damaged(message)


def _plain(group: Group) -> dict[str, Any]:
    return {key: storable(value) if isinstance(value, str) else value for key, value in group.attributes.items()}


def _texts(group: Group) -> dict[str, Any]:
    return {name: variable.data.tolist() for name, variable in group.variables.items() if variable.data.dtype == object}


def _digest(encoded: bytes, groups: Mapping[str, Group]) -> Any:
    """SHA-256 over the document, then names, types, shapes and bytes of all numbers."""
    state = hashlib.sha256(encoded)
    for path, group in sorted(groups.items()):
        for name, variable in sorted(group.variables.items()):
            data = variable.data
            if data.dtype != object:
                state.update(repr((path, name, data.shape, data.dtype.str)).encode())
                state.update(np.ascontiguousarray(data).tobytes())
    return np.frombuffer(state.digest(), np.uint8)
