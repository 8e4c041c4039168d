"""BM25, on arrays.

Statistics are those of live documents: ``documents`` have the field at all, ``holding`` of them the token; lengths are
exact. The formula is that of Robertson and Zaragoza, with the idf that never turns negative
(``log(1 + (N - n + 0.5) / (n + 0.5))``), as Lucene has it.
"""

from __future__ import annotations

from dataclasses import dataclass
from math import log1p

import numpy as np
from numpy.typing import NDArray

FloatArray = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Bm25:
    """``k1``: how soon more of a word says no more; ``b``: how much a field's length counts, 0 to 1."""

    k1: float
    b: float

    def scores(
        self, freqs: NDArray[np.int32], lengths: FloatArray, average: float, documents: int, holding: int
    ) -> FloatArray:
        """What a token of these frequencies says of fields of these lengths."""
        return idf(documents, holding) * self.saturation(freqs, lengths, average)

    def saturation(self, freqs: NDArray[np.int32], lengths: FloatArray, average: float) -> FloatArray:
        """How much a token's frequency says in fields of these lengths: from 0 towards ``k1 + 1``."""
        return freqs * (self.k1 + 1) / (freqs + self.k1 * (1 - self.b + self.b * lengths / average))


def idf(documents: int, holding: int) -> float:
    """How rare a token is: above 0, higher for rarer ones."""
    return log1p((documents - holding + 0.5) / (holding + 0.5))
