from __future__ import annotations

import contextlib
import io

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image

from assembler.errors import ReadingError
from assembler.readers import image


def picture(kind: str, size: tuple[int, int] = (1240, 1754), pages: int = 1, **options: object) -> bytes:
    stream = io.BytesIO()
    more = [Image.new("L", size, 200) for _ in range(pages - 1)]
    extra = {"save_all": True, "append_images": more} if more else {}
    Image.new("L", size, 255).save(stream, kind, **extra, **options)
    return stream.getvalue()


@pytest.mark.parametrize(
    ("kind", "nature", "options"),
    [
        ("JPEG", "jpg", {}),
        ("JPEG", "jpg", {"progressive": True, "exif": b"Exif\0\0MM\0*\0\0\0\x08\0\0\0\0\0\0"}),
        ("PNG", "png", {}),
        ("TIFF", "tiff", {}),
        ("TIFF", "tiff", {"compression": "tiff_lzw"}),
    ],
)
def test_an_image_is_a_scanned_page_left_to_the_eye(
    kind: str, nature: str, options: dict[str, object]
) -> None:
    found = image.read(picture(kind, **options))
    assert (found.nature, found.forme, found.pages, found.text) == (nature, "image", 1, "")
    assert [(one.etat, one.page) for one in found.signatures] == [("numerisee", 1)]
    assert "1240 × 1754" in (found.signatures[0].detail or "")


def test_each_page_of_a_tiff_may_be_signed() -> None:
    found = image.read(picture("TIFF", pages=3))
    assert (found.pages, [one.page for one in found.signatures]) == (3, [1, 2, 3])


def test_a_logo_is_no_letter() -> None:
    assert image.read(picture("PNG", (200, 80))).signatures == ()


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "TIFF"])
def test_an_image_cut_short_is_damaged(kind: str) -> None:
    with pytest.raises(ReadingError) as error:
        image.read(picture(kind)[: 60 if kind != "TIFF" else 6])
    assert error.value.code == "illisible"


def test_a_loop_of_tiff_pages_ends() -> None:
    page = b"\x02\0" + b"\0\x01\x04\0\x01\0\0\0\x90\x01\0\0" + b"\x01\x01\x04\0\x01\0\0\0\x90\x01\0\0"
    assert image.sizes(b"II*\0\x08\0\0\0" + page + b"\x08\0\0\0", "tiff") == [(400, 400)]


@settings(max_examples=200, deadline=None)
@given(st.sampled_from([b"\xff\xd8\xff", b"\x89PNG\r\n\x1a\n", b"II*\0", b"MM\0*"]), st.binary(max_size=300))
def test_noise_after_a_right_beginning_never_raises_anything_else(magic: bytes, noise: bytes) -> None:
    with contextlib.suppress(ReadingError):
        image.read(magic + noise)
