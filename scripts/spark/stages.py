"""The stages of validation as queries of Spark's SQL, each of which gives resource, _line, key, field and rule.

Tables stand as `TABLE_text` (cells as text, `_line`, `_malformed`) and as `TABLE` (typed, `_line`).
Cells are the SQL of `scripts.validation.constraints`, rules between tables that of schemas/checks.
"""

from collections.abc import Collection, Iterator, Mapping, Sequence

from scripts.database.quoting import literal, name
from scripts.datapackage import signs
from scripts.datapackage.package import ForeignKey, Table
from scripts.spark import translate
from scripts.validation import constraints, table_checks
from scripts.validation.constraints import Fault

NFC = "not-nfc"  # the rule of which Spark asks Python
COLUMNS = ("resource", "key", "field", "rule")
Tables = Mapping[str, Table]


def lost_rows(table: str) -> str:
    """Return the query for the lines of a table that are no row; a line of it is asked of nothing else."""
    return f"select 1 from {table}_text where _malformed is not null limit 1"


def of_tables(tables: Tables, lost: Collection[str] = ()) -> str:
    """Return the query for the stage cells: lines that are no row, cells, keys, foreign keys into what lost no rows."""
    return " union all ".join(query for table in tables.values() for query in _table(table, lost))


def _table(table: Table, lost: Collection[str]) -> Iterator[str]:
    faults = [fault for one in table.fields for fault in constraints.faults(one, in_key=one.name in table.primary_key)]
    yield _cells(table, [fault for fault in faults if fault.rule != NFC])
    yield from _in_parts(table, [fault for fault in faults if fault.rule == NFC])
    single = [(field.name,) for field in table.fields if field.constraints.get("unique")]
    if table.primary_key:
        yield _repeated(table, table.primary_key, "primary-key")
    for key in [*table.unique_keys, *single]:
        yield _repeated(table, key, "unique-key")
    for foreign in (key for key in table.foreign_keys if key.resource not in lost):
        yield _dangling(table, foreign)


def _select(table: Table, rows: str, rule: str, field: str, key: str, where: str) -> str:
    return (
        f"select '{table.name}' as resource, _line, {key} as key, {field} as field, {rule} as rule "
        f"from {rows} where {where}"
    )


def key(table: Table) -> str:
    """Return the SQL for the key of a row of text: its cells joined by `/`."""
    cells = ", ".join(f"coalesce(`{column}`, '')" for column in table.primary_key)
    return f"concat_ws('/', {cells})"


def _cells(table: Table, listed: Sequence[Fault]) -> str:
    """Return the query for single cells: each condition gives its number, the numbers of a row are unfolded.

    The last two are those of a line that has not as many cells as the header.
    """
    numbers = ", ".join(
        f"case when {translate.condition(fault.breaks)} then {place} end" for place, fault in enumerate(listed, 1)
    )
    fields, rules = (
        f"element_at(array({', '.join(map(repr, names))}), _fault)"
        for names in (
            [*(fault.field for fault in listed), "", ""],
            [*(fault.rule for fault in listed), "missing-cell", "extra-cell"],
        )
    )
    commas = "length(regexp_replace(_malformed, '\"[^\"]*\"|[^,]', ''))"  # those that stand in no quotes
    of_line = f"array({len(listed)} + case when {commas} < {len(table.fields)} then 1 else 2 end)"
    faults = f"case when _malformed is null then array_compact(array({numbers})) else {of_line} end"
    rows = f"(select *, explode({faults}) as _fault from {table.name}_text)"
    return _select(table, rows, rules, fields, f"case when _malformed is null then {key(table)} else '' end", "true")


def _in_parts(table: Table, listed: Sequence[Fault]) -> Iterator[str]:
    """Yield the query for cells that are not NFC; Python is asked of the rows alone in which a cell may be that."""
    if not listed:
        return
    composing = literal(signs.COMPOSING)
    may = " or ".join(translate.condition(f"regexp_matches({name(one.field)}, {composing})") for one in listed)
    fields = ", ".join(f"case when nfc_normalize(`{f.field}`) <> `{f.field}` then '{f.field}' end" for f in listed)
    asked = f"(select * from {table.name}_text where _malformed is null and ({may}))"
    rows = f"(select *, explode(array_compact(array({fields}))) as _field from {asked})"
    yield _select(table, rows, f"'{NFC}'", "_field", key(table), "true")


def _repeated(table: Table, columns: Sequence[str], rule: str) -> str:
    """Return the query for rows that repeat a key of an earlier one; a key with a blank cell repeats nothing."""
    names = ", ".join(f"`{column}`" for column in columns)
    filled = " and ".join(f"`{column}` is not null" for column in columns)
    first = (
        f"select {names}, min(_line) as _first from {table.name}_text where {filled} and _malformed is null "
        f"group by {names} having count(*) > 1"
    )
    rows = f"{table.name}_text join ({first}) using ({names})"
    return _select(table, rows, f"'{rule}'", f"'{columns[0]}'", key(table), "_line > _first and _malformed is null")


def _dangling(table: Table, foreign: ForeignKey) -> str:
    """Return the query for rows whose foreign key leads nowhere, but for those whose cells are all blank."""
    there = ", ".join(f"`{column}` as _{place}" for place, column in enumerate(foreign.reference))
    same = " and ".join(f"`{column}` <=> _{place}" for place, column in enumerate(foreign.fields))
    filled = " or ".join(f"`{column}` is not null" for column in foreign.fields)
    target = f"(select {there} from {foreign.resource}_text where _malformed is null)"
    rows = f"{table.name}_text left anti join {target} on {same}"
    return _select(
        table, rows, "'foreign-key'", f"'{foreign.fields[0]}'", key(table), f"({filled}) and _malformed is null"
    )


def between_tables(tables: Tables, lost: Collection[str] = ()) -> str:
    """Return the query for the stage tables, but for broken rows; a check of what is not there or lost is left out."""
    found = " union all ".join(
        f"select resource, line as _line, field, '{check.name}' as rule from ({translate.spark(check.sql)})"
        for check in table_checks.checks()
        if translate.tables(check.sql) <= tables.keys() - lost
    )
    keys = " union all ".join(
        f"select '{table.name}' as resource, _line, {key(table)} as key from {table.name}_text"
        for table in tables.values()
    )
    return (
        f"select resource, _line, key, field, rule from ({found}) as found left anti join broken "
        f"using (resource, _line) join ({keys}) using (resource, _line)"
    )
