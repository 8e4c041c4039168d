"""The text that Jekyll makes a post's excerpt from.

Source: Jekyll's excerpt.rb.
"""

from __future__ import annotations

import re

_DEFINITION = re.compile(r"^ {0,3}(\[[^\]\n]+\])(:.+)$", re.MULTILINE)


def excerpt_of(body: str, separator: str) -> str | None:
    """What stands before the first ``separator``, with the link definitions of the rest that it refers to.

    The whole body where the separator does not occur; None where the separator is empty, which means no excerpt.
    """
    if not separator:
        return None
    head, _, tail = body.partition(separator)
    if not tail:
        return head
    definitions = [match[0] for match in _DEFINITION.finditer(tail) if match[1] in head]
    return f"{head}\n\n" + "\n".join(definitions) if definitions else head
