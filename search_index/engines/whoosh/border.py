"""Everything that is used of Whoosh, in one place.

The distributions that provide the module agree on these names and on what the files hold, but not on types: to the type
checker they are ``Any``, here and nowhere else.
"""

from typing import Any

import whoosh
from whoosh.codec import whoosh3
from whoosh.fields import FieldType as _FieldType
from whoosh.fields import Schema as _Schema
from whoosh.filedb.compound import CompoundStorage as _CompoundStorage
from whoosh.filedb.filestore import FileStorage as _FileStorage
from whoosh.filedb.structfile import StructFile as _StructFile
from whoosh.formats import Format as _Format
from whoosh.index import TOC as _TOC
from whoosh.matching.mcore import ListMatcher as _ListMatcher
from whoosh.util.numeric import length_to_byte as _length_to_byte

CompoundStorage: Any = _CompoundStorage
FieldType: Any = _FieldType
FileStorage: Any = _FileStorage
Format: Any = _Format
ListMatcher: Any = _ListMatcher
Schema: Any = _Schema
StructFile: Any = _StructFile
TableOfContents: Any = _TOC
W3Codec: Any = whoosh3.W3Codec
W3FieldWriter: Any = whoosh3.W3FieldWriter
W3Segment: Any = whoosh3.W3Segment
W3TermInfo: Any = whoosh3.W3TermInfo


def whoosh_release() -> str:
    """The installed release, whichever distribution provides it."""
    release: str = whoosh.versionstring()
    return release


def length_byte(length: int) -> int:
    """A field's length as Whoosh keeps it: one of 256 steps."""
    byte: int = _length_to_byte(length)
    return byte
