-- source_origins: the government, organisation, newsroom or person that a source speaks for
--
-- All bodies, officials and unnamed officials of one state are one origin; so are a newsroom and its editions. Sources
-- named together that belong to several states, unnamed sources without a state, and nobody have none.
--
-- grain    one row per source_id
-- columns  source_id  a source
--          origin_id  the source at the top of what it is part of; blank where it is no origin

with tops as (
  select source_id, body_id, row_number() over (partition by source_id order by steps desc, body_id) as place
  from source_bodies
),
states as (
  select country, min(source_id) as state_id
  from sources
  where kind = 'state' and part_of is null and country is not null
  group by country
)
select sources.source_id,
       case when sources.kind = 'nobody' then null
            when top.kind in ('joint', 'unnamed') and top.country is null then null
            when top.kind in ('state', 'government', 'military', 'intelligence', 'legislature', 'unnamed', 'joint')
              then coalesce(states.state_id, top.source_id)
            else top.source_id end as origin_id
from sources
join tops on tops.source_id = sources.source_id and tops.place = 1
join sources as top on top.source_id = tops.body_id
left join states on states.country = top.country
