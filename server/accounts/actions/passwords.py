"""Passwords and tokens: hashing with argon2id off the loop, and what is stored of a secret."""

from __future__ import annotations

import asyncio
import hashlib
import secrets
import unicodedata
from collections.abc import Awaitable, Callable
from functools import cache

from argon2 import PasswordHasher, Type
from argon2.exceptions import InvalidHashError, VerificationError

# OWASP Password Storage Cheat Sheet, argon2id: 19 MiB, two passes, one lane; about 30 ms of one core.
_hasher = PasswordHasher(time_cost=2, memory_cost=19 * 1024, parallelism=1, type=Type.ID)
TOKEN_BYTES = 32
CODE_BYTES = 20


class Hashing:
    """Bounds how many hashes are made at once, so that a storm of sign-ins leaves a core for those signed in."""

    def __init__(self, at_once: int = 2) -> None:
        self._free = asyncio.Semaphore(at_once)

    async def make(self, password: str) -> str:
        """The hash of a new password, in PHC form."""
        async with self._free:
            return await asyncio.to_thread(_hasher.hash, _composed(password))

    async def matches(
        self,
        password: str,
        stored: str | None,
        *,
        admit: Callable[[], Awaitable[None]],
        failed: Callable[[], Awaitable[None]],
    ) -> bool:
        """Whether the password is the one stored; takes as long where nothing is stored, and then is False.

        ``admit`` may refuse when its turn comes: by then others, sent at the same moment, may have failed. ``failed``
        counts a failure before the next one has its turn.
        """
        async with self._free:
            await admit()
            held = await asyncio.to_thread(_verify, _composed(password), stored or _nobodys())
            if not held or stored is None:
                await failed()
        return held and stored is not None


def _composed(password: str) -> str:
    """The same for every keyboard: some send a Vietnamese letter as one sign, others as a letter and its tone."""
    return unicodedata.normalize("NFC", password)


@cache
def _nobodys() -> str:
    return _hasher.hash(secrets.token_urlsafe())


def _verify(password: str, stored: str) -> bool:
    try:
        return _hasher.verify(stored, password)
    except (VerificationError, InvalidHashError):
        return False


def new_token() -> str:
    """A session token of 256 random bits, as it goes into the cookie."""
    return secrets.token_urlsafe(TOKEN_BYTES)


def new_code() -> str:
    """A one-time code of 160 random bits."""
    return secrets.token_urlsafe(CODE_BYTES)


def digest(secret: str) -> bytes:
    """What is stored of a token or a code. They are random and long, so a fast hash is enough."""
    return hashlib.sha256(secret.encode()).digest()
