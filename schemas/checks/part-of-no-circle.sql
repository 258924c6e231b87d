-- part-of-no-circle: nothing is a part of itself, at any remove, or more than 100 steps below the whole
--
-- fix  correct part_of so that it leads upwards

with recursive given as (
  select 'sources' as resource, _line, source_id as id, part_of from sources
  union all select 'metrics', _line, metric_id, part_of from metrics
  union all select 'populations', _line, population_id, part_of from populations
  union all select 'places', _line, place_id, part_of from places
  union all select 'statements', _line, statement_id, derived_from from statements
),
parts as (
  select resource, id, min(_line) as _line, min(part_of) as part_of  -- one of rows that repeat a key: each step has one way
  from given
  where part_of is not null
  group by resource, id
),
walk as (
  select resource, _line, id, part_of as above, 1 as steps from parts
  union all
  select walk.resource, walk._line, walk.id, parts.part_of as above, walk.steps + 1 as steps
  from walk
  join parts on parts.resource = walk.resource and parts.id = walk.above
  where walk.steps <= 100 and walk.above <> walk.id
),
circles as (
  select resource, _line, id from walk where id = above
),
deep as (
  select walk.resource, walk._line, walk.id
  from walk
  left join circles on circles.resource = walk.resource and circles.id = walk.above
  where walk.steps > 100 and circles.id is null
)
select resource, _line as line, case when resource = 'statements' then 'derived_from' else 'part_of' end as field,
       id || ' leads back to itself' as message
from circles
union all
select resource, _line as line, case when resource = 'statements' then 'derived_from' else 'part_of' end as field,
       id || ' is more than 100 steps below the whole' as message
from deep
