"""Ask every stored query again after an upgrade of the engine, and keep how the engine now writes it.

python -m scripts migrate

A stored query has the identifier of the form that the engine of its day gave it. Where today's engine writes another,
a line of queries/forms.csv leads from that form to the identifier, so that the same question is not cited as a new one.
"""

import argparse

from scripts import queries, reasked, stage
from scripts.call import BREAKS, HOLDS, add_folder, folder
from scripts.opened import package_of
from scripts.verified import TAMPERED, UNKNOWN


def register(parser: argparse.ArgumentParser) -> None:
    """Declare the arguments."""
    add_folder(parser)


def run(arguments: argparse.Namespace) -> int:
    """Ask each query of its version; write a line for each that is written otherwise now, if all hold."""
    root = folder(arguments)
    with stage.locked(root):
        package = package_of(root)
        citations = queries.stored(root).values()
        verdicts = [reasked.judge(package, citation) for citation in citations]
        wrong = [verdict for verdict in verdicts if verdict.word in (TAMPERED, UNKNOWN)]
        for verdict in wrong:
            print("\n".join([f"{verdict.word}: {verdict.of}", *(f"  {line}" for line in verdict.lines)]))
        if wrong:
            return BREAKS
        lines = queries.forms(root)
        now = list(zip(citations, reasked.forms_now(citations), strict=True))
        new = [
            [queries.form_digest(form), queries.engine(), citation.identifier]
            for citation, form in now
            if form != citation.normal_form
        ]
        added = [line for line in new if line not in lines]
        if added:
            stage.write(root, {queries.FORMS: queries.forms_text([*lines, *added])})
    print(f"{queries.engine()}: all {len(citations)} stored queries hold, {len(added)} newly written otherwise")
    return HOLDS
