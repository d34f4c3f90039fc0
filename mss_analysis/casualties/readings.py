"""Readings: what a chosen set of figures says of a flow, and where the set contradicts itself.

A count of documented cases stays a floor whatever others say. A ceiling that stands in any
contradiction is taken for open; ceilings that stand in none hold. A stated growth that the counts
of its own two periods refute is left out. What is left can all be true, so it has bounds, and what
was opened is told beside the number.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from mss_analysis.estimate import Estimate
from mss_analysis.evidence import Evidence, ParameterError
from mss_analysis.language import mark, tell
from mss_analysis.prose import Part, Text, bare, cite, compose, join, moment, name
from mss_analysis.reconcile import Claim, Link, Side, Timeline
from mss_analysis.sides import read_timeline

ALL, FIRM, FLOORS = "all", "firm", "floors"
SERIES = "BINUH"
_WORDS = {
    ALL: mark("Figures of all counting bodies are read together."),
    FIRM: mark(
        "Only the series of the UN human-rights service in Haiti (BINUH with OHCHR) is read."
    ),
    FLOORS: mark("Every count is read as a minimum, which is what documented cases are."),
}
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
    parts: tuple[str, ...] = (),
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
    parts
        Indicators that by their definition count a part of it: their floors are floors for it.

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
    key = f"reading {indicator}/{evidence_set}/{population}/{party}/{parts}"
    if key not in evidence.memo:
        origin = SERIES if evidence_set == FIRM else ""
        whole = read_timeline(
            evidence, indicator, party=party, population=population, origin=origin
        )
        for part in parts:
            whole = _add_floors(whole, read_timeline(evidence, part, origin=origin), part)
        evidence.memo[key] = Reading(whole.as_floors()) if evidence_set == FLOORS else relax(whole)
    return evidence.memo[key]


def _add_floors(whole: Timeline, part: Timeline, name: str) -> Timeline:
    """Put the floors of a part under the whole."""
    floors = (replace(side, part=name) for side in part.sides if side.is_floor)
    return replace(whole, sides=(*whole.sides, *floors))


def relax(whole: Timeline) -> Reading:
    """Take out what contradicts: ceilings in contradictions, growths that their counts refute.

    Floors all stay: they alone never contradict each other.
    """
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


def describe_set(evidence_set: str) -> Text:
    """Say which figures are read, for below a chart."""
    return compose(_WORDS[evidence_set])


def name_origins(origins: Sequence[str]) -> Part:
    """Name those who counted, for a cell of a table."""
    return join([name(origin) for origin in origins], ", ") if origins else mark("not named")


def admit(
    evidence: Evidence, reading: Reading, year: int | None = None, cited: bool = False
) -> Text | None:
    """Say what the figures contradict: the smallest contradiction, and how many more.

    Only contradictions that touch a ``year``, where one is given; with sources where ``cited``,
    else with the periods counted.
    """
    told = []
    if conflicts := _select(evidence, reading, year):
        first, *others = conflicts
        named = [_tell_count(evidence, entry, cited) for entry in first[:_MOST_NAMED]]
        if len(first) > _MOST_NAMED:
            rest = Estimate.count(first[_MOST_NAMED:], "others")
            named.append(compose("{rest}", rest=rest))
        figures = join(named, tell("; "))
        told.append(compose("These counts cannot all be true: {figures}.", figures=figures))
        if others:
            told.append(compose("Further contradictions: {number}.", number=_count(others)))
        told.append(compose("Counts that contradict each other are read as floors."))
    return join([*told, *_leave_out(reading)]) if told or reading.misfits else None


def mention(evidence: Evidence, reading: Reading, year: int | None = None) -> Text | None:
    """Say shortly that figures contradict each other, where another exhibit names them."""
    told = []
    if conflicts := _select(evidence, reading, year):
        told.append(
            compose(
                "Counts that contradict each other ({number}) are read as floors.",
                number=_count(conflicts),
            )
        )
    return join([*told, *_leave_out(reading)]) if told or reading.misfits else None


def qualify(answer: Text | None, warning: Text | None) -> Text | None:
    """Put the contradictions, and what is done about them, beside an answer."""
    return join([answer, warning]) if answer and warning else answer


def is_known(count: Estimate) -> bool:
    """Whether anything is known of a count: silence is not zero."""
    return count.low > 0 or count.high < float("inf")


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


def _select(evidence: Evidence, reading: Reading, year: int | None) -> list[tuple[str, ...]]:
    """Pick the contradictions that touch a year."""
    return [
        conflict
        for conflict in reading.conflicts
        if year is None or any(_touches(evidence, entry, year) for entry in conflict)
    ]


def _count(conflicts: Iterable[tuple[str, ...]]) -> Estimate:
    """Count contradictions; near-copies count, too: a repeated floor makes a set of its own."""
    sets = list(conflicts)
    ids = dict.fromkeys(entry for conflict in sets for entry in conflict)
    return Estimate.count(ids, "sets of counts", len(sets))


def _leave_out(reading: Reading) -> list[Text]:
    if not reading.misfits:
        return []
    return [
        compose(
            "A stated increase that the counts of its own two periods refute is left out "
            "({number}).",
            number=Estimate.count(reading.misfits, "statements"),
        )
    ]


def _touches(evidence: Evidence, identifier: str, year: int) -> bool:
    row = evidence.row(identifier)
    return row["period_start"].year <= year <= row["period_end"].year


def _tell_count(evidence: Evidence, identifier: str, cited: bool) -> Text:
    place = cite(evidence, [identifier]) if cited else moment(evidence.row(identifier))
    return compose("{figure} ({place})", figure=bare(evidence.estimate(identifier)), place=place)
