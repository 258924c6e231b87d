"""codebook.html and codebook.csv: every table, view and column, for people and for machines."""

import re
from collections.abc import Iterable, Sequence

import jinja2
from markupsafe import Markup, escape

from scripts.database import views
from scripts.datapackage import canonical_csv
from scripts.datapackage.package import Json
from scripts.publish import dictionary
from scripts.publish.books.columns import HEADER, NEVER, Column, Relation
from scripts.publish.page import SITE, policy

HTML = "codebook.html"
CSV = "codebook.csv"


def csv(relations: Iterable[Relation]) -> str:
    """Return the codebook as CSV, one row per column."""
    rows = (column.cells for relation in relations for column in relation.columns)
    return "".join(map(canonical_csv.line, (HEADER, *rows)))


def html(relations: Sequence[Relation], descriptor: Json) -> str:
    """Return the codebook as one page that needs nothing else; `descriptor` is that of dist/."""
    style = "".join((SITE / name).read_text("utf-8") for name in ("page.css", "codebook.css"))
    environment = jinja2.Environment(
        autoescape=True, undefined=jinja2.StrictUndefined, loader=jinja2.FileSystemLoader(SITE)
    )
    environment.filters |= {"marked": marked, "breakable": breakable}
    return environment.get_template("codebook.html").render(
        descriptor={"created": "", **descriptor},
        licence=descriptor["licenses"][0],
        blank=dictionary.BLANK,
        never=NEVER,
        kinds=[(kind, [one for one in relations if one.kind == kind]) for kind in ("table", "view")],
        macros=views.macros(),
        by_name=by_name(relations),
        policy=policy(style, []),
        style=Markup(style),  # noqa: S704  (ours)
    )


def by_name(relations: Iterable[Relation]) -> dict[str, list[Column]]:
    """Return the columns that share a name, by that name, A to Z."""
    found: dict[str, list[Column]] = {}
    for relation in relations:
        for column in relation.columns:
            found.setdefault(column.column, []).append(column)
    return dict(sorted(found.items()))


def marked(text: str) -> Markup:
    """Return a text for HTML, in which what stands between backticks is code."""
    return Markup(re.sub("`([^`]+)`", r"<code>\1</code>", str(escape(text))))  # noqa: S704  (escaped before)


def breakable(name: str) -> Markup:
    """Return a name for HTML that a narrow line may break behind an underscore."""
    return Markup("_<wbr>").join(name.split("_"))
