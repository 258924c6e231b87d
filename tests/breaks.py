"""The smallest package that breaks each rule between tables."""

from collections.abc import Callable
from pathlib import Path

from scripts.datapackage import canonical_csv
from scripts.datapackage.package import read

Break = Callable[[Path], None]


def add(table: str, *cells: str) -> Break:
    """Add a row to a table; cells that are left out are blank."""

    def break_(root: Path) -> None:
        one = read(root).tables[table]
        row = [*cells, *[""] * (len(one.fields) - len(cells))]
        (root / one.path).write_text(canonical_csv.text(one, [*canonical_csv.rows(root / one.path), row]), "utf-8")

    return break_


def change(table: str, key: str, **cells: str) -> Break:
    """Change cells of a row."""

    def break_(root: Path) -> None:
        one = read(root).tables[table]
        rows = canonical_csv.rows(root / one.path)
        [row] = [row for row in rows if one.key(row) == key]
        for column, cell in cells.items():
            row[one.header.index(column)] = cell
        (root / one.path).write_text(canonical_csv.text(one, rows), "utf-8")

    return break_


def both(*breaks: Break) -> Break:
    def break_(root: Path) -> None:
        for one in breaks:
            one(root)

    return break_


SEED = "united24-media-202602"
NIS = "nis-20260212"
BREAKS: dict[str, Break] = {
    "alias-leads-somewhere": add("aliases", "sources", "Budanof", "budanof"),
    "asserted-about-published": change("claims", f"{SEED}-1", about_to="2026-03-01"),
    "change-of-a-release": add("changes", "9.9.9", "claims", "x-1", "*", "added", "", "0123456789abcdef"),
    "claim-only-once": change("claims", f"{SEED}-3", population_id="combat-troops", value="10000"),
    "credited-to-another": change("claims", f"{SEED}-1", credited_to="nis"),
    "parts-within-whole": change(
        "claims", f"{SEED}-3", metric_id="killed", population_id="troops", place_id="", value="6001"
    ),
    "part-of-no-circle": change("sources", "south-korea", part_of="nis"),
    "population-where-persons": change("claims", f"{SEED}-1", population_id=""),
    "relay-is-not-the-publisher": change("documents", SEED, publisher_id="yonhap"),
    "relay-is-not-the-source": change("statements", NIS, source_id="yonhap"),
    "relay-of-a-claim": add("relays", SEED, "nis-20250113", "yonhap", "1"),
    "relays-without-gap": add("relays", SEED, NIS, "kbs", "3"),
    "release-is-newer": both(
        add("releases", "9.10.0", "2030-01-02", "one"), add("releases", "9.9.0", "2030-01-03", "one lower as a number")
    ),
    "said-before-published": change("statements", NIS, said_on="2026-03-01"),
    "total-does-not-fall": both(
        add("statements", "nis-20260211", "nis", "2026-02-11", "day"),
        change("claims", f"{SEED}-6", statement_id="nis-20260211", metric_id="killed-wounded", value="7000"),
    ),
    "unnamed-once": add("sources", "unnamed-usa", "unnamed, United States", "unnamed", "US"),
    "used-or-justified": add("places", "busan", "Busan", "KR"),
}
