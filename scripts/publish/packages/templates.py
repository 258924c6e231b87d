"""Texts of the packages from their templates, with what is filled in escaped for the format of each."""

import json
import re
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Any

import jinja2

HERE = Path(__file__).resolve().parent
OF_RD = str.maketrans({"\\": r"\\", "%": r"\%", "{": r"\{", "}": r"\}"})


def fill(template: str, **values: object) -> str:
    """Return a template, by its path in this folder, with its values; `<<` and `>>` stand around their names."""
    return _environment().get_template(template).render(values)


@cache
def _environment() -> jinja2.Environment:
    environment = jinja2.Environment(  # noqa: S701  (none of it is HTML; each value has the filter of its format)
        undefined=jinja2.StrictUndefined,
        loader=jinja2.FileSystemLoader(HERE),
        variable_start_string="<<",
        variable_end_string=">>",
        block_start_string="<%",
        block_end_string="%>",
        comment_start_string="<#",
        comment_end_string="#>",
        trim_blocks=True,
        keep_trailing_newline=True,
    )
    environment.filters |= {"toml": toml, "rd": rd, "r": r, "dcf": dcf}
    return environment


def toml(value: object) -> str:
    """Return a text or a list of texts as TOML: a JSON string is one of TOML, but for U+007F."""
    return json.dumps(value).replace("\x7f", "\\u007f")


def rd(text: str) -> str:
    """Return a text for a help page of R; what stands between backticks is code."""
    return re.sub("`([^`]+)`", r"\\code{\1}", text.translate(OF_RD))


def dcf(text: str) -> str:
    """Return a text as one line of a DESCRIPTION."""
    return " ".join(text.split())


def r(value: Any) -> str:  # noqa: ANN401  (JSON)
    """Return JSON as an expression of R, in ASCII; a list of texts is a vector."""
    if isinstance(value, Mapping):
        return f"list({', '.join(f'{_r_text(str(key))} = {r(inner)}' for key, inner in value.items())})"
    if isinstance(value, list):
        kind = "c" if value and all(isinstance(inner, str) for inner in value) else "list"
        return f"{kind}({', '.join(map(r, value))})"
    if isinstance(value, str):
        return _r_text(value)
    return {None: "NULL", True: "TRUE", False: "FALSE"}[value]


def _r_text(text: str) -> str:
    return '"' + "".join(map(_r_sign, text)) + '"'


def _r_sign(sign: str) -> str:
    if sign in '"\\':
        return f"\\{sign}"
    if " " <= sign <= "~":
        return sign
    return f"\\u{ord(sign):04x}" if ord(sign) < 0x10000 else f"\\U{ord(sign):08x}"
