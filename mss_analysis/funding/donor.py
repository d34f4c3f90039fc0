"""A donor: how far its money got, and the totals that documents give for it."""

from mss_analysis.charts import draw_intervals
from mss_analysis.estimate import Estimate, UnitError, total
from mss_analysis.evidence import Evidence
from mss_analysis.exhibit import Exhibit, Row, exhibit, flatten, nothing_known
from mss_analysis.findings import Finding
from mss_analysis.funding.headline import head_row
from mss_analysis.funding.ledger import Claim, group_claims
from mss_analysis.funding.money import (
    POTS,
    RUNGS,
    UNNAMED_DOLLAR,
    doubt_currency,
    find_blocked,
    floor_donor,
    head_rung,
    list_donor,
    name_rung,
    select_money,
)
from mss_analysis.funding.money import (
    Row as Record,
)
from mss_analysis.funding.remainder import share_within
from mss_analysis.funding.scopes import tell_scope
from mss_analysis.language import mark, name_of, tell
from mss_analysis.prose import (
    Prose,
    Text,
    cite,
    compose,
    enumerate_parts,
    join,
    moment,
    name,
    say,
    when,
)

_SUPPORT = "mission_support"
_WHOLE = mark("for the mission")


def follow_donor(evidence: Evidence, donor: str) -> Exhibit:
    """Show one donor's money on every rung, side by side, with what was blocked."""
    ladder = list_donor(evidence, donor)
    rows: list[Row] = [
        {
            "Rung": compose(
                "{rung}, {pot}", rung=head_rung(row["status"]), pot=name(POTS[row["indicator"]])
            ),
            "Amount": evidence.estimate(row["observation_id"]),
            "Stated": moment(row),
            "Source": cite(evidence, [row["observation_id"]]),
        }
        for row in ladder
    ]
    blocked = find_blocked(evidence, donor)
    if blocked is not None:
        is_ceiling = blocked.figure.low <= 0
        rows.append(
            {
                "Rung": head_rung("blocked"),
                "Amount": blocked.figure.hull() if is_ceiling else blocked.figure,
                "Stated": mark("amount not stated") if is_ceiling else moment(blocked.rows[-1]),
                "Source": cite(evidence, blocked.ids[:4]),
            }
        )
    sentences = (
        tell_rungs(evidence, donor),
        tell_cleared(evidence, donor),
        tell_blocked(evidence, donor),
    )
    known = [sentence for sentence in sentences if sentence is not None]
    return exhibit(
        evidence,
        "donor-rungs",
        tell("How far did one donor’s money get ({donor})?", donor=name_of(donor)),
        join(known) if known else nothing_known(),
        rows,
        rows and draw_intervals(flatten(evidence, rows), "Rung", "Amount", tell("US dollars")),
        _note(
            compose(
                "The rungs may hold the same dollars. Where a document does not say that one sum "
                "is part of another, this is left open."
            ),
            warn_of_dollars(evidence, ladder),
        ),
        headline=_head_rungs(evidence, donor) or head_row(rows, "Rung", "Amount"),
        subtitle=tell(
            "Newest figure on each rung of the money of one donor ({donor}), US dollars",
            donor=name_of(donor),
        ),
    )


def list_totals(evidence: Evidence, donor: str) -> Exhibit:
    """Show the ledger of one donor's money: every total that documents give, each once."""
    claims = order_claims(evidence, donor)
    rows: list[Row] = [
        {
            "Claim": _label(claim),
            "Amount": claim.figure,
            "Rung": head_rung(claim.primary["status"]),
            "Scope": tell_scope(claim.primary["population"] or _WHOLE),
            "First stated for": when(claim.first.isoformat()),
            "Last stated for": when(claim.last.isoformat()),
            "Origins": claim.witnesses,
            "Told by": join([name(origin) for origin in claim.origins], tell("; ")),
            "Source": cite(evidence, claim.ids[:4]),
        }
        for claim in claims
    ]
    return exhibit(
        evidence,
        "donor-ledger",
        tell(
            "Which totals do documents give for one donor’s money ({donor})?", donor=name_of(donor)
        ),
        tell_totals(evidence, donor) or nothing_known(),
        rows,
        rows
        and draw_intervals(
            flatten(evidence, rows), "Claim", "Amount", tell("US dollars"), "Rung", wrap=False
        ),
        compose(
            "Each line is one amount on one rung, however many pages print it. Amounts on one rung "
            "and of one scope rival each other unless time lies between them; amounts on "
            "different rungs may hold the same dollars. Named parts of the money are not here."
        ),
        headline=_head_totals(evidence, donor) or head_row(rows, "Rung", "Amount"),
        subtitle=tell(
            "Sums that documents give for the money of one donor ({donor}), each once, US dollars",
            donor=name_of(donor),
        ),
    )


def try_adding(evidence: Evidence, donor: str) -> Prose:
    """Try to add one donor's money across rungs, and show why these pages never do."""
    rows = list_donor(evidence, donor)
    figures = evidence.estimates(row["observation_id"] for row in rows)
    if not figures:
        return say(evidence, nothing_known())
    try:
        outcome = compose("{donor}: {sum}.", donor=name(donor), sum=total(figures))
    except UnitError:
        outcome = compose(
            "{figures} are not added, since they stand on different rungs ({rungs}). The largest "
            "of them, {floor}, is the least that makes all of them true.",
            figures=Estimate.count([row["observation_id"] for row in rows], "figures"),
            rungs=enumerate_parts(
                [name_rung(status) for status in dict.fromkeys(row["status"] for row in rows)]
            ),
            floor=floor_donor(evidence, donor),
        )
    return say(evidence, _note(outcome, warn_of_dollars(evidence, rows)))


def findings(evidence: Evidence, donor: str) -> list[Finding]:
    """Conclude on one donor."""
    found = []
    part = share_within(evidence, donor)
    if part is not None:
        text = tell_cleared(evidence, donor)
        label = tell("Share of one rung that had reached the next")
        found.append(Finding("funding.cleared", label, part[-1], text))
    text = tell_totals(evidence, donor)
    if text is not None:
        rivals = rival_totals(evidence, donor)
        label = tell("Totals that documents give for one donor on one rung")
        found.append(Finding("funding.donor-totals", label, _count(rivals), text))
    return found


def order_claims(evidence: Evidence, donor: str) -> list[Claim]:
    """List the claims on one donor's money for the mission, by rung, then by day."""
    rows = select_money(evidence, [_SUPPORT], scope=None, party=donor)
    order = [*RUNGS, "blocked"]
    claims = group_claims(evidence, rows[rows["status"].isin(order)])
    return sorted(claims, key=lambda claim: (order.index(claim.primary["status"]), claim.first))


def rival_totals(evidence: Evidence, donor: str) -> list[Claim]:
    """List the claims on the rung that has most of them, oldest first."""
    by_rung: dict[str, list[Claim]] = {}
    for claim in order_claims(evidence, donor):
        if claim.primary["status"] in RUNGS and not claim.primary["population"]:
            by_rung.setdefault(claim.primary["status"], []).append(claim)
    return max(by_rung.values(), key=len, default=[])


def tell_totals(evidence: Evidence, donor: str) -> Text | None:
    """Say how many totals there are on the rung that has most, and how far apart they lie."""
    rivals = rival_totals(evidence, donor)
    if not rivals:
        return None
    rung = rivals[0].primary["status"]
    if len(rivals) == 1:
        return compose(
            "{donor}: one total is told as {rung}, {amount}.",
            donor=name(donor),
            rung=name_rung(rung),
            amount=rivals[0].figure,
        )
    ordered = sorted(rivals, key=lambda claim: _size(claim.figure))
    return compose(
        "{donor}: documents give {count} as {rung}, from {low} ({first}) to {high} ({last}).",
        donor=name(donor),
        count=_count(rivals),
        rung=name_rung(rung),
        low=ordered[0].figure,
        first=moment(ordered[0].rows[0]),
        high=ordered[-1].figure,
        last=moment(ordered[-1].rows[0]),
    )


def tell_rungs(evidence: Evidence, donor: str) -> Text | None:
    """Say from where to where one donor's figures reach, and on which rungs those stand."""
    told = [(evidence.estimate(row["observation_id"]), row) for row in list_donor(evidence, donor)]
    if not told:
        return None
    (low, first), (high, last) = (
        pick(told, key=lambda entry: _size(entry[0])) for pick in (min, max)
    )
    if len(told) == 1:
        return compose(
            "{donor}: one sum is told, {amount} ({rung}).",
            donor=name(donor),
            amount=low,
            rung=_place(first),
        )
    return compose(
        "{donor}: documents give {count}, from {low} ({first}) to {high} ({last}). They stand on "
        "rungs of one ladder and are not added.",
        donor=name(donor),
        count=Estimate.count([row["observation_id"] for _, row in told], "figures"),
        low=low,
        first=_place(first),
        high=high,
        last=_place(last),
    )


def tell_cleared(evidence: Evidence, donor: str) -> Text | None:
    """Say how much of one rung had reached the next on a day, and what is told for later days."""
    within = share_within(evidence, donor)
    if within is None:
        return None
    part, whole, share = within
    sentence = compose(
        "Of the {whole} {rung} ({donor}), {share} had been {status} ({day}).",
        whole=evidence.estimate(whole["observation_id"]),
        rung=name_rung(whole["status"]),
        donor=name(donor),
        share=share,
        status=name_rung(part["status"]),
        day=moment(part),
    )
    later = [
        row
        for row in list_donor(evidence, donor)
        if row["indicator"] == _SUPPORT
        and row["status"] == part["status"]
        and row["day"] > part["day"]
    ]
    if not later:
        return sentence
    newest = compose(
        "Told as {status} for a later day: {amount} ({day}).",
        status=name_rung(part["status"]),
        amount=evidence.estimate(later[-1]["observation_id"]),
        day=moment(later[-1]),
    )
    return join([sentence, newest])


def tell_blocked(evidence: Evidence, donor: str) -> Text | None:
    """Say how much of a donor's money was blocked, or that nobody gives the amount."""
    blocked = find_blocked(evidence, donor)
    if blocked is None:
        return None
    if blocked.figure.low <= 0:
        return compose(
            "Part of the pledge was blocked; no document gives the amount, it was {blocked}.",
            blocked=blocked.figure.hull(),
        )
    return compose(
        "Held back for a time: {blocked} ({origins}; last told for {day}).",
        blocked=blocked.figure,
        origins=blocked.witnesses,
        day=when(blocked.last.isoformat()),
    )


def warn_of_dollars(evidence: Evidence, rows: list[Record]) -> Text | None:
    """Warn of figures whose currency is in doubt."""
    vague = [row["observation_id"] for row in rows if UNNAMED_DOLLAR in row["note"]]
    doubtful = doubt_currency(evidence).difference(vague)
    twice = [row["observation_id"] for row in rows if row["observation_id"] in doubtful]
    sentences = []
    if vague:
        sentences.append(
            compose(
                "For {figures} the document does not say which dollar is meant.",
                figures=Estimate.count(vague, unit="figures"),
            )
        )
    if twice:
        sentences.append(
            compose(
                "The number of {figures} is told in another currency elsewhere.",
                figures=Estimate.count(twice, unit="figures"),
            )
        )
    return join(sentences) if sentences else None


def _count(claims: list[Claim]) -> Estimate:
    return Estimate.count([claim.ids[0] for claim in claims], "totals")


def _head_rungs(evidence: Evidence, donor: str) -> Text | None:
    figures = evidence.estimates(row["observation_id"] for row in list_donor(evidence, donor))
    if not figures:
        return None
    if len(figures) == 1:
        return compose("{donor}: {amount}", donor=name(donor), amount=figures[0])
    return compose(
        "{donor}: from {low} to {high}, by rung",
        donor=name(donor),
        low=min(figures, key=_size),
        high=max(figures, key=_size),
    )


def _head_totals(evidence: Evidence, donor: str) -> Text | None:
    rivals = [claim.figure for claim in rival_totals(evidence, donor)]
    if len(rivals) < 2:
        return None
    rung = rival_totals(evidence, donor)[0].primary["status"]
    return compose(
        "{count} as {rung}, from {low} to {high}",
        count=_count(rival_totals(evidence, donor)),
        rung=name_rung(rung),
        low=min(rivals, key=_size),
        high=max(rivals, key=_size),
    )


def _size(figure: Estimate) -> tuple[float, float]:
    return figure.low if figure.value is None else figure.value, figure.low


def _place(row: Record) -> Text:
    return compose("{rung}, {pot}", rung=name_rung(row["status"]), pot=name(POTS[row["indicator"]]))


def _label(claim: Claim) -> Text:
    rung, scope = head_rung(claim.primary["status"]), claim.primary["population"]
    if not scope:
        return compose("{rung}: {amount}", rung=rung, amount=claim.figure)
    return compose(
        "{rung}, {scope}: {amount}", rung=rung, scope=tell_scope(scope), amount=claim.figure
    )


def _note(*sentences: Text | None) -> Text:
    return join(sentence for sentence in sentences if sentence is not None)
