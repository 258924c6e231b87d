-- disagreement: how far apart the figures of a month are
--
-- Left out: what timeline leaves out, sources that are no origin (see source_origins), figures that are computed from another
-- statement, and figures that were neither said nor reported in the 90 days up to the end of the month.
--
-- grain    one row per metric_id, population_id, place_id and month
-- columns  metric_id      what is counted
--          population_id  whose; blank for materiel
--          place_id       where, for a metric that does not accumulate; otherwise blank
--          month          first day of a month for which some source gave a figure
--          sources        sources with a figure at its end
--          origins        governments, organisations, newsrooms and persons among them
--          lowest         in the unit of the metric, bounds included
--          highest        in the unit of the metric, bounds included
--          ratio          highest to lowest; blank where the lowest is 0
--          sources_dated_by_publication  those of them whose figure is dated by its first publication

with steps as (
  select timeline.*, origin_id,
         cast(lead(day) over (
           partition by timeline.source_id, metric_id, population_id, place_id order by day
         ) as date) as replaced_on
  from timeline
  join source_origins on source_origins.source_id = timeline.source_id
  join statements on statements.statement_id = timeline.statement_id
  where origin_id is not null and derived_from is null
),
months as (
  select distinct metric_id, population_id, place_id, cast(date_trunc('month', day) as date) as month
  from steps
  where as_of_precision <> 'year'
),
reports as (
  select distinct source_id, metric_id, population_id, place_id, lowest, highest, reported_on
  from claim_readings
  where comparable and not outvoted and reported_on is not null
),
standing as (
  select distinct months.metric_id, months.population_id, months.place_id, months.month, steps.source_id, origin_id,
         steps.lowest, steps.highest, steps.as_of_basis
  from months
  join steps
    on steps.metric_id = months.metric_id
    and steps.population_id is not distinct from months.population_id
    and steps.place_id is not distinct from months.place_id
    and steps.day <= last_day(months.month)
    and (steps.replaced_on is null or steps.replaced_on > last_day(months.month))
  left join reports
    on reports.source_id = steps.source_id
    and reports.metric_id = steps.metric_id
    and reports.population_id is not distinct from steps.population_id
    and reports.place_id is not distinct from steps.place_id
    and reports.lowest = steps.lowest and reports.highest = steps.highest
    and reports.reported_on <= last_day(months.month)
    and date_diff('day', reports.reported_on, last_day(months.month)) < 90
  where date_diff('day', steps.day, last_day(months.month)) < 90 or reports.source_id is not null
)
select metric_id, population_id, place_id, month,
       cast(count(distinct source_id) as bigint) as sources,
       cast(count(distinct origin_id) as bigint) as origins,
       min(lowest) as lowest,
       max(highest) as highest,
       cast(case when min(lowest) > 0 then max(highest) / min(lowest) end as double) as ratio,
       cast(sum(case when as_of_basis = 'published' then 1 else 0 end) as bigint) as sources_dated_by_publication
from standing
group by metric_id, population_id, place_id, month
