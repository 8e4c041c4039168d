"""The sizes of images, from their first bytes: nothing is decoded."""

from __future__ import annotations

import os
import posixpath
import warnings
from pathlib import Path

from search_index.assets import AssetFolder, AssetNotFound
from search_index.public_files import PublicFiles

_ORIENTATION = 0x0112
_LYING = frozenset({5, 6, 7, 8})
"""Orientations that a viewer turns by a quarter. Source: the Exif standard, tag 0x0112."""


def image_size(root: Path, path: str, public: PublicFiles) -> tuple[int, int] | None:
    """Width and height in pixels as viewers show it; None for what is no public image that can be read, or has none (SVG)."""
    try:
        asset = AssetFolder(root).open(path, public)
    except (AssetNotFound, OSError):
        return None
    from PIL import Image, UnidentifiedImageError  # loaded with the first image

    with os.fdopen(asset.descriptor, "rb") as file, warnings.catch_warnings():
        warnings.simplefilter("ignore")  # a size that hints at a bomb matters to those who decode it
        try:
            with Image.open(file) as image:
                width, height = image.size
                lying = image.getexif().get(_ORIENTATION) in _LYING
        except (UnidentifiedImageError, OSError, ValueError, SyntaxError, Image.DecompressionBombError):
            return None
    return (height, width) if lying else (width, height)


def first_size(root: Path, path: str, public: PublicFiles) -> tuple[int, int] | None:
    """The size of the image at ``path`` of the site, in the first of the folders that has it."""
    for place in public.places(posixpath.normpath(path.strip("/"))):
        size = image_size(root, place, public)
        if size is not None:
            return size
    return None
