"""Validate, build, query and release the dataset.

Exit codes: 0 valid · 1 problems found · 2 usage error · 70 a fault of this program.
"""

import argparse
import io
import os
import sys
import tempfile
import traceback
from importlib import import_module
from pathlib import Path

from scripts.cli import FAULT, INTERRUPTED, PROBLEMS, TAMPERED, USAGE, Parser
from scripts.datapackage.errors import Found, Locked, NotWritten, UsageError
from scripts.datapackage.problems import Problem, as_text

COMMANDS = (
    *("validate", "add", "correct", "withdraw", "docs", "build", "query"),
    *("release", "rebuild", "diff", "cite", "verify", "migrate", "spark"),
)


def main(arguments: list[str]) -> int:
    """Run the command that the arguments name and return its exit code."""
    _speak_utf8()
    parser = argparse.ArgumentParser(
        prog="python -m scripts", description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    commands = parser.add_subparsers(metavar="COMMAND", required=True, parser_class=Parser)
    named = arguments[:1] if arguments[:1] and arguments[0] in COMMANDS else COMMANDS
    for command in named:  # a command imports only what it needs
        module = import_module(f"scripts.commands.{command}")
        first, _, _ = str(module.__doc__).partition("\n")
        child = commands.add_parser(
            command, help=first, description=module.__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
        )
        module.register(child)
        child.set_defaults(run=module.run, command=command)
    parsed = parser.parse_args(arguments)
    if (aside := os.environ.get("TMPDIR")) and not os.access(aside, os.W_OK | os.X_OK):
        print(f"TMPDIR is `{aside}`, which is no folder that can be written; name another", file=sys.stderr)
        return USAGE
    try:
        code = int(parsed.run(parsed))
        sys.stdout.flush()
        return code
    except Found as found:
        sys.stdout.write(as_text(found.problems))
        return TAMPERED if parsed.command == "verify" else PROBLEMS
    except (UsageError, Locked, NotWritten) as off:
        print(off, file=sys.stderr)
    except BrokenPipeError:  # the reader has seen enough, as in `… | head`
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
    except OSError as error:
        place = error.filename or f"the output, or the folder for temporary files ({tempfile.tempdir or 'TMPDIR'})"
        print(f"{place}: {error.strerror or error}", file=sys.stderr)
    except KeyboardInterrupt:
        return INTERRUPTED
    except Exception as error:
        if full := _full(error):
            print(full, file=sys.stderr)
            return USAGE
        if problems := _problems_of_package(parsed):
            sys.stdout.write(as_text(problems))
            return TAMPERED if parsed.command == "verify" else PROBLEMS
        print(fault(error), file=sys.stderr)
        return FAULT
    return USAGE


def _speak_utf8() -> None:
    """Write UTF-8 to files and pipes whatever the locale; a terminal that cannot show a sign is served its escape."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            encoding = (stream.encoding or "utf-8") if stream.isatty() else "utf-8"
            stream.reconfigure(encoding=encoding, errors="backslashreplace", newline="\n")


def _problems_of_package(parsed: argparse.Namespace) -> list[Problem]:
    """Return what is wrong with the package of a call that ended in an error: then the error is that of the package."""
    from scripts.validation.validate import validate

    try:
        return validate(Path(parsed.dir).resolve()).problems if "dir" in parsed else []
    except Exception:  # then it is ours
        return []


def _full(error: Exception) -> str:
    """Return what DuckDB says where its memory, or the disk, is full; '' for any other error."""
    if type(error).__name__ not in ("OutOfMemoryException", "IOException"):
        return ""
    said = " ".join(str(error).partition("\n")[0].split())
    return (
        f"{said}; give DuckDB more memory, as in FIGURES_MEMORY=4GiB, or another folder for temporary files in TMPDIR"
    )


def fault(error: Exception) -> str:
    """Return what to tell of an error that is none of the user's, in one line; the whole trace with FIGURES_TRACE=1."""
    if os.environ.get("FIGURES_TRACE"):
        traceback.print_exception(error)
    last = traceback.extract_tb(error.__traceback__)[-1]
    what = " ".join(f"{type(error).__name__}: {error}".split())[:300]
    place = f"{os.path.basename(last.filename)}:{last.lineno}"  # noqa: PTH119  (a text, not a file)
    return (
        f"this is a fault of this program, not of your data: {what} ({place}); please report this line and the "
        "command that led to it (FIGURES_TRACE=1 shows more)"
    )


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
