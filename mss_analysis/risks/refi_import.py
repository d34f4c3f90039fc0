"""Reading coded passages from a REFI-QDA project that another tool wrote.

Files come from strangers: nothing is unpacked to disk, document types are refused, and sizes are
bounded. Element names are matched without their namespace, and files in the archive by their name
without folder and letter case, since tools differ in both.
"""

import re
import unicodedata
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import pandas as pd

from mss_analysis.risks.refi_qda import FAMILIES, RISKS, QdaError, read_description

COLUMNS = (
    "evidence_id", "source_id", "locator", "risk_id", "actor", "actor_group", "stance", "status",
    "date", "paraphrase", "note",
)  # fmt: skip
_LARGEST = 256 * 1024 * 1024


@dataclass(frozen=True)
class Imported:
    """Rows as ``evidence.csv`` has them, and what could not be read, a sentence each."""

    rows: pd.DataFrame
    problems: list[str]


@dataclass(frozen=True)
class _Code:
    family: str
    value: str


@dataclass
class _Reader:
    archive: dict[str, bytes]
    codes: dict[str, _Code]
    problems: list[str] = field(default_factory=list)
    taken: set[str] = field(default_factory=set)

    def read(self, project: ElementTree.Element) -> Iterator[dict[str, str]]:
        for sources in _children(project, "Sources"):
            for source in sources:
                kind = _local(source)
                if kind == "TextSource":
                    yield from self._read_source(source)
                elif any(_local(entry).endswith("Selection") for entry in source):
                    self.problems.append(
                        f"{_name(source)}: selections of a {kind} are passed over; only plain "
                        "text is read."
                    )

    def _read_source(self, source: ElementTree.Element) -> Iterator[dict[str, str]]:
        selections = _children(source, "PlainTextSelection")
        if not selections:
            return
        text = self._read_text(source)
        if text is None:
            return
        told = read_description(_describe(source))
        source_id = told.get("source_id") or _slug(source.get("name", "")) or "unnamed"
        for selection in selections:
            yield from self._read_selection(selection, source_id, text)

    def _read_selection(
        self, selection: ElementTree.Element, source_id: str, text: str
    ) -> Iterator[dict[str, str]]:
        coded = [self._find_code(coding) for coding in _children(selection, "Coding")]
        found = [code for code in coded if code]
        if not found:
            return
        where = f"{source_id}, selection {_name(selection)}"
        try:
            start, end = (int(selection.get(f"{side}Position", "")) for side in ("start", "end"))
        except ValueError:
            self.problems.append(f"{where}: its positions are no numbers; it is passed over.")
            return
        if not 0 <= start < end <= len(text):
            self.problems.append(
                f"{where}: positions {start} to {end} lie outside its text of {len(text)} "
                "characters; it is passed over."
            )
            return
        risks = [code.value for code in found if code.family == RISKS]
        if not risks:
            self.problems.append(f"{where}: it carries no code of a risk; it is passed over.")
        told = read_description(_describe(selection))
        row = {column: told.get(column, "") for column in COLUMNS}
        row |= {"source_id": source_id, "paraphrase": text[start:end].replace("\r\n", "\n")}
        row["locator"] = row["locator"] or f"characters {start} to {end}"
        for family, column in FAMILIES.items():
            values = dict.fromkeys(code.value for code in found if code.family == family)
            if len(values) > 1:
                self.problems.append(
                    f"{where}: it carries {len(values)} codes of {family} "
                    f"({', '.join(values)}); {column} stays empty."
                )
            row[column] = next(iter(values)) if len(values) == 1 else ""
        for risk in dict.fromkeys(risks):
            proposed = row["evidence_id"] if len(set(risks)) == 1 else ""
            yield row | {"risk_id": risk, "evidence_id": self._name_row(proposed, risk, source_id)}

    def _find_code(self, coding: ElementTree.Element) -> _Code | None:
        for reference in _children(coding, "CodeRef"):
            return self.codes.get(_guid(reference.get("targetGUID")))
        return None

    def _name_row(self, proposed: str, risk: str, source_id: str) -> str:
        """Keep an id that is free, else make one."""
        base, number = f"{risk}-{source_id}-qda", 1
        name = proposed or f"{base}-1"
        while name in self.taken:
            number += 1
            name = f"{base}-{number}"
        self.taken.add(name)
        return name

    def _read_text(self, source: ElementTree.Element) -> str | None:
        inline = _children(source, "PlainTextContent")
        if inline:
            return inline[0].text or ""
        path = source.get("plainTextPath", "")
        content = self.archive.get(_base(path))
        if not path or content is None:
            self.problems.append(f"{_name(source)}: its text {path!r} is not in the archive.")
            return None
        text = _decode(content)
        if text is None:
            self.problems.append(f"{_name(source)}: its text is neither UTF-8 nor UTF-16.")
        elif "\r\n" in text:
            self.problems.append(
                f"{_name(source)}: its text has CRLF line ends, which tools count as one or as "
                "two; they are counted as two. Check where passages begin and end."
            )
        return text


def import_passages(path: Path, titles: dict[str, str] | None = None) -> Imported:
    """Read the passages of a project, a row for each risk that a selection is coded with.

    ``titles`` maps risk ids to titles: a code of another tool that bears either is that risk; any
    other code becomes a new ``risk_id`` made from its name. What a foreign selection does not
    carry (speaker, date) stays empty, and ``mss check`` asks for it.

    Raises
    ------
    QdaError
        When the file is no REFI-QDA project, is too large, or declares a document type.

    """
    archive = _read_archive(path)
    projects = [name for name in archive if name.endswith(".qde")]
    if not projects:
        raise QdaError(f"{path.name} holds no project.qde; it is no REFI-QDA project.")
    root = parse(archive[projects[0]], path.name)
    if _local(root) != "Project":
        raise QdaError(f"{path.name} holds a {_local(root)} in place of a Project.")
    reader = _Reader(archive, _read_codes(root, titles or {}))
    rows = pd.DataFrame(list(reader.read(root)), columns=list(COLUMNS), dtype="str")
    return Imported(rows, reader.problems)


def import_codes(path: Path, titles: dict[str, str] | None = None) -> pd.DataFrame:
    """Read the codes of a codebook (``.qdc``) that are risks: ``risk_id, title, statement``.

    Raises
    ------
    QdaError
        When the file is no codebook.

    """
    try:
        content = path.read_bytes()
    except OSError as error:
        raise QdaError(f"{path} can't be read: {(error.strerror or 'unknown').lower()}.") from None
    root = parse(content, path.name)
    if _local(root) != "CodeBook":
        raise QdaError(f"{path.name} holds a {_local(root)} in place of a CodeBook.")
    codes = _read_codes(root, titles or {})
    records = [
        {
            "risk_id": codes[guid].value,
            "title": element.get("name", ""),
            "statement": re.sub(r"\n?^risk_id: .*$", "", _describe(element), flags=re.MULTILINE),
        }
        for element in root.iter()
        if (guid := _guid(element.get("guid"))) in codes and codes[guid].family == RISKS
    ]
    return pd.DataFrame(records, columns=["risk_id", "title", "statement"], dtype="str")


def parse(content: bytes, name: str) -> ElementTree.Element:
    """Parse XML that declares no document type, hence no entities."""
    try:
        return ElementTree.fromstring(content, ElementTree.XMLParser(target=_Builder()))
    except (ElementTree.ParseError, ValueError, LookupError) as error:
        raise QdaError(f"{name} holds XML that can't be read ({error}).") from None


class _Builder(ElementTree.TreeBuilder):
    def doctype(self, *_: Any) -> None:
        raise QdaError("The file declares a document type, which REFI-QDA does not; it is refused.")


def _read_archive(path: Path) -> dict[str, bytes]:
    """Read the files of an archive by name, without folder and in lower case."""
    try:
        with zipfile.ZipFile(path) as archive:
            entries = [entry for entry in archive.infolist() if not entry.is_dir()]
            wanted = [entry for entry in entries if entry.filename.endswith((".qde", ".txt"))]
            if sum(entry.file_size for entry in wanted) > _LARGEST:
                raise QdaError(f"{path.name} unpacks to more than {_LARGEST >> 20} MB of text.")
            return {_base(entry.filename): archive.read(entry) for entry in wanted}
    except OSError as error:
        raise QdaError(f"{path} can't be read: {(error.strerror or 'unknown').lower()}.") from None
    except (zipfile.BadZipFile, RuntimeError, NotImplementedError, EOFError) as error:
        raise QdaError(f"{path.name} is no readable ZIP archive ({error}).") from None


def _read_codes(root: ElementTree.Element, titles: dict[str, str]) -> dict[str, _Code]:
    """Give family and value of each code by its GUID; codes of no family are risks."""
    known = {risk.casefold(): risk for risk in titles}
    known |= {title.casefold(): risk for risk, title in titles.items()}
    found: dict[str, _Code] = {}

    def walk(element: ElementTree.Element, family: str) -> None:
        for code in _children(element, "Code"):
            name = code.get("name", "").strip()
            if name in (RISKS, *FAMILIES) and _children(code, "Code"):
                walk(code, name)
                continue
            value = name
            if family == RISKS:
                told = read_description(_describe(code)).get("risk_id")
                value = told or known.get(name.casefold()) or _slug(name) or "unnamed"
            found[_guid(code.get("guid"))] = _Code(family, value)
            walk(code, family)

    for codes in [entry for entry in root.iter() if _local(entry) == "Codes"]:
        walk(codes, RISKS)
    return found


def _children(element: ElementTree.Element, name: str) -> list[ElementTree.Element]:
    return [child for child in element if _local(child) == name]


def _local(element: ElementTree.Element) -> str:
    return str(element.tag).rpartition("}")[2]


def _describe(element: ElementTree.Element) -> str:
    return next((child.text or "" for child in _children(element, "Description")), "")


def _name(element: ElementTree.Element) -> str:
    return repr(element.get("name") or element.get("guid") or "unnamed")


def _guid(written: str | None) -> str:
    return (written or "").strip().strip("{}").lower()


def _base(path: str) -> str:
    return re.split(r"[\\/]", path)[-1].lower()


def _decode(content: bytes) -> str | None:
    encoding = "utf-16" if content[:2] in (b"\xff\xfe", b"\xfe\xff") else "utf-8-sig"
    try:
        return content.decode(encoding)
    except UnicodeDecodeError:
        return None


def _slug(words: str) -> str:
    plain = unicodedata.normalize("NFKD", words).encode("ascii", "ignore").decode().lower()
    return re.sub(r"[^a-z0-9]+", "-", plain).strip("-")
