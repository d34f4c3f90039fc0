"""Exhibits on a user's own ratings: how far raters agree, and what ranks survive their choices.

These numbers are opinions. They carry no observation: each is written as a name, so that no page
shows it as a figure that a source states. Each risk's name leads to the passages on it.
"""

import math

import numpy as np
import pandas as pd

from mss_analysis.evidence import Evidence
from mss_analysis.exhibit import Exhibit, Row, exhibit
from mss_analysis.language import mark, name_of, tell, tell_plural
from mss_analysis.prose import Prose, Text, compose, enumerate_parts, name, refer, say
from mss_analysis.risks.agreement import bootstrap_alpha
from mss_analysis.risks.ranking import TOP, WITHOUT, simulate_ranks, vary_choices
from mss_analysis.risks.ratings import STEPS, Ratings, read_ratings
from mss_analysis.risks.register import Risk, read_risks
from mss_analysis.risks.risk_chart import draw_ratings, draw_shares
from mss_analysis.risks.vocabulary import list_titles
from mss_analysis.wording import number, quantity

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
    every = dict.fromkeys([*known, *load(language=evidence.language).risks["risk_id"]])
    ratings = read_ratings(path, list(every))
    return ratings.restrict(known) if ratings else None


def show_ratings(evidence: Evidence, ratings: Ratings | None) -> Exhibit | Prose:
    """Show all ratings in the plane of likelihood and impact, without colours or ranks.

    Without ratings it says how to bring them; the exhibits that follow then show nothing.
    """
    if ratings is None:
        return say(
            evidence,
            compose(
                "No ratings were given, so nothing is shown here. To bring ratings, fill in a copy "
                "of “ratings-template.csv” and name it in the parameter “ratings”: the page then "
                "shows the ratings, how far the raters agree, which ranks their ratings allow, and "
                "what the first five owe to single choices."
            ),
        )
    titles = _titles(evidence)
    rows: list[Row] = []
    marks = []
    for risk in ratings.risks:
        likelihood, impact = _span(ratings.likelihood[risk]), _span(ratings.impact[risk])
        rows.append(
            {
                "Risk": _refer(titles[risk]),
                "Likelihood": name(_write_span(*likelihood)),
                "Impact": name(_write_span(*impact)),
                "Raters": name(number(int(ratings.likelihood[risk].notna().sum()))),
            }
        )
        marks.append(
            {
                "likelihood_low": likelihood[0],
                "likelihood_high": likelihood[1],
                "impact_low": impact[0],
                "impact_high": impact[1],
                "observation": " ".join(titles[risk].raising["evidence_id"]),
                "says": tell(
                    "{risk}: likelihood {likelihood}, impact {impact}, as rated.",
                    risk=name_of(titles[risk].title),
                    likelihood=_write_span(*likelihood),
                    impact=_write_span(*impact),
                ),
            }
        )
    return exhibit(
        evidence,
        "ratings",
        tell("How were the risks rated?"),
        compose(
            "{origin} Steps go from {low} to {high}; a box spans all ratings of a risk.",
            origin=_introduce(ratings),
            low=name("1"),
            high=name(str(STEPS)),
        )
        if rows
        else _nothing_rated(),
        rows,
        draw_ratings(pd.DataFrame(marks), "Risk", STEPS) if marks else None,
        compose(
            "Read no rank off this picture. A step may hold very unequal risks, so a matrix can "
            "place a smaller risk above a larger one; where frequent harm is light and rare harm "
            "grave, it can do worse than chance; and coloured cells would hide that the steps are "
            "opinions."
        ),
        headline=_count_ratings(ratings) if rows else None,
        subtitle=_tell_subtitle(
            ratings,
            mark("Likelihood and impact of each risk as rated, in steps: “{file}”"),
            mark("Invented for teaching: likelihood and impact of each risk, in steps: “{file}”"),
        ),
    )


def measure_agreement(evidence: Evidence, ratings: Ratings | None) -> Exhibit | None:
    """Show how far raters agree on likelihood and on impact."""
    if ratings is None:
        return None
    rows: list[Row] = []
    verdicts = []
    tables = {mark("likelihood"): ratings.likelihood, mark("impact"): ratings.impact}
    for scale, table in tables.items():
        alpha, low, high = bootstrap_alpha(table.to_numpy())
        if math.isnan(alpha):
            continue
        rows.append(
            {
                "Scale": scale,
                "Alpha": name(_write(alpha)),
                "Interval": name(tell("{low} to {high}", low=_write(low), high=_write(high))),
                "Reading": _judge(low, high),
            }
        )
        verdicts.append(
            compose("{scale} {alpha}", scale=name(scale), alpha=name(_write(alpha))),
        )
    if not ratings.risks:
        answer = _nothing_rated()
    elif verdicts:
        answer = compose(
            "{origin} The table gives alpha with its interval.", origin=_introduce(ratings)
        )
    else:
        answer = compose("Agreement can’t be measured: no two raters rated one risk differently.")
    return exhibit(
        evidence,
        "rater-agreement",
        tell("Do the raters agree?"),
        answer,
        rows,
        None,
        compose(
            "Krippendorff’s alpha for ordered steps: one is perfect agreement, zero what chance "
            "alone would give, below zero systematic disagreement. The interval resamples the "
            "risks; with few risks or raters it is wide. A common convention asks for {solid}, "
            "and takes {tentative} for tentative conclusions; its author asks for more where "
            "lives depend on it.",
            solid=name(_write(_SOLID, 3)),
            tentative=name(_write(_TENTATIVE, 3)),
        ),
        headline=compose("Agreement between raters: {parts}.", parts=enumerate_parts(verdicts))
        if verdicts
        else None,
        subtitle=_tell_subtitle(
            ratings,
            mark("Krippendorff’s alpha, ordinal, with an interval over risks: “{file}”"),
            mark(
                "Invented for teaching: Krippendorff’s alpha, ordinal, with an interval over "
                "risks: “{file}”"
            ),
        ),
    )


def rank_ratings(evidence: Evidence, ratings: Ratings | None) -> Exhibit | None:
    """Show the ranks that the ratings allow, over raters and scales."""
    if ratings is None:
        return None
    titles = _titles(evidence)
    rows: list[Row] = []
    marks = []
    if ratings.risks:
        ranks = simulate_ranks(ratings)
        for place in np.lexsort((ranks.middle, -ranks.top)):
            risk = titles[ranks.risks[place]]
            span = _write_span(ranks.low[place], ranks.high[place])
            share = quantity(round(100 * ranks.top[place]), "percent")
            rows.append(
                {
                    "Risk": _refer(risk),
                    "Rank in the middle draw": name(number(round(ranks.middle[place]))),
                    "Nine draws in ten": name(span),
                    "Among the first five": name(share),
                }
            )
            marks.append(
                {
                    "Risk": name_of(risk.title),
                    "low": ranks.low[place],
                    "middle": ranks.middle[place],
                    "high": ranks.high[place],
                    "observation": " ".join(risk.raising["evidence_id"]),
                    "says": tell(
                        "{risk}: rank {span} in nine draws of ten; among the first five in "
                        "{share}.",
                        risk=name_of(risk.title),
                        span=span,
                        share=share,
                    ),
                }
            )
    wide = [entry for entry in marks if entry["low"] <= TOP < entry["high"]]
    return exhibit(
        evidence,
        "rated-ranks",
        tell("Which ranks do the ratings allow?"),
        _introduce(ratings) if rows else _nothing_rated(),
        rows,
        draw_shares(pd.DataFrame(marks), "Risk", "low", "middle", "high") if marks else None,
        compose(
            "Each draw picks raters with replacement and gives the steps of both scales random "
            "values that rise with the steps; a risk scores likelihood times impact. The draws "
            "are seeded, so that the same file gives the same ranks. Ranks of opinions stay "
            "opinions: the spread shows how much depends on who was asked and how a step is read."
        ),
        headline=compose(
            "For {wide} of {all} the ratings don’t settle whether it is among the first five.",
            wide=name(number(len(wide))),
            all=_count_risks(len(marks)),
        )
        if rows
        else None,
        subtitle=_tell_subtitle(
            ratings,
            mark("Rank of each risk in nine draws of ten, dot at the middle one: “{file}”"),
            mark(
                "Invented for teaching: rank of each risk in nine draws of ten, dot at the middle "
                "one: “{file}”"
            ),
        ),
    )


def try_choices(evidence: Evidence, ratings: Ratings | None) -> Exhibit | None:
    """Show which risks stay among the first five when one choice at a time is changed."""
    if ratings is None:
        return None
    titles = _titles(evidence)
    variants = vary_choices(ratings) if len(ratings.risks) > TOP else []
    rows: list[Row] = [
        {
            "Choice": name(_call_choice(variant.choice)),
            "First five": list_titles(titles[risk] for risk in variant.top),
            "Leave": list_titles(titles[r] for r in variants[0].top if r not in variant.top),
        }
        for variant in variants
    ]
    answer = compose("There are too few rated risks to speak of a first five.")
    headline = None
    if variants:
        stay = [
            titles[risk]
            for risk in variants[0].top
            if all(risk in variant.top for variant in variants)
        ]
        headline = compose(
            "{stay} of the first five stay whichever single choice is changed.",
            stay=name(number(len(stay))),
        )
        answer = _introduce(ratings)
        if stay:
            answer = compose(
                "{answer} These stay: {which}.", answer=answer, which=list_titles(stay)
            )
    return exhibit(
        evidence,
        "first-five",
        tell("How much do the first five owe to one choice?"),
        answer,
        rows,
        None,
        compose(
            "One choice is changed at a time: a rater left out, a sum for the product, impact "
            "alone, a median for the mean, steps that double. Shares of variance (Sobol indices) "
            "are not given: choices are few, discrete and made by people, so no distribution "
            "over them is known."
        ),
        headline=headline,
        subtitle=_tell_subtitle(
            ratings,
            mark("Risks that come first under each choice: “{file}”"),
            mark("Invented for teaching: risks that come first under each choice: “{file}”"),
        ),
    )


def _nothing_rated() -> Text:
    return compose("None of the risks rated was known on this day.")


def _introduce(ratings: Ratings) -> Text:
    """Say who rated, and how many risks; invented raters are named as such each time."""
    parts = {
        "raters": _count_raters(ratings),
        "risks": _count_risks(len(ratings.risks)),
        "file": name(ratings.name),
    }
    if ratings.is_invented:
        return compose(
            "Invented for teaching, and nobody’s opinion: in “{file}”, {raters} rated {risks}.",
            **parts,
        )
    return compose("In “{file}”, {raters} rated {risks}.", **parts)


def _count_ratings(ratings: Ratings) -> Text:
    """Say in a few words who rated how much."""
    parts = {"raters": _count_raters(ratings), "risks": _count_risks(len(ratings.risks))}
    if ratings.is_invented:
        return compose("Invented ratings: {raters} rated {risks}.", **parts)
    return compose("{raters} rated {risks}.", **parts)


def _tell_subtitle(ratings: Ratings, given: str, invented: str) -> str:
    """Say what is shown, and that it is invented if it is."""
    return tell(invented if ratings.is_invented else given, file=ratings.name)


def _call_choice(choice: str) -> str:
    """Name a changed choice; a rater left out goes by the name in the file."""
    if choice.startswith(WITHOUT):
        return tell("without {rater}", rater=choice.removeprefix(WITHOUT))
    return choice


def _judge(low: float, high: float) -> str:
    """Read an interval of alpha by the quoted convention."""
    if low >= _SOLID:
        return mark("agreement, by the convention")
    if high < _TENTATIVE:
        return mark("too little agreement for any conclusion")
    if low >= _TENTATIVE:
        return mark("enough for tentative conclusions")
    return mark("can’t tell: the interval holds too little and enough")


def _titles(evidence: Evidence) -> dict[str, Risk]:
    return {risk.id: risk for risk in read_risks(evidence)}


def _refer(risk: Risk) -> Text:
    return refer(risk.raising["evidence_id"], name_of(risk.title))


def _count_raters(ratings: Ratings) -> Text:
    count = len(ratings.raters)
    return name(tell_plural("{n} rater", "{n} raters", count, n=number(count)))


def _count_risks(count: int) -> Text:
    return name(tell_plural("{n} risk", "{n} risks", count, n=number(count)))


def _write(coefficient: float, places: int = 2) -> str:
    """Write a coefficient with the decimal sign of the language."""
    sign = number(0.5)[1]
    return f"{coefficient:.{places}f}".replace(".", sign).replace("-", "−")


def _span(steps: pd.Series) -> tuple[float, float]:
    return float(steps.min()), float(steps.max())


def _write_span(low: float, high: float) -> str:
    if round(low) == round(high):
        return number(round(low))
    return tell("{low} to {high}", low=number(round(low)), high=number(round(high)))
