"""`mss check`: every planted fault gets its own message, all of them in one run."""

import csv

import pytest

from mss_analysis import cells
from mss_analysis.check import check
from mss_analysis.cli import main

KILLED = "killed-2024q1-004-p8"


def test_the_evidence_base_is_sound(base):
    assert check(base) == []


def read(path):
    with path.open(newline="", encoding="utf-8") as stream:
        return list(csv.DictReader(stream))


def write(path, rows):
    with path.open("w", newline="", encoding="utf-8") as stream:
        writer = csv.DictWriter(stream, list(rows[0]), lineterminator="\n")
        writer.writeheader()
        writer.writerows(rows)


def put(table, column, value, **where):
    """Make a fault: set one cell of the first row that fits."""

    def spoil(base):
        path = base / f"{table}.csv"
        rows = read(path)
        row = next(row for row in rows if all(row[key] == want for key, want in where.items()))
        row[column] = value
        write(path, rows)

    return spoil


def edit(table, change):
    """Make a fault: change the bytes of a file."""

    def spoil(base):
        path = base / f"{table}.csv"
        path.write_bytes(change(path.read_bytes()))

    return spoil


def observation(column, value, name=KILLED):
    return put("observations", column, value, observation_id=name)


def remove_column(raw):
    lines = raw.decode().splitlines()
    return ("\n".join(line.split(",", 1)[1] for line in lines) + "\n").encode()


def swap_columns(raw):
    header, rest = raw.split(b"\n", 1)
    names = header.split(b",")
    return b",".join([names[1], names[0], *names[2:]]) + b"\n" + rest


FAULTS = {
    "bad date": (observation("period_end", "2024-02-30"), "must be a date of the calendar"),
    "date in words": (observation("period_end", "March 2024"), "written 2024-06-25"),
    "unknown source": (observation("source_id", "999"), "is not in sources.csv"),
    "unknown indicator": (observation("indicator", "deaths"), "is not in indicators.csv"),
    "text in a number": (observation("value", "many"), "must be a plain number"),
    "separators in a number": (observation("value", "1,660"), "without separators"),
    "unknown qualifier": (observation("qualifier", "roughly"), "must be one of exact, about"),
    "unknown status": (observation("status", "promised"), "must be one of authorised"),
    "unknown precision": (observation("date_precision", "week"), "must be one of day, month"),
    "wrong unit": (observation("unit", "officers"), "is not the unit of killed, which is persons"),
    "swapped bounds": (
        put("observations", "low", "60", observation_id="gang-minors-2024-06-004-p12"),
        "must be no less than low",
    ),
    "value above high": (observation("high", "100"), "must be no less than the value"),
    "value below low": (observation("low", "2000"), "must be no more than the value"),
    "override without note": (
        put("observations", "note", "", observation_id="killed-growth-2024q1-004-p8"),
        "must say why the row overrides",
    ),
    "no value": (observation("value", ""), "must be given unless the qualifier is between"),
    "value of a range": (
        put("observations", "value", "40", observation_id="gang-minors-2024-06-004-p12"),
        "must be empty where the qualifier is between",
    ),
    "range without bound": (
        put("observations", "high", "", observation_id="gang-minors-2024-06-004-p12"),
        "must be given where the qualifier is between",
    ),
    "flow without period": (
        observation("period_start", ""),
        "must be given: killed is a flow over a period",
    ),
    "half a period": (observation("period_end", ""), "must be given with period_start"),
    "reversed period": (observation("period_start", "2024-05-01"), "must not lie before"),
    "stock without date": (
        put("observations", "as_of", "", observation_id="displaced-2024-06-004-p8"),
        "idp_total is a stock at a date",
    ),
    "no locator": (observation("locator", ""), "must not be empty"),
    "no place": (observation("place", ""), "must not be empty"),
    "stray blank": (observation("place", "Haiti "), "starts or ends with a blank"),
    "line break in a cell": (
        observation("note", "one\ntwo"),
        "holds a line break, a tab or another",
    ),
    "hidden direction mark": (observation("note", "a\u202eb"), "another unseen character"),
    "number without end": (observation("value", "9" * 40), "must be a plain number"),
    "year without sense": (observation("period_end", "9999-12-31"), "date of the calendar"),
    "share above the whole": (
        put("observations", "value", "5000", observation_id="gang-control-2025-01-003-p11"),
        "must lie between 0 and 100",
    ),
    "share without a date": (
        put("observations", "as_of", "", observation_id="gang-control-2025-01-003-p11"),
        "or a period must be given",
    ),
    "negative ceiling": (
        put("observations", "value", "-5", observation_id="gang-minors-2024-06-004-p83"),
        "must not be negative",
    ),
    "identity of two units": (
        put("identities", "observation_id", KILLED, identity_id="trust-fund-donors", role="part"),
        "relates figures of different units",
    ),
    "only a byte-order mark": (edit("events", lambda raw: b"\xef\xbb\xbf\n"), "is empty"),
    "cell without end": (
        edit("events", lambda raw: raw + b'"' + b"x" * 140_000 + b'"\n'),
        "holds a cell of more than 131,072 characters",
    ),
    "shouted id": (observation("observation_id", "KILLED"), "must match"),
    "duplicate id": (
        observation("observation_id", "injured-2024q1-004-p8"),
        "stands there already; an id must be unique",
    ),
    "id of another table": (
        put("events", "event_id", KILLED),
        "is already an id in observations.csv",
    ),
    "bad event date": (put("events", "date", "2024-6", kind="resolution"), "2024-06 or 2024-06-25"),
    "event ends early": (put("events", "date_end", "1800", kind="resolution"), "before date"),
    "unknown kind": (
        put("events", "kind", "party", kind="resolution"),
        "must be one of resolution",
    ),
    "unknown corpus": (put("sources", "corpus", "core", corpus="seed"), "must be one of seed"),
    "bad address": (put("sources", "url", "example.org", corpus="seed"), "must match ^https?"),
    "unknown measure": (put("indicators", "measure", "sum", indicator="killed"), "flow, stock"),
    "unknown risk": (put("evidence", "risk_id", "weather", stance="raises"), "not in risks.csv"),
    "unknown stance": (put("evidence", "stance", "fears", stance="raises"), "raises, disputes"),
    "unknown group": (put("risks", "interaction", "police-army"), "must name pairs of groups"),
    "identity of nothing": (
        put("identities", "observation_id", "no-such-row", role="total"),
        "is not in observations.csv",
    ),
    "wrong role": (put("identities", "role", "base", role="part"), "is no role in a"),
    "identity without total": (put("identities", "role", "part", role="total"), "needs exactly 1"),
    "mixed identity": (put("identities", "kind", "same", role="total"), "terms of several kinds"),
    "byte-order mark": (edit("events", lambda raw: b"\xef\xbb\xbf" + raw), "byte-order mark"),
    "CRLF": (edit("events", lambda raw: raw.replace(b"\n", b"\r\n")), "CR or CRLF line ends"),
    "Latin-1": (
        edit("events", lambda raw: raw + "Pétion-Ville\n".encode("latin-1")),
        "is not UTF-8 (Latin-1 or Windows-1252?)",
    ),
    "UTF-16": (edit("events", lambda raw: raw.decode().encode("utf-16")), "is UTF-16"),
    "NUL byte": (edit("events", lambda raw: raw + b"\0\n"), "holds a NUL byte"),
    "empty file": (edit("events", lambda raw: b""), "is empty; it needs at least its header row"),
    "row too long": (edit("events", lambda raw: raw + b"," * 20 + b"\n"), "has 21 cells where"),
    "row too short": (edit("events", lambda raw: raw + b"lonely,cell\n"), "has 2 cells where"),
    "blank line": (edit("events", lambda raw: raw + b"\n"), "is a blank line"),
    "open quotation": (edit("events", lambda raw: raw + b'"never closed\n'), "is not valid CSV"),
    "cut off": (edit("events", lambda raw: raw[:-1]), "does not end with a line end"),
    "missing column": (edit("events", remove_column), "is missing from the header"),
    "unknown column": (
        edit("events", lambda raw: raw.replace(b"title", b"Title", 1)),
        "is not a known column; did you mean title?",
    ),
    "double column": (
        edit("events", lambda raw: raw.replace(b"locator", b"source_id", 1)),
        "stands in the header twice",
    ),
    "shuffled columns": (edit("events", swap_columns), "columns must stand in the order"),
    "no header": (edit("events", lambda raw: raw.split(b"\n", 1)[1]), "write the header row first"),
    "missing file": (lambda base: (base / "events.csv").unlink(), "is missing"),
}


@pytest.mark.parametrize("fault", FAULTS)
def test_each_fault_gets_its_own_message(base, fault):
    spoil, words = FAULTS[fault]
    spoil(base)
    problems = [str(problem) for problem in check(base)]
    assert any(words in problem for problem in problems), problems


def test_messages_name_file_row_column_and_value(base):
    observation("value", "many")(base)
    line = 2 + [row["observation_id"] for row in read(base / "observations.csv")].index(KILLED)
    (problem,) = check(base)
    assert str(problem).startswith(f"observations.csv, row {line}, column value: 'many' must be")


def test_rows_are_counted_as_an_editor_does(base):
    observation("note", "one\ntwo\nthree")(base)
    observation("value", "many", name="injured-2024q1-004-p8")(base)
    lines = (base / "observations.csv").read_text(encoding="utf-8").splitlines()
    line = next(i for i, text in enumerate(lines, 1) if text.startswith("injured-2024q1"))
    assert any(problem.row == line and problem.value == "many" for problem in check(base))


def spoil_bytes(raw):
    """Plant faults of the file itself, some of which reach over several lines."""
    lines = raw.split(b"\n")
    lines[100] += b",extra"
    lines[200:200] = [b""]
    lines[300] = lines[300].replace(b",day,", b",da\ty,")
    for at in range(400, 500, 7):
        lines[at] += b'"one\n\n, ""two""\nthree"'
    lines[600] = lines[600].partition(b",")[2]
    return b"\n".join(lines).removesuffix(b"\n")


@pytest.mark.parametrize("length", [1, 100, 5_000])
def test_a_faulty_file_reads_alike_in_pieces_of_any_length(base, monkeypatch, length):
    edit("observations", spoil_bytes)(base)
    monkeypatch.setattr(cells, "_PIECE", 1 << 30)
    at_once = check(base)
    assert len(at_once) > 20
    monkeypatch.setattr(cells, "_PIECE", length)
    assert check(base) == at_once


def test_observations_are_checked_though_no_other_table_can_be_read(base):
    for path in base.glob("*.csv"):
        if path.stem != "observations":
            path.write_bytes(b"")
    observation("value", "many")(base)
    found = [str(problem) for problem in check(base) if problem.file == "observations.csv"]
    assert len(found) == 1
    assert "'many' must be a plain number" in found[0]


def test_all_problems_come_in_one_run(base, capsys):
    for fault in ("bad date", "unknown stance", "wrong role", "unknown corpus", "CRLF"):
        FAULTS[fault][0](base)
    assert main(["check", "--data", str(base)]) == 1
    printed = capsys.readouterr().out
    for table in ("observations", "evidence", "identities", "sources", "events"):
        assert f"{table}.csv" in printed
    assert "Traceback" not in printed


@pytest.mark.parametrize(
    "content",
    ["", "{", "[]", '{"resources": [{"name": "x"}]}', '{"resources": []}', '{"resources": 5}'],
)
def test_a_broken_description_is_one_sentence(base, content, capsys):
    (base / "datapackage.json").write_text(content)
    assert main(["check", "--data", str(base)]) == 2
    message = capsys.readouterr().err
    assert "datapackage.json" in message
    assert message.count("\n") == 1


def test_a_missing_folder_is_one_sentence(tmp_path, capsys):
    assert main(["check", "--data", str(tmp_path / "nowhere")]) == 2
    assert "datapackage.json is missing" in capsys.readouterr().err
