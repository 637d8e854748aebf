"""Route tables: each route is declared once, with what it takes, what it answers and the verb that permits it."""

from __future__ import annotations

import inspect
import re
import typing
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from typing import Any, TypeAlias

Handler: TypeAlias = Callable[..., Awaitable[Any]]

API = "/api/v1"
READING = {"GET", "HEAD", "OPTIONS"}
_GIVEN = {"core", "actor", "body", "query", "request"}


@dataclass(frozen=True)
class Route:
    """One operation of the API. ``verb`` is None only for what anybody may ask without being signed in."""

    feature: str
    method: str
    path: str
    handler: Handler
    verb: str | None
    status: int
    consumes: str | None
    produces: str
    body: Any = None
    query: Any = None
    returns: Any = None
    takes: frozenset[str] = field(default_factory=frozenset)
    reads: bool = False

    @property
    def operation_id(self) -> str:
        """``feature.handler``: the name in OpenAPI and in the access log."""
        return f"{self.feature}.{self.handler.__name__}"

    @property
    def path_params(self) -> list[str]:
        """Names in braces, in order."""
        return re.findall(r"\{(\w+)\}", self.path)

    @property
    def summary(self) -> str:
        """The first line of the handler's docstring."""
        return (inspect.getdoc(self.handler) or "").partition("\n")[0]


class Routes:
    """A feature's table of contents at the HTTP edge."""

    def __init__(self, feature: str) -> None:
        self.feature = feature
        self.table: list[Route] = []

    def get(self, path: str, **options: Any) -> Callable[[Handler], Handler]:  # noqa: ANN401 - see `_add`
        """Declare a GET route under ``/api/v1``."""
        return self._add("GET", path, **options)

    def head(self, path: str, **options: Any) -> Callable[[Handler], Handler]:  # noqa: ANN401 - see `_add`
        """Declare a HEAD route."""
        return self._add("HEAD", path, **options)

    def options(self, path: str, **options: Any) -> Callable[[Handler], Handler]:  # noqa: ANN401 - see `_add`
        """Declare an OPTIONS route."""
        return self._add("OPTIONS", path, **options)

    def post(self, path: str, **options: Any) -> Callable[[Handler], Handler]:  # noqa: ANN401 - see `_add`
        """Declare a POST route."""
        return self._add("POST", path, **options)

    def put(self, path: str, **options: Any) -> Callable[[Handler], Handler]:  # noqa: ANN401 - see `_add`
        """Declare a PUT route."""
        return self._add("PUT", path, **options)

    def patch(self, path: str, **options: Any) -> Callable[[Handler], Handler]:  # noqa: ANN401 - see `_add`
        """Declare a PATCH route."""
        return self._add("PATCH", path, **options)

    def delete(self, path: str, **options: Any) -> Callable[[Handler], Handler]:  # noqa: ANN401 - see `_add`
        """Declare a DELETE route."""
        return self._add("DELETE", path, **options)

    def _add(
        self,
        method: str,
        path: str,
        *,
        verb: str | None,
        status: int = 200,
        consumes: str | None = None,
        produces: str = "application/json",
        reads: bool = False,
    ) -> Callable[[Handler], Handler]:
        """Declare a route.

        The handler's parameters say what it takes: ``core``, ``actor``, ``body`` (a Command), ``query`` (a Command
        of query parameters), ``request`` (for streams), and the names in the path. Its return annotation is the
        answer's shape, or ``StreamResponse`` where it writes the response itself (``produces`` then tells the type).
        ``reads``: it is part of reading, whatever its method; who only reads on a borrowed device may do it.
        """

        def register(handler: Handler) -> Handler:
            hints = typing.get_type_hints(handler)
            route = Route(
                feature=self.feature,
                method=method,
                path=API + path,
                handler=handler,
                verb=verb,
                status=status,
                consumes=consumes,
                produces=produces,
                body=hints.get("body"),
                query=hints.get("query"),
                returns=hints.get("return"),
                takes=frozenset(inspect.signature(handler).parameters),
                reads=reads or method in READING,
            )
            unknown = route.takes - _GIVEN - set(route.path_params)
            assert not unknown, f"{route.operation_id} takes {unknown}, which its path does not name"
            assert verb is None or "actor" in route.takes, route.operation_id
            self.table.append(route)
            return handler

        return register
