"""Readings: what a chosen set of figures says of a flow, and where the set contradicts itself.

A count of documented cases stays a floor whatever others say. A ceiling that stands in any
contradiction is taken for open; ceilings that stand in none hold. A stated growth that the counts
of its own two periods refute is left out. What is left can all be true, so it has bounds, and what
was opened is told beside the number.
"""

from dataclasses import dataclass

from mss_analysis.estimate import Estimate
from mss_analysis.evidence import Evidence, ParameterError
from mss_analysis.prose import Text, bare, cite, compose, enumerate_parts, join
from mss_analysis.reconcile import Claim, Link, Side, Timeline
from mss_analysis.sides import read_timeline

ALL, FIRM, FLOORS = "all", "firm", "floors"
SERIES = "BINUH"
_WORDS = {
    ALL: "Figures of all counting bodies are read together.",
    FIRM: "Only the series of the UN human-rights service in Haiti (BINUH with OHCHR) is read.",
    FLOORS: "Every count is read as a minimum, which is what documented cases are.",
}
OPENED = compose("Counts that contradict each other are read as floors.")
# So many figures of a contradiction a sentence can carry.
_MOST_NAMED = 4


@dataclass(frozen=True)
class Reading:
    """A flow as one evidence set tells it.

    ``timeline`` is consistent. ``conflicts`` holds the minimal sets of counts that can't all be
    true (ids of observations, one for each claim), the smallest first; ``is_complete`` whether
    there are surely no others. ``misfits`` are stated growths that no count allows.
    """

    timeline: Timeline
    conflicts: tuple[tuple[str, ...], ...] = ()
    is_complete: bool = True
    misfits: tuple[str, ...] = ()


def read_flow(
    evidence: Evidence,
    indicator: str,
    evidence_set: str = ALL,
    population: str = "",
    party: str = "",
) -> Reading:
    """Read a flow of the whole country by an evidence set.

    Parameters
    ----------
    evidence
        The evidence as known on a day.
    indicator
        A flow.
    evidence_set
        ``all`` counting bodies; ``firm``: one series, that of the UN human-rights service;
        ``floors``: all, every count read as a minimum.
    population, party
        What is counted; empty for the whole population, all parties.

    Raises
    ------
    ParameterError
        When there is no such evidence set.

    Examples
    --------
    >>> import mss_analysis as mss
    >>> read_flow(mss.load(corpus="seed"), "killed").conflicts
    ()

    """
    if evidence_set not in _WORDS:
        raise ParameterError(
            f"evidence_set must be one of {', '.join(_WORDS)}, not {evidence_set!r}."
        )
    key = f"reading {indicator}/{evidence_set}/{population}/{party}"
    if key not in evidence.memo:
        origin = SERIES if evidence_set == FIRM else ""
        whole = read_timeline(
            evidence, indicator, party=party, population=population, origin=origin
        )
        evidence.memo[key] = Reading(whole.as_floors()) if evidence_set == FLOORS else _relax(whole)
    return evidence.memo[key]


def describe_set(evidence_set: str) -> Text:
    """Say which figures are read, for below a chart."""
    return compose(_WORDS[evidence_set])


def admit(
    evidence: Evidence, reading: Reading, year: int | None = None, cited: bool = False
) -> Text | None:
    """Say what the figures contradict, shortly: the smallest contradiction, and how many more.

    Only contradictions that touch a ``year``, where one is given; with sources where ``cited``.
    """
    conflicts = [
        conflict
        for conflict in reading.conflicts
        if year is None or any(_touches(evidence, entry, year) for entry in conflict)
    ]
    told = []
    if conflicts:
        first, *others = conflicts
        named: list[Text] = [
            _cite_figure(evidence, entry) if cited else bare(evidence.estimate(entry))
            for entry in first[:_MOST_NAMED]
        ]
        if len(first) > _MOST_NAMED:
            rest = Estimate.count(first[_MOST_NAMED:], "others")
            named.append(compose("{rest}", rest=rest))
        told.append(
            compose("The counts {figures} cannot all be true.", figures=enumerate_parts(named))
        )
        if others:
            # Near-copies of one contradiction count, too: a repeated floor makes a set of its own.
            ids = dict.fromkeys(entry for conflict in others for entry in conflict)
            number = Estimate.count(ids, "combinations", len(others))
            more = (
                "{number} of figures contradict each other, too."
                if len(others) > 1
                else "{number} of figures contradicts itself, too."
            )
            told.append(compose(more, number=number))
    if reading.misfits:
        number = Estimate.count(reading.misfits, "statements")
        template = "Left out, as the counts of the two periods refute it: {number} of growth."
        told.append(compose(template, number=number))
    if conflicts:
        told.append(OPENED)
    return join(told) if told else None


def qualify(
    evidence: Evidence,
    answer: Text | None,
    reading: Reading,
    year: int | None = None,
    cited: bool = False,
) -> Text | None:
    """Put the contradictions, and what is done about them, beside an answer."""
    warning = admit(evidence, reading, year, cited)
    return join([answer, warning]) if answer and warning else answer


def is_known(count: Estimate) -> bool:
    """Whether anything is known of a count: silence is not zero."""
    return count.low > 0 or count.high < float("inf")


def _relax(whole: Timeline) -> Reading:
    """Take out what contradicts: ceilings in contradictions, growths that their counts refute."""
    counts = Timeline(whole.unit, whole.sides)
    found = counts.conflicts()
    refuted: set[Claim] = {claim for conflict in found.sets for claim in conflict}
    kept = tuple(
        side for side in whole.sides if side.is_floor or (side not in refuted and found.is_complete)
    )
    fitting = [link for link in whole.links if not _is_refuted(link, whole)]
    conflicts = [_name(conflict) for conflict in found.sets]
    # Whatever the list of contradictions may have missed is opened, too.
    while left := Timeline(whole.unit, kept).conflict():
        conflicts.append(left)
        kept = tuple(
            side for side in kept if side.is_floor or not set(side.observations) & set(left)
        )
    relaxed = Timeline(whole.unit, kept)
    links = tuple(link for link in fitting if not Timeline(whole.unit, kept, (link,)).conflict())
    if links and not (tied := Timeline(whole.unit, kept, links)).conflict():
        relaxed = tied
    else:
        links = ()
    dropped = [link for link in whole.links if link not in links]
    misfits = dict.fromkeys(entry for link in dropped for entry in link.observations)
    return Reading(relaxed, tuple(sorted(conflicts, key=len)), found.is_complete, tuple(misfits))


def _is_refuted(link: Link, whole: Timeline) -> bool:
    """Whether the counts of the very periods that a relation ties refute it."""
    spans = {term[1:] for term in link.terms}
    own = tuple(side for side in whole.sides if (side.part, side.start, side.stop) in spans)
    alone = Timeline(whole.unit, own)
    # Counts that contradict each other refute nothing.
    return not alone.conflict() and bool(Timeline(whole.unit, own, (link,)).conflict())


def _name(conflict: tuple[Claim, ...]) -> tuple[str, ...]:
    """Name one observation for each claim, in order of time."""
    claims = sorted(conflict, key=_begin)
    return tuple(dict.fromkeys(claim.observations[0] for claim in claims))


def _begin(claim: Claim) -> tuple:
    return (claim.start, claim.stop) if isinstance(claim, Side) else ()


def _touches(evidence: Evidence, identifier: str, year: int) -> bool:
    row = evidence.row(identifier)
    return row["period_start"].year <= year <= row["period_end"].year


def _cite_figure(evidence: Evidence, identifier: str) -> Text:
    return compose(
        "{figure} ({place})",
        figure=bare(evidence.estimate(identifier)),
        place=cite(evidence, [identifier]),
    )
