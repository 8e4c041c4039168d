"""Generations: immutable folders of files, published one at a time, without a moment in between.

An index folder::

    LOCK                        held by the one process that writes (flock); a leftover file means nothing
    SWITCH                      held (flock) for the moment in which the next three are changed, by whoever changes them
    CURRENT                     "<sequence> <id>": the generation that readers serve; replaced in one step
    PIN                         the same line while a person has chosen an older generation; any other line is void
    HISTORY                     the last "<sequence> <id> <superseded>" of each generation; derived, may be missing
    generations/<id>/           manifest.json and the files it lists; never changed
    generations/corrupt-<id>/   the last generation that was found damaged and replaced
    building/                   what is being built or thrown away; emptied by the next writer

Whatever dies at whatever step, ``CURRENT`` names a generation that is whole. Sequence numbers only rise, whatever the
clock does; the clock decides nothing but how long a superseded generation is kept.
"""

from search_index.generation.errors import (
    CorruptGeneration,
    CorruptPointer,
    DiskFull,
    GenerationError,
    GenerationMissing,
    NoAccess,
    NotAFolder,
    ShrinkRefused,
    StorageFailure,
    WriterBusy,
)
from search_index.generation.folder import GenerationEntry, IndexFolder
from search_index.generation.layout import ENGINE_FOLDER, MANIFEST_FILE
from search_index.generation.manifest import generation_id
from search_index.generation.pointers import Published
from search_index.generation.shrink import refuse_shrink
from search_index.generation.writer import BuildFolder, GenerationWriter

__all__ = [
    "ENGINE_FOLDER",
    "MANIFEST_FILE",
    "BuildFolder",
    "CorruptGeneration",
    "CorruptPointer",
    "DiskFull",
    "GenerationEntry",
    "GenerationError",
    "GenerationMissing",
    "GenerationWriter",
    "IndexFolder",
    "NoAccess",
    "NotAFolder",
    "Published",
    "ShrinkRefused",
    "StorageFailure",
    "WriterBusy",
    "generation_id",
    "refuse_shrink",
]
