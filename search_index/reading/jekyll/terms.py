"""Tags and categories out of a post's values.

Source: Jekyll's document.rb (``populate_categories``, ``populate_tags``, ``merge_categories!``) and utils.rb
(``pluralized_array_from_hash``).
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from search_index.reading.conventions import as_text

Found = tuple[str, str]
"""A key and a name that stands under it; the key is "" where no key gave it."""


def tags_of(values: Mapping[str, object]) -> list[Found]:
    """``tag`` if it gives anything, else ``tags``: a text there is split at blanks."""
    return list(_pluralised(values, "tag", "tags"))


def categories_of(folders: list[str], defaults: Mapping[str, object], own: Mapping[str, object]) -> list[Found]:
    """The folders above, what the defaults say, ``categories``, and ``category``; once each, in that order."""
    found = [("", folder) for folder in folders]
    for values in (defaults, own):
        found += _flat("categories", _split(values.get("categories")))
    single = own.get("category", defaults.get("category"))
    found += _flat("category", [] if single is False else [single])
    seen: dict[str, Found] = {}
    for key, name in found:
        seen.setdefault(name, (key, name))
    return list(seen.values())


def _pluralised(values: Mapping[str, object], singular: str, plural: str) -> Iterator[Found]:
    value = values.get(singular)
    if value is not None and value is not False:
        yield from _flat(singular, [value])
    else:
        yield from _flat(plural, _split(values.get(plural)))


def _split(value: object) -> list[object]:
    """A text is split at blanks, a list is taken as it is, everything else is nothing."""
    if isinstance(value, str):
        return list(value.split())
    return value if isinstance(value, list) else []


def _flat(key: str, values: list[object]) -> Iterator[Found]:
    for value in values:
        if isinstance(value, list):
            yield from _flat(key, value)
        else:
            text = as_text(value)
            if text is not None:
                yield key, text
