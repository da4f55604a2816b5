"""Blurhash: a short text that stands for a picture until it is there (https://blurha.sh).

It has a few waves for each colour: how bright the picture is on average, and how that changes across and down.
"""

from __future__ import annotations

import math
from collections.abc import Sequence

ACROSS, DOWN = 4, 3
DIGITS = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz#$%*+,-.:;=?@[]^_{|}~"
Colour = tuple[float, float, float]


def encode(pixels: Sequence[int], width: int, height: int) -> str:
    """The text for a small picture, given as its red, green and blue, one after the other, in rows."""
    waves = _waves([_LINEAR[value] for value in pixels], width, height)
    average, others = waves[0], waves[1:]
    loudest = max(abs(value) for wave in others for value in wave)
    step = max(0, min(82, math.floor(loudest * 166 - 0.5)))
    most = (step + 1) / 166
    return "".join([_digits(ACROSS - 1 + (DOWN - 1) * 9, 1), _digits(step, 1), _digits(_average(average), 4),
                    *(_digits(_quantised(wave, most), 2) for wave in others)])


def _waves(linear: Sequence[float], width: int, height: int) -> list[Colour]:
    """How much of each wave is in the picture. First along the rows, then down the columns that this leaves."""
    across = [[math.cos(math.pi * wave * x / width) for x in range(width)] for wave in range(ACROSS)]
    down = [[math.cos(math.pi * wave * y / height) for y in range(height)] for wave in range(DOWN)]
    channels = [linear[start::3] for start in range(3)]
    rows = [[[sum(map(float.__mul__, channel[y * width:(y + 1) * width], cosines)) for y in range(height)]
             for cosines in across] for channel in channels]
    found: list[Colour] = []
    for j in range(DOWN):
        for i in range(ACROSS):
            scale = (1 if i == j == 0 else 2) / (width * height)
            red, green, blue = (scale * sum(map(float.__mul__, rows[channel][i], down[j])) for channel in range(3))
            found.append((red, green, blue))
    return found


def _average(colour: Colour) -> int:
    red, green, blue = map(_srgb, colour)
    return (red << 16) + (green << 8) + blue


def _quantised(wave: Colour, most: float) -> int:
    red, green, blue = (max(0, min(18, math.floor(math.copysign(math.sqrt(abs(value) / most), value) * 9 + 9.5)))
                        for value in wave)
    return red * 19 * 19 + green * 19 + blue


def _digits(value: int, length: int) -> str:
    return "".join(DIGITS[value // 83**place % 83] for place in reversed(range(length)))


def _linear(value: int) -> float:
    share = value / 255
    return share / 12.92 if share <= 0.04045 else ((share + 0.055) / 1.055) ** 2.4


_LINEAR = [_linear(value) for value in range(256)]


def _srgb(linear: float) -> int:
    share = max(0.0, min(1.0, linear))
    value = share * 12.92 if share <= 0.0031308 else 1.055 * share ** (1 / 2.4) - 0.055
    return int(value * 255 + 0.5)
