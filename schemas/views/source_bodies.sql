-- source_bodies: every body that a source belongs to, itself included
--
-- grain    one row per source_id and body_id
-- columns  source_id  a source
--          body_id    the source itself, the body or state that it is part of, and so on upwards
--          steps      how many part_of lead from the one to the other

with recursive walk as (
  select source_id, source_id as body_id, 0 as steps, '/' || source_id || '/' as path from sources
  union all
  select walk.source_id, sources.part_of as body_id, walk.steps + 1 as steps,
         walk.path || sources.part_of || '/' as path
  from walk
  join sources on sources.source_id = walk.body_id
  where sources.part_of is not null and walk.path not like ('%/' || sources.part_of || '/%')
)
select source_id, body_id, cast(steps as bigint) as steps
from walk
