"""`mss check` on what figures, dates and documents say about each other."""

import csv
import json

import pytest
from test_check import edit, observation, put, read, write

from mss_analysis.check import check
from mss_analysis.schema import EvidenceError
from mss_analysis.vintage import load

KILLED = "killed-2024q1-004-p8"
DEPLOYED = ("kenya-deployed-2025-01-003-p21", "kenya-deployed-2025-01-003-p66")
PLEDGED = "kenya-pledge-003-p14"
STOCK = "displaced-2024-06-004-p8"
MONEY = "funds-required-2024-11-001-p4"
NEWS = "002_b88d0b9cad7e52fb"


def told(base):
    return [str(problem) for problem in check(base)]


def all_of(*faults):
    def spoil(base):
        for fault in faults:
            fault(base)

    return spoil


def append(table, /, **cells):
    """Make a fault: add a row."""

    def spoil(base):
        path = base / f"{table}.csv"
        with path.open(newline="", encoding="utf-8") as stream:
            header = next(csv.reader(stream))
        with path.open("a", newline="", encoding="utf-8") as stream:
            writer = csv.writer(stream, lineterminator="\n")
            writer.writerow([cells.get(column, "") for column in header])

    return spoil


def copy(name, **cells):
    """Make a fault: add an observation that is another one but for some cells."""

    def spoil(base):
        rows = read(base / "observations.csv")
        row = next(row for row in rows if row["observation_id"] == name)
        write(base / "observations.csv", [*rows, row | cells])

    return spoil


def relate(kind, **terms):
    """Declare an identity, one figure a role."""
    name = "-".join(terms.values())
    return all_of(
        *(
            append("identities", identity_id=name, kind=kind, role=role, observation_id=term)
            for role, term in terms.items()
        )
    )


def correct(was="1660", column="value", row=KILLED, table="observations", **cells):
    return append(
        "corrections",
        **{"correction_id": "erratum", "table": table, "row": row, "column": column, "was": was}
        | {"is": "1670", "reason": "a test", "source": NEWS, "date": "2026-01-01"}
        | cells,
    )


LAST_SPRING = {"period_start": "2023-01-01", "period_end": "2023-03-31", "party": ""}
PART = all_of(
    copy(KILLED, observation_id="whole", value="100", **LAST_SPRING),
    copy(KILLED, observation_id="part", value="150", population="women", **LAST_SPRING),
)
IN_A_PLACE = all_of(
    copy(KILLED, observation_id="whole", value="100", **LAST_SPRING),
    copy(KILLED, observation_id="part", value="150", place="Port-au-Prince", **LAST_SPRING),
)
OF_CHILDREN = all_of(
    copy(KILLED, observation_id="whole", value="100", **LAST_SPRING),
    copy(KILLED, observation_id="part", value="150", indicator="children_killed", **LAST_SPRING),
)
A_DAY = {"as_of": "2024-06-01", "place": "Haiti", "party": "MSS", "population": ""}
OF_THE_MISSION = all_of(
    copy(
        PLEDGED,
        observation_id="whole",
        value="100",
        **A_DAY | {"indicator": "mission_personnel_pledged"},
    ),
    copy(
        PLEDGED,
        observation_id="part",
        value="150",
        status="deployed",
        **A_DAY | {"indicator": "mission_personnel_deployed"},
    ),
)
TOO_MANY = observation("value", "500", name=PLEDGED)
AHEAD = observation("period_end", "2024-07-31")

FAULTS = {
    "more deployed than pledged": (TOO_MANY, f"is more deployed than {PLEDGED} says"),
    "part above its whole": (PART, "is more for a part than whole has for everybody (100 at most)"),
    "place above the country": (
        IN_A_PLACE,
        "is more for Port-au-Prince than whole has for Haiti (100 at most)",
    ),
    "children above everybody": (
        OF_CHILDREN,
        "is more than whole has for killed, which children_killed never exceeds",
    ),
    "a part of a part above its whole": (
        all_of(
            OF_CHILDREN,
            observation("indicator", "civilians_killed_by_drones", name="part"),
            observation("place", "Ouest", name="part"),
        ),
        "is more than whole has for killed, which civilians_killed_by_drones never exceeds",
    ),
    "more of the mission deployed than pledged": (
        OF_THE_MISSION,
        "is more deployed than whole says were pledged at that date (100 at most)",
    ),
    "indicator below itself": (
        put("indicators", "at_most", "children_killed", indicator="killed_or_injured"),
        "leads back to the indicator itself",
    ),
    "only a part of a word looks ahead": (
        all_of(AHEAD, observation("note", "with an explanation, untargeted")),
        "lies after 2024-06-30, by which its source was published",
    ),
    "period after publication": (AHEAD, "lies after 2024-06-30, by which its source was published"),
    "date after publication": (
        observation("as_of", "2024-07-01", name=STOCK),
        "lies after 2024-06-30, by which its source was published",
    ),
    "no currency": (observation("unit", "dollars", name=MONEY), "must be a currency of ISO 4217"),
    "slip in a currency": (observation("unit", "USS", name=MONEY), "must be a currency"),
    "unused source": (
        append(
            "sources",
            source_id="unused",
            title="A document",
            publisher="unknown",
            type="news",
            language="en",
            corpus="extended",
        ),
        "is used by no other table",
    ),
    "flow at a date": (observation("as_of", "2024-03-31"), "must be empty: killed is a flow"),
    "stock over a period": (
        all_of(
            observation("period_start", "2024-06-01", name=STOCK),
            observation("period_end", "2024-06-30", name=STOCK),
        ),
        "must be empty: idp_total is a stock",
    ),
    "reprint of nothing": (
        put("sources", "reprint_of", "nobody", source_id=NEWS),
        "must be a source_id of sources.csv, or an origin",
    ),
    "reprint of itself": (
        put("sources", "reprint_of", NEWS, source_id=NEWS),
        "leads back to the document itself",
    ),
    "reprints in a circle": (
        all_of(
            put("sources", "reprint_of", "003_f6935b50a0fc12fc", source_id=NEWS),
            put("sources", "reprint_of", NEWS, source_id="003_f6935b50a0fc12fc"),
        ),
        "leads back to the document itself",
    ),
    "place within itself": (
        all_of(
            put("places", "within", "Haiti", place="Ouest"),
            put("places", "within", "Ouest", place="Haiti"),
        ),
        "leads back to the place itself",
    ),
    "origin that counts with one that counts with another": (
        all_of(
            put("origins", "counts_with", "UN", origin="DW"),
            put("origins", "counts_with", "news reports", origin="UN"),
        ),
        "must be an origin that counts with itself",
    ),
    "origins in a circle": (
        all_of(
            put("origins", "counts_with", "UN", origin="DW"),
            put("origins", "counts_with", "DW", origin="UN"),
        ),
        "must be an origin that counts with itself",
    ),
    "erratum of something else": (correct(was="1661"), "which is '1660'"),
    "erratum of no row": (correct(row="nothing"), "'nothing' is not in observations.csv"),
    "erratum of a key": (correct(column="observation_id"), "that a correction may change"),
    "erratum without sense": (
        correct(**{"is": "many"}),
        "column is: 'many' must be a plain number",
    ),
    "erratum of the wrong unit": (
        correct(column="unit", was="persons", **{"is": "officers"}),
        "column is: 'officers' is not the unit of killed",
    ),
    "two errata of one cell": (
        all_of(correct(), correct(correction_id="second")),
        "makes of it, which is '1670'",
    ),
    **{
        f"no {table}": (
            edit(table, lambda raw: raw.split(b"\n", 1)[0] + b"\n"),
            f"{table}.csv: holds no row under its header",
        )
        for table in ("source_types", "sources", "qualifiers", "indicators", "observations")
    },
}


@pytest.mark.parametrize("fault", FAULTS)
def test_each_fault_gets_its_own_message(base, fault):
    spoil, words = FAULTS[fault]
    spoil(base)
    problems = told(base)
    assert any(words in problem for problem in problems), problems


EXCUSES = {
    "an identity relates pledge and deployment": all_of(
        TOO_MANY, *(relate("order", lower=name, upper=PLEDGED) for name in DEPLOYED)
    ),
    "an identity relates part and whole": all_of(
        PART, relate("subset", whole="whole", part="part")
    ),
    "the part is another source's": all_of(
        PART, put("observations", "source_id", NEWS, observation_id="part")
    ),
    "the part is of a place outside": all_of(
        PART, put("observations", "place", "Kenya", observation_id="part")
    ),
    "the place is the whole of another population": all_of(
        IN_A_PLACE, put("observations", "population", "women", observation_id="whole")
    ),
    "two attacks of one day": all_of(
        IN_A_PLACE,
        *(observation("indicator", "incident_deaths", name=name) for name in ("whole", "part")),
    ),
    "the part is on a later rung": all_of(
        PART, put("observations", "status", "planned", observation_id="part")
    ),
    "an identity relates children and everybody": all_of(
        OF_CHILDREN, relate("order", lower="part", upper="whole")
    ),
    "the bounds overlap": all_of(
        PART, put("observations", "qualifier", "at_least", observation_id="whole")
    ),
    "the note says that it is a forecast": all_of(
        AHEAD, observation("note", "a Forecast of the year")
    ),
    "the status looks ahead": all_of(AHEAD, observation("status", "planned")),
    "the day of publication is not known": all_of(
        AHEAD, put("sources", "published", "", source_id="004_ecda221a58dc764e")
    ),
    "money in another currency": observation("unit", "KES", name=MONEY),
    "a reprint of a known origin": put("sources", "reprint_of", "DW", source_id=NEWS),
    "an erratum of an erratum": all_of(
        correct(), correct(correction_id="second", was="1670", **{"is": "1680"})
    ),
}


@pytest.mark.parametrize("excuse", EXCUSES)
def test_what_may_be_is_no_fault(base, excuse):
    EXCUSES[excuse](base)
    # Moving a figure about may break a relation to others, which is not the question here.
    problems = [problem for problem in told(base) if "relates figures" not in problem]
    assert problems == []


def test_an_erratum_mends_what_it_corrects(base):
    observation("value", "many")(base)
    correct(was="many")(base)
    assert told(base) == []
    assert load(data=base).estimate(KILLED).value == 1670


@pytest.mark.parametrize("column", ["value", "low", "high"])
def test_figures_must_be_described_as_numbers(base, column):
    path = base / "datapackage.json"
    package = json.loads(path.read_text(encoding="utf-8"))
    (table,) = (table for table in package["resources"] if table["name"] == "observations")
    (field,) = (field for field in table["schema"]["fields"] if field["name"] == column)
    field["type"] = "string"
    path.write_text(json.dumps(package), encoding="utf-8")
    for read_base in (check, lambda folder: load(data=folder)):
        with pytest.raises(EvidenceError, match=f"field {column} of observations the type number"):
            read_base(base)
