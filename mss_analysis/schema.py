"""The evidence base's schema, read from its one definition: ``data/datapackage.json``."""

import json
import os
import re
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

PACKAGE_FILE = "datapackage.json"
TABLES = (
    "source_types",
    "sources",
    "qualifiers",
    "origins",
    "parties",
    "places",
    "indicators",
    "observations",
    "identities",
    "events",
    "risks",
    "evidence",
    "mitigations",
    "corrections",
    "explanations",
)
# Between the entries of a cell that lists several.
SEPARATOR = "; "
# The locator of a document that is one page.
WHOLE_PAGE = "page"


class EvidenceError(Exception):
    """The evidence can't be read; the message is a sentence for people."""


@dataclass(frozen=True)
class Field:
    """A column: its type, what it means and what it may hold.

    ``items`` names the table and column of which the cell lists entries, with "; " between them.
    """

    name: str
    type: str
    description: str
    required: bool = False
    unique: bool = False
    enum: tuple[str, ...] = ()
    pattern: str = ""
    items: tuple[str, str] | None = None

    @classmethod
    def from_descriptor(cls, descriptor: dict[str, Any]) -> "Field":
        """Read a Frictionless field."""
        constraints = descriptor.get("constraints", {})
        items = descriptor.get("items")
        return cls(
            descriptor["name"],
            descriptor["type"],
            descriptor.get("description", ""),
            constraints.get("required", False),
            constraints.get("unique", False),
            tuple(constraints.get("enum", ())),
            constraints.get("pattern", ""),
            (items["resource"], items["field"]) if items else None,
        )


@dataclass(frozen=True)
class Reference:
    """A column whose values must stand in another table."""

    column: str
    table: str
    target: str


@dataclass(frozen=True)
class Table:
    """A table: its file, columns, key and references."""

    name: str
    title: str
    description: str
    path: str
    fields: tuple[Field, ...]
    key: tuple[str, ...]
    references: tuple[Reference, ...]

    @property
    def columns(self) -> list[str]:
        """Names of the columns in file order."""
        return [field.name for field in self.fields]

    @property
    def numbers(self) -> list[str]:
        """Names of the numeric columns."""
        return [field.name for field in self.fields if field.type == "number"]

    @classmethod
    def from_descriptor(cls, resource: dict[str, Any]) -> "Table":
        """Read a Frictionless table resource."""
        schema = resource["schema"]
        key = schema.get("primaryKey", [])
        return cls(
            resource["name"],
            resource.get("title", resource["name"]),
            resource.get("description", ""),
            resource["path"],
            tuple(Field.from_descriptor(field) for field in schema["fields"]),
            (key,) if isinstance(key, str) else tuple(key),
            tuple(
                Reference(entry["fields"], entry["reference"]["resource"], target)
                for entry in schema.get("foreignKeys", [])
                if isinstance(target := entry["reference"]["fields"], str)
            ),
        )


def locate_data() -> Path:
    """Find the evidence base: ``$MSS_DATA``, the checkout's ``data/``, or the installed copy.

    Raises
    ------
    EvidenceError
        When none of them holds a ``datapackage.json``.

    """
    here = Path(__file__).resolve().parent
    candidates = [here.parent / "data", here / "_data"]
    if override := os.environ.get("MSS_DATA"):
        candidates = [Path(override)]
    for candidate in candidates:
        if (candidate / PACKAGE_FILE).is_file():
            return candidate
    raise EvidenceError(
        f"No evidence base found: {candidates[0]} has no {PACKAGE_FILE}; "
        "set MSS_DATA to the folder that holds it."
    )


def read_schema(data: Path | None = None) -> dict[str, Table]:
    """Read all table definitions, by name.

    >>> read_schema()["observations"].key
    ('observation_id',)

    Raises
    ------
    EvidenceError
        When the description is missing or is not valid JSON.

    """
    path = (data or locate_data()) / PACKAGE_FILE
    try:
        return _parse(path, path.stat().st_mtime_ns)
    except FileNotFoundError:
        raise EvidenceError(f"{path.name} is missing in {path.parent}.") from None
    except KeyError as error:
        raise EvidenceError(f"{path.name} lacks the key {error}.") from None
    except (OSError, ValueError, TypeError, AttributeError, RecursionError, re.error) as error:
        raise EvidenceError(f"{path.name} is not a readable data package: {error}.") from None


@cache
def _parse(path: Path, modified: int) -> dict[str, Table]:
    package = json.loads(path.read_text(encoding="utf-8"))
    tables = (Table.from_descriptor(resource) for resource in package["resources"])
    found = {table.name: table for table in tables}
    if missing := [name for name in TABLES if name not in found]:
        raise ValueError(f"it does not describe the tables {', '.join(missing)}")
    for table in found.values():
        _check_table(table, found)
    return found


def _check_table(table: Table, tables: dict[str, Table]) -> None:
    """Refuse a description whose parts do not fit together."""
    if not isinstance(table.path, str) or "\0" in table.path:
        raise ValueError(f"the path of {table.name} must be a file's name")
    if not table.key or not set(table.key) <= set(table.columns):
        raise ValueError(f"the primaryKey of {table.name} must name its columns")
    for field in table.fields:
        if not isinstance(field.name, str) or field.type not in {"string", "number"}:
            raise ValueError(f"{table.name}: a field needs a name, and the type string or number")
        if not all(isinstance(entry, str) for entry in field.enum):
            raise ValueError(f"{table.name}, {field.name}: enum must be a list of texts")
        re.compile(field.pattern)
        if field.items:
            target = tables.get(field.items[0])
            if target is None or field.items[1] not in target.columns:
                raise ValueError(f"the items of {table.name}, {field.name} lead nowhere")
    for entry in table.references:
        target = tables.get(entry.table)
        known = target is not None and entry.target in target.columns
        if not known or entry.column not in table.columns:
            raise ValueError(f"a foreign key of {table.name} leads nowhere")


def write_codebook(tables: dict[str, Table]) -> str:
    """Write the tables' columns as Markdown, for the codebook in ``data/README.md``."""
    parts = []
    for table in tables.values():
        parts += [f"### `{table.path}`", "", table.description, ""]
        parts += ["| column | meaning | may hold |", "| --- | --- | --- |"]
        for field in table.fields:
            holds = ", ".join(f"`{entry}`" for entry in field.enum)
            holds = holds or ("a number" if field.type == "number" else "text")
            if field.items:
                holds = f"entries of `{field.items[0]}.csv`, with `; ` between them"
            if field.pattern.startswith("^[0-9]{4}"):
                holds = "a date, perhaps partial" if "?" in field.pattern else "a date"
            mark = "" if not field.required else " (never empty)"
            parts.append(f"| `{field.name}` | {field.description} | {holds}{mark} |")
        parts.append("")
    return "\n".join(parts)
