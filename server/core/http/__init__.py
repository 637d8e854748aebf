"""The HTTP edge that all features share: route tables, sessions, errors, idempotency, OpenAPI."""

from server.core.http.edge import ANSWER, build_edge
from server.core.http.routes import Route, Routes

__all__ = ["ANSWER", "Route", "Routes", "build_edge"]
