"""Rounds on what strangers hand over: records, citations, SQL, folders that `build` wrote."""

import contextlib
import json
from pathlib import Path
from typing import Any

import duckdb

from scripts.citation import works
from scripts.citation.formats import FORMS
from scripts.curation import records
from scripts.datapackage.package import read
from scripts.query import stored as stored_queries
from tests.fuzz import content, odd, trees
from tests.fuzz.packages import rough
from tests.fuzz.rounds import Round

Json = dict[str, Any]
SQL = (*odd.WRITING, *odd.REACHING, *odd.STRANGE)
PARTS = {"data/": 4, "parquet/": 3, "figures.duckdb": 3, "datapackage.json": 3, "SHA256SUMS": 4, "": 4}


def record(played: Round) -> None:
    """Add mutated records: rough ones as in CONTRIBUTING.md, and rows of the package itself, as they are or as new."""
    chance = played.chance
    known = list(records.export(read(played.place.package)))
    given = [chance.choice((rough(), chance.choice(known), _new(chance.choice(known)))) for _ in range(3)]
    lines = [content.dumped(chance, content.changed(chance, given[0])), *map(json.dumps, given[1:])]
    text = "\n".join([*lines[: chance.randrange(1, 4)], ""]).encode("utf-8", "surrogatepass")
    played.told.append("a record: changed")
    if chance.random() < 0.2:
        done, text = content.mutated(chance, "records.txt", text)
        played.told.append(f"the file of records: {done}")
    played.call("add", *chance.choice((["--dry-run"], ["--dry-run"], [])), played.handed("records.jsonl", text))


def _new(known: Json) -> Json:
    """Return a record with keys and an address of its own."""
    if "url" not in known:
        return known
    figures = [{**figure, "claim_id": f"{figure['claim_id']}-x"} for figure in known["figures"]]
    new = {"document_id": f"{known['document_id']}-x", "url": f"{known['url'] or 'https://example.org/'}?x"}
    return {**known, **new, "figures": figures}


def citation(played: Round) -> None:
    """Verify a mutated citation of a version or a claim, as a file or as a text."""
    chance, package = played.chance, read(played.place.package)
    work = works.of_version(works.version(package, chance.choice(played.versions)))
    if chance.random() < 0.3:
        last = works.version(package, played.versions[-1])
        work = works.of_claim(last, works.claim(package, last.version, played.claim))
    done, data = content.mutated(
        chance, chance.choice(("x.json", "x.md", "x")), chance.choice([*FORMS.values()])(work).encode()
    )
    played.told.append(f"a citation: {done}")
    text = data.decode("utf-8", "surrogateescape").replace("\0", "")[:100_000]  # as a shell hands it over
    played.call("verify", chance.choice((played.handed("citation", data), text)))


def query(played: Round) -> None:
    """Ask and cite SQL that wants what it must not have, or never ends."""
    chance = played.chance
    sql = _hostile(played, chance.choice((*SQL, *odd.ENDLESS)))
    played.told.append(f"SQL: {sql[:200]}")
    if sql in odd.ENDLESS or chance.random() < 0.7:
        version = chance.choice(([], [], ["--version", chance.choice(played.versions)]))
        form = chance.choice(("table", "csv", "json"))
        played.call("query", sql, "--seconds", "1", "--format", form, *version)
    else:
        played.call("cite", "--sql", sql, "--format", chance.choice([*FORMS, "json", "html", "json-ld"]))


def query_citation(played: Round) -> None:
    """Verify a citation of a query with a part changed, or SQL of a stranger in it; put it in the store as well."""
    chance, place = played.chance, played.place
    path = chance.choice(played.files("queries/"))
    citation = json.loads(played.kept_file(path))
    if chance.random() < 0.3:
        citation = content.changed(chance, citation)
        played.told.append(f"{path}: changed")
    else:
        _put_sql(played, citation)
    text = content.dumped(chance, citation, 2).encode("utf-8", "surrogatepass")
    if chance.random() < 0.75:
        played.call("verify", played.handed("citation.json", text))
        return
    for other in played.files("queries/"):
        trees.remove(place.package / other)
    (place.package / path).write_bytes(text)
    named = str(citation.get("citation", "x"))[:1000] if isinstance(citation, dict) else "x"
    asked: dict[tuple[object, ...], float] = {
        ("verify", named): 12,
        ("cite", "--sql", "select 1 as n"): 6,
        ("migrate",): 3,
        ("build", "--out", place.new): 0.3,
    }
    played.call(*chance.choices([*asked], [*asked.values()])[0])


def _put_sql(played: Round, citation: Json) -> None:
    """Put SQL, a text or a name of a stranger in a citation, whose identifier may be the one that fits."""
    chance = played.chance
    sql = _hostile(played, chance.choice((*SQL, *odd.ENDLESS)))
    how = chance.choice(("sql", "view", "name", "used"))
    played.told.append(f"a citation, its {how}: {sql[:200]}")
    if how == "sql":
        citation["sql"] = citation["normal_form"] = sql
    elif how == "view":
        citation["views"][chance.choice([*citation["views"]])] = sql
    else:
        name = chance.choice(odd.NAMES) if how == "name" else "z"
        citation["views"] = {name: sql, **citation["views"]}
        citation["sql"] = f"select * from {name}"
    if chance.random() < 0.5:
        citation["identifier"] = stored_queries.identifier(
            citation["normal_form"].encode("utf-8", "replace").decode(), citation["result"]
        )


def _hostile(played: Round, text: str) -> str:
    beside = played.place.beside
    return text.replace("{out}", str(beside / "out.pth")).replace("{secret}", str(beside / "secret.csv"))


def dist(played: Round) -> None:
    """Verify a mutated folder that `build` wrote."""
    chance, place = played.chance, played.place
    base = place.dist.relative_to(place.work).as_posix()
    files = {
        path.removeprefix(f"{base}/"): data for path, data in played.kept.files.items() if path.startswith(f"{base}/")
    }
    for _ in range(chance.choice((1, 1, 1, 2))):
        [part] = chance.choices([*PARTS], [*PARTS.values()])
        if part == "" and chance.random() < 0.4:
            _database(played)
        else:
            path = chance.choice([path for path in files if path.startswith(part)])
            played.told.append(f"dist/{trees.mutate(chance, place.dist, path, place.beside)}")
    if chance.random() < 0.01:
        played.call("build", "--check", "--out", place.dist)
    else:
        played.call("verify", place.dist)
    listed = {line[66:] for line in files["SHA256SUMS"].decode().splitlines()}  # all but itself and the database
    changed = {path for path in files if not _is(place.dist / path, files[path])} & {*listed, "SHA256SUMS"}
    told = changed and "SHA256SUMS" not in changed
    played.noticed = int(told or any(path.startswith("data/") for path in changed))


def _is(path: Path, data: bytes) -> bool:
    return path.is_file() and path.read_bytes() == data


def _database(played: Round) -> None:
    """Put a database there in which a table is a view of a stranger."""
    chance, file = played.chance, played.place.dist / "figures.duckdb"
    sql = _hostile(played, chance.choice((odd.REACHING[5], odd.REACHING[6], *odd.ENDLESS)))
    trees.remove(file)
    with duckdb.connect(file) as con, contextlib.suppress(duckdb.CatalogException):  # it may read a table of ours
        con.execute(f"create view places as select column0 as place_id from ({sql}) as t (column0)")
    played.told.append(f"dist/figures.duckdb: places is a view: {sql}")
