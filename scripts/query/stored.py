"""Citations of the result of a query: made, kept in `queries/` (RDA R3), read again.

A citation holds all that its verification needs but the data: the SQL, the text of every view that it rests on, the
version. Its identifier is that of the query in its normal form and of the result, so that the same question with the
same answer has the same identifier, whatever the version.
"""

import json
import re
from dataclasses import asdict, dataclass
from pathlib import Path

import duckdb

from scripts.citation import works
from scripts.citation.works import Work
from scripts.database import isolated
from scripts.datapackage import canonical_csv, profiles, untrusted
from scripts.datapackage.errors import UsageError
from scripts.datapackage.package import Package
from scripts.datapackage.problems import as_text, count
from scripts.datapackage.untrusted import Unreadable
from scripts.history import checksums
from scripts.query.result import Result

STORE = "queries"
FORMS = f"{STORE}/forms.csv"  # how a later engine writes the normal form of a stored query (RDA R13)
FORMS_HEADER = ("form", "engine", "identifier")
FORMS_LINE = re.compile(r"[0-9a-f]{64},DuckDB [^,]+,sha256:[0-9a-f]{64}")
FORMS_FIX = "delete the file and run `migrate`, which writes it anew"
PROFILE = "query.json"
KEPT = re.compile(r"[0-9a-f]{64}\.json")


@dataclass(frozen=True)
class Citation:
    """A file of `queries/`; its profile is schemas/profiles/query.json.

    `views` are the views and macros that the query rests on, each behind those that it names itself; `digest` and
    `data` identify the version, `result` the rows (see `sandbox.Result`).
    """

    identifier: str
    citation: str
    sql: str
    views: dict[str, str]
    normal_form: str
    engine: str
    version: str
    released_on: str
    digest: str
    data: str
    columns: list[dict[str, str]]
    rows: int
    result: str

    @property
    def file(self) -> str:
        """The text of the file."""
        return json.dumps(asdict(self), indent=2, ensure_ascii=False) + "\n"


def engine() -> str:
    """Return the name and version of the engine, as a citation keeps it."""
    return f"DuckDB {duckdb.__version__}"


def identifier(form: str, result: str) -> str:
    """Return the identifier of a query in its normal form and of the digest of its result (RDA R4, R8)."""
    return f"sha256:{_sha256(form, result)}"


def read(text: str) -> Citation:
    """Return the citation in a file that holds before its profile."""
    return Citation(**json.loads(text))


def stored(root: Path) -> dict[str, Citation]:
    """Return every citation of the store, by identifier: the files that are called as one is.

    Raises `UsageError` with the place where a file is no such citation.
    """
    found: dict[str, Citation] = {}
    for path in sorted((root / STORE).glob("*.json")):
        if KEPT.fullmatch(path.name):
            problems, _ = profiles.document(root, f"{STORE}/{path.name}", PROFILE)
            if problems:
                raise UsageError(as_text(problems).strip())
            citation = read(untrusted.read_text(path))
            found[citation.identifier] = citation
    return found


def path_of(name: str) -> str:
    """Return where the citation with an identifier is kept, relative to the package."""
    return f"{STORE}/{name.removeprefix('sha256:')}.json"


def make(package: Package, version: str, sql: str) -> Citation:
    """Return the citation of a query on a released version: the one that is kept, where the answer is the same.

    Raises `UsageError` where the query cannot be cited.
    """
    found = isolated.call("scripts.query.citable:answer", root=str(package.root), version=version, sql=sql)
    result = Result([(name, type_) for name, type_ in found["columns"]], found["rows"])
    digest = f"sha256:{result.digest}"
    known = stored(package.root)
    name = known_as(package.root, found["form"]).get(digest, identifier(found["form"], digest))
    query = (name, sql, found["form"])
    citation = known.get(name) or _new(works.version(package, version), query, found["views"], result)
    if problems := profiles.content("the citation", citation.file, PROFILE)[0]:
        raise UsageError(f"such a query cannot be kept: {as_text(problems).strip()}")
    return citation


def _new(version: works.Version, query: tuple[str, str, str], rests_on: dict[str, str], answer: Result) -> Citation:
    name, sql, form = query
    digest, data = version.identifiers[-2:]
    return Citation(
        identifier=name,
        citation=text(name, len(answer.rows), version),
        sql=sql,
        views=rests_on,
        normal_form=form,
        engine=engine(),
        version=version.version,
        released_on=version.day,
        digest=digest,
        data=data,
        columns=[{"name": column, "type": type_} for column, type_ in answer.columns],
        rows=len(answer.rows),
        result=f"sha256:{answer.digest}",
    )


def text(name: str, rows: int, version: works.Version) -> str:
    """Return the citation of a result in one line: its size, its identifier, the version that gave it."""
    return f"Result of a query ({count(rows, 'row')}), query {name}. In: {works.version_text(version)}"


def work(package: Package, citation: Citation) -> Work:
    """Return the result of a query as what is cited."""
    version = works.version(package, citation.version)
    name = citation.identifier.removeprefix("sha256:")
    return Work(
        version,
        f"Result of a query. {version.descriptor['title']}",
        citation.citation,
        f"{citation.citation}; {' '.join(citation.sql.split())}",
        part=name[:16],
        identifiers=((citation.identifier, "query"),),
    )


def known_as(root: Path, form: str) -> dict[str, str]:
    """Return the identifiers of the stored queries that have a normal form under some engine, by result digest."""
    citations = stored(root)
    names = {name for name, citation in citations.items() if citation.normal_form == form}
    digest = form_digest(form)
    names |= {name for written, _, name in forms(root) if written == digest and name in citations}
    return {citations[name].result: name for name in sorted(names, reverse=True)}


def form_digest(form: str) -> str:
    """Return the SHA-256 of a normal form and its LF, as `queries/forms.csv` has it."""
    return _sha256(form)


def _sha256(*lines: str) -> str:
    return checksums.of_text("".join(f"{line}\n" for line in lines))


def forms(root: Path) -> list[list[str]]:
    """Return the lines of `queries/forms.csv`: digest of a normal form, engine that writes it, identifier.

    Raises `UsageError` with the place where the file is none as `migrate` writes it.
    """
    if not (root / FORMS).is_file():
        return []
    try:
        lines = untrusted.read_text(root / FORMS).split("\n")
    except Unreadable as found:
        raise UsageError(f"{FORMS}:{found.line or 1}: {found.message}; {FORMS_FIX}") from None
    if lines[0] != ",".join(FORMS_HEADER):
        raise UsageError(f"{FORMS}:1: the header is not {','.join(FORMS_HEADER)}; {FORMS_FIX}")
    for place, line in enumerate(lines[1:], start=2):
        if not FORMS_LINE.fullmatch(line) and (line or place < len(lines)):
            raise UsageError(f"{FORMS}:{place}: the line is no form, engine and identifier; {FORMS_FIX}")
    return [line.split(",") for line in lines[1:-1]]


def forms_text(rows: list[list[str]]) -> bytes:
    """Return `queries/forms.csv` with these lines, sorted."""
    return "".join(map(canonical_csv.line, [FORMS_HEADER, *sorted(rows)])).encode()
