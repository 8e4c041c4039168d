"""BM25, on arrays.

Statistics are those of live documents: ``documents`` have the field at all, ``holding`` of them the token; lengths are
exact. The formula and its constants are those of Robertson and Zaragoza, with the idf that never turns negative
(``log(1 + (N - n + 0.5) / (n + 0.5))``), as Lucene has it.
"""

from __future__ import annotations

from math import log1p

import numpy as np
from numpy.typing import NDArray

K1 = 1.2
B = 0.75

FloatArray = NDArray[np.float64]


def idf(documents: int, holding: int) -> float:
    """How rare a token is: above 0, higher for rarer ones."""
    return log1p((documents - holding + 0.5) / (holding + 0.5))


def saturation(freqs: NDArray[np.int32], lengths: FloatArray, average: float) -> FloatArray:
    """How much a token's frequency says in fields of these lengths: from 0 towards ``K1 + 1``."""
    return freqs * (K1 + 1) / (freqs + K1 * (1 - B + B * lengths / average))
