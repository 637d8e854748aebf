"""``phien demo`` with tokens in its configuration, for tests: the demo itself names none.

``DEMO_TOKENS`` says which, as JSON: ``{"van-thu": {"module": "…/libsofthsm2.so", "token": "phien-0"}}``.
"""

from __future__ import annotations

import os
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

import msgspec

from server import cli
from server.config_signing import Token
from server.demo import start

if TYPE_CHECKING:
    from server.config import Config

_config = start._config


def with_tokens(*given: Any, **named: Any) -> Config:
    """The demo's configuration, and the tokens."""
    config = _config(*given, **named)
    said = msgspec.json.decode(os.environ["DEMO_TOKENS"])
    tokens = {name: Token(module=Path(one["module"]), token=one["token"]) for name, one in said.items()}
    return msgspec.structs.replace(config, signing=msgspec.structs.replace(config.signing, tokens=tokens))


if __name__ == "__main__":
    start._config = with_tokens
    sys.exit(cli.main(sys.argv[1:]))
