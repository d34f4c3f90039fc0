"""REFI-QDA: what goes out follows the published schema and comes back as it was."""

import io
import zipfile
from dataclasses import replace
from pathlib import Path
from xml.etree import ElementTree

import pandas as pd
import pytest
import xmlschema

import mss_analysis as mss
from mss_analysis.cli import main
from mss_analysis.evidence import Evidence
from mss_analysis.risks.refi_import import COLUMNS, import_codes, import_passages
from mss_analysis.risks.refi_qda import QdaError, export_passages

SCHEMAS = Path(__file__).resolve().parent / "refi_qda"
HOSTILE = [
    "Kreyòl, Espérance, naïve; e\u0301 is two code points and é one",
    "An astral 𝔸 and an emoji 👩🏽‍🚒 of several code points",
    'A <tag attr="x">, & an &amp; entity, ]]> and <!-- a comment -->',
    "two\nlines and a \ttab; backslash \\n is no line end",
    "عربي and Ελληνικά \u202e turned around",
    "=cmd|' /C calc'!A0",
    "note: looks like a described line\nrisk_id: nothing",
    "   blanks at both ends   ",
    "../../etc/passwd; internal://x.txt",
]


def read(as_of: str = "2024-12-01") -> Evidence:
    return mss.load(as_of, corpus="seed")


def spoil(evidence: Evidence) -> Evidence:
    """Put hostile words into everything that people write."""
    passages = evidence.passages.copy()
    words = [HOSTILE[place % len(HOSTILE)] for place in range(len(passages))]
    for column in ("paraphrase", "actor", "locator", "note"):
        passages[column] = words
        words = words[1:] + words[:1]
    risks = evidence.risks.copy()
    risks["title"] = [f"{HOSTILE[place % 6]} {place}" for place in range(len(risks))]
    risks["statement"] = [HOSTILE[place % 6] for place in range(len(risks))]
    return replace(evidence, tables=evidence.tables | {"evidence": passages, "risks": risks})


def sort(rows: pd.DataFrame) -> pd.DataFrame:
    return rows[list(COLUMNS)].sort_values("evidence_id").reset_index(drop=True)


def pack(folder: Path, project: str, files: dict[str, bytes] | None = None) -> Path:
    path = folder / "foreign.qdpx"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("project.qde", project)
        for name, content in (files or {}).items():
            archive.writestr(name, content)
    return path


def write_project(
    selection: str = "", text: str = "", codes: str = "", path: str = "internal://T.TXT"
) -> str:
    """Write a project as other tools do: braces, upper case, no description."""
    guid = "{00000000-0000-4000-8000-00000000000%s}"
    return f"""<?xml version="1.0" encoding="utf-8"?>
    <Project xmlns="urn:QDA-XML:project:1.0" name="Foreign">
      <CodeBook><Codes>
        <Code guid="{guid % "A"}" name="Language barrier" isCodable="true"/>
        <Code guid="{guid % "B"}" name="Réfugiés &amp; déplacés" isCodable="true"/>
        <Code guid="{guid % "C"}" name="Stance" isCodable="false">
          <Code guid="{guid % "D"}" name="raises" isCodable="true"/>
          <Code guid="{guid % "E"}" name="disputes" isCodable="true"/>
        </Code>{codes}
      </Codes></CodeBook>
      <Sources><TextSource guid="{guid % "F"}" name="Entretien n° 1" plainTextPath="{path}">
        {text}{selection}
      </TextSource></Sources>
    </Project>"""


def select(start: int, end: int, *codes: str) -> str:
    codings = "".join(
        f'<Coding guid="00000000-0000-4000-8000-000000000009"><CodeRef '
        f'targetGUID="00000000-0000-4000-8000-00000000000{code}"/></Coding>'
        for code in codes
    )
    return (
        f'<PlainTextSelection guid="00000000-0000-4000-8000-000000000008" name="s" '
        f'startPosition="{start}" endPosition="{end}">{codings}</PlainTextSelection>'
    )


@pytest.mark.parametrize("change", [lambda evidence: evidence, spoil], ids=["real", "hostile"])
def test_a_project_follows_the_published_schema(tmp_path: Path, change) -> None:
    path, book = tmp_path / "out.qdpx", tmp_path / "out.qdc"
    export_passages(change(read()), path)
    export_passages(change(read()), book)
    with zipfile.ZipFile(path) as archive:
        xmlschema.validate(io.BytesIO(archive.read("project.qde")), SCHEMAS / "Project.xsd")
    xmlschema.validate(io.BytesIO(book.read_bytes()), SCHEMAS / "Codebook.xsd")


def test_the_schema_would_find_a_fault(tmp_path: Path) -> None:
    path = tmp_path / "out.qdc"
    export_passages(read(), path)
    spoilt = path.read_bytes().replace(b'isCodable="true"', b"", 1)
    with pytest.raises(xmlschema.XMLSchemaValidationError):
        xmlschema.validate(io.BytesIO(spoilt), SCHEMAS / "Codebook.xsd")


@pytest.mark.parametrize("change", [lambda evidence: evidence, spoil], ids=["real", "hostile"])
def test_what_goes_out_comes_back(tmp_path: Path, change) -> None:
    evidence = change(read())
    path = tmp_path / "out.qdpx"
    assert export_passages(evidence, path) == len(evidence.passages)
    found = import_passages(path)
    assert found.problems == []
    pd.testing.assert_frame_equal(sort(found.rows), sort(evidence.passages), check_dtype=False)


def test_positions_count_code_points_of_the_text_as_it_is(tmp_path: Path) -> None:
    """An independent reading of the file: slice the decoded text, compare with the paraphrase."""
    evidence, path = spoil(read()), tmp_path / "out.qdpx"
    export_passages(evidence, path)
    told = dict(zip(evidence.passages["evidence_id"], evidence.passages["paraphrase"], strict=True))
    space = "{urn:QDA-XML:project:1.0}"
    with zipfile.ZipFile(path) as archive:
        root = ElementTree.fromstring(archive.read("project.qde"))
        for source in root.iter(f"{space}TextSource"):
            name = source.get("plainTextPath").removeprefix("internal://")
            raw = archive.read(f"Sources/{name}")
            assert not raw.startswith(b"\xef\xbb\xbf")
            assert b"\r" not in raw
            text = raw.decode("utf-8")
            for entry in source.iter(f"{space}PlainTextSelection"):
                start, end = int(entry.get("startPosition")), int(entry.get("endPosition"))
                assert text[start:end] == told.pop(entry.get("name"))
    assert told == {}


def test_what_xml_cannot_hold_is_replaced_and_line_ends_become_lf(tmp_path: Path) -> None:
    evidence = read()
    passages = evidence.passages.copy()
    passages["paraphrase"] = "a\x00b\x1b\ufffe\r\nc\rd"
    path = tmp_path / "out.qdpx"
    export_passages(replace(evidence, tables=evidence.tables | {"evidence": passages}), path)
    assert set(import_passages(path).rows["paraphrase"]) == {"a\ufffdb\ufffd\ufffd\nc\nd"}


def test_the_same_evidence_gives_the_same_bytes(tmp_path: Path) -> None:
    first, second = tmp_path / "a.qdpx", tmp_path / "b.qdpx"
    export_passages(read(), first)
    export_passages(read(), second)
    assert first.read_bytes() == second.read_bytes()


def test_a_codebook_comes_back(tmp_path: Path) -> None:
    evidence, path = read(), tmp_path / "out.qdc"
    export_passages(evidence, path)
    expected = evidence.risks[["risk_id", "title", "statement"]]
    pd.testing.assert_frame_equal(import_codes(path), expected, check_dtype=False)


def test_a_foreign_project_is_read(tmp_path: Path) -> None:
    text = "Kreyòl 👩🏽‍🚒 pale. Ils sont déplacés."
    project = write_project(select(7, len("Kreyòl 👩🏽‍🚒 pale."), "a", "D") + select(18, 22, "b"))
    path = pack(tmp_path, project, {"sources/t.txt": b"\xef\xbb\xbf" + text.encode()})
    found = import_passages(path, {"language-barrier": "Language barrier"})
    first, second = found.rows.to_dict(orient="records")
    assert first["risk_id"] == "language-barrier"
    assert first["paraphrase"] == "👩🏽‍🚒 pale."
    assert first["stance"] == "raises"
    assert (first["source_id"], first["actor"]) == ("entretien-n-1", "")
    assert (second["risk_id"], second["stance"]) == ("refugies-deplaces", "")
    assert second["locator"] == "characters 18 to 22"
    assert first["evidence_id"] != second["evidence_id"]


def test_two_risks_on_one_selection_are_two_rows(tmp_path: Path) -> None:
    text = "<PlainTextContent>Words of somebody</PlainTextContent>"
    rows = import_passages(pack(tmp_path, write_project(select(0, 5, "A", "B"), text))).rows
    assert rows["risk_id"].tolist() == ["language-barrier", "refugies-deplaces"]
    assert rows["evidence_id"].is_unique


@pytest.mark.parametrize(
    ("selection", "said"),
    [
        (select(0, 99, "A"), "positions 0 to 99 lie outside its text of 5 characters"),
        (select(-2, 3, "A"), "positions -2 to 3 lie outside"),
        (select(3, 3, "A"), "positions 3 to 3 lie outside"),
        (select(0, 3, "D"), "carries no code of a risk"),
        (select(0, 3, "A", "D", "E"), "carries 2 codes of Stance (raises, disputes)"),
        (select(0, 3, "A").replace('"0"', '"x"'), "its positions are no numbers"),
    ],
)
def test_a_wrong_selection_is_told(tmp_path: Path, selection: str, said: str) -> None:
    text = "<PlainTextContent>Words</PlainTextContent>"
    (problem,) = import_passages(pack(tmp_path, write_project(selection, text))).problems
    assert said in problem


def test_crlf_texts_are_read_and_told(tmp_path: Path) -> None:
    path = pack(tmp_path, write_project(select(3, 8, "A")), {"Sources/T.txt": b"a\r\nWords"})
    found = import_passages(path)
    assert found.rows["paraphrase"].tolist() == ["Words"]
    assert "CRLF" in found.problems[0]


def test_a_text_outside_the_archive_is_not_read(tmp_path: Path) -> None:
    (tmp_path / "secret.txt").write_text("secret words")
    project = write_project(select(0, 5, "A"), path=f"internal://{tmp_path}/secret.txt")
    found = import_passages(pack(tmp_path, project))
    assert found.rows.empty
    assert "is not in the archive" in found.problems[0]


def test_entities_are_refused(tmp_path: Path) -> None:
    bomb = '<!DOCTYPE Project [<!ENTITY a "ha"><!ENTITY b "&a;&a;">]><Project>&b;</Project>'
    with pytest.raises(QdaError, match="document type"):
        import_passages(pack(tmp_path, bomb))


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"no archive", "no readable ZIP"),
        (b"", "no readable ZIP"),
    ],
)
def test_what_is_no_archive_is_told(tmp_path: Path, content: bytes, said: str) -> None:
    path = tmp_path / "x.qdpx"
    path.write_bytes(content)
    with pytest.raises(QdaError, match=said):
        import_passages(path)


@pytest.mark.parametrize("project", ["", "<Project", "<CodeBook/>"])
def test_what_is_no_project_is_told(tmp_path: Path, project: str) -> None:
    with pytest.raises(QdaError):
        import_passages(pack(tmp_path, project))


def test_an_archive_that_unpacks_to_too_much_is_refused(tmp_path: Path, monkeypatch) -> None:
    monkeypatch.setattr("mss_analysis.risks.refi_import._LARGEST", 1000)
    path = pack(tmp_path, write_project(), {"Sources/t.txt": b" " * 2000})
    with pytest.raises(QdaError, match="unpacks to more than"):
        import_passages(path)


def test_nothing_known_is_not_exported(tmp_path: Path) -> None:
    with pytest.raises(QdaError, match="nothing to export"):
        export_passages(read("2023-01-01"), tmp_path / "out.qdpx")


def test_the_command_goes_there_and_back(tmp_path: Path, capsys) -> None:
    path, out = str(tmp_path / "out.qdpx"), tmp_path / "evidence.csv"
    assert main(["qda", "export", path, "--as-of", "2024-12-01", "--corpus", "seed"]) == 0
    assert main(["qda", "import", path, "--out", str(out)]) == 0
    assert f"{len(read().passages)} rows written" in capsys.readouterr().out
    again = pd.read_csv(out, dtype="str", keep_default_na=False)
    pd.testing.assert_frame_equal(sort(again), sort(read().passages), check_dtype=False)
    assert main(["qda", "import", path, "--out", str(out)]) == 2
    assert "is there already" in capsys.readouterr().err
    assert main(["qda", "export", str(tmp_path / "out.doc")]) == 2
    assert main(["qda", "import", str(tmp_path / "none.qdpx"), "--out", f"{out}2"]) == 2
    assert "can't be read: no such file" in capsys.readouterr().err
