"""`phien`: the command line. Each command parses its arguments here and does its work where that work lives."""

from __future__ import annotations

import argparse
import asyncio
import getpass
import os
import sys
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import msgspec

from signing import cli as signing_cli

if TYPE_CHECKING:
    from server.config import Config
    from signing.errors import SigningError

DEMO_DATA = Path("var/demo")
WIRE_FOLDER = Path("clients/wire")


def main(argv: Sequence[str] | None = None) -> int:
    """Run one command; returns the exit status: 0 done, 1 found wanting, 2 could not be asked like this."""
    from server.core import errors

    arguments = _parser().parse_args(argv)
    try:
        status: int = arguments.run(arguments)
    except KeyboardInterrupt:
        return 130
    except errors.DomainError as error:
        print(errors.text(error, _lang()), file=sys.stderr)
        return 2
    except Refusal as refusal:
        print(refusal, file=sys.stderr)
        return 2
    return status


class Refusal(Exception):  # noqa: N818 - reads as what happened
    """A command that cannot be carried out as it was asked; its text says why and what to do."""


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="phien", description="Phiên: paperless meetings for public bodies.")
    commands = parser.add_subparsers(required=True, metavar="COMMAND")
    _add_serving(commands)
    _add_data(commands)
    _add_papers(commands)
    _add_edxml(commands)
    _add_development(commands)
    signing_cli.add_arguments(commands, _refused_signature)
    return parser


def _refused_signature(error: SigningError) -> str:
    """The stable code and the sentence that the apps show too, in the language of the terminal."""
    from server.core import errors
    from server.core.errors import DomainError
    from server.signatures import rules  # noqa: F401 - registers the sentences

    return f"{error.code}: {errors.text(DomainError(f'signing.{error.code}', **error.details), _lang())}"


def _lang() -> str:
    return "en" if os.environ.get("LANG", "").startswith("en") else "vi"


def _command(
    commands: argparse._SubParsersAction[argparse.ArgumentParser],
    name: str,
    run: Callable[[argparse.Namespace], int],
    about: str,
) -> argparse.ArgumentParser:
    parser = commands.add_parser(name, help=about, description=about)
    parser.set_defaults(run=run)
    return parser


# ---------------------------------------------------------------- serving


def _add_serving(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    serve = _command(commands, "serve", _serve, "Serve a real data folder.")
    _takes_config(serve)
    serve.add_argument("--ready-file", type=Path, help="write JSON here once serving")

    demo = _command(commands, "demo", _demo, "Seed a made-up city, then serve it.")
    demo.add_argument("--host", default="localhost", help="anything but loopback implies --https")
    demo.add_argument("--port", type=int, default=8088)
    demo.add_argument("--data", type=Path, default=DEMO_DATA, help=f"data folder (default {DEMO_DATA})")
    demo.add_argument("--https", action="store_true", help="with a certificate of a local CA made for this demo")
    demo.add_argument("--ready-file", type=Path, help="write url, accounts and meeting as JSON once serving")

    init = _command(commands, "init", _init, "Make the schema and the first administrator.")
    _takes_config(init)
    init.add_argument("--user", default="quantri")
    init.add_argument("--name", default="Quản trị hệ thống", help="full name")
    init.add_argument("--password-file", type=Path, help="first line is the password; asked for without it")

    migrate = _command(commands, "migrate", _migrate, "Bring the database to this build's schema.")
    _takes_config(migrate)


def _serve(arguments: argparse.Namespace) -> int:
    from server.core import serving
    from server.core.printing import places

    config = _config(arguments)
    if config.is_demo:
        raise Refusal(f"{config.data_dir} is a demo data folder with one-tap roles; `phien serve` does not open it.")
    if not places.has_times_family():
        raise Refusal(
            "No font to print papers in: install the Debian package fonts-liberation2 (Fedora: liberation-fonts)."
        )
    return serving.run(config, ready_file=arguments.ready_file)


def _demo(arguments: argparse.Namespace) -> int:
    from server import demo

    return demo.run(
        data=arguments.data,
        host=arguments.host,
        port=arguments.port,
        https=arguments.https,
        ready_file=arguments.ready_file,
    )


def _init(arguments: argparse.Namespace) -> int:
    from server.accounts.actions import init_administrator
    from server.app import with_core

    password = _password(arguments.password_file)
    config = _config(arguments, check=False)
    config.data_dir.mkdir(parents=True, exist_ok=True)
    asyncio.run(
        with_core(
            config, lambda core: init_administrator(core, user=arguments.user, name=arguments.name, password=password)
        )
    )
    print(f"Administrator: {arguments.user}")
    return 0


def _migrate(arguments: argparse.Namespace) -> int:
    from server.core.db.schema import migrate

    migrate(_config(arguments).database_url)
    return 0


# ---------------------------------------------------------------- data


def _add_data(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    backup = _command(commands, "backup", _backup, "Copy database and papers, also while the server runs.")
    _takes_config(backup)
    backup.add_argument("destination", type=Path)
    restore = _command(commands, "restore", _restore, "Restore a backup into an empty data folder and check it.")
    _takes_config(restore)
    restore.add_argument("source", type=Path)
    audit = _command(commands, "audit", _audit, "Verify the audit chains.")
    _takes_config(audit)


def _backup(arguments: argparse.Namespace) -> int:
    from server.core import backup

    try:
        _print_line(backup.save(_config(arguments), arguments.destination))
    except backup.BackupError as error:
        raise Refusal(str(error)) from error
    return 0


def _restore(arguments: argparse.Namespace) -> int:
    from server.core import backup

    try:
        _print_line(backup.restore(_config(arguments, check=False), arguments.source))
    except backup.BackupError as error:
        raise Refusal(str(error)) from error
    return 0


def _audit(arguments: argparse.Namespace) -> int:
    from server.app import with_core
    from server.core import audit

    report = asyncio.run(with_core(_config(arguments), lambda core: core.db.read(audit.verify)))
    _print_line(report)
    return 1 if report.broken else 0


# ---------------------------------------------------------------- papers


def _add_papers(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    check = _command(commands, "check", _check, "Judge files as an upload would; one JSON line a file.")
    check.add_argument("files", nargs="+", type=Path)

    trace = _command(commands, "trace", _trace, "Whose copy a PDF or picture of a page is; one JSON line a file.")
    trace.add_argument("files", nargs="+", type=Path)
    _takes_config(trace)


def _add_edxml(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    edxml = _command(commands, "edxml", _edxml, "What edXML packages hold and are worth; one JSON line a file.")
    edxml.epilog = "exit status: 0 all valid, 1 one or more invalid or no package, 3 none invalid but not all valid"
    edxml.add_argument("files", nargs="+", type=Path)
    edxml.add_argument("--trust", action="append", default=[], type=Path, metavar="PEM", help="roots, revocation lists")


def _edxml(arguments: argparse.Namespace) -> int:
    from server.exchange.actions import looking
    from signing.roots import load_roots

    try:
        roots = [path.read_bytes() for path in arguments.trust]
        load_roots(roots)
    except (OSError, ValueError) as why:
        raise Refusal(f"--trust: {why}") from why

    async def all_of() -> int:
        statuses = []
        async for status, line in looking.told(arguments.files, roots, _lang()):
            statuses.append(status)
            print(line, flush=True)
        return looking.worst(statuses)

    return asyncio.run(all_of())


def _check(arguments: argparse.Namespace) -> int:
    from server.documents.intake import check_files

    return check_files(arguments.files)


def _trace(arguments: argparse.Namespace) -> int:
    from server.app import with_core
    from server.core.context import Core
    from server.documents.actions import tracing

    async def all_of(core: Core) -> int:
        missed = False
        for path in arguments.files:
            found, line = await tracing.told(core, path)
            missed |= not found
            print(line, flush=True)
        return int(missed)

    return asyncio.run(with_core(_config(arguments), all_of))


# ---------------------------------------------------------------- development


def _add_development(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    wire = _command(commands, "wire", _wire, "Write TypeScript and JSON Schema of every message.")
    wire.add_argument("--check", action="store_true", help="write nothing; fail where they are stale")
    locale = _command(commands, "locale", _locale, "Bring the catalogues up to date with the sources.")
    locale.add_argument("--check", action="store_true", help="write nothing; fail where a text is missing or stale")


def _wire(arguments: argparse.Namespace) -> int:
    from server.core import wiregen

    if not arguments.check:
        wiregen.write(WIRE_FOLDER)
        return 0
    stale = wiregen.stale(WIRE_FOLDER)
    for name in stale:
        print(f"{WIRE_FOLDER / name} is stale: run `phien wire`", file=sys.stderr)
    return 1 if stale else 0


def _locale(arguments: argparse.Namespace) -> int:
    from server.core import catalogue

    return catalogue.check() if arguments.check else catalogue.update()


# ---------------------------------------------------------------- shared


def _takes_config(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--config", type=Path, help="TOML file; the environment (PHIEN_…) goes over it")
    parser.add_argument("--data", type=Path, help="data folder; goes over both")


def _config(arguments: argparse.Namespace, *, check: bool = True) -> Config:
    from server.config import load

    given = {"data_dir": str(arguments.data.resolve())} if arguments.data else {}
    return load(arguments.config, os.environ, given=given, check=check)


def _print_line(value: object) -> None:
    print(msgspec.json.encode(value).decode())


def _password(file: Path | None) -> str:
    if file is not None:
        return file.read_text(encoding="utf-8").partition("\n")[0]
    return getpass.getpass("Password: ")


if __name__ == "__main__":
    sys.exit(main())
