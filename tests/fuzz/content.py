"""Mutations of what is in a file: bytes, lines, cells, JSON values. Bytes in, bytes out, by chance alone."""

import csv
import io
import json
from collections.abc import Callable, Iterator
from random import Random
from typing import Any

from scripts.datapackage import canonical_csv
from tests.fuzz.odd import CELLS, OF_KEY, PATHS, RAW, VALUES

Mutation = Callable[[Random, bytes], bytes]


def flip(chance: Random, data: bytes) -> bytes:
    at = chance.randrange(len(data))
    return data[:at] + bytes([data[at] ^ 1 << chance.randrange(8)]) + data[at + 1 :]


def insert(chance: Random, data: bytes) -> bytes:
    at = chance.randrange(len(data) + 1)
    odd = chance.choice(
        (b"\0", b'"', b",", b"\n", b"\r", b"\xff", b"\xef\xbb\xbf", b"\xed\xa0\x80", b"\\", b"9" * 1000)
    )
    return data[:at] + odd + data[at:]


def delete(chance: Random, data: bytes) -> bytes:
    at = chance.randrange(len(data))
    return data[:at] + data[at + chance.choice((1, 2, 10, 1000)) :]


def double(chance: Random, data: bytes) -> bytes:
    at = chance.randrange(len(data))
    return data[:at] + data[at : at + chance.choice((1, 10, 1000))] + data[at:]


def cut(chance: Random, data: bytes) -> bytes:
    return data[: chance.randrange(len(data))]


def empty(_: Random, data: bytes) -> bytes:
    return data[:0]


def noise(chance: Random, data: bytes) -> bytes:
    return data[:0] + chance.randbytes(1 << 20)


def encoded(chance: Random, data: bytes) -> bytes:
    text = data.decode()
    ways = (text.encode("utf-16"), text.encode("latin-1", "replace"), text.encode("utf-8-sig"), data + b"\0" * 1000)
    return chance.choice((*ways, data.replace(b"\n", b"\r\n"), data.replace(b"\n", b"\r"), data + b"\n" * 100_000))


def line(chance: Random, data: bytes) -> bytes:
    """Take a line out, double it, or swap it with another."""
    lines = data.splitlines(keepends=True)
    at, other = chance.randrange(len(lines)), chance.randrange(len(lines))
    lines[at : at + 1] = chance.choice(([], [lines[at]] * 2, [lines[other]], [b"\n", lines[at]]))
    return b"".join(lines)


def word(chance: Random, data: bytes) -> bytes:
    """Put an odd word in the place of one."""
    words = data.split(b" ")
    words[chance.randrange(len(words))] = chance.choice((*CELLS, *PATHS)).encode("utf-8", "surrogateescape")
    return b" ".join(words)


def cell(chance: Random, data: bytes) -> bytes:
    rows = _rows(data)
    row = rows[chance.randrange(1, len(rows))]
    row[chance.randrange(len(row))] = chance.choice(CELLS)
    return _csv(rows)


def cell_of_another(chance: Random, data: bytes) -> bytes:
    """Put the cell of another row in the place of one, as a slip of the hand does."""
    rows = _rows(data)
    row, other = rows[chance.randrange(1, len(rows))], rows[chance.randrange(1, len(rows))]
    at = chance.randrange(len(row))
    row[at] = other[at]
    return _csv(rows)


def row(chance: Random, data: bytes) -> bytes:
    """Take a row out, double it, swap two, or put one in that is not full."""
    rows = _rows(data)
    at, other = chance.randrange(1, len(rows)), chance.randrange(1, len(rows))
    blank = [""] * len(rows[at])
    rows[at], rows[other] = rows[other], rows[at]
    rows[at : at + 1] = chance.choice(
        ([], [rows[at]] * 2, [rows[at]], [blank, rows[at]], [rows[at][:-1]], [[*rows[at], "x"]])
    )
    return _csv(rows)


def column(chance: Random, data: bytes) -> bytes:
    """Take a column out, double it or give it another name."""
    rows = _rows(data)
    at, how = chance.randrange(len(rows[0])), chance.randrange(3)
    if how == 2:
        rows[0][at] = chance.choice(CELLS)
        return _csv(rows)
    return _csv([[*row[:at], *[row[at]] * (how * 2), *row[at + 1 :]] for row in rows])


def separator(chance: Random, data: bytes) -> bytes:
    return data.replace(b",", chance.choice((b";", b"\t", b"|")))


def value(chance: Random, data: bytes) -> bytes:
    return dumped(chance, changed(chance, json.loads(data)), indent=2).encode("utf-8", "surrogatepass")


def key_twice(chance: Random, data: bytes) -> bytes:
    lines = data.splitlines(keepends=True)
    places = [place for place, line in enumerate(lines) if b'": ' in line and line.endswith(b",\n")]
    at = chance.choice(places)
    return b"".join([*lines[:at], lines[at], *lines[at:]])


BYTES: tuple[Mutation, ...] = (flip, flip, insert, delete, double, cut, empty, noise, encoded, line)
TABLE: tuple[Mutation, ...] = (cell, cell, cell, cell_of_another, cell_of_another, row, row, column, separator)
JSON: tuple[Mutation, ...] = (value, value, value, value, key_twice)
WORDS: tuple[Mutation, ...] = (word, word, line, line)
OF_KIND = {"csv": TABLE, "json": JSON, "jsonl": JSON, "cff": WORDS, "sql": WORDS, "md": WORDS, "SHA256SUMS": WORDS}


def mutated(chance: Random, name: str, data: bytes) -> tuple[str, bytes]:
    """Return what was done to the content of a file of that name, and the content."""
    special = OF_KIND.get(name.rpartition("/")[2].rpartition(".")[2], ())
    mutation = chance.choice(special if special and chance.random() < 0.7 else BYTES)
    try:
        return mutation.__name__, mutation(chance, data)
    except (ValueError, IndexError, RecursionError, csv.Error):  # an earlier mutation has left no such form
        return "byte", b"\xff" + data


def changed(chance: Random, tree: Any) -> Any:  # noqa: ANN401  (JSON)
    """Return a JSON value of which one part, however deep, is another, is gone or has an odd name."""
    holder, key = chance.choice([*_parts(tree)])
    how = chance.random()
    if how < 0.7:
        holder[key] = chance.choice(OF_KEY[key] if key in OF_KEY and chance.random() < 0.7 else VALUES)
    elif how < 0.85 or isinstance(holder, list):
        del holder[key]
    else:
        holder[chance.choice(CELLS)] = holder.pop(key)
    return tree


def dumped(chance: Random, tree: Any, indent: int | None = None) -> str:  # noqa: ANN401  (JSON)
    """Return a JSON value as text, in escapes or not, with what Python does not write itself."""
    text = json.dumps(tree, ensure_ascii=chance.random() < 0.5, indent=indent)
    for name, raw in RAW.items():
        text = text.replace(f'"{name}"', raw)
    return text


def _parts(tree: Any) -> Iterator[tuple[Any, Any]]:  # noqa: ANN401  (JSON)
    for key, value in tree.items() if isinstance(tree, dict) else enumerate(tree) if isinstance(tree, list) else ():
        yield tree, key
        yield from _parts(value)


def _rows(data: bytes) -> list[list[str]]:
    return list(csv.reader(io.StringIO(data.decode("utf-8", "surrogateescape"), newline="")))


def _csv(rows: list[list[str]]) -> bytes:
    return "".join(map(canonical_csv.line, rows)).encode("utf-8", "surrogateescape")
