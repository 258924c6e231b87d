"""A citation as people paste it: out of a PDF, a mail, a page in Markdown, a file in another encoding."""

import codecs
import re
import unicodedata
from pathlib import Path

from scripts.datapackage import untrusted
from scripts.datapackage.untrusted import Unreadable

HEX = "0-9a-f"
DIGEST = re.compile(rf"(?<![{HEX}])[{HEX}]{{64}}")  # what follows may be the first letters of the next line
CUT = re.compile(rf"sha256:([{HEX}]{{8,63}})(?![{HEX}])")  # a digest that is not whole
SPACED = re.compile(rf"(?<=sha256:)(?:[{HEX}] ?){{64}}")  # a digest in groups, or broken by a blank
DIRECTORY = re.compile(rf"swh:1:dir:[{HEX}]{{40}}(?![{HEX}])")  # the SWHID of the tables of a version
BROKEN = re.compile(rf"(?<=[{HEX}])[-\u2010]?[ \t]*\n[ \t>]*(?=[{HEX}])")  # an end of line inside of a digest
MARKS = (codecs.BOM_UTF8, "utf-8"), (codecs.BOM_UTF16_LE, "utf-16-le"), (codecs.BOM_UTF16_BE, "utf-16-be")


def text_of(path: Path) -> str:
    """Return the text of a file in UTF-8 or, with a byte order mark, UTF-16. Raises `Unreadable`."""
    data = untrusted.read_bytes(path)
    encoding = next((encoding for mark, encoding in MARKS if data.startswith(mark)), "utf-8")
    try:
        return data.decode(encoding).removeprefix("\ufeff")
    except UnicodeDecodeError:
        raise Unreadable("the file is no text in UTF-8 or UTF-16", "save it as UTF-8") from None


def digests(said: str) -> tuple[list[str], list[str]]:
    """Return the digests that a text holds, in lower case, and the beginnings of those that are cut."""
    plain = _plain(said)
    whole = DIGEST.findall(plain) or [spaced.replace(" ", "") for spaced in SPACED.findall(plain)]
    return whole, [part for part in CUT.findall(plain) if not any(digest.startswith(part) for digest in whole)]


def directories(said: str) -> list[str]:
    """Return the SWHIDs of directories that a text holds."""
    return DIRECTORY.findall(_plain(said))


def _plain(said: str) -> str:
    """Return a text in lower case without what a page, a mail or a PDF puts into a digest.

    That is: ends of lines, soft hyphens and signs without width, ligatures, signs of Markdown.
    """
    plain = unicodedata.normalize("NFKC", said).lower().replace("\r\n", "\n").replace("\r", "\n")
    plain = "".join(sign for sign in plain if unicodedata.category(sign) != "Cf")
    plain = re.sub(r"[*_`\\]+", "", plain)
    # a digest in print runs over an end of line, and may have a blank behind the word before it
    return re.sub(r"sha256:\s+", "sha256:", BROKEN.sub("", plain))
