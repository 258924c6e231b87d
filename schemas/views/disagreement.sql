-- disagreement: how far apart the figures in force are at the end of a month
--
-- Left out: what is not an asserted total, mixed populations, claims without a number, statements whose day is not known,
-- joint and unnamed speakers, nobody, and figures that are computed from another statement.
--
-- grain    one row per metric_id, population_id, place_id and month
-- columns  metric_id      what is counted
--          population_id  whose; blank for materiel
--          place_id       where, for the metric `present` alone; otherwise blank
--          month          first day of a month in which some source gave a figure
--          sources        sources with a figure in force at its end
--          lowest         in the unit of the metric, bounds included
--          highest        in the unit of the metric, bounds included
--          ratio          highest to lowest; blank where the lowest is 0

with steps as (
  select timeline.metric_id, population_id, place_id, timeline.source_id, day, until, lowest, highest,
         cast(date_trunc('month', day) as date) as month
  from timeline
  join sources on sources.source_id = timeline.source_id
  join statements on statements.statement_id = timeline.statement_id
  where kind not in ('joint', 'unnamed', 'nobody') and derived_from is null
),
months as (
  select distinct metric_id, population_id, place_id, month from steps
)
select months.metric_id, months.population_id, months.place_id, months.month,
       cast(count(distinct source_id) as bigint) as sources,
       min(lowest) as lowest,
       max(highest) as highest,
       cast(case when min(lowest) > 0 then max(highest) / min(lowest) end as double) as ratio
from months
join steps
  on steps.metric_id = months.metric_id
  and steps.population_id is not distinct from months.population_id
  and steps.place_id is not distinct from months.place_id
  and steps.day <= last_day(months.month)
  and (steps.until is null or steps.until > last_day(months.month))
group by months.metric_id, months.population_id, months.place_id, months.month
