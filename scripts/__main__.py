"""Validate, build, query and release the dataset.

Exit codes: 0 it holds · 1 it does not · 2 the call is off.
"""

import argparse
import os
import sys
from importlib import import_module

from scripts.call import OFF, CallOff
from scripts.stage import Busy, Unwritten

VERBS = (
    *("validate", "add", "correct", "withdraw", "docs", "build", "query"),
    *("release", "rebuild", "diff", "cite", "verify", "migrate", "spark"),
)


def main(arguments: list[str]) -> int:
    """Run the verb that the arguments name and return its exit code."""
    parser = argparse.ArgumentParser(
        prog="python -m scripts", description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    verbs = parser.add_subparsers(metavar="VERB", required=True)
    named = arguments[:1] if arguments[:1] and arguments[0] in VERBS else VERBS
    for verb in named:  # a verb imports only what it needs
        module = import_module(f"scripts.verbs.{verb}")
        first, _, _ = str(module.__doc__).partition("\n")
        child = verbs.add_parser(
            verb, help=first, description=module.__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
        )
        module.register(child)
        child.set_defaults(run=module.run)
    parsed = parser.parse_args(arguments)
    try:
        code = int(parsed.run(parsed))
        sys.stdout.flush()
        return code
    except (CallOff, Busy, Unwritten) as off:
        print(off, file=sys.stderr)
    except BrokenPipeError:  # the reader has seen enough, as in `… | head`
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
    except OSError as error:
        print(f"{error.filename or 'the output'}: {error.strerror}", file=sys.stderr)
    return OFF


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
