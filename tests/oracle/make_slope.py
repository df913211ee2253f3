#!/usr/bin/python3
"""Theil-Sen slopes with Sen's normal interval, by SciPy: points with ties, and many points. Run in this
folder to write slope_scipy.tsv again:

    /usr/bin/python3 make_slope.py

Needs python3-scipy (1.10). The file is committed, so the tests need no Python."""
import numpy as np
from scipy import stats


def cases():
    rng = np.random.default_rng(3)
    for n in (3, 5, 8, 12, 20, 40, 51, 60, 100):
        for kind in ("tied x", "tied y", "both", "none"):
            x = np.arange(1.0, n + 1.0) if kind != "none" else np.round(np.cumsum(rng.exponential(1, n)), 6)
            if kind in ("tied x", "both"):
                x = np.floor(x / 2)
            y = 0.1 * x + rng.normal(0, 1, n)
            y = np.round(y) if kind in ("tied y", "both") else np.round(y, 9)
            if kind == "tied y":
                y[1] = y[0]
            if (kind == "none" and n <= 50) or np.ptp(x) == 0 or np.ptp(y) == 0:
                continue
            level = 0.9 if n % 3 == 0 else 0.95
            slope, _, low, high = stats.theilslopes(y, x, level)
            yield x, y, level, slope, low, high


def text(values):
    return " ".join(repr(float(v)) for v in np.atleast_1d(values))


if __name__ == "__main__":
    with open("slope_scipy.tsv", "w", encoding="ascii", newline="\n") as f:
        f.write("call\tx\ty\tlevel\tslope\n")
        for x, y, level, *numbers in cases():
            f.write("\t".join(("theilslopes(y, x, level)", text(x), text(y), text(level), text(numbers))) + "\n")
