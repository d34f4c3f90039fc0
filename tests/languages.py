"""What the outputs of a topic say in one language, and the figures behind them."""

import json
from collections.abc import Callable, Collection, Sequence
from functools import cache
from typing import Any, NamedTuple

import mss_analysis as mss
from mss_analysis.evidence import Evidence
from mss_analysis.exhibit import EXHIBIT
from mss_analysis.findings import Finding
from mss_analysis.language import spoken
from mss_analysis.prose import PROVENANCE

Show = Callable[[Evidence], Sequence[Any]]
Conclude = Callable[[Evidence], Sequence[Finding]]
# Parts of a chart that its reader does not see as words.
_UNSEEN = ("field", "type", "observation", "formula")


class Told(NamedTuple):
    """All words, the observations behind each output, and the words of each chart by its id."""

    words: str
    figures: list[tuple[str, set[str]]]
    drawn: dict[str, str]


@cache
def tell(corpus: str, language: str, show: Show, conclude: Conclude) -> Told:
    """Give the words of all outputs and findings, and the observations that each rests on."""
    with spoken(language):
        evidence = mss.load(corpus=corpus, language=language)
        words, figures, drawn = [], [], {}
        for output in show(evidence):
            bundle = unpack(output)
            parts = bundle.get(EXHIBIT, bundle)
            words += [str(part) for part in parts.values()]
            figures.append((parts.get("id", ""), _collect(output)))
            if "spec" in parts:
                drawn[parts["id"]] = "\n".join(_read(parts["spec"]))
        for finding in conclude(evidence):
            words += [finding.label, finding.text.html]
            figures.append((finding.id, set(finding.text.observations)))
    return Told("\n".join(words), figures, drawn)


def unpack(output: Any) -> dict[str, Any]:
    """Give all that an output hands over; what is packed as one text is read."""
    bundle = output._repr_mimebundle_()
    packed = (EXHIBIT, PROVENANCE)
    return {kind: json.loads(part) if kind in packed else part for kind, part in bundle.items()}


def check(
    corpus: str, language: str, show: Show, conclude: Conclude, english: Collection[str] = ()
) -> None:
    """Assert that all is said in the language, by the same figures as in English.

    ``english`` holds words that no chart may show.
    """
    told = tell(corpus, language, show, conclude)
    assert 'class="untranslated"' not in told.words
    assert told.figures == tell(corpus, "en", show, conclude).figures
    assert any(observations for _, observations in told.figures)
    for chart, words in told.drawn.items():
        assert [word for word in english if word in words] == [], chart
    if language == "ht":
        # Babel has no months in Kreyòl and falls back to French ones.
        for french in ("août", "février", "1er "):
            assert french not in told.words


def _read(spec: Any) -> list[str]:
    """Read the words that a chart shows: titles, and the cells of its rows."""
    if isinstance(spec, list):
        return [words for part in spec for words in _read(part)]
    if not isinstance(spec, dict):
        return []
    # Columns keep their English names, which nobody sees.
    own = [part for key, part in spec.items() if key not in _UNSEEN and not key.endswith("_key")]
    return [part for part in own if isinstance(part, str)] + _read(own)


def _collect(output: Any) -> set[str]:
    if hasattr(output, "observations"):
        return set(output.observations)
    return {entry for text in output.paragraphs for entry in text.observations}
