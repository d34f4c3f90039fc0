"""Quarters: what is known of each, for each kind of harm and each perpetrator."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta

import pandas as pd

from mss_analysis import language
from mss_analysis.casualties.quarters_chart import draw_quarters
from mss_analysis.casualties.readings import (
    ALL,
    Reading,
    describe_set,
    is_known,
    mention,
    read_flow,
)
from mss_analysis.dates import short_months
from mss_analysis.estimate import Estimate
from mss_analysis.evidence import FEW, Evidence
from mss_analysis.exhibit import Exhibit, Row, exhibit
from mss_analysis.findings import Finding
from mss_analysis.language import mark, tell
from mss_analysis.prose import Part, Text, compose, enumerate_parts, join, name
from mss_analysis.wording import derivation

# The UN human-rights service published its first quarterly report for 2022.
FIRST_YEAR = 2022


@dataclass(frozen=True)
class Quarter:
    """Three months; ``stop`` is the day after the last."""

    start: date
    stop: date

    @property
    def label(self) -> str:
        """Its months and year: ``Apr-Jun 2024``."""
        last = self.stop - timedelta(days=1)
        months = short_months(language.current())
        return f"{months[self.start.month - 1]}–{months[last.month - 1]} {last.year}"

    @property
    def name(self) -> Text:
        """Its label, as a name in a sentence or a table."""
        return name(self.label)

    @property
    def days(self) -> int:
        """Its length."""
        return (self.stop - self.start).days


@dataclass(frozen=True)
class Series:
    """A flow to be shown by quarter: a label, what is counted, and who they are in a sentence.

    ``parts`` are indicators whose floors are floors for it, ``whole`` the one that it is a part of.
    """

    label: str
    indicator: str
    things: str
    population: str = ""
    party: str = ""
    parts: tuple[str, ...] = ()
    whole: str = ""

    def read(self, evidence: Evidence, evidence_set: str) -> Reading:
        """Read it by an evidence set."""
        return read_flow(
            evidence, self.indicator, evidence_set, self.population, self.party, self.parts
        )


KILLED = Series(mark("Killed"), "killed", mark("people killed"))
VICTIMS = (
    KILLED,
    Series(mark("Injured"), "injured", mark("people injured")),
    Series(mark("Kidnapped"), "kidnapped", mark("people kidnapped")),
    Series(
        mark("Victims of sexual violence"),
        "sexual_violence_victims",
        mark("victims of sexual violence"),
    ),
    Series(mark("Children killed"), "children_killed", mark("children killed")),
)
PERPETRATORS = (
    Series(
        mark("Killed by gangs"),
        "killed",
        mark("people killed by gangs"),
        party="gangs",
        whole="killed",
    ),
    Series(
        mark("Killed in security operations"),
        "killed_in_security_operations",
        mark("people killed in security operations"),
        # By their definition these drones are run by the security forces and their contractors.
        parts=("killed_by_drones",),
        whole="killed",
    ),
    Series(
        mark("Killed by self-defence groups"),
        "killed_by_self_defence",
        mark("people killed by self-defence groups"),
        whole="killed",
    ),
    Series(
        mark("Killed by drones"),
        "killed_by_drones",
        mark("people killed by drones"),
        whole="killed",
    ),
)
Counted = list[tuple[Series, list[tuple["Quarter", Estimate]]]]


def list_quarters(evidence: Evidence, first_year: int = FIRST_YEAR) -> list[Quarter]:
    """List the quarters that were over on the day of the evidence.

    >>> import mss_analysis as mss
    >>> [quarter.label for quarter in list_quarters(mss.load("2022-07-15"))]
    ['Jan–Mar 2022', 'Apr–Jun 2022']
    """
    quarters = []
    for year in range(first_year, evidence.as_of.year + 1):
        for month in (1, 4, 7, 10):
            stop = date(year + (month == 10), (month + 2) % 12 + 1, 1)
            if stop - timedelta(days=1) <= evidence.as_of:
                quarters.append(Quarter(date(year, month, 1), stop))
    return quarters


def count_quarters(
    evidence: Evidence, series: Series, evidence_set: str = ALL
) -> list[tuple[Quarter, Estimate]]:
    """Bound a series in every quarter; where nothing is known, the bounds are [0, ∞).

    A part is at most its whole. Where its floor lies above the whole's ceiling, the two contradict
    each other, and the ceiling is not read.
    """
    timeline = series.read(evidence, evidence_set).timeline
    quarters = list_quarters(evidence)
    counts = [timeline.bounds(quarter.start, quarter.stop) for quarter in quarters]
    if series.whole:
        whole = read_flow(evidence, series.whole, evidence_set).timeline
        counts = [
            _cap(count, whole.bounds(quarter.start, quarter.stop))
            for quarter, count in zip(quarters, counts, strict=True)
        ]
    return list(zip(quarters, counts, strict=True))


def tell_quarters(
    evidence: Evidence, series: Series, evidence_set: str = ALL
) -> list[tuple[Quarter, Estimate]]:
    """Bound a series in every quarter that has a floor or a ceiling of its own.

    The ceiling of a longer span, or of the whole, says nothing of one quarter of a part: such a
    quarter is given as unknown.
    """
    capped = {
        (side.start, side.stop)
        for side in series.read(evidence, evidence_set).timeline.sides
        if not side.is_floor and not side.part
    }
    return [
        (quarter, count)
        if count.low > 0 or (quarter.start, quarter.stop) in capped
        else (quarter, Estimate.unknown(count.unit))
        for quarter, count in count_quarters(evidence, series, evidence_set)
    ]


def show_victims(evidence: Evidence, evidence_set: str = ALL) -> Exhibit:
    """Show the toll by quarter: killed, injured, kidnapped, sexual violence, children killed."""
    note = compose(
        "Full colour is certain, pale colour is what the bounds leave open, an arrow has no upper "
        "limit. Hatching: no figure known on this day sets a floor, or an upper limit of the "
        "quarter’s own; silence is not zero. Each lane has a scale of its own."
    )
    title = tell("How many people came to harm in each quarter?")
    subtitle = tell("People harmed in Haiti, by kind of harm and quarter, with bounds")
    return _show(evidence, evidence_set, "toll-by-quarter", title, VICTIMS, note, subtitle)


def show_perpetrators(evidence: Evidence, evidence_set: str = ALL) -> Exhibit:
    """Show people killed by quarter and by who killed them."""
    note = compose(
        "Lanes may not be added: drones are part of the security operations, and together the "
        "counts do not cover all deaths. Counts of one police force, one movement or drones alone "
        "are floors for their lane, and no lane exceeds the upper limit of all people killed. "
        "Colours and hatching as above; counts of longer spans stand in the next figure."
    )
    title = tell("Who killed, as far as counts say so?")
    subtitle = tell("People killed in Haiti, by perpetrator and quarter, with bounds")
    return _show(
        evidence, evidence_set, "killed-by-perpetrator", title, PERPETRATORS, note, subtitle
    )


def _show(
    evidence: Evidence,
    evidence_set: str,
    identifier: str,
    title: str,
    lanes: Sequence[Series],
    note: Text,
    subtitle: str,
) -> Exhibit:
    counted = [(series, tell_quarters(evidence, series, evidence_set)) for series in lanes]
    rows: list[Row] = [
        {"What": series.label, "Quarter": quarter.name, "People": count}
        for series, counts in counted
        for quarter, count in counts
        if is_known(count)
    ]
    answer = join(_answer(counted)) if rows else None
    warnings = [
        compose("{warning} This concerns: {what}.", what=series.label, warning=warning)
        for series, _ in counted
        if (warning := mention(evidence, series.read(evidence, evidence_set)))
    ]
    chart = rows and draw_quarters(
        _flatten(evidence, counted), [tell(series.label) for series in lanes]
    )
    told = join([note, describe_set(evidence_set), *warnings])
    headline = _head(counted) if rows else None
    return exhibit(evidence, identifier, title, answer, rows, chart, told, headline, subtitle)


def conclude(evidence: Evidence, evidence_set: str = ALL) -> list[Finding]:
    """Conclude which quarter has the highest floor of people killed, and of each perpetrator's."""
    found = []
    for identifier, lanes, label in (
        ("quarter-most", (KILLED,), tell("People killed in the quarter with the highest floor")),
        (
            "perpetrator-most",
            PERPETRATORS,
            tell("People killed by one perpetrator in the quarter with the highest floor"),
        ),
    ):
        counted = [(series, tell_quarters(evidence, series, evidence_set)) for series in lanes]
        if list_quarters(evidence) and (most := _find_most(counted)[2]).low > 0:
            found.append(Finding(f"casualties.{identifier}", label, most, _head(counted)))
    return found


def _cap(count: Estimate, whole: Estimate) -> Estimate:
    if not count.low <= whole.high < count.high:
        return count
    ids = tuple(dict.fromkeys((*count.observations, *whole.observations)))
    formula = f"cap({count.formula}, {whole.formula})"
    value = count.low if count.low == whole.high else None
    return replace(count, value=value, high=whole.high, observations=ids, formula=formula)


def _find_most(counted: Counted) -> tuple[Series, Quarter, Estimate]:
    return max(
        ((series, *entry) for series, counts in counted for entry in counts),
        key=lambda entry: entry[2].low,
    )


def _head(counted: Counted) -> Text:
    """Tell the largest floor of all lanes and quarters."""
    series, quarter, most = _find_most(counted)
    if most.low == 0:
        return compose("For these quarters the figures set upper limits only.")
    return compose(
        "{what}: {most} in {quarter}, the highest floor of any quarter.",
        what=series.label,
        most=most,
        quarter=quarter.name,
    )


def _answer(counted: Counted) -> list[Text]:
    """Tell how many quarters the lanes bound, then the lanes of which little is known."""
    told: list[Text] = []
    silent: list[Part] = []
    capped_only: list[Part] = []
    bound: list[tuple[int, Series]] = []
    for series, counts in counted:
        number = sum(is_known(count) for _, count in counts)
        if not number:
            silent.append(series.things)
        elif max(count.low for _, count in counts) == 0:
            capped_only.append(series.things)
        else:
            bound.append((number, series))
    if bound:
        ids = {
            entry for _, counts in counted for _, count in counts for entry in count.observations
        }
        fewest, most = (choose(bound, key=lambda pair: pair[0]) for choose in (min, max))
        numbers = {
            "all": Estimate.count(sorted(ids), "quarters", len(counted[0][1])),
            "number": Estimate.count(sorted(ids), "1", most[0]),
            "most": most[1].things,
        }
        if fewest[0] == most[0]:
            numbers["most"] = enumerate_parts([series.things for _, series in bound])
            told.append(compose("Of {all}, the figures bound {number} ({most}).", **numbers))
        else:
            told.append(
                compose(
                    "Of {all}, the figures bound {number} ({most}) at most, and {fewest} ({least}) "
                    "at least.",
                    fewest=Estimate.count(sorted(ids), "1", fewest[0]),
                    least=fewest[1].things,
                    **numbers,
                )
            )
    if capped_only:
        told.append(
            compose("Only upper limits are known for: {what}.", what=enumerate_parts(capped_only))
        )
    if silent:
        told.append(
            compose("No figure bounds any quarter for: {what}.", what=enumerate_parts(silent))
        )
    return told


def _flatten(evidence: Evidence, counted: Counted) -> pd.DataFrame:
    records = []
    for series, counts in counted:
        lane = tell(series.label)
        for quarter, count in counts:
            known = is_known(count)
            ids = count.observations if known else ()
            words = {"what": lane, "quarter": quarter.label}
            records.append(
                {
                    "lane": lane,
                    "start": quarter.start.isoformat(),
                    "end": quarter.stop.isoformat(),
                    "low": count.low if known else None,
                    "high": count.high if known and count.high < float("inf") else None,
                    "says": tell(
                        "For {quarter} the count of “{what}” is {count}, by {source}.",
                        count=count,
                        source=evidence.cite(ids, FEW),
                        **words,
                    )
                    if known
                    else tell(
                        "For {quarter} no figure of “{what}” was known on this day.", **words
                    ),
                    "observation": " ".join(ids),
                    "formula": derivation(count) if known else "",
                }
            )
    return pd.DataFrame(records).astype({"low": float, "high": float})
