"""What everyone is told before they use a number, as README.md has it."""

import re

from scripts.datapackage.package import ROOT

HEADING = "## Before you use a number"
LINK = re.compile(r"\[([^]]+)\]\([^)]+\)")


def before_use() -> list[str]:
    """Return the items of that list of README.md as plain text, without marks and links."""
    listed = (ROOT / "README.md").read_text("utf-8").split(f"{HEADING}\n")[1].split("\n## ")[0]
    items = re.split(r"^- ", listed, flags=re.MULTILINE)[1:]
    return [" ".join(LINK.sub(r"\1", item).replace("**", "").replace("`", "").split()) for item in items]
