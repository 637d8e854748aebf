"""An import contract: a feature's inside is its own, and another feature sees only its public files."""

from __future__ import annotations

from typing import Any, cast

from importlinter import Contract, ContractCheck, fields, output

Link = tuple[str, str]


class OwnInsideContract(Contract):
    """Holds every feature folder that exists, so a new one is held as soon as it appears.

    Options: ``package`` (whose direct subpackages are features), ``not_features`` (those that are not), ``public``
    (files that others may import), ``roots`` (modules that may import anything, being the composition).
    """

    type_name = "own_inside"

    package = fields.StringField()
    not_features = fields.SetField(subfield=fields.StringField())
    public = fields.SetField(subfield=fields.StringField())
    roots = fields.SetField(subfield=fields.StringField())

    def check(self, graph: Any, verbose: bool) -> ContractCheck:
        """Look at every import of a feature's module from outside that feature."""
        broken = [link for feature in self._features(graph) for link in self._intrusions(graph, feature)]
        return ContractCheck(kept=not broken, metadata={"broken": sorted(broken)})

    def render_broken_contract(self, check: ContractCheck) -> None:
        """Name both ends of every import that is not allowed."""
        for importer, imported in check.metadata["broken"]:
            output.print_error(
                f"{importer} -> {imported}: only {', '.join(sorted(_names(self.public)))} may be imported"
            )

    def _features(self, graph: Any) -> list[str]:
        children = graph.find_children(self.package)
        skipped = {f"{self.package}.{name}" for name in _names(self.not_features)}
        return sorted(child for child in children - skipped if graph.find_children(child))

    def _intrusions(self, graph: Any, feature: str) -> list[Link]:
        open_files = {f"{feature}.{name}" for name in _names(self.public)}
        own = {feature, *graph.find_descendants(feature)}
        return [
            (importer, imported)
            for imported in own
            if not any(imported == file or imported.startswith(f"{file}.") for file in open_files)
            for importer in graph.find_modules_that_directly_import(imported) - own
            if not any(importer == root or importer.startswith(f"{root}.") for root in _names(self.roots))
        ]


def _names(option: object) -> set[str]:
    """An option's value: import-linter declares fields on the class and puts their values on the instance."""
    return cast("set[str]", option)
