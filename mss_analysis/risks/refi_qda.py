"""Coded passages as REFI-QDA files, for NVivo, ATLAS.ti, MAXQDA, QualCoder and others.

A project (``.qdpx``) is a ZIP of ``project.qde`` (XML) and one plain text a document; a codebook
(``.qdc``) is the codes alone. The texts are our paraphrases, since the documents are not ours to
pass on. Each passage is coded with its risk, stance, status and group of speakers. Positions count
Unicode code points from zero, the end excluded, in UTF-8 without byte-order mark and with LF line
ends, so that every tool counts alike. What XML can't hold (control characters) becomes U+FFFD.
"""

import io
import re
import uuid
import zipfile
from pathlib import Path
from xml.etree import ElementTree

from mss_analysis.evidence import Evidence
from mss_analysis.schema import EvidenceError

PROJECT, CODEBOOK = "urn:QDA-XML:project:1.0", "urn:QDA-XML:codebook:1.0"
ORIGIN = "mss_analysis"
# Code families beside the risks, and the columns of evidence.csv that they stand for.
FAMILIES = {"Stance": "stance", "Status": "status", "Speaker group": "actor_group"}
RISKS = "Risk"
# Columns that no code carries: they stand in the description of a selection, a line each.
TOLD = ("evidence_id", "locator", "actor", "date", "note")
_ILLEGAL = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
_SPACE = uuid.uuid5(uuid.NAMESPACE_URL, "urn:mss-analysis:refi-qda")
_EPOCH = (1980, 1, 1, 0, 0, 0)


class QdaError(EvidenceError):
    """A REFI-QDA file can't be read or written; the message says why."""


def export_passages(evidence: Evidence, path: Path) -> int:
    """Write what is known as a project, or its codes as a codebook, by the name's ending.

    The same evidence gives the same bytes.

    Returns
    -------
    int
        Number of passages written, or of codes.

    Raises
    ------
    QdaError
        When nothing is known on that day, or the ending is neither ``.qdpx`` nor ``.qdc``.

    """
    if evidence.passages.empty:
        raise QdaError(f"No passage on a risk was known on {evidence.as_of}; nothing to export.")
    if path.suffix == ".qdc":
        book = ElementTree.Element("CodeBook", xmlns=CODEBOOK, origin=ORIGIN)
        codes = _add_codes(book, evidence)
        path.write_bytes(_write_xml(book))
        return len(codes)
    if path.suffix != ".qdpx":
        raise QdaError(f"{path.name!r} must end in .qdpx (project) or .qdc (codebook).")
    project, texts = _build_project(evidence)
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as archive:
        files = {"project.qde": _write_xml(project)}
        files |= {f"Sources/{name}": text.encode() for name, text in texts.items()}
        for name, content in files.items():
            entry = zipfile.ZipInfo(name, _EPOCH)
            entry.compress_type = zipfile.ZIP_DEFLATED
            archive.writestr(entry, content)
    path.write_bytes(stream.getvalue())
    return len(evidence.passages)


def clean(words: str) -> str:
    """Give words as a text file with LF line ends and an XML document can both hold them.

    >>> clean("a\\r\\nb\\x00")
    'a\\nb\\ufffd'
    """
    return _ILLEGAL.sub("\ufffd", words.replace("\r\n", "\n").replace("\r", "\n"))


def describe(entries: dict[str, str]) -> str:
    """Write entries as lines ``key: value``; a line end in a value is escaped.

    >>> describe({"note": "first\\nsecond"})
    'note: first\\\\nsecond'
    """
    lines = []
    for key, value in entries.items():
        if value:
            lines.append(f"{key}: " + clean(value).replace("\\", "\\\\").replace("\n", "\\n"))
    return "\n".join(lines)


def read_description(words: str) -> dict[str, str]:
    """Read what :func:`describe` wrote; lines of another form are passed over.

    >>> read_description("My memo\\nnote: first\\\\nsecond")
    {'note': 'first\\nsecond'}
    """
    found = re.findall(r"^([a-z_]+): (.*)$", words, flags=re.MULTILINE)
    return {
        key: re.sub(r"\\(.)", lambda match: "\n" if match[1] == "n" else match[1], value)
        for key, value in found
    }


def _build_project(evidence: Evidence) -> tuple[ElementTree.Element, dict[str, str]]:
    """Build the project and the texts of its sources by file name."""
    day = f"{evidence.as_of.isoformat()}T00:00:00Z"
    user = _guid("user", ORIGIN)
    project = ElementTree.Element(
        "Project",
        xmlns=PROJECT,
        name=f"MSS Haiti: passages on risks, known on {evidence.as_of.isoformat()}",
        origin=ORIGIN,
        creatingUserGUID=user,
        creationDateTime=day,
    )
    users = ElementTree.SubElement(project, "Users")
    ElementTree.SubElement(users, "User", guid=user, name=ORIGIN, id=ORIGIN)
    codes = _add_codes(ElementTree.SubElement(project, "CodeBook"), evidence)
    sources = ElementTree.SubElement(project, "Sources")
    texts = {}
    documents = evidence.sources.set_index("source_id")
    for source, passages in evidence.passages.groupby("source_id", sort=False):
        document = documents.loc[source]
        guid = _guid("source", str(source))
        element = ElementTree.SubElement(
            sources,
            "TextSource",
            guid=guid,
            name=_one_line(f"{evidence.label(str(source))} ({source})"),
            plainTextPath=f"internal://{guid}.txt",
            creatingUser=user,
            creationDateTime=day,
        )
        told = {column: str(document[column]) for column in ("title", "publisher", "url")}
        ElementTree.SubElement(element, "Description").text = describe(
            {"source_id": str(source), **told, "published": str(document["published"])}
        )
        text = clean(f"{document['title']}\n{evidence.label(str(source))}\n")
        for row in passages.to_dict(orient="records"):
            text += clean(f"\n[{row['locator']}] {_one_line(row['actor'])}\n")
            start, text = len(text), text + clean(row["paraphrase"])
            _add_selection(element, row, (start, len(text)), codes, user)
            text += "\n"
        texts[f"{guid}.txt"] = text
    return project, texts


def _add_codes(parent: ElementTree.Element, evidence: Evidence) -> dict[tuple[str, str], str]:
    """Add all codes; give the GUID of each by (family, value)."""
    codes = ElementTree.SubElement(parent, "Codes")
    guids: dict[tuple[str, str], str] = {}

    def add(group: ElementTree.Element, family: str, value: str, name: str, words: str) -> None:
        guids[family, value] = _guid(family, value)
        code = ElementTree.SubElement(
            group, "Code", guid=guids[family, value], name=_one_line(name), isCodable="true"
        )
        ElementTree.SubElement(code, "Description").text = clean(words)

    for family in (RISKS, *FAMILIES):
        group = ElementTree.SubElement(
            codes, "Code", guid=_guid("family", family), name=family, isCodable="false"
        )
        if family == RISKS:
            for row in evidence.risks.to_dict(orient="records"):
                words = f"{row['statement']}\n" + describe({"risk_id": row["risk_id"]})
                add(group, RISKS, row["risk_id"], row["title"], words)
            continue
        for value in sorted(evidence.passages[FAMILIES[family]].unique()):
            add(group, family, value, value, f"{FAMILIES[family]} of evidence.csv")
    return guids


def _add_selection(
    source: ElementTree.Element,
    row: dict[str, str],
    span: tuple[int, int],
    codes: dict[tuple[str, str], str],
    user: str,
) -> None:
    identifier = row["evidence_id"]
    selection = ElementTree.SubElement(
        source,
        "PlainTextSelection",
        guid=_guid("selection", identifier),
        name=_one_line(identifier),
        startPosition=str(span[0]),
        endPosition=str(span[1]),
        creatingUser=user,
    )
    ElementTree.SubElement(selection, "Description").text = describe(
        {column: row[column] for column in TOLD}
    )
    wanted = [(RISKS, row["risk_id"])]
    wanted += [(family, row[column]) for family, column in FAMILIES.items()]
    for family, value in wanted:
        coding = ElementTree.SubElement(
            selection, "Coding", guid=_guid("coding", identifier, family), creatingUser=user
        )
        ElementTree.SubElement(coding, "CodeRef", targetGUID=codes[family, value])


def _write_xml(root: ElementTree.Element) -> bytes:
    return ElementTree.tostring(root, encoding="utf-8", xml_declaration=True) + b"\n"


def _one_line(words: str) -> str:
    """Names stand in attributes, where XML has no line ends."""
    return " ".join(clean(words).split())


def _guid(*parts: str) -> str:
    return str(uuid.uuid5(_SPACE, "\n".join(parts)))
