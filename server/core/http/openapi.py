"""OpenAPI 3.1 from the route table and the Structs: one declaration, nothing written twice."""

from __future__ import annotations

import typing
from typing import Any

import msgspec
from aiohttp import web

from server.core.http.routes import Route

PATH = "/api/v1/openapi.json"


def describe(routes: list[Route]) -> dict[str, Any]:
    """The document for ``routes``."""
    shapes = [shape for route in routes for shape in (route.body, route.returns) if _is_shape(shape)]
    schemas, components = msgspec.json.schema_components(shapes, ref_template="#/components/schemas/{name}")
    refs = iter(schemas)
    by_route = [
        (route, next(refs) if _is_shape(route.body) else None, next(refs) if _is_shape(route.returns) else None)
        for route in routes
    ]
    paths: dict[str, dict[str, Any]] = {}
    for route, body, returns in by_route:
        paths.setdefault(route.path, {})[route.method.lower()] = _operation(route, body, returns)
    return {
        "openapi": "3.1.0",
        "info": {"title": "Phiên", "version": "1", "description": "Paperless meetings for public bodies."},
        "servers": [{"url": "/"}],
        "paths": paths,
        "components": {
            "schemas": {**components, "Error": _ERROR},
            "securitySchemes": {"session": {"type": "apiKey", "in": "cookie", "name": "__Host-phien"}},
        },
    }


def mount_openapi(app: web.Application, routes: list[Route]) -> None:
    """Serve the document."""
    document = msgspec.json.encode(describe(routes))

    async def show(_request: web.Request) -> web.Response:
        return web.Response(body=document, content_type="application/json")

    app.router.add_get(PATH, show)


def _operation(route: Route, body: Any, returns: Any) -> dict[str, Any]:  # noqa: ANN401 - JSON Schema
    done: dict[str, Any] = {"description": "done"}
    if returns is not None or route.produces != "application/json":  # else the answer is all in its headers
        done["content"] = {route.produces: {"schema": returns or _BINARY}}
    operation: dict[str, Any] = {
        "operationId": route.operation_id,
        "summary": route.summary,
        "tags": [route.feature],
        "parameters": [*_path_parameters(route), *_query_parameters(route), *_header_parameters(route)],
        "responses": {
            str(route.status): done,
            "default": {
                "description": "refused",
                "content": {"application/json": {"schema": {"$ref": "#/components/schemas/Error"}}},
            },
        },
        "security": [{"session": []}] if route.verb is not None else [],
    }
    if body is not None:
        operation["requestBody"] = {"required": True, "content": {"application/json": {"schema": body}}}
    elif route.consumes is not None:
        operation["requestBody"] = {"required": True, "content": {route.consumes: {"schema": _BINARY}}}
    return operation


def _is_shape(shape: Any) -> bool:  # noqa: ANN401 - an annotation
    return isinstance(shape, type) and issubclass(shape, msgspec.Struct)


def _path_parameters(route: Route) -> list[dict[str, Any]]:
    return [
        {"name": name, "in": "path", "required": True, "schema": {"type": "string", "minLength": 1}}
        for name in route.path_params
    ]


def _header_parameters(route: Route) -> list[dict[str, Any]]:
    if route.method in {"GET", "HEAD", "OPTIONS"}:
        return []
    schema = {"type": "string", "format": "uuid"}
    return [{"name": "Idempotency-Key", "in": "header", "required": False, "schema": schema}]


def _query_parameters(route: Route) -> list[dict[str, Any]]:
    if route.query is None:
        return []
    fields = msgspec.structs.fields(route.query)
    hints = typing.get_type_hints(route.query, include_extras=True)
    return [
        {
            "name": each.encode_name,
            "in": "query",
            "required": each.required,
            "schema": msgspec.json.schema(hints[each.name]),
        }
        for each in fields
    ]


_BINARY = {"type": "string", "format": "binary"}
_ERROR = {
    "type": "object",
    "required": ["error"],
    "properties": {
        "error": {
            "type": "object",
            "required": ["code", "text", "args"],
            "properties": {"code": {"type": "string"}, "text": {"type": "string"}, "args": {"type": "object"}},
        }
    },
}

__all__ = ["PATH", "describe", "mount_openapi"]
