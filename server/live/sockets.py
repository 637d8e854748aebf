"""Socket edge of the sitting: presenting, scrolling, pointing, drawing, following, being visible."""

from __future__ import annotations

from server.core.context import Core
from server.core.fanout import Link
from server.core.sockets import Session, SocketCommands
from server.live import actions
from server.live.wire import Draw, Follow, Point, Present, Scroll, Visible

commands = SocketCommands("live")


@commands.on("present", Present, permits="live.present")
async def present(core: Core, _link: Link, session: Session, command: Present) -> None:
    """Show a page, for good."""
    await actions.present(core, command, actor=session.actor)


@commands.on("scroll", Scroll, permits="live.present")
async def scroll(core: Core, link: Link, session: Session, command: Scroll) -> None:
    """Show the way to the next page."""
    await actions.scroll(core, link, command, actor=session.actor)


@commands.on("point", Point, permits="live.present")
async def point(core: Core, link: Link, session: Session, command: Point) -> None:
    """Point with the laser."""
    await actions.point(core, link, command, actor=session.actor)


@commands.on("draw", Draw, permits="live.present")
async def draw(core: Core, link: Link, session: Session, command: Draw) -> None:
    """Show a shared stroke while it is drawn."""
    await actions.draw(core, link, command, actor=session.actor)


@commands.on("follow", Follow, permits="live.follow", reads=True)
async def follow(_core: Core, link: Link, _session: Session, command: Follow) -> None:
    """Follow, or break away."""
    actions.follow(link, command)


@commands.on("visible", Visible, permits="live.visible", reads=True)
async def visible(_core: Core, _link: Link, session: Session, command: Visible) -> None:
    """Tell whether the app is on the screen."""
    session.visible = command.visible
