"""How strong the evidence on a risk is, by a stated rule: no likelihood and no impact in it.

Every independent origin that raises a risk gives it one point, one more if it reports the risk as
fact, and one more if it stands in a document of grade A or B. Since origins have two ends, so has
the score; and since no weight is measured, ranks are given with all three points and without any
one of them.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import combinations

import pandas as pd

from mss_analysis.dates import write_date
from mss_analysis.estimate import Estimate
from mss_analysis.evidence import Evidence
from mss_analysis.exhibit import Exhibit, Row, exhibit
from mss_analysis.findings import Finding
from mss_analysis.language import tell
from mss_analysis.prose import Text, bare, compose, enumerate_parts, told
from mss_analysis.risks.register import Risk, count_origins, count_risks, read_risks
from mss_analysis.risks.risk_chart import draw_ranges
from mss_analysis.risks.tally import flatten_counts, nothing

_GOOD = ("A", "B")
_TOP = 5


@dataclass(frozen=True, eq=False)
class Strength:
    """A risk with its three counts of origins, their sum, and the ranks it can take."""

    risk: Risk
    parts: tuple[Estimate, Estimate, Estimate]
    score: Estimate
    rank: Estimate

    @property
    def is_top(self) -> bool:
        """Whether the risk is among the first five whatever the counts and the rule."""
        return self.rank.high <= _TOP

    @property
    def may_be_top(self) -> bool:
        """Whether it can be among the first five."""
        return self.rank.low <= _TOP


def weigh(risks: Sequence[Risk]) -> list[Strength]:
    """Score risks by the evidence on them, the strongest first (middle of the score).

    A rank is counted over the sum of all three counts and over each sum of two: at best, one more
    than the number of risks that surely score higher; at worst, the number that do not surely score
    lower, itself included.
    """
    parts = [_count_parts(risk) for risk in risks]
    rules = [rule for size in (2, 3) for rule in combinations(range(3), size)]
    spans = [
        rank_intervals(
            [
                (sum(own[part].low for part in rule), sum(own[part].high for part in rule))
                for own in parts
            ]
        )
        for rule in rules
    ]
    found = []
    for place, (risk, own) in enumerate(zip(risks, parts, strict=True)):
        best = min(span[place][0] for span in spans)
        worst = max(span[place][1] for span in spans)
        ids = tuple(risk.raising["evidence_id"])
        rank = Estimate(best if best == worst else None, best, worst, "1", ids, "rank")
        found.append(Strength(risk, own, own[0] + own[1] + own[2], rank))
    return sorted(found, key=lambda entry: (-entry.score.midpoint, entry.risk.title))


def rank_intervals(scores: Sequence[tuple[float, float]]) -> list[tuple[int, int]]:
    """Give the best and the worst rank that each interval can take among all.

    >>> rank_intervals([(5, 9), (4, 6), (1, 2)])
    [(1, 2), (1, 2), (3, 3)]
    """
    return [
        (
            1 + sum(other_low > high for other_low, _ in scores),
            sum(other_high >= low for _, other_high in scores),
        )
        for low, high in scores
    ]


def order_risks(evidence: Evidence) -> Exhibit:
    """Show how strong the evidence on each risk is, with the ranks that the counts leave open."""
    strengths = weigh(read_risks(evidence))
    rows: list[Row] = [
        {
            "Risk": entry.risk.title,
            "Raised by": entry.parts[0],
            "Reported as fact by": entry.parts[1] if entry.parts[1].high else None,
            "In documents of a good grade": entry.parts[2] if entry.parts[2].high else None,
            "Evidence score": entry.score,
            "Rank": entry.rank,
        }
        for entry in strengths
    ]
    frame = flatten_counts(evidence, rows)
    return exhibit(
        evidence,
        "evidence-strength",
        tell("On which risks is the evidence strongest?"),
        _tell_surely(strengths) if strengths else nothing(),
        rows,
        rows and draw_ranges(frame, "Risk", "Evidence score", tell("Evidence score (points)")),
        compose(
            "A point for each independent origin that raises the risk, one for each that reports "
            "it as fact, one for each in a document of grade A or B. Ranks hold "
            "with all three counts and without any one of them, for every value within their "
            "bounds. The score says how well something is attested, never how likely or how grave "
            "it is: what is secret or new scores low."
        ),
        headline=_tell_briefly(strengths) if strengths else None,
        subtitle=tell(
            "Evidence score of each risk in points, from lowest to highest; documents to {day}",
            day=write_date(evidence.as_of.isoformat()),
        ),
    )


def conclude(risks: list[Risk]) -> list[Finding]:
    """Conclude which risks are best attested."""
    strengths = weigh(risks)
    if not strengths:
        return []
    may = [entry.risk for entry in strengths if entry.may_be_top]
    return [
        Finding(
            "risks.strongest-evidence",
            tell("Risks that can be among the five best attested"),
            count_risks(may, risks),
            _tell_briefly(strengths),
        )
    ]


def _tell_surely(strengths: list[Strength]) -> Text:
    """Say which risks are among the five best attested whichever count is left out."""
    surely = [entry.risk for entry in strengths if entry.is_top]
    if len(strengths) <= _TOP:
        return _tell_briefly(strengths)
    if not surely:
        return compose("No risk is among the five best attested whichever count is left out.")
    names = [compose("“{title}”", title=told(risk.title)) for risk in surely]
    return compose(
        "Among the five best attested whichever count is left out: {names}.",
        names=enumerate_parts(names),
    )


def _tell_briefly(strengths: list[Strength]) -> Text:
    """Say how many risks can be among the five best attested."""
    risks = [entry.risk for entry in strengths]
    every = count_risks(risks, risks)
    if len(risks) <= _TOP:
        return compose("{every} can’t be ordered: they are too few.", every=every)
    return compose(
        "{may} of {every} can be among the five best attested.",
        may=bare(count_risks([entry.risk for entry in strengths if entry.may_be_top], risks)),
        every=every,
    )


def _count_parts(risk: Risk) -> tuple[Estimate, Estimate, Estimate]:
    """Count the origins that raise a risk, report it as fact, and stand in a good document."""
    good = risk.raising[risk.raising["grade"].isin(_GOOD)]
    return (
        count_origins(risk.raising, "points"),
        _count(risk.reported, risk.raising),
        _count(good, risk.raising),
    )


def _count(passages: pd.DataFrame, among: pd.DataFrame) -> Estimate:
    if passages.empty:
        return Estimate.count(among["evidence_id"], "points", 0)
    return count_origins(passages, "points")
