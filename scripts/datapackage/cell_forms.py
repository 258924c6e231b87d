"""How a cell is written, type by type, and the words for its limits: facts that Table Schemas and cells share."""

FORMS = {
    "integer": "0|-?[1-9][0-9]*",
    "number": "0|-?(0|[1-9][0-9]*)[.][0-9]*[1-9]|-?[1-9][0-9]*",
    "boolean": "true|false",
    "date": "[0-9]{4}-(0[1-9]|1[0-2])-(0[1-9]|[12][0-9]|3[01])",
}
WRITTEN = {
    "integer": "digits alone, as 12000",
    "number": "digits with a point, as 0.8",
    "boolean": "`true` or `false`",
    "date": "a day of the calendar, as 2025-01-13",
}
MISSING = ("NA", "N/A", "n/a", "None", "null", "NULL", "NaN", "nan")

BOUNDS = {
    "minimum": ("<", "at least"),
    "maximum": (">", "at most"),
    "exclusiveMinimum": ("<=", "above"),
    "exclusiveMaximum": (">=", "below"),
}
LENGTHS = {"minLength": ("<", "at least"), "maxLength": (">", "at most")}
