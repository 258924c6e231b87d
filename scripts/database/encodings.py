"""What the bytes of a file are that is no UTF-8 text: another kind of file, or another encoding."""

import codecs
import re

BEGINNINGS = {  # longest first where one begins another
    codecs.BOM_UTF32_LE: "UTF-32",
    codecs.BOM_UTF32_BE: "UTF-32",
    codecs.BOM_UTF16_LE: "UTF-16",
    codecs.BOM_UTF16_BE: "UTF-16",
}
KINDS = {
    b"PK\x03\x04": "a ZIP archive, as of a workbook",
    b"\xd0\xcf\x11\xe0": "an old workbook",
    b"\x1f\x8b": "compressed by gzip",
    b"PAR1": "a Parquet file",
    b"%PDF": "a PDF",
    b"SQLite format 3": "an SQLite database",
    b"version https://git-lfs": "the stand-in of Git LFS for a file that was not fetched",
}
CONTROLS = re.compile(rb"[\x00-\x08\x0e-\x1a\x1c-\x1f]")
RUN = re.compile(rb"[\x80-\xff]+")
WESTERN = set("“”‘’‚„–—…•€£§©®°±²³·×«»ßäöüÄÖÜéèêëáàâãåæçíìîïñóòôõøœúùûýÉÈÀÁÂÅÆÇÍÑÓÔØŒÚŠšŽž")
ENOUGH = 6  # characters by which a script is told
SEEN = 40  # bytes of a header, which is ASCII, that show how wide a character is


def kind(head: bytes) -> str:
    """Return what the beginning of a file shows it to be, if that is no text at all."""
    for mark, said in KINDS.items():
        if head.startswith(mark):
            return said
    controls = len(CONTROLS.findall(head[:4096]))
    return "binary" if controls * 20 > len(head[:4096]) else ""


def wide(head: bytes) -> str:
    """Return the encoding whose characters have two bytes or four, by byte order mark or by the NULs of a header."""
    for mark, encoding in BEGINNINGS.items():
        if head.startswith(mark):
            return encoding
    even, odd = head[0:SEEN:2], head[1:SEEN:2]
    if len(head) < 4 or any(even) == any(odd) or not any(head):
        return ""
    return "UTF-16BE" if any(odd) else "UTF-16LE"


def likely(text: bytes) -> str:
    """Return the encoding of lines that are not UTF-8, as `iconv` calls it, or '' where that is not sure."""
    runs = RUN.findall(text)
    alone = sum(len(run) == 1 for run in runs) / max(1, len(runs))
    if alone > 0.9 and set(_decoded(text, "cp1252")) <= WESTERN:
        return "CP1252"
    korean, russian = _decoded(text, "cp949"), _decoded(text, "cp1251")
    if alone > 0.5:
        return ""
    if _share(korean, "가", "힣") > 0.9:
        return "CP949"
    return "CP1251" if _share(russian, "А", "я") > 0.9 and _share(russian, "а", "я") > 0.7 else ""


def _share(signs: list[str], first: str, last: str) -> float:
    return sum(first <= sign <= last for sign in signs) / max(ENOUGH, len(signs))


def _decoded(text: bytes, encoding: str) -> list[str]:
    """Return the characters beyond ASCII that bytes are in an encoding; a NUL where they are none."""
    try:
        return [sign for sign in text.decode(encoding) if sign > "\x7f"]
    except UnicodeDecodeError:
        return ["\0"]
