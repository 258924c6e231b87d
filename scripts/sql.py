"""Names and texts as SQL writes them."""


def name(identifier: str) -> str:
    """Return an identifier in double quotes, as SQL writes it."""
    return '"' + identifier.replace('"', '""') + '"'


def literal(text: str) -> str:
    """Return a text in single quotes, as SQL writes it."""
    return "'" + text.replace("'", "''") + "'"
