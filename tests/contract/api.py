"""The API as its own description says it is: schemathesis makes and checks the requests, signed in as anybody."""

from __future__ import annotations

import contextlib
from typing import TYPE_CHECKING, Any

import hypothesis
import requests
import schemathesis
from hypothesis import HealthCheck, Phase
from hypothesis.errors import Unsatisfiable
from requests.structures import CaseInsensitiveDict
from schemathesis.checks import not_a_server_error
from schemathesis.core.result import Ok
from schemathesis.generation import GenerationMode
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    response_schema_conformance,
    status_code_conformance,
)

from server.core.ids import new_id
from tests.support.world import NOBODY

if TYPE_CHECKING:
    from collections.abc import Callable

    from schemathesis.core.transport import Response
    from schemathesis.generation.case import Case
    from schemathesis.schemas import APIOperation

    from tests.support.world import World

CHECKS = [not_a_server_error, content_type_conformance, response_schema_conformance, status_code_conformance]
# The code is made anew for each answer and kept nowhere, so that a resend cannot bring an old one back.
SHOWN_ONCE = {"code", "url", "qr_svg", "expires_at"}
# Begin or end a session, so that who asks is another one the second time; or keep no receipt, which would hold a fast
# hash of passwords, or a code; or begin with a passkey, or to sign, where the last beginning is the one that counts.
NO_RECEIPT = {
    "accounts.sign_in",
    "accounts.sign_in_by_code",
    "accounts.ask_passkey",
    "accounts.sign_in_by_passkey",
    "accounts.begin_passkey",
    "accounts.lend",
    "accounts.take_lending",
    "accounts.sign_in_lent",
    "accounts.sign_out",
    "accounts.change_password",
    "accounts.device_key",
    "signatures.prepare",
}


class Api:
    """A session for each person, and what has answered 2xx so far. To be used from a thread of its own."""

    def __init__(self, world: World) -> None:
        self.world, self.url = world, world.server.url
        self.document = requests.get(f"{self.url}/api/v1/openapi.json", timeout=10).json()
        self.schema = schemathesis.openapi.from_dict(_readable(self.document))
        self.operations: dict[str, APIOperation[Any, Any, Any, Any]] = {}
        for result in self.schema.get_all_operations():
            assert isinstance(result, Ok), result
            operation = result.ok()
            self.operations[operation.definition.raw["operationId"]] = operation
        self.answered: set[str] = set()
        self.cookies = {name: client.headers["Cookie"] for name, client in world.clients.items()}
        self._session = requests.Session()
        self._session.cookies.set_policy(_NoCookies())

    def close(self) -> None:
        """Give the connections back."""
        self._session.close()

    def send(self, name: str, case: Case[Any], **headers: str) -> Response:
        """One request as a person, checked against the description."""
        given = {"Origin": self.url, **headers}
        if name != NOBODY:
            given["Cookie"] = self.cookies[name]
        case.headers = CaseInsensitiveDict(case.headers or {})
        case.cookies = {}
        answer = case.call(base_url=self.url, session=self._session, headers=given, timeout=60)
        case.validate_response(answer, checks=CHECKS)
        if answer.status_code < 300:
            self.answered.add(case.operation.definition.raw["operationId"])
        return answer

    def do(self, name: str, operation: str, body: Any = None, query: Any = None, **path: str) -> Any:
        """An act that succeeds; said twice under one key, it is done once and answered alike."""
        found = self.operations[operation]
        headers = {} if found.method.upper() == "GET" else {"Idempotency-Key": new_id()}
        answer = self._say(name, found, body, query, path, headers)
        assert answer.status_code < 300, (operation, answer.status_code, answer.text)
        if headers and operation not in NO_RECEIPT:
            again = self._say(name, found, body, query, path, headers)
            assert again.status_code == answer.status_code, (operation, again.text)
            assert _lasting(again) == _lasting(answer), operation
            answer = again
        if "set-cookie" in answer.headers:
            self.cookies["new"] = answer.headers["set-cookie"][0].partition(";")[0]
        return answer.json() if "json" in answer.headers["content-type"][0] else answer.content

    def _say(
        self, name: str, operation: Any, body: Any, query: Any, path: dict[str, str], headers: dict[str, str]
    ) -> Response:
        parts: dict[str, Any] = {"path_parameters": path, "query": query or {}}
        if body is not None:
            media = next(iter(operation.definition.raw["requestBody"]["content"]))
            parts |= {"body": body, "media_type": media}
        return self.send(name, operation.Case(**parts), **headers)

    def fuzz(self, operation: str, names: list[str], place: Callable[[str], str], *, examples: int) -> None:
        """Made-up requests, good and bad, as each of these people; ids in the path are mostly real."""
        for mode in (GenerationMode.POSITIVE, GenerationMode.NEGATIVE):
            strategy = self.operations[operation].as_strategy(generation_mode=mode)

            @hypothesis.settings(
                max_examples=examples, deadline=None, derandomize=True, database=None, phases=[Phase.generate],
                suppress_health_check=list(HealthCheck),
            )  # fmt: skip
            @hypothesis.given(case=strategy)
            def attempt(case: Case[Any]) -> None:
                for param in case.path_parameters or {}:
                    case.path_parameters[param] = place(param)
                for name in names:
                    self.send(name, case)

            with contextlib.suppress(Unsatisfiable):  # nothing can be wrong with a request that takes nothing
                attempt()


def _readable(described: Any) -> Any:
    """The description with lists of fixed shape written as schemathesis reads them: it takes `prefixItems` of JSON
    Schema 2020-12 for an older draft's `items` and then refuses its own reading.
    """
    if isinstance(described, list):
        return [_readable(each) for each in described]
    if not isinstance(described, dict):
        return described
    found = {key: _readable(value) for key, value in described.items()}
    if "prefixItems" in found:
        found["items"] = {"anyOf": found.pop("prefixItems")}
    return found


@schemathesis.serializer("application/pdf", "application/offset+octet-stream")
def _as_it_is(_context: Any, value: Any) -> bytes:
    return value if isinstance(value, bytes) else str(value).encode()


def _lasting(answer: Response) -> Any:
    """What must be the same the second time; of a file that is made for the asker, which names its moment, the kind."""
    kind = answer.headers["content-type"][0]
    if "json" not in kind:
        return kind
    return {key: value for key, value in answer.json().items() if key not in SHOWN_ONCE | {"checked_at"}}


class _NoCookies(requests.cookies.cookielib.DefaultCookiePolicy):  # type: ignore[misc,name-defined]
    def set_ok(self, _cookie: Any, _request: Any) -> bool:
        return False
