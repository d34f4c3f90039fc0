"""Increases: what a stated growth of the killed implies for the period before it."""

from mss_analysis.casualties.readings import ALL, is_known
from mss_analysis.casualties.tolls import count_before, growth_bases
from mss_analysis.charts import draw_intervals
from mss_analysis.estimate import Estimate
from mss_analysis.evidence import Evidence
from mss_analysis.exhibit import Exhibit, Row, exhibit, flatten
from mss_analysis.findings import Finding
from mss_analysis.language import mark, tell
from mss_analysis.prose import Text, cite, compose, join


def imply_earlier(evidence: Evidence, evidence_set: str = ALL) -> Exhibit:
    """Show what a stated growth implies for the period before it."""
    before = mark("Killed in the period before")
    implied: list[tuple[Estimate, Estimate, Estimate]] = []
    rows: list[Row] = []
    for _, level, change, base in growth_bases(evidence):
        counted = count_before(evidence, level, evidence_set)
        implied.append((change, base, counted))
        rows.append(
            {
                "Statement": cite(evidence, change.observations),
                "Growth": change,
                "Killed in the period": level,
                before: base,
                "Counted in the period before": counted if is_known(counted) else None,
                "Do the counts refute it?": mark("no")
                if base.agrees_with(counted)
                else mark("yes"),
            }
        )
    answer = headline = None
    if rows:
        answer = headline = compose("The stated increases leave the period before open.")
    for growth, base, counted in [entry for entry in implied if entry[1].high < float("inf")][:1]:
        headline = compose(
            "Read as killed alone, a rise of {growth} implies {before} killed in the period "
            "before.",
            growth=growth,
            before=base,
        )
        answer = _imply(growth, base)
        if not base.agrees_with(counted):
            answer = join([answer, _refute(counted)])
    return exhibit(
        evidence,
        "implied-earlier",
        tell("What do the stated increases imply for the period before?"),
        answer,
        rows,
        rows
        and draw_intervals(
            flatten(evidence, rows), "Statement", before, tell("People killed, implied")
        ),
        compose(
            "A floor that grew by more than a stated share implies nothing about what it grew "
            "from: both ends stay open. Only statements that name no base are shown."
        ),
        headline,
        tell("People killed in Haiti in the period before a stated increase, as it implies"),
    )


def conclude(evidence: Evidence, evidence_set: str = ALL) -> list[Finding]:
    """Conclude what bounded increases imply, or that the counts of the period before refute it."""
    found = []
    for identifier, level, change, base in growth_bases(evidence):
        counted = count_before(evidence, level, evidence_set)
        if base.high == float("inf"):
            continue
        text = _imply(change, base)
        if base.agrees_with(counted):
            label = tell("People killed in the period before a stated rise")
            found.append(Finding(f"casualties.before-{identifier}", label, base, text))
        else:
            label = tell("People counted as killed in the period before a stated rise")
            told = join([text, _refute(counted)])
            found.append(Finding(f"casualties.refuted-{identifier}", label, counted, told))
    return found


def _refute(counted: Estimate) -> Text:
    return compose(
        "The counts of that period, {counted}, refute the first of these readings.", counted=counted
    )


def _imply(growth: Estimate, before: Estimate) -> Text:
    return compose(
        "If the stated rise of {growth} is meant for the killed alone, {before} were killed in the "
        "period before; the sentence may mean killed and injured together.",
        growth=growth,
        before=before,
    )
