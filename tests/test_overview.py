"""Overview: the same figures in every language."""

import pytest
from languages import check

from mss_analysis import overview

SINCE = "2024-12-01"


def show_all(evidence):
    return [
        overview.describe_base(evidence),
        overview.show_gauges(evidence),
        overview.list_headlines(evidence),
        overview.list_changes(evidence, SINCE),
        overview.list_conflicts(evidence),
    ]


@pytest.mark.parametrize("corpus", ["seed", "full"])
@pytest.mark.parametrize("language", ["fr", "ht"])
def test_all_is_told_in_every_language_with_the_same_figures(corpus, language):
    check(corpus, language, show_all, overview.findings)
