"""Pictures as offices send them: photographs, scans of several pages, screenshots; made here, small."""

from __future__ import annotations

import io
from typing import Any

from PIL import Image, ImageDraw


def image(kind: str = "PNG", size: tuple[int, int] = (300, 200), *, words: str = "anh", **options: Any) -> bytes:
    """One picture with some words on it."""
    return encoded([drawn(size, words)], kind, **options)


def drawn(size: tuple[int, int], words: str, mode: str = "RGB") -> Image.Image:
    """A picture with a dark upper left corner, so that one sees which way is up."""
    made = Image.new("RGB", size, "white")
    pen = ImageDraw.Draw(made)
    pen.rectangle((0, 0, size[0] // 4, size[1] // 4), fill="black")
    pen.text((size[0] // 3, size[1] // 3), words, fill="blue")
    return made.convert(mode)


def encoded(pages: list[Image.Image], kind: str, **options: Any) -> bytes:
    """The pictures as one file."""
    target = io.BytesIO()
    more = {"save_all": True, "append_images": pages[1:]} if len(pages) > 1 else {}
    pages[0].save(target, kind, **more, **options)
    return target.getvalue()
