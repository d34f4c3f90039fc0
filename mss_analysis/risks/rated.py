"""Exhibits on a user's own ratings: how far raters agree, and what ranks survive their choices.

These numbers are opinions. They carry no observation: each is written as a name, so that no page
shows it as a figure that a source states. Each risk's name leads to the passages on it.
"""

import math

import numpy as np
import pandas as pd

from mss_analysis.evidence import Evidence
from mss_analysis.exhibit import Exhibit, Row, exhibit
from mss_analysis.prose import Text, compose, enumerate_parts, name, refer
from mss_analysis.risks.agreement import bootstrap_alpha
from mss_analysis.risks.ranking import TOP, simulate_ranks, vary_choices
from mss_analysis.risks.ratings import STEPS, Ratings, read_ratings
from mss_analysis.risks.register import Risk, read_risks
from mss_analysis.risks.risk_chart import draw_ratings, draw_shares

_NONE = compose(
    "No ratings were given. Fill in a copy of “ratings-template.csv” and name it in the parameter "
    "“ratings”."
)
_NONE_AGAIN = compose("No ratings were given.")
_UNKNOWN = compose("None of the risks rated was known on this day.")
# The quoted convention; its author asks for more where lives hang on it.
_SOLID, _TENTATIVE = 0.8, 0.667


def load_ratings(evidence: Evidence, path: str) -> Ratings | None:
    """Read a user's ratings; an empty path gives ``None``.

    A rating of a risk that only later documents raise is kept in the file and left out here.

    Raises
    ------
    RatingsError
        When the file can't be used; one sentence for each fault.

    """
    if not path:
        return None
    from mss_analysis.vintage import load

    known = [risk.id for risk in read_risks(evidence)]
    every = dict.fromkeys([*known, *load().risks["risk_id"]])
    ratings = read_ratings(path, list(every))
    return ratings.restrict(known) if ratings else None


def show_ratings(evidence: Evidence, ratings: Ratings | None) -> Exhibit:
    """Show all ratings in the plane of likelihood and impact, without colours or ranks."""
    titles = _titles(evidence)
    rows: list[Row] = []
    marks = []
    for risk in ratings.risks if ratings else []:
        likelihood, impact = _span(ratings.likelihood[risk]), _span(ratings.impact[risk])
        rows.append(
            {
                "Risk": _refer(titles[risk]),
                "Likelihood": name(_write_span(*likelihood)),
                "Impact": name(_write_span(*impact)),
                "Raters": name(str(int(ratings.likelihood[risk].notna().sum()))),
            }
        )
        marks.append(
            {
                "likelihood_low": likelihood[0],
                "likelihood_high": likelihood[1],
                "impact_low": impact[0],
                "impact_high": impact[1],
                "observation": " ".join(titles[risk].raising["evidence_id"]),
                "says": f"{titles[risk].title}: likelihood {_write_span(*likelihood)}, impact "
                f"{_write_span(*impact)}, as rated.",
            }
        )
    answer = _NONE if ratings is None else _state(ratings)
    answer = answer or compose(
        "{who} rated {count} on steps from {low} to {high}. A box spans all ratings of a risk.",
        who=_introduce(ratings),
        count=_number(len(rows), "risk"),
        low=name("1"),
        high=name(str(STEPS)),
    )
    return exhibit(
        evidence,
        "ratings",
        "How were the risks rated?",
        answer,
        rows,
        draw_ratings(pd.DataFrame(marks), "Risk", STEPS) if marks else None,
        compose(
            "Read no rank off this picture. A step may hold very unequal risks, so a matrix can "
            "place a smaller risk above a larger one; where frequent harm is light and rare harm "
            "grave, it can do worse than chance; and coloured cells would hide that the steps are "
            "opinions."
        ),
    )


def measure_agreement(evidence: Evidence, ratings: Ratings | None) -> Exhibit:
    """Show how far raters agree on likelihood and on impact."""
    rows: list[Row] = []
    verdicts = []
    tables = {"Likelihood": "likelihood", "Impact": "impact"} if ratings and ratings.risks else {}
    for scale, column in tables.items():
        alpha, low, high = bootstrap_alpha(getattr(ratings, column).to_numpy())
        if math.isnan(alpha):
            continue
        rows.append(
            {
                "Scale": scale,
                "Alpha": name(f"{alpha:.2f}"),
                "Interval": name(f"{low:.2f} to {high:.2f}"),
                "Reading": _judge(low, high),
            }
        )
        verdicts.append(
            compose(
                "for {scale} {alpha} ({low} to {high})",
                scale=scale.lower(),
                alpha=name(f"{alpha:.2f}"),
                low=name(f"{low:.2f}"),
                high=name(f"{high:.2f}"),
            )
        )
    answer = _state(ratings)
    if answer is None:
        answer = (
            compose("Agreement between raters, ordinal: {parts}.", parts=enumerate_parts(verdicts))
            if verdicts
            else compose("Agreement can’t be measured: no two raters rated one risk differently.")
        )
    return exhibit(
        evidence,
        "rater-agreement",
        "Do the raters agree?",
        answer,
        rows,
        None,
        compose(
            "Krippendorff’s alpha for ordered steps: one is perfect agreement, zero what chance "
            "alone would give, below zero systematic disagreement. The interval resamples the "
            "risks; with few risks or raters it is wide. A common convention asks for {solid}, "
            "and takes {tentative} for tentative conclusions; its author asks for more where "
            "lives depend on it.",
            solid=name(f"{_SOLID:.3f}"),
            tentative=name(f"{_TENTATIVE:.3f}"),
        ),
    )


def rank_ratings(evidence: Evidence, ratings: Ratings | None) -> Exhibit:
    """Show the ranks that the ratings allow, over raters and scales."""
    titles = _titles(evidence)
    rows: list[Row] = []
    marks = []
    if ratings and ratings.risks:
        ranks = simulate_ranks(ratings)
        for place in np.lexsort((ranks.middle, -ranks.top)):
            risk = titles[ranks.risks[place]]
            span = f"{ranks.low[place]:.0f} to {ranks.high[place]:.0f}"
            share = f"{100 * ranks.top[place]:.0f}%"
            rows.append(
                {
                    "Risk": _refer(risk),
                    "Rank in the middle draw": name(f"{ranks.middle[place]:.0f}"),
                    "Nine draws in ten": name(span),
                    "Among the first five": name(share),
                }
            )
            marks.append(
                {
                    "Risk": risk.title,
                    "low": ranks.low[place],
                    "middle": ranks.middle[place],
                    "high": ranks.high[place],
                    "observation": " ".join(risk.raising["evidence_id"]),
                    "says": f"{risk.title}: rank {span} in nine draws of ten; among the first "
                    f"five in {share}.",
                }
            )
    answer = _state(ratings)
    if answer is None:
        wide = [mark for mark in marks if mark["low"] <= TOP < mark["high"]]
        answer = compose(
            "For {wide} of {all} the ratings don’t settle whether it belongs among the first five.",
            wide=name(str(len(wide))),
            all=_number(len(marks), "risk"),
        )
    return exhibit(
        evidence,
        "rated-ranks",
        "Which ranks do the ratings allow?",
        answer,
        rows,
        draw_shares(pd.DataFrame(marks), "Risk", "low", "middle", "high") if marks else None,
        compose(
            "Each draw picks raters with replacement and gives the steps of both scales random "
            "values that rise with the steps; a risk scores likelihood times impact. The draws "
            "are seeded, so that the same file gives the same ranks. Ranks of opinions stay "
            "opinions: the spread shows how much depends on who was asked and how a step is read."
        ),
    )


def try_choices(evidence: Evidence, ratings: Ratings | None) -> Exhibit:
    """Show which risks stay among the first five when one choice at a time is changed."""
    titles = _titles(evidence)
    variants = vary_choices(ratings) if ratings and len(ratings.risks) > TOP else []
    rows: list[Row] = [
        {
            "Choice": name(variant.choice),
            "First five": name("; ".join(titles[risk].title for risk in variant.top)),
            "Leave": name(
                _list([titles[r].title for r in variants[0].top if r not in variant.top])
            ),
        }
        for variant in variants
    ]
    answer = _state(ratings)
    if answer is None and variants:
        stay = [
            titles[risk].title
            for risk in variants[0].top
            if all(risk in variant.top for variant in variants)
        ]
        answer = compose(
            "{stay} of the first five stay there whichever single choice is changed{which}.",
            stay=name(str(len(stay))),
            which=name(f": {'; '.join(stay)}" if stay else ""),
        )
    return exhibit(
        evidence,
        "first-five",
        "How much do the first five owe to one choice?",
        answer or compose("There are too few rated risks to speak of a first five."),
        rows,
        None,
        compose(
            "One choice is changed at a time: a rater left out, a sum for the product, impact "
            "alone, a median for the mean, steps that double. Shares of variance (Sobol indices) "
            "are not given: choices are few, discrete and made by people, so no distribution "
            "over them is known."
        ),
    )


def _state(ratings: Ratings | None) -> Text | None:
    """Say why there is nothing to show, or nothing."""
    if ratings is None:
        return _NONE_AGAIN
    return None if ratings.risks else _UNKNOWN


def _introduce(ratings: Ratings) -> Text:
    raters = _number(len(ratings.raters), "rater")
    if ratings.is_invented:
        return compose(
            "Invented for teaching, and nobody’s opinion: {raters} in “{file}”",
            raters=raters,
            file=name(ratings.name),
        )
    return compose("In “{file}”, {raters}", file=name(ratings.name), raters=raters)


def _judge(low: float, high: float) -> str:
    """Read an interval of alpha by the quoted convention."""
    if low >= _SOLID:
        return "agreement, by the convention"
    if high < _TENTATIVE:
        return "too little agreement for any conclusion"
    if low >= _TENTATIVE:
        return "enough for tentative conclusions"
    return "can’t tell: the interval holds too little and enough"


def _titles(evidence: Evidence) -> dict[str, Risk]:
    return {risk.id: risk for risk in read_risks(evidence)}


def _refer(risk: Risk) -> Text:
    return refer(risk.raising["evidence_id"], risk.title)


def _number(count: int, noun: str) -> Text:
    return name(f"{count} {noun}{'' if count == 1 else 's'}")


def _span(steps: pd.Series) -> tuple[float, float]:
    return float(steps.min()), float(steps.max())


def _write_span(low: float, high: float) -> str:
    return f"{low:.0f}" if low == high else f"{low:.0f} to {high:.0f}"


def _list(titles: list[str]) -> str:
    return "; ".join(titles) or "none"
