"""A Times New Roman that a paper does not bring along, as a tablet draws it."""

from __future__ import annotations

import base64
import io
from typing import TYPE_CHECKING

import pytest
from PIL import Image

from tests.e2e.browser import RESULTS, TABLET
from tests.e2e.reading import Put, open_item, put, reading
from tests.support import lacking
from tests.support.demo import Seed, serving

if TYPE_CHECKING:
    from collections.abc import Iterator

    from playwright.async_api import Browser

    from tests.support.demo import Demo


pytestmark = [pytest.mark.e2e, pytest.mark.asyncio(loop_scope="session"), pytest.mark.timeout(300)]


@pytest.fixture(scope="module")
def demo(demo_seed: Seed, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Demo]:
    """A demo of its own: a paper is added to it."""
    with serving(demo_seed.copy(tmp_path_factory.mktemp("times") / "data")) as served:
        yield served


async def test_a_tablet_draws_the_letters_of_a_times_that_was_not_embedded(browser: Browser, demo: Demo) -> None:
    paper: Put = await put(demo, await open_item(demo), "Không nhúng phông", lacking.paper())
    context, one = await reading(browser, demo, TABLET)
    try:
        await one.open(paper)
        data = await one.page.locator("section.pages .page canvas.whole").first.evaluate("node => node.toDataURL()")
        picture = Image.open(io.BytesIO(base64.b64decode(data.partition(",")[2]))).convert("L")
        await one.page.screenshot(path=RESULTS / "times-tablet.png")
    finally:
        await context.close()
    assert lacking.unlike(picture, lacking.expected().resize(picture.size)) < 0.25
