-- total-does-not-fall: an asserted total that accumulates does not fall from one dated statement of a source to its next
--
-- fix  read both again: is one a part, an addition or another population? If the source took its figure back, add a line to schemas/exceptions.csv

with totals as (
  select claims._line, claims.claim_id, claims.metric_id, population_id, place_id, source_id,
         coalesce(about_to, said_on) as day,
         coalesce(low, value, 0) as lowest,
         case when high is not null then high when value is not null then value end as highest
  from claims
  join statements using (statement_id)
  join metrics on metrics.metric_id = claims.metric_id
  where modality = 'asserted' and extent = 'total' and accumulates and said_on is not null
),
days as (
  select source_id, metric_id, population_id, place_id, day, min(lowest) as lowest
  from totals
  group by source_id, metric_id, population_id, place_id, day
),
steps as (
  select source_id, metric_id, population_id, place_id, day,
         lag(lowest) over (partition by source_id, metric_id, population_id, place_id order by day) as lowest_before,
         lag(day) over (partition by source_id, metric_id, population_id, place_id order by day) as day_before
  from days
)
select 'claims' as resource, totals._line as line, 'value' as field,
       cast(highest as varchar) || ' by ' || cast(totals.day as varchar) || ' is less than '
       || cast(lowest_before as varchar) || ' by ' || cast(day_before as varchar) as message
from totals
join steps
  on steps.source_id = totals.source_id
  and steps.metric_id = totals.metric_id
  and steps.population_id is not distinct from totals.population_id
  and steps.place_id is not distinct from totals.place_id
  and steps.day = totals.day
where highest < lowest_before
