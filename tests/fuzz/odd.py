"""Odd values: cells, JSON values, words, and SQL that wants what it must not have."""

from typing import Any

CELLS = (
    *("", " ", "\0", "\x1b[31m", "\x85", "\u2028", "\ufeff", "\udc80", "\U0001f4a5", "é", "\u202e123", "a\u200bb", "𝟛"),
    *(
        '"',
        '""',
        "a,b",
        "x\ny",
        "x\r",
        " 300",
        "'; drop table claims; --",
        "%s{0}$1\\1",
        "=1+1",
        "@sum(1)",
        "x" * 200_000,
    ),
    *("9" * 40, "-1", "1e999", "NaN", "inf", "3000.0", "+3", "0x10", "true", "TRUE", "null"),
    *("2031-01-01", "0000-00-00", "10000-01-01", "1970-02-30", "2025-1-1", "20250101"),
    *("1.0.0-x", "01.0.0", "999999999999999999999.0.0", "1.0", "v1.0.0", "unreleased", "withdrawn", "editorial"),
    *("../../etc/passwd", "/", "-", "-x", "x/y", "claims", "a" * 64),
)

DEEP, DIGITS, LARGE = "@deep@", "@digits@", "@large@"  # stand for JSON that Python does not write
RAW = {DEEP: "[" * 100_000 + "]" * 100_000, DIGITS: "9" * 5000, LARGE: "1e999"}
VALUES: tuple[Any, ...] = (
    *(None, True, False, 0, -1, 1.5, 10**300, float("nan"), float("inf"), DEEP, DIGITS, LARGE),
    *("", "x", "\0", "\ud800", "\u202e", "x" * 100_000, [], [[]], [None], {}, {"": {}}, {"a": [1]}),
)
OF_KEY: dict[object, tuple[Any, ...]] = {
    "type": ("year", "any", "object", "list", "geojson", "duration", "yearmonth", "time", "number", "integer", "date"),
    "format": ("%d/%m/%Y", "default", "any", "xlsx", "uri"),
    "pattern": ("(", "(?=a)", "(?<!x)y", "(a+)+$", "[[:alpha:]]", "\\p{Greek}", "a{1,100000}", ".*" * 1000, "\\1"),
    "path": (
        *("/etc/passwd", "../beside/claims.csv", "data/*.csv", "data/[abc].csv", "data", ".", "data/claims.csv.gz"),
        *("http://127.0.0.1:9/claims.csv", ["data/claims.csv"], "data/claims.csv\0", "data//claims.csv", "-x"),
    ),
    "schema": ("/etc/passwd", "../beside/claims.json", {"fields": []}, "data/claims.csv", "https://127.0.0.1:9/x"),
    "name": ("Claims", "claims; drop", '"', "changes", "releases", "sqlite_master", "text", "select", "a" * 300),
    "version": ("1.0", "1.0.0-x", "0.0.0", "99.0.0", "../..", 1),
    "encoding": ("latin-1", "utf-16", "no-such"),
    "minimum": ("x", 1e300, "2020-01-01"),
    "fields": ([{}], [{"name": "claim_id"}], "claim_id"),
    "primaryKey": ([], "no_such", ["note"], ["claim_id", "claim_id"]),
    "url": (
        "javascript:alert(1)",
        "https://[::1",
        "http://a b/%zz",
        "file:///etc/passwd",
        "https://example.org/%C3%28",
    ),
    "published_on": ("2031-01-01", "2025-13", "2025-02-30", "0001-01-01", "99999-01-01"),
    "said_on": ("2031-01-01", "2025-13", "2025-02-30", "0001-01-01"),
    "value": (10**30, 3000.0, -5, 0, 2**63, 1e300),
    "wording": ("", "3,000", "x" * 100_000, "\u202e000,3", "thirty thousand million billion", "9" * 400, "1,2,3"),
    "position": (0, -1, 2**63),
}

NAMES = (
    'a"b',
    "z; select 1",
    "claims",
    "1",
    "x(y",
    "z(a) as select 1; --",
    "",
    "\0",
    "é",
    "select",
    "a" * 300,
    "duckdb_views",
)

WRITING = (
    "select 1; copy (select 1) to '{out}'",
    "select 1 /* */; -- \n copy (select 'import os') to '{out}' (format csv)",
    "copy (select 1) to '{out}'",
    "attach '{out}' as other; create table other.t as select 1",
    "select 1) as x; copy (select 1) to '{out}'; --",
    "export database '{out}'",
    "set temp_directory = '{out}'; set memory_limit = '10MB'; select * from range(10000000) order by random()",
    "pragma enable_profiling; set profile_output = '{out}'; select 1",
    "insert into claims select * from claims",
    "create or replace view claims as select 1",
    "drop table claims cascade",
)
REACHING = (
    *(
        "install httpfs",
        "load httpfs",
        "pragma database_list",
        "reset enable_external_access",
        "from duckdb_settings()",
    ),
    *("select * from read_csv('{secret}')", "select content from read_text('{secret}')", "from '{secret}'"),
    *("from read_blob('{secret}')", "from sniff_csv('{secret}')", "from glob('/*')", "from read_text('/dev/zero')"),
    *("from query('select content from read_text(''{secret}'')')", "from read_csv_auto('/etc/passwd')"),
    *("select getenv('FUZZ_TOKEN')", "select current_setting('home_directory')", "from duckdb_secrets()"),
    *(
        "from sys",
        "from os",
        "from arguments",
        "from query_table(['claims', 'sources'])",
        "from 'http://127.0.0.1:9/x.csv'",
    ),
    *(
        "with t as (from read_text('{secret}')) select * from t, claims",
        "select (select max(content) from read_text('{secret}'))",
    ),
)
ENDLESS = (
    "with recursive r as (select 1 as n union all select n + 1 from r) select count(*) from r",
    "select max(length(repeat('x', 1000000000 + cast(range as int)))) from range(30)",
    "select count(*) from claims a, claims b, claims c, claims d, claims e",
    "select sum(a.range * b.range) from range(10000000) a, range(10000000) b",
    "select list(range) from range(1000000000)",
    "select * from range(10000000000)",
    "select length(string_agg(repeat(wording, 100000), '')) from claims",
    "select regexp_matches(repeat('a', 100000), '(a|aa)+$') from range(1000000)",
)
STRANGE = (
    *(
        "",
        ";",
        "select",
        "(" * 5000,
        "select " + "(" * 900 + "1" + ")" * 900,
        "select '\ud800'",
        "select 1\0; select 2",
    ),
    *(
        "select 'nan'::double, 'inf'::double",
        "select 1 as a, 2 as a",
        "select interval 1000000000 days",
        "select current_timestamp",
    ),
    *(
        'select 1 as "a\nb"',
        "select '\x1b[31m'",
        "from claims select *, *",
        "select date '10000-01-01'",
        "select [1, {{'a': null}}]",
    ),
    *(
        "select 'x' || chr(0)",
        "select 1::bit, 'a'::blob, uuid()",
        "select * from no_such",
        "select random()",
        "values (1), ('x')",
    ),
    *(
        "select cast('x' as int)",
        "select 1 // 0",
        "select error('x')",
        "select * from claims order by all",
        "from claims limit -1",
    ),
    *(
        "select " + ", ".join(map(str, range(5000))),
        "summarize claims",
        "describe claims",
        "show tables",
        "explain select 1",
    ),
)
PATHS = ("../../outside", "/etc/passwd", "/dev/zero", "data", ".", "..", "\udc80", "a\tb", "x" * 300, "data/\u202e.csv")
