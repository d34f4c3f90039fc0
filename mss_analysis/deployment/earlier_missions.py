"""Earlier missions: the strengths of foreign forces in Haiti before, beside the present one."""

from mss_analysis.charts import draw_intervals
from mss_analysis.deployment.fill import find_present
from mss_analysis.deployment.levels import find_latest, pick_primary, read_levels
from mss_analysis.estimate import Estimate
from mss_analysis.evidence import Evidence
from mss_analysis.exhibit import Exhibit, Row, exhibit, flatten, nothing_known
from mss_analysis.findings import Finding
from mss_analysis.intervals import mark_narrow
from mss_analysis.language import mark, tell
from mss_analysis.prose import Text, cite, compose, name, when
from mss_analysis.schema import SEPARATOR

_KINDS = {
    "comparator_deployed_military": mark("soldiers in Haiti"),
    "comparator_deployed_police": mark("police in Haiti"),
    "comparator_deployed_total": mark("all in Haiti"),
    "comparator_authorised_military": mark("soldiers authorised"),
    "comparator_authorised_police": mark("police authorised"),
}
# Other populations are national parts of a mission.
_WHOLE = ("", "uniformed personnel")
BEFORE, NOW = mark("earlier mission"), mark("present mission")
_THERE = "comparator_deployed"


def compare_missions(evidence: Evidence) -> Exhibit:
    """Show the largest strength that the best documents state, soldiers and police apart."""
    rows = [*_list_present(evidence)]
    listed = _list_earlier(evidence)
    earlier = [row for _, row in listed]
    answer, headline = nothing_known(), None
    if earlier:
        largest = _find_largest(listed)
        headline = compose(
            "The largest earlier force: {people} ({largest})",
            people=largest["People"],
            largest=largest["Mission"],
        )
        answer = _state_largest(largest)
    rows += earlier
    chart = None
    if earlier:
        frame, axis = mark_narrow(flatten(evidence, rows), "People"), tell("People")
        chart = draw_intervals(frame, "Mission", "People", axis, "Which", wrap=False)
    return exhibit(
        evidence,
        "earlier-missions",
        tell("How large were earlier missions?"),
        answer,
        rows if earlier else [],
        chart,
        compose(
            "Of each mission the largest figure is shown that a document of the best grade gives "
            "for soldiers, police or both; mandates, years and Haiti itself differed. Parts of "
            "one mission are not added, since they are figures of different years."
        ),
        headline=headline,
        subtitle=tell("Largest stated strength of each foreign force in Haiti, people"),
    )


def findings(evidence: Evidence) -> list[Finding]:
    """Conclude how large the largest earlier force was, once there is one to hold against it."""
    listed = _list_earlier(evidence)
    if not listed or not _list_present(evidence):
        return []
    largest = _find_largest(listed)
    label = tell("Largest earlier foreign force in Haiti")
    return [
        Finding("deployment.earlier-missions", label, largest["People"], _state_largest(largest))
    ]


def _find_largest(listed: list[tuple[str, Row]]) -> Row:
    """Find the largest force that was there; one that was only authorised where none was."""
    there = [row for indicator, row in listed if indicator.startswith(_THERE)]
    return max(there or [row for _, row in listed], key=lambda row: row["People"].low)


def _state_largest(largest: Row) -> Text:
    return compose(
        "The largest earlier force on record is {largest}: {people} ({when}).",
        largest=largest["Mission"],
        people=largest["People"],
        when=largest["When"],
    )


def _list_earlier(evidence: Evidence) -> list[tuple[str, Row]]:
    """List the figures of earlier missions, each with its indicator."""
    table = evidence.select(_KINDS, population=_WHOLE)
    table = table[table["as_of"].notna() & ~table["party"].str.contains(SEPARATOR)]
    order = {indicator: at for at, indicator in enumerate(_KINDS)}
    grades = dict(zip(evidence.sources["source_id"], evidence.sources["grade"], strict=True))
    grouped: dict[tuple[str, str], list[dict]] = {}
    first = table.groupby("party")["as_of"].min()
    for row in table.to_dict(orient="records"):
        grouped.setdefault((row["party"], row["indicator"]), []).append(row)
    rows = []
    for (party, indicator), told in sorted(
        grouped.items(), key=lambda entry: (-first[entry[0][0]].toordinal(), order[entry[0][1]])
    ):
        figures: list[tuple[Estimate, dict]] = [
            (evidence.estimate(row["observation_id"]), row) for row in told
        ]
        grade = min(grades[row["source_id"]] for row in told)
        best = [entry for entry in figures if grades[entry[1]["source_id"]] == grade]
        figure, row = max(best, key=lambda entry: _size(entry[0]))
        told_row: Row = {
            "Mission": compose("{party}, {what}", party=name(party), what=_KINDS[indicator]),
            "People": figure,
            "When": when(row["as_of"].strftime("%Y")),
            "Which": BEFORE,
            "Source": cite(evidence, figure.observations),
        }
        rows.append((indicator, told_row))
    return rows


def _list_present(evidence: Evidence) -> list[Row]:
    levels = read_levels(evidence)
    rows = []
    for there in find_present(evidence):
        if not there.is_whole:
            continue
        found = [(mark("in Haiti"), there.figure, there.when)]
        for rung in ("authorised", "planned"):
            aims = find_latest(levels, there.party, rung)
            if aims:
                found.append((rung, aims[0].figure, aims[0].when))
                break
        for words, figure, told in found:
            rows.append(
                {
                    "Mission": compose("{party}, {what}", party=name(there.party), what=words),
                    "People": figure,
                    "When": told,
                    "Which": NOW,
                    "Source": cite(evidence, pick_primary(evidence, figure.observations)[:1]),
                }
            )
    return rows


def _size(figure: Estimate) -> float:
    """Rank by the number stated; a cap stands for itself."""
    return figure.value if figure.value is not None else figure.low
