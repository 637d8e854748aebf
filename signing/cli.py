"""`sign` and `verify` on the command line: `phien` mounts them, `python -m signing.cli` runs them alone."""

import argparse
import asyncio
import os
import sys
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import msgspec
from msgspec.structs import asdict

from signing.errors import SigningError
from signing.report import Report, Verdict

if TYPE_CHECKING:
    from signing.services import Services

Subparsers = argparse._SubParsersAction  # noqa: SLF001  # argparse gives its type no public name
Describe = Callable[[SigningError], str]

EXIT_OK, EXIT_BAD, EXIT_USAGE, EXIT_UNCLEAR = 0, 1, 2, 3


def add_arguments(subparsers: "Subparsers[argparse.ArgumentParser]", describe: Describe = str) -> None:
    """Add the two commands; after parsing, `args.run(args)` does the work and gives the exit code.

    Args:
        subparsers: what `ArgumentParser.add_subparsers()` gave.
        describe: sentence for a refusal; the bare code without it.
    """
    _add_sign(subparsers, describe)
    _add_verify(subparsers)


def main(argv: list[str] | None = None) -> int:
    """The two commands alone."""
    parser = argparse.ArgumentParser(prog="signing")
    add_arguments(parser.add_subparsers(required=True, metavar="COMMAND"))
    args = parser.parse_args(argv)
    run: Callable[[argparse.Namespace], int] = args.run
    return run(args)


def _add_sign(subparsers: "Subparsers[argparse.ArgumentParser]", describe: Describe) -> None:
    command = subparsers.add_parser(
        "sign",
        help="sign a PDF (PAdES B-B to B-LTA) with a key in a file, a token or a remote service",
        epilog="exit status: 0 signed, 1 refused (the code and a sentence on standard error; nothing is written), "
        "2 asked for wrongly",
    )
    command.add_argument("source", metavar="IN", type=Path)
    command.add_argument("target", metavar="OUT", type=Path)
    key = command.add_mutually_exclusive_group(required=True)
    key.add_argument("--p12", metavar="FILE", help="key and certificates; for demo and tests")
    key.add_argument(
        "--key", metavar="ADDRESS", help="pkcs11:token=…;object=…?module-path=… or csc:https://…?credential=…"
    )
    lines = "password or PIN: the first line; with csc: the second is the bearer token"
    command.add_argument("--password-file", required=True, type=Path, metavar="FILE", help=lines)
    command.add_argument("--legacy-rsa", action="store_true", help="RSA PKCS#1 v1.5, for a token without PSS")
    command.add_argument("--level", choices=("B-B", "B-T", "B-LT", "B-LTA"), default="B-B")
    _add_services(command)
    command.add_argument("--field", help="empty signature field to use, or name of a new one")
    command.add_argument("--image", type=Path, metavar="PNG", help="handwritten signature, transparent")
    command.add_argument("--text", action="append", default=[], metavar="LINE", help="line under the image; repeatable")
    command.add_argument("--font", type=Path, metavar="TTF", help="for --text: a font with all its letters")
    command.add_argument("--page", type=int, default=-1, help="from 1; negative counts from the end (default: last)")
    command.add_argument("--box", type=_box, metavar="X1,Y1,X2,Y2", help="place on the page, in points")
    command.add_argument("--reason", default="")
    command.add_argument("--location", default="")
    command.set_defaults(run=lambda args: _run_sign(args, command, describe))


def _add_services(command: argparse.ArgumentParser) -> None:
    command.add_argument(
        "--trust", action="append", default=[], type=Path, metavar="PEM", help="roots, revocation lists"
    )
    command.add_argument("--tsa", default="", metavar="URL", help="time stamp authority")
    command.add_argument("--host", action="append", default=[], help="that OCSP and CRL may be asked of; repeatable")


def _add_verify(subparsers: "Subparsers[argparse.ArgumentParser]") -> None:
    command = subparsers.add_parser(
        "verify",
        help="check the signatures of PDF files: one JSON line a file, or a report in Vietnamese",
        epilog="exit status: 0 all valid, 1 one or more invalid, 2 asked for wrongly, 3 none invalid but not all valid "
        "(unsigned, or not traced to a --trust root)",
    )
    command.add_argument("files", nargs="+", metavar="FILE")
    _add_services(command)
    command.add_argument("--format", choices=("json", "text", "html"), default="json", help="html: one page to print")
    command.add_argument("--text", dest="format", action="store_const", const="text", help="the same as --format text")
    command.add_argument("--seconds", type=float, default=20.0, help="limit for one file (default: 20)")
    command.set_defaults(run=lambda args: _run_verify(args, command))


def _box(text: str) -> tuple[float, float, float, float]:
    try:
        x1, y1, x2, y2 = (float(part) for part in text.split(","))
    except ValueError:
        raise argparse.ArgumentTypeError("four numbers: X1,Y1,X2,Y2") from None
    return x1, y1, x2, y2


def _run_sign(args: argparse.Namespace, command: argparse.ArgumentParser, describe: Describe) -> int:
    if args.page == 0:
        command.error("--page counts from 1")
    if bool(args.image or args.text) != bool(args.box):
        command.error("--box needs --image or --text, and they need --box")
    try:
        line = sign_file(args)
    except ValueError as why:
        command.error(str(why))
    except SigningError as why:
        sys.stderr.write(f"{describe(why)}\n")
        return EXIT_BAD
    except OSError as why:
        sys.stderr.write(f"{why}\n")
        return EXIT_BAD
    sys.stdout.write(line + "\n")
    return EXIT_OK


def sign_file(args: argparse.Namespace) -> str:
    """Do what the arguments of `sign` say; a JSON line about the signed file.

    Raises:
        SigningError: refused; nothing is written.
        OSError: a file cannot be read or written.
    """
    from signing import Stamp, finish, open_key, prepare  # noqa: PLC0415 - slow to load: not for every command
    from signing.files import sha256  # noqa: PLC0415 - wanted by this command alone

    lines: list[str] = args.password_file.read_text("utf-8").splitlines()
    secret, token = (*lines, "", "")[:2]
    address = args.key or f"pkcs12:{args.p12}"
    signer = open_key(address, secret, token=token, production=not args.p12, legacy_rsa=args.legacy_rsa)
    services = _services(args)
    stamp = None
    if args.box:
        stamp = Stamp(
            box=args.box,
            page=args.page - 1 if args.page > 0 else args.page,
            image=args.image.read_bytes() if args.image else b"",
            lines=tuple(args.text),
            font=str(args.font or ""),
        )
    # What is no file can be read but once.
    source = args.source if args.source.is_file() else args.source.read_bytes()
    with tempfile.TemporaryDirectory(dir=args.target.parent, prefix=f".{args.target.name}.") as folder:
        half = prepare(
            source,
            into=Path(folder) / "prepared",
            certificate=signer.certificate,
            chain=signer.chain,
            field=args.field,
            stamp=stamp,
            reason=args.reason,
            location=args.location,
            level=args.level,
            services=services,
            algorithm=signer.algorithm,
        )
        finish(half, asyncio.run(signer.sign_raw(half.to_sign)), services=services, into=args.target)
    told = {
        "file": _told(str(args.target)),
        "field": half.field,
        "algorithm": half.algorithm,
        "base_sha256": half.base_sha256,
        "sha256": sha256(args.target),
    }
    return msgspec.json.encode(told).decode()


def _services(args: argparse.Namespace) -> "Services | None":
    """What the command line names; None if it names nothing that is to be asked."""
    from signing import Services  # noqa: PLC0415 - slow to load: not for every command

    if not (args.tsa or args.host):
        return None
    return Services(roots=tuple(path.read_bytes() for path in args.trust), tsa=args.tsa, hosts=tuple(args.host))


def _run_verify(args: argparse.Namespace, command: argparse.ArgumentParser) -> int:
    from signing.roots import load_roots  # noqa: PLC0415 - slow to load: not for every command

    try:
        roots = [path.read_bytes() for path in args.trust]
        load_roots(roots)
    except (OSError, ValueError) as why:
        command.error(f"--trust: {why}")
    verdicts = _tell(checked(args.files, roots, args.seconds, _services(args)), args.format)
    if verdicts == {"valid"}:
        return EXIT_OK
    return EXIT_BAD if "invalid" in verdicts else EXIT_UNCLEAR


def checked(
    files: list[str], roots: list[bytes], seconds: float, services: "Services | None" = None
) -> Iterator[tuple[str, Report]]:
    """Each file, as it can be told, and what is said about it, as soon as it is known."""
    from signing.bounded import verify_files  # noqa: PLC0415 - slow to load: not for every command

    for file, report in verify_files(files, roots, seconds=seconds, services=services):
        yield _told(file), report


def _tell(reports: Iterator[tuple[str, Report]], form: str) -> set[Verdict]:
    from signing.words import as_html, as_text  # noqa: PLC0415 - wanted by this command alone

    if form == "html":
        whole = list(reports)
        sys.stdout.write(as_html(whole))
        return {report.verdict for _, report in whole}
    verdicts: set[Verdict] = set()
    for file, report in reports:
        line = msgspec.json.encode({"file": file, **asdict(report)}).decode() + "\n"
        sys.stdout.write(as_text(report, file) if form == "text" else line)
        sys.stdout.flush()
        verdicts.add(report.verdict)
    return verdicts


def _told(path: str) -> str:
    """A path as it can stand in JSON, whatever bytes its name is made of."""
    return os.fsencode(path).decode("utf-8", "replace")


if __name__ == "__main__":
    sys.exit(main())
