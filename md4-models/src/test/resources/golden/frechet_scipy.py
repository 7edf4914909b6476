"""Fréchet distances by scipy's sqrtm and, to 40 digits, by mpmath: python3 frechet_scipy.py > frechet_scipy.json

Nothing here is shared with the Java code; features are rounded so that the file holds them exactly.
"""

import json
import sys

import mpmath
import numpy
import scipy
import scipy.linalg


def exact(a, b):
    mpmath.mp.dps = 40
    def statistics(x):
        m = mpmath.matrix(x.tolist())
        mean = [sum(m[i, j] for i in range(m.rows)) / m.rows for j in range(m.cols)]
        centred = mpmath.matrix(m.rows, m.cols)
        for i in range(m.rows):
            for j in range(m.cols):
                centred[i, j] = m[i, j] - mean[j]
        return mean, centred.T * centred / (m.rows - 1)
    m1, s1 = statistics(a)
    m2, s2 = statistics(b)
    values, _ = mpmath.eig(s1 * s2)
    root = sum(mpmath.sqrt(max(mpmath.re(v), mpmath.mpf(0))) for v in values if mpmath.re(v) > mpmath.mpf(10) ** -30)
    trace = sum(s1[i, i] + s2[i, i] for i in range(s1.rows))
    return float(sum((p - q) ** 2 for p, q in zip(m1, m2)) + trace - 2 * root)


def by_scipy(a, b):
    s1, s2 = numpy.cov(a, rowvar=False), numpy.cov(b, rowvar=False)
    root = scipy.linalg.sqrtm(s1 @ s2)
    return float(((a.mean(0) - b.mean(0)) ** 2).sum() + numpy.trace(s1 + s2) - 2 * numpy.trace(root).real)


def case(name, seed, width, first, second):
    random = numpy.random.default_rng(seed)
    mix = random.normal(size=(2, width, width)) / numpy.sqrt(width)
    a = numpy.round(random.normal(size=(first, width)) @ mix[0] + 0.5, 4)
    b = numpy.round(random.normal(size=(second, width)) @ mix[1], 4)
    return {"name": name, "first": a.tolist(), "second": b.tolist(), "scipy": by_scipy(a, b), "mpmath": exact(a, b)}


json.dump(
    {
        "provenance": f"frechet_scipy.py; scipy {scipy.__version__}, numpy {numpy.__version__}, mpmath {mpmath.__version__}"
        f" at 40 digits, Python {sys.version.split()[0]}",
        "cases": [
            case("full rank", 1, 6, 40, 30),
            case("one singular", 2, 8, 40, 6),
            case("both singular", 3, 12, 8, 7),
        ],
    },
    sys.stdout,
    indent=1,
)
print()
