"""Under which key the cache has what was found in a table: its bytes, its schema, the day, and the code that asks."""

from schemas import dates
from scripts.datapackage import cache
from scripts.datapackage.package import ROOT, Package, Table

LARGEST = 64 << 20  # bytes of a table that the cache knows
ASKED_BY = (
    "scripts/validation/*.py",
    "scripts/database/*.py",
    "scripts/datapackage/*.py",
    "schemas/**/*.py",
    "schemas/wording/*.csv",
)


def key(package: Package, table: Table, *besides: str) -> str:
    """Return the key of a table, and of what else an answer rests on; '' for a table too large."""
    path = package.root / table.path
    if path.stat().st_size > LARGEST:
        return ""
    code = cache.of_code(*sorted(str(file) for pattern in ASKED_BY for file in ROOT.glob(pattern)))
    return cache.key(code, repr((dates.today(), table, besides)).encode(), path.read_bytes())
