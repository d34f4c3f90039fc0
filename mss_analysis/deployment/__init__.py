"""Deployment: how many people were promised to the mission, and how many came."""

import math
from collections.abc import Iterable

import pandas as pd

from mss_analysis.charts import draw_intervals, draw_levels
from mss_analysis.deployment import (
    chronology,
    delays,
    earlier_missions,
    pledges,
    promises,
    ratios,
    scenarios,
    trajectory,
)
from mss_analysis.deployment.fill import (
    Fill,
    find_later_count,
    find_lead_fill,
    measure_exact_fill,
    measure_fill,
)
from mss_analysis.deployment.levels import Level, pick_primary, read_levels, settle
from mss_analysis.deployment.moments import Moment, find_landings
from mss_analysis.deployment.strength import (
    ARRIVAL,
    REST,
    RUNGS,
    count_arrived,
    name_contributors,
    span_figures,
)
from mss_analysis.estimate import Estimate
from mss_analysis.evidence import Evidence
from mss_analysis.exhibit import Exhibit, Row, exhibit, flatten, nothing_known
from mss_analysis.findings import Finding
from mss_analysis.intervals import mark_narrow
from mss_analysis.language import mark, tell
from mss_analysis.prose import Text, bare, cite, compose, enumerate_parts, join, when

# So many contributors a sentence names one by one.
_FEW = 3


def compare_strengths(evidence: Evidence) -> Exhibit:
    """Show who was there against what was authorised, planned or pledged, with fill rates."""
    fills = measure_fill(evidence)
    latest = mark("{party}, {aim} {rung}")
    exact = mark("{party}, {aim} {rung}; last exact count")
    rows = [_hold_against(evidence, fill, latest) for fill in fills]
    rows += [_hold_against(evidence, fill, exact) for fill in measure_exact_fill(evidence)]
    answer = nothing_known()
    lead = find_lead_fill(evidence)
    if lead is not None:
        answer = _state_fill(evidence, lead)
        others = _by_party(
            fill
            for fill in fills
            if fill.ground.party != lead.ground.party and not fill.ground.is_whole
        )
        if others:
            answer = join([answer, _span_contingents(others)])
        if not any(level.rung == "authorised" for level in read_levels(evidence)):
            silent = compose("No document known on this day states an authorised ceiling.")
            answer = join([answer, silent])
    chart = rows and draw_intervals(
        mark_narrow(flatten(evidence, rows), "Share"),
        "Held against",
        "Share",
        tell("Share on the ground, percent"),
        "Promise",
        wrap=False,
    )
    return exhibit(
        evidence,
        "strength",
        tell("How much of the promised strength was there?"),
        answer,
        rows,
        chart,
        compose(
            "A plan, a pledge and a ceiling are different promises; of each at most the two "
            "latest that differ are shown. Where both figures are floors "
            "their ratio is unknown and left out; where no stock is stated, those who had arrived "
            "stand in. A negative shortfall is a surplus. A round “about” leaves half a rounding "
            "unit on either side, hence the wide bars; where a count before it is exact, that "
            "stands below, too."
        ),
        headline=lead
        and compose(
            "Of the strength {rung} ({party}), {share} was in Haiti",
            share=lead.share,
            rung=lead.yardstick.rung,
            party=lead.ground.party,
        ),
        subtitle=tell("People in Haiti as a share of what was authorised, planned or pledged"),
    )


def list_contingents(evidence: Evidence) -> Exhibit:
    """Show each contingent's latest figure on each rung, with what all statements leave open."""
    levels = [level for level in read_levels(evidence) if not level.is_whole]
    grouped: dict[tuple[str, str], list[Level]] = {}
    for level in sorted(levels, key=lambda level: (level.party, RUNGS.index(level.rung))):
        grouped.setdefault((level.party, level.rung), []).append(level)
    rows: list[Row] = [
        {
            "Contingent": compose("{party}, {rung}", party=party, rung=rung),
            "Latest": told[-1].figure,
            "When": told[-1].when,
            "Rung": rung,
            "All statements": settle(entry.figure for level in told for entry in level.statements)[
                0
            ],
            "Source": told[-1].source(evidence),
        }
        for (party, rung), told in grouped.items()
    ]
    answer, headline = nothing_known(), None
    if levels:
        named = _count_parties(levels)
        there = [level for level in levels if level.rung == "deployed"]
        headline = (
            compose(
                "A number of people in Haiti is stated for {there} of {named}",
                named=named,
                there=bare(_count_parties(there)),
            )
            if there
            else compose("No contingent has a stated number of people in Haiti")
        )
        if there:
            answer = compose(
                "Documents give figures for {named}; a number of people in Haiti is stated for "
                "{there} of them only: {parties}.",
                named=named,
                there=bare(_count_parties(there)),
                parties=enumerate_parts(sorted({level.party for level in there})),
            )
        else:
            answer = compose(
                "Documents give figures for {named}, and for none of them a number of people in "
                "Haiti.",
                named=named,
            )
    chart = rows and draw_intervals(
        mark_narrow(flatten(evidence, rows), "Latest"),
        "Contingent",
        "Latest",
        tell("Personnel"),
        "Rung",
        wrap=False,
    )
    return exhibit(
        evidence,
        "contingents",
        tell("Which contingent was promised, vetted and deployed?"),
        answer,
        rows,
        chart,
        compose(
            "Only the latest figure of each rung is drawn; the table spans all statements ever "
            "made. Countries that are named without a number, and pledges of several countries "
            "together, are missing here. Vetted people may be the same as those deployed: rungs "
            "are not to be added."
        ),
        headline=headline,
        subtitle=tell("Latest figure of each contingent on each rung, people"),
    )


def add_up_arrivals(evidence: Evidence) -> Exhibit:
    """Show how many had arrived after each landing, each landing counted once."""
    rows: list[Row] = []
    days = []
    counts = {party: count_arrived(evidence, party) for party in name_contributors(evidence)}
    for party, arrived in counts.items():
        for day, figure in arrived:
            days.append(day.isoformat())
            rows.append(
                {
                    "Contingent": party,
                    "By the end of": when(day.isoformat()),
                    "Arrived": figure,
                    "Source": cite(evidence, pick_primary(evidence, figure.observations)[:2]),
                }
            )
    reports = evidence.select(ARRIVAL)["observation_id"]
    answer, headline = nothing_known(), None
    if rows:
        largest = max(counts, key=lambda party: counts[party][-1][1].low)
        headline = compose(
            "Landings brought {figure} from {party}, the largest contingent",
            figure=counts[largest][-1][1],
            party=largest,
        )
        answer = _sum_up_arrivals(
            {party: told[-1][1] for party, told in counts.items()},
            _count_landings(find_landings(evidence)),
            Estimate.count(reports, "passages"),
        )
    chart = None
    if rows:
        frame = flatten(evidence, rows).assign(day=days)
        # A floor without an end is a dot: arrows to the edge would hide each other.
        is_floor = frame["Arrived_high"].isna()
        for column in ("Arrived", "Arrived_high"):
            frame.loc[is_floor, column] = frame["Arrived_low"]
        axis = tell("People arrived, at least")
        chart = draw_levels(frame, "day", "Arrived", axis, "Contingent")
    return exhibit(
        evidence,
        "arrivals",
        tell("How many people arrived, when each landing is counted once?"),
        answer,
        rows,
        chart,
        compose(
            "These are arrivals, not a stock: those who went home are still counted. A report of a "
            "month or a year is read as naming all who landed within it. Where reports of one "
            "contingent contradict each other, the smallest figure of each landing counts, and "
            "only landings that at least two documents tell of; the result is a floor. In the "
            "chart a dot is a floor, too; a bar has an upper end."
        ),
        headline=headline,
        subtitle=tell("People who had arrived in Haiti, by contingent and day, each landing once"),
    )


def findings(
    evidence: Evidence, arrivals: float = scenarios.ARRIVALS, losses: float = scenarios.LOSSES
) -> list[Finding]:
    """Conclude from dates and strengths; only what is known on the day appears.

    ``arrivals`` and ``losses`` are people a month, of the central scenario.
    """
    found = chronology.findings(evidence)
    lead = find_lead_fill(evidence)
    if lead is not None:
        label = tell("Share of the promised strength on the ground")
        found.append(
            Finding("deployment.fill", label, lead.share, _state_fill(evidence, lead), True)
        )
        exact = _find_exact_fill(evidence, lead)
        if exact is not None:
            label = tell("Share of the promised strength on the ground, by the last exact count")
            text = _tell_fill(exact)
            found.append(Finding("deployment.fill-exact", label, exact.share, text))
        others = [
            fill
            for fill in measure_fill(evidence)
            if lead.ground.is_whole and not fill.ground.is_whole
        ]
        largest = max(others, key=lambda fill: fill.ground.figure.low, default=lead)
        shares = _by_party(fill for fill in others if fill.ground.party == largest.ground.party)
        for party, share in shares.items():
            text = compose(
                "Of what {party} was to send by the latest plans and pledges, {share} was there.",
                party=party,
                share=share,
            )
            label = tell("Share of the promised personnel on the ground, largest contingent")
            found.append(Finding("deployment.fill-contingent", label, share, text))
    arrived = {party: count_arrived(evidence, party)[-1] for party in name_contributors(evidence)}
    if arrived:
        party = max(arrived, key=lambda party: arrived[party][1].low)
        day, figure = arrived[party]
        text = compose(
            "By {day}, the landings told of, each counted once, had brought {figure} from {party}.",
            day=when(day.isoformat()),
            figure=figure,
            party=party,
        )
        label = tell("People brought by the landings told of, largest contingent")
        found.append(Finding("deployment.arrived", label, figure, text))
    before, after = (trajectory, pledges, delays), (ratios, earlier_missions, promises)
    found += [finding for part in before for finding in part.findings(evidence)]
    found += scenarios.findings(evidence, arrivals, losses)
    return [*found, *(finding for part in after for finding in part.findings(evidence))]


def pick_sources(evidence: Evidence, fill: Fill) -> list[str]:
    """Pick the best statement of either side of a fill."""
    sides = (fill.ground.figure.observations, fill.yardstick.figure.observations)
    return [pick_primary(evidence, ids)[0] for ids in sides]


def _tell_fill(fill: Fill) -> Text:
    return compose(
        "Of {aim} {rung} ({party}), {there} were in Haiti ({when}); that is {share}.",
        aim=fill.yardstick.figure,
        rung=fill.yardstick.rung,
        party=fill.ground.party,
        there=bare(fill.ground.figure),
        when=fill.ground.when,
        share=fill.share,
    )


def _state_fill(evidence: Evidence, fill: Fill) -> Text:
    told = _tell_fill(fill)
    exact = _find_exact_fill(evidence, fill)
    if exact is not None:
        told = join([told, _state_exact(exact)])
    later = find_later_count(evidence, fill.ground)
    if later is None:
        return told
    more = compose(
        "A later count of {party} alone is {figure} ({day}).",
        party=later.party,
        figure=later.figure,
        day=later.when,
    )
    return join([told, more])


def _find_exact_fill(evidence: Evidence, fill: Fill) -> Fill | None:
    """Find the fill of the same promise by the last exact count, if there is one beside it."""
    exact = [entry for entry in measure_exact_fill(evidence) if entry.yardstick == fill.yardstick]
    return next((entry for entry in exact if entry.ground.party == fill.ground.party), None)


def _state_exact(fill: Fill) -> Text:
    return compose(
        "By the last exact count, {there} ({when}), it is {share}.",
        there=fill.ground.figure,
        when=fill.ground.when,
        share=fill.share,
    )


def _hold_against(evidence: Evidence, fill: Fill, template: str) -> Row:
    return {
        "Held against": compose(
            template,
            party=fill.ground.party,
            aim=bare(fill.yardstick.figure),
            rung=fill.yardstick.rung,
        ),
        "In Haiti": fill.ground.figure,
        "When": fill.ground.when,
        "Share": fill.share,
        "Short of promise": fill.missing,
        "Promise": fill.yardstick.rung,
        "Source": cite(evidence, pick_sources(evidence, fill)),
    }


def _by_party(fills: Iterable[Fill]) -> dict[str, Estimate]:
    """Span the shares of each party by its latest plan, pledge and ceiling."""
    known = list(fills)
    last: dict[tuple[str, str], pd.Timestamp] = {}
    for fill in known:
        key = (fill.yardstick.party, fill.yardstick.rung)
        last[key] = max(fill.yardstick.day, last.get(key, fill.yardstick.day))
    shares: dict[str, list[Estimate]] = {}
    for fill in known:
        if fill.yardstick.day == last[fill.yardstick.party, fill.yardstick.rung]:
            shares.setdefault(fill.ground.party, []).append(fill.share)
    spans = {party: span_figures(found) for party, found in shares.items()}
    return {party: span for party, span in spans.items() if span.low > 0 or span.high < math.inf}


def _span_contingents(shares: dict[str, Estimate]) -> Text:
    """Say between which shares the contingents stand; the table has each of them."""
    first, *others = shares.values()
    if not others:
        return compose(
            "For {party} alone, against its latest plans and pledges, it is {share}.",
            party=next(iter(shares)),
            share=first,
        )
    ids = [entry for share in shares.values() for entry in share.observations]
    return compose(
        "For each of {number}, against the latest plans and pledges, it is {span}.",
        number=Estimate.count(ids, "contingents", len(shares)),
        span=first.hull(*others),
    )


def _sum_up_arrivals(arrived: dict[str, Estimate], landings: Estimate, reports: Estimate) -> Text:
    """Say how many came from whom; of many contributors, the fewest and the most."""
    if len(arrived) <= _FEW:
        return compose(
            "The landings that documents tell of, each counted once ({landings} in {reports}), "
            "brought {arrived}; there may have been others.",
            reports=reports,
            landings=landings,
            arrived=enumerate_parts(
                compose("{figure} from {party}", figure=figure, party=party)
                for party, figure in arrived.items()
            ),
        )
    smallest, largest = (
        choose(arrived, key=lambda party: arrived[party].low) for choose in (min, max)
    )
    ids = [entry for figure in arrived.values() for entry in figure.observations]
    return compose(
        "The landings that documents tell of, each counted once ({landings} in {reports}), brought "
        "people from {number}: the fewest from {smallest} ({least}), the most from {largest} "
        "({most}). There may have been others.",
        reports=reports,
        landings=landings,
        number=Estimate.count(ids, "contributors", len(arrived)),
        smallest=smallest,
        least=arrived[smallest],
        largest=largest,
        most=arrived[largest],
    )


def _count_parties(levels: list[Level]) -> Estimate:
    ids = (entry for level in levels for entry in level.figure.observations)
    return Estimate.count(ids, "contributors", len({level.party for level in levels} - {REST}))


def _count_landings(landings: list[Moment]) -> Estimate:
    ids = (entry for landing in landings for entry in landing.ids)
    return Estimate.count(ids, "landings", len(landings))
