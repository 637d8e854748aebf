"""Drawn and compared: on memory that is used again, nothing of an older page is taken for the page that is drawn."""

from __future__ import annotations

import io

import pikepdf
import pytest

from signing import verify
from signing.paper import in_memory
from signing.pictures import Now
from tests.signing import attacks, papers

SMALL, LARGE = (300.0, 200.0), (600.0, 800.0)


def sheets(*sizes: tuple[float, float], dark: int | None = None) -> bytes:
    """Pages of these sizes with their number on them; the page `dark` has one more line."""
    with pikepdf.open(io.BytesIO(papers.plain())) as pdf:
        font = pdf.pages[0].Resources
        for number, size in enumerate(sizes):
            page = pdf.add_blank_page(page_size=size)
            page.Resources = font
            page.contents_add(b"BT /F1 14 Tf 20 100 Td (Trang %d) Tj ET" % number)
            if number == dark:
                page.contents_add(b"20 50 100 2 re f")
        del pdf.pages[0]
        return papers.saved(pdf)


@pytest.mark.parametrize(
    "sizes", [(SMALL, LARGE, SMALL), (LARGE, SMALL, LARGE), (SMALL, SMALL, LARGE)], ids=["grows", "shrinks", "late"]
)
@pytest.mark.parametrize("dark", [None, 0, 1, 2])
def test_pages_of_several_sizes_are_each_compared(sizes: tuple[tuple[float, float], ...], dark: int | None) -> None:
    before, after = sheets(*sizes), sheets(*sizes, dark=dark)
    paper = in_memory(after)
    paper.for_pdfium = lambda length=None: after if length is None else before  # type: ignore[method-assign]
    with Now(paper) as now:
        for _ in range(2):  # the second time the pages as they are were drawn already
            seen = now.compare(len(before), set())
            assert seen == ((() if dark is None else (dark + 1,)), 3)


def test_a_page_of_another_size_differs() -> None:
    paper, before = in_memory(sheets(SMALL)), sheets((200.0, 300.0))
    after = sheets(SMALL)
    paper.for_pdfium = lambda length=None: after if length is None else before  # type: ignore[method-assign]
    with Now(paper) as now:
        assert now.compare(len(before), set()).differing == (1,)


def test_a_change_on_any_page_is_seen_behind_signatures_on_another() -> None:
    """The pages without a signature are drawn too, before and now, for each of the signers."""
    twice = papers.signed(papers.signed(papers.plain(3)))
    good = verify(twice, trust_roots=(papers.pki().root_pem,))
    assert (good.verdict, good.pages_compared) == ("valid", 3)
    for one in verify(attacks.page_content(twice), trust_roots=(papers.pki().root_pem,)).signatures:
        assert "picture_differs" in one.reasons
        assert one.changed_pages == (1,)
