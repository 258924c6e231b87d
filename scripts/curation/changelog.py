"""CHANGELOG.md: what is under “Unreleased” becomes the section of a release, with the counts of its ledger lines."""

import re
from collections import Counter
from collections.abc import Iterable, Iterator

from scripts.history import ledger
from scripts.history.ledger import WHOLE, Change

UNRELEASED = "## Unreleased\n"


def released(text: str, version: str, day: str, summary: str, lines: Iterable[Change]) -> str:
    """Return the changelog with a section for a version in place of what is unreleased."""
    before, _, rest = text.partition(UNRELEASED)
    tools, mark, older = rest.partition("\n## ")
    section = "\n\n".join(
        [f"## {version} ({day})", f"Briefly: {summary}", *_changes(list(lines)), *filter(None, [tools.strip()])]
    )
    return f"{before}{UNRELEASED}\n{section}\n{mark}{older}"


def section(text: str, version: str) -> str:
    """Return what the changelog says of a version, without its heading; '' where it says nothing.

    Of a version that is still to be released (`1.0.0+unreleased`) it is what stands under “Unreleased”.
    """
    heading = UNRELEASED.strip() if version.endswith(f"+{ledger.UNRELEASED}") else f"## {version}"
    found = re.search(rf"^{re.escape(heading)}(?: \([^\n]*\))?\n(.*?)(?=^## |\Z)", text, re.MULTILINE | re.DOTALL)
    return found[1].strip() if found else ""


def _changes(lines: list[Change]) -> Iterator[str]:
    for change in ("added", "corrected", "withdrawn"):
        of_kind = [line for line in lines if line.change == change]
        if change == "added" and of_kind:
            counts = Counter(line.resource for line in of_kind)
            yield "### Added\n\n" + "\n".join(f"- {count:,} {name}" for name, count in sorted(counts.items()))
        elif of_kind:
            yield f"### {change.capitalize()}\n\n" + "\n".join(_line(line) for line in of_kind)


def _line(line: Change) -> str:
    note = f"; {line.note}" if line.note else ""
    if line.field == WHOLE:
        return f"- {line.resource} `{line.key}` ({line.reason}{note})"
    return f"- {line.resource} `{line.key}`: {line.field} “{line.old}” → “{line.new}” ({line.reason}{note})"
