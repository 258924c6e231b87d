-- unnamed-once: unnamed speakers are one source a country, and nobody is one source
--
-- fix  use the source that is there already

with counted as (
  select _line, source_id, min(source_id) over (partition by kind, country) as first_id
  from sources
  where kind = 'nobody' or (kind = 'unnamed' and country is not null)
)
select 'sources' as resource, _line as line, 'source_id' as field, 'the same as ' || first_id as message
from counted
where source_id <> first_id
