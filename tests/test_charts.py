"""The palette: seen with any colour vision, in grey print, and on the page's paper."""

from itertools import combinations, pairwise

import numpy as np
import pytest

from mss_analysis.charts import INK, MUTED, PALETTE, PAPER

# Machado, Oliveira and Fernandes (2009), severity 1.0, on linear RGB.
VISION = {
    "ordinary": np.eye(3),
    "protanopia": [
        [0.152286, 1.052583, -0.204868],
        [0.114503, 0.786281, 0.099216],
        [-0.003882, -0.048116, 1.051998],
    ],
    "deuteranopia": [
        [0.367322, 0.860646, -0.227968],
        [0.280085, 0.672501, 0.047413],
        [-0.011820, 0.042940, 0.968881],
    ],
    "tritanopia": [
        [1.255528, -0.076749, -0.178779],
        [-0.078411, 0.930809, 0.147602],
        [0.004733, 0.691367, 0.303900],
    ],
}
TO_XYZ = np.array([[0.4124, 0.3576, 0.1805], [0.2126, 0.7152, 0.0722], [0.0193, 0.1192, 0.9505]])
WHITE = TO_XYZ.sum(axis=1)


def linear(color):
    parts = np.array([int(color[at : at + 2], 16) for at in (1, 3, 5)]) / 255
    return np.where(parts <= 0.04045, parts / 12.92, ((parts + 0.055) / 1.055) ** 2.4)


def lab(light):
    share = TO_XYZ @ np.clip(light, 0, 1) / WHITE
    root = np.where(share > 216 / 24389, np.cbrt(share), (24389 / 27 * share + 16) / 116)
    return np.array([116 * root[1] - 16, 500 * (root[0] - root[1]), 200 * (root[1] - root[2])])


def contrast(one, other):
    dark, light = sorted(float(TO_XYZ[1] @ linear(color)) for color in (one, other))
    return (light + 0.05) / (dark + 0.05)


@pytest.mark.parametrize("vision", VISION)
def test_colours_differ_in_every_vision(vision):
    seen = [lab(np.array(VISION[vision]) @ linear(color)) for color in PALETTE]
    assert min(np.linalg.norm(a - b) for a, b in combinations(seen, 2)) > 15


def test_colours_differ_in_grey_print():
    lightness = sorted(lab(linear(color))[0] for color in PALETTE)
    assert min(b - a for a, b in pairwise(lightness)) > 4
    # The first three serve most charts.
    first = sorted(lab(linear(color))[0] for color in PALETTE[:3])
    assert min(b - a for a, b in pairwise(first)) > 15


def test_marks_and_words_stand_out_from_the_paper():
    assert all(contrast(color, PAPER) >= 3 for color in PALETTE)
    assert all(contrast(color, PAPER) >= 4.5 for color in (INK, MUTED))
