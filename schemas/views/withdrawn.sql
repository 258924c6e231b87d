-- withdrawn: every row that a release withdrew, with the reason
--
-- grain    one row per resource, key and version
-- columns  resource     the table
--          key          the row: key cells joined by `/`; never given to another
--          version      the version that withdrew it
--          released_on  day of that version
--          was          the row as it was: a JSON list of its cells
--          reason       why: duplicate, coder_error, source_retracted, …
--          note         what a user must know of it, such as the row that stands instead

select changes.resource, changes.key, changes.version, releases.released_on, changes.old as was, changes.reason, changes.note
from changes
join releases on releases.version = changes.version
where changes.change = 'withdrawn'
