"""Ask every stored query again after an upgrade of the engine, and keep how the engine now writes it.

python -m scripts migrate

A stored query has the identifier of the form that the engine of its day gave it. Where today's engine writes another,
a line of queries/forms.csv leads from that form to the identifier, so that the same question is not cited as a new one.
"""

import argparse

from scripts.citation.verify import TAMPERED, UNKNOWN
from scripts.cli import PROBLEMS, VALID, add_folder, folder
from scripts.datapackage import atomic_write
from scripts.datapackage.descriptor import package_of
from scripts.query import stored as stored_queries
from scripts.query import verify as verify_query


def register(parser: argparse.ArgumentParser) -> None:
    """Declare the arguments."""
    add_folder(parser)


def run(arguments: argparse.Namespace) -> int:
    """Ask each query of its version; write a line for each that is written otherwise now, if all hold."""
    root = folder(arguments)
    with atomic_write.locked(root):
        package = package_of(root)
        citations = stored_queries.stored(root).values()
        verdicts = [verify_query.judge(package, citation) for citation in citations]
        wrong = [verdict for verdict in verdicts if verdict.word in (TAMPERED, UNKNOWN)]
        for verdict in wrong:
            print("\n".join([f"{verdict.word}: {verdict.of}", *(f"  {line}" for line in verdict.lines)]))
        if wrong:
            return PROBLEMS
        lines = stored_queries.forms(root)
        now = list(zip(citations, verify_query.forms_now(citations), strict=True))
        new = [
            [stored_queries.form_digest(form), stored_queries.engine(), citation.identifier]
            for citation, form in now
            if form != citation.normal_form
        ]
        added = [line for line in new if line not in lines]
        if added:
            atomic_write.write(root, {stored_queries.FORMS: stored_queries.forms_text([*lines, *added])})
    print(f"{stored_queries.engine()}: all {len(citations)} stored queries hold, {len(added)} newly written otherwise")
    return VALID
