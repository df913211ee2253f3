#!/usr/bin/python3
"""Power density and coherence by SciPy: noise with tremor in it. Run in this folder to write spectra_welch.tsv and
spectra_coherence.tsv again:

    /usr/bin/python3 make_spectra.py

Needs python3-scipy (1.10). The files are committed, so the tests need no Python."""
import numpy as np
from scipy import signal


def text(values):
    return " ".join(repr(float(v)) for v in np.atleast_1d(values))


def exact(x):
    """Values that single precision holds, too."""
    return np.round(np.asarray(x) * 1024) / 1024


def welch_cases():
    rng = np.random.default_rng(11)
    for fs, n, nperseg in ((125.0, 900, 250), (100.0, 700, 201), (50.0, 500, 64), (134.25, 600, 536)):
        t = np.arange(n) / fs
        x = exact(0.7 * np.sin(2 * np.pi * 5.3 * t + 0.4) + rng.normal(0, 0.5, n) + 3.0)
        nfft = 4
        while nfft < 4 * nperseg:
            nfft *= 2
        _, p = signal.welch(x, fs, "hann", nperseg, nperseg - nperseg // 2, nfft, "constant")
        yield fs, nperseg, x, p[: int(20.0 / (fs / nfft))]


def coherence_cases():
    rng = np.random.default_rng(12)
    for fs, n, delay in ((128.0, 1500, 3), (64.0, 1024, 0), (50.0, 1000, 5)):
        nperseg = int(2 * fs)
        drive = rng.normal(0, 1, n + 20)
        x = exact(drive[10:n + 10] + rng.normal(0, 0.6, n) + 1.0)
        y = exact(-0.8 * drive[10 - delay:n + 10 - delay] + rng.normal(0, 0.6, n))
        f, c = signal.coherence(x, y, fs, "hann", nperseg, nperseg // 2, None, "constant")
        _, s = signal.csd(x, y, fs, "hann", nperseg, nperseg // 2, None, "constant")
        keep = (f >= 2.0) & (f <= min(25.0, fs / 2 - 1))
        yield fs, x, y, c[keep], np.angle(s[keep])


if __name__ == "__main__":
    with open("spectra_welch.tsv", "w", encoding="ascii", newline="\n") as file:
        file.write("call\tfs\tnperseg\tx\tpsd\n")
        for fs, nperseg, x, psd in welch_cases():
            file.write("\t".join(("welch(x, fs, hann)", text(fs), text(nperseg), text(x), text(psd))) + "\n")
    with open("spectra_coherence.tsv", "w", encoding="ascii", newline="\n") as file:
        file.write("call\tfs\tx\ty\tcoherence\tphase\n")
        for fs, x, y, coherence, phase in coherence_cases():
            row = ("coherence(x, y, fs, hann)", text(fs), text(x), text(y), text(coherence), text(phase))
            file.write("\t".join(row) + "\n")
