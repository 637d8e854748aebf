"""Pictures and scans: their pixels counted before any is unpacked, then the first of them opened on trial."""

from __future__ import annotations

import warnings

from PIL import Image, ImageFile, UnidentifiedImageError

from server.documents.intake.refusal import Refused
from server.documents.models import Bounds, Findings

FORMATS = {"png": "PNG", "jpeg": "JPEG", "tiff": "TIFF", "gif": "GIF", "webp": "WEBP", "bmp": "BMP"}
_BILEVEL = "1"


def be_strict() -> None:
    """Let Pillow refuse what is cut off, and leave pixels to bounds that know two colours from millions.

    Both are kept for the whole process, and libraries for printing set the first otherwise.
    """
    Image.MAX_IMAGE_PIXELS = None
    ImageFile.LOAD_TRUNCATED_IMAGES = False


def judge_picture(path: str, kind: str, bounds: Bounds) -> Findings:
    """Judge a picture; ``pages`` are its frames. Raises Refused with ``pixels``, ``too-many-pages``, ``corrupt``."""
    warnings.simplefilter("ignore")
    be_strict()
    try:
        with Image.open(path, formats=[FORMATS[kind]]) as picture:
            frames = _frames(picture, kind)
            if frames > bounds.pages:
                raise Refused("too-many-pages", pages=frames)
            for frame in range(frames):
                if frame:
                    picture.seek(frame)
                _bound(picture, bounds)
            picture.seek(0)
            picture.load()
    except (UnidentifiedImageError, OSError, SyntaxError, ValueError, TypeError, LookupError, OverflowError) as error:
        raise Refused("corrupt") from error
    return Findings(kind=kind, pages=frames)


def _frames(picture: ImageFile.ImageFile, kind: str) -> int:
    """How many pages it makes: a scan may have many, what moves is its first moment."""
    return int(getattr(picture, "n_frames", 1)) if kind == "tiff" else 1


def _bound(picture: ImageFile.ImageFile, bounds: Bounds) -> None:
    width, height = picture.size
    if width * height > (bounds.bilevel_pixels if picture.mode == _BILEVEL else bounds.image_pixels):
        raise Refused("pixels")
