"""The HTTP edge that all features share: route tables, sessions, errors, idempotency, OpenAPI."""

from server.core.http.edge import build_edge
from server.core.http.routes import Route, Routes

__all__ = ["Route", "Routes", "build_edge"]
