"""Reading: a content folder's Markdown files to ``ReadOutcome``. This is the door that the indexer and the CLI use."""

from search_index.reading.dialects import Dialect, choose_dialect, in_reading_order, is_configured
from search_index.reading.errors import ContentError
from search_index.reading.outcome import EVERYTHING, ReadOutcome
from search_index.reading.pool import ReadingPool, ReadingProcessError
from search_index.reading.render_cache import RenderCache
from search_index.reading.rendering import reader_fingerprint
from search_index.reading.source import FoundFile, Scan, read_stable, scan

__all__ = [
    "EVERYTHING",
    "ContentError",
    "Dialect",
    "FoundFile",
    "ReadOutcome",
    "ReadingPool",
    "ReadingProcessError",
    "RenderCache",
    "Scan",
    "choose_dialect",
    "in_reading_order",
    "is_configured",
    "read_stable",
    "reader_fingerprint",
    "scan",
]
