"""The header of a table: where its columns stand, or in one sentence what it is instead."""

from collections import Counter
from collections.abc import Sequence

from scripts.datapackage.package import Table
from scripts.datapackage.problems import REWRITE

SHOWN = 5  # names in a message
SEPARATORS = {";": "`;`", "\t": "tabs", "|": "`|`"}
BLANK = -1  # the place of a column that is added


def columns(table: Table, header: Sequence[str]) -> list[int]:
    """Return the place of each column of the schema, `BLANK` for one to add; nothing where only a person can tell."""
    fixable = header == table.header or REWRITE in fault(table, header)[2]
    return [header.index(name) if name in header else BLANK for name in table.header] if fixable else []


def fault(table: Table, header: Sequence[str]) -> tuple[str, str, str]:
    """Return the column, the message and the fix for a header that is not that of the schema."""
    missing = [name for name in table.header if name not in header]
    others = set(table.header)
    unknown = [name for name in header if name not in others and name.strip()]
    shown = f"the header is `{','.join(table.header)}`"
    if len(missing) == len(table.header):
        return "", "the first line names no column of the schema", f"put the header above the rows; {shown}"
    if twice := _twice(header):
        return twice[0], f"{_columns(twice)} there twice", f"take one out; {shown}"
    if missing and unknown:
        said = f"{_columns(missing)} not there, and {_names(unknown)} not in the schema"
        return missing[0], said, f"give each column its name; {shown}"
    if missing:
        return missing[0], f"{_columns(missing)} not there", _added(table, missing) or f"add it; {shown}"
    if unknown:
        return unknown[0], f"{_columns(unknown)} not in the schema", f"take out what is more; {shown}"
    if len(header) > len(table.header):
        more = len(header) - len(table.header)
        return "", f"the header ends in {more} cell{'s' * (more > 1)} more, without a name", REWRITE
    return "", f"the columns are in another order than in {table.schema_path or 'the schema'}", REWRITE


def separator(table: Table, line: str) -> str:
    """Return the sign by which the cells of a header are separated, if it is not the comma."""
    wanted = set(table.header)

    def named(sign: str) -> int:
        return len({cell.strip(' "') for cell in line.split(sign)} & wanted)

    best = max(SEPARATORS, key=named)
    return best if named(best) > max(1, named(",")) else ""


def _twice(header: Sequence[str]) -> list[str]:
    return [name for name, times in Counter(header).items() if times > 1 and name.strip()]


def _added(table: Table, missing: list[str]) -> str:
    """Return the fix for columns that may be blank, '' where one of them may not."""
    rules = {field.name: field.constraints for field in table.fields}
    filled = [name for name in missing if name in table.primary_key or rules[name].get("required")]
    return "" if filled else f"{REWRITE} with the column blank"


def _columns(names: Sequence[str]) -> str:
    return f"the column{'s' * (len(names) > 1)} {_names(names)}"


def _names(names: Sequence[str]) -> str:
    """Return names with their verb: `` `a` is``, `` `a` and `b` are``."""
    listed = [f"`{name[:60]}`" for name in names[:SHOWN]]
    if len(names) > SHOWN:
        listed.append(f"{len(names) - SHOWN:,} more")
    return f"{', '.join(listed[:-1])} and {listed[-1]} are" if len(listed) > 1 else f"{listed[0]} is"
