-- errata: every correction of a released cell, with its reason
--
-- A row withdrawn is no correction: it stands in `changes`.
--
-- grain    one row per resource, key, field and version
-- columns  resource     the table
--          key          the row: key cells joined by `/`
--          field        the column
--          version      the version that corrected it
--          released_on  day of that version
--          old, new     the cell before and after, as text; blank as it was
--          reason       why: coder_error, source_revised, schema_changed, …
--          note         what a user must know of the correction

select changes.resource, changes.key, changes.field, changes.version, releases.released_on, changes.old, changes.new,
       changes.reason, changes.note
from changes
join releases on releases.version = changes.version
where changes.change = 'corrected'
