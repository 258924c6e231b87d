-- part-of-no-circle: nothing is a part of itself, at any remove
--
-- fix  correct part_of so that it leads upwards

with recursive parts as (
  select 'sources' as resource, _line, source_id as id, part_of from sources
  union all select 'metrics', _line, metric_id, part_of from metrics
  union all select 'populations', _line, population_id, part_of from populations
  union all select 'places', _line, place_id, part_of from places
  union all select 'statements', _line, statement_id, derived_from from statements
),
walk as (
  select resource, _line, id, part_of as above, '/' || part_of || '/' as path from parts where part_of is not null
  union all
  select walk.resource, walk._line, walk.id, parts.part_of as above, walk.path || parts.part_of || '/' as path
  from walk
  join parts on parts.resource = walk.resource and parts.id = walk.above
  where parts.part_of is not null and walk.path not like ('%/' || parts.part_of || '/%')
)
select distinct resource, _line as line, case when resource = 'statements' then 'derived_from' else 'part_of' end as field,
       id || ' leads back to itself' as message
from walk
where id = above
