#!/usr/bin/python3
"""Reference numbers for the tests, by SciPy and NumPy. Run in this folder to write the *.tsv again:

    /usr/bin/python3 make_reference.py

Needs python3-scipy. The files are committed, so the tests need no Python."""
import numpy as np
from scipy import stats


def write(name, header, rows):
    with open(name, "w", encoding="ascii", newline="\n") as f:
        f.write("\t".join(header) + "\n")
        for row in rows:
            f.write("\t".join(v if isinstance(v, str) else repr(v) for v in row) + "\n")


def poisson_limits():
    ns = list(range(0, 31)) + [50, 99, 100, 101, 498, 499, 500, 501, 1000, 1158, 1159, 1161, 1718, 2640,
                               9999, 50000, 99998, 99999, 100000, 100001,
                               250000, 999999, 1000000, 1000001, 3000000, 10000000]
    for n in ns:
        for level in (0.8, 0.9, 0.95, 0.99, 0.999):
            tail = 0.5 * (1 - level)
            low = 0.0 if n == 0 else float(stats.gamma.ppf(tail, n))
            call = "gamma.isf(tail, n + 1)" if n == 0 else "gamma.ppf(tail, n), gamma.isf(tail, n + 1)"
            yield n, level, low, float(stats.gamma.isf(tail, n + 1)), call


def fano():
    rng = np.random.default_rng(1)
    for mean, size in ((0.3, 40), (2.0, 60), (15.0, 7), (1.0, 2)):
        y = rng.poisson(mean, size)
        y[0] += 1
        yield " ".join(map(str, y)), float(np.var(y, ddof=1) / np.mean(y)), "var(y, ddof=1) / mean(y)"


def quantiles():
    rng = np.random.default_rng(2)
    for n in (1, 2, 3, 4, 5, 10, 101, 1000):
        x = np.round(rng.lognormal(0, 1.5, n), 6)
        q = [float(np.quantile(x, p)) for p in (0.25, 0.5, 0.75)]
        sd = float(np.std(x, ddof=1)) if n > 1 else float("nan")
        yield (" ".join(repr(float(v)) for v in x), *q, float(np.mean(x)), sd if n > 1 else "n/a",
               "quantile(x, p), mean(x), std(x, ddof=1)")


if __name__ == "__main__":
    write("poisson_limits.tsv", ("n", "level", "low", "high", "call"), poisson_limits())
    write("fano.tsv", ("counts", "fano", "call"), fano())
    write("quantiles.tsv", ("values", "q1", "median", "q3", "mean", "sd", "call"), quantiles())
