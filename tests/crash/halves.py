"""A process that sends the second half of a tablet's signature, again and again the same: to be killed anywhere.

``halves.py <folder>``. The tablet keeps what it has to send, as a real one does; each answer goes to standard output
as soon as it is given.
"""

from __future__ import annotations

import asyncio
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import msgspec

from server.app import with_core
from server.signatures.actions.keys import halves
from server.signatures.wire import TabletFinish
from signing.demo_pki import make_demo_pki
from tests.signatures import conftest, test_tablets
from tests.support.house import actor, config_for, resending

if TYPE_CHECKING:
    from server.config import Config
    from server.core.context import Core


class Kept(msgspec.Struct):
    """What lies on the tablet: who signs which request, and the second half as it will be sent until it is answered."""

    person: str
    request: str
    paper: str
    finish: TabletFinish


def say(*words: str) -> None:
    """Tell the one who watches."""
    sys.stdout.write(" ".join(words) + "\n")
    sys.stdout.flush()


async def begin(core: Core, folder: Path) -> None:
    """The first half; the digest is signed, and the second half not sent yet."""
    stage = await conftest.set_stage(core, make_demo_pki())
    await test_tablets.authority(core, stage)
    tablet = await test_tablets.enrolled(core, stage, stage.chair)
    (asked,) = await test_tablets.minutes(core, stage, tablet.who)
    half = await test_tablets.prepare(core, tablet, asked)
    command = TabletFinish(token=half.token, signature=tablet.sign(half.to_sign))
    made = Kept(stage.chair.person_id, asked.id, asked.paper_id, command)
    (folder / "tablet.json").write_bytes(msgspec.json.encode(made))


async def work(core: Core, folder: Path) -> None:
    """Send the second half."""
    given = msgspec.json.decode((folder / "tablet.json").read_bytes(), type=Kept)
    say("ready")
    done = await halves.finish(core, given.request, given.finish, actor=resending(actor(given.person)))
    say(done.state)


def config_in(folder: Path) -> Config:
    """One house for all; nobody has an account there, so nobody is asked for its password."""
    config = config_for(folder / "data", f"sqlite:///{folder / 'data' / 'phien.sqlite'}")
    signing = msgspec.structs.replace(config.signing, step_up="off")
    return msgspec.structs.replace(config, signing=signing, key_file=folder / "data" / "keys" / "sealing.key")


def main() -> None:
    """Run in the folder that the command line names."""
    folder = Path(sys.argv[1])
    asyncio.run(with_core(config_in(folder), lambda core: work(core, folder)))


if __name__ == "__main__":
    main()
