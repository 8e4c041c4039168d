"""The embedded engine: an index in Whoosh's segments, read as arrays. Whoosh is imported in this package only.

==============  ===================================================================================================
``schema``      the fields, and the format of their postings
``postings``    posting lists as arrays, and their bytes
``codec``       Whoosh's codec with those posting lists; per-document values as Whoosh columns
``inversion``   from documents to posting lists, and the merging of segments
``building``    a build: the base's segments linked, a new one written, the table of contents last
``segments``    an opened index: live documents, their values, their postings, bounded caches
``scoring``     BM25
``searching``   the searcher: clauses, filters, facets, order
==============  ===================================================================================================
"""

from search_index.engines.whoosh.engine import WhooshEngine

__all__ = ["WhooshEngine"]
