-- claims_by_date: how the claims of a month differ
--
-- Left out: what is not an asserted total, mixed populations, claims without a number. The counts add up to all claims
-- compared. An origin is a source that can speak for itself: joint, unnamed and nobody are none, nor is a state where a
-- body of it speaks in the same row; it is an upper bound on independent origins.
--
-- grain    one row per month_said, metric_id, population_id and place_id
-- columns  month_said     first day of the month in which it was said; blank when it is not known
--          metric_id      what is counted
--          population_id  whose; blank for materiel
--          place_id       where, for the metric `present` alone; otherwise blank
--          claims         claims, reports of one statement counted each
--          statements     distinct acts of saying
--          origins        distinct origins
--          lowest         in the unit of the metric, bounds included, one figure a statement
--          median         of the points of the statements, in the unit of the metric
--          highest        in the unit of the metric, bounds included, one figure a statement

with speakers as (
  select distinct month_said, metric_id, population_id, place_id, figures.source_id, kind
  from statement_figures as figures
  join sources on sources.source_id = figures.source_id
),
covered as (
  select distinct month_said, metric_id, population_id, place_id, body_id as source_id
  from speakers
  join source_bodies on source_bodies.source_id = speakers.source_id
  where steps > 0
),
origins as (
  select speakers.month_said, speakers.metric_id, speakers.population_id, speakers.place_id, count(*) as origins
  from speakers
  left join covered
    on covered.month_said is not distinct from speakers.month_said
    and covered.metric_id = speakers.metric_id
    and covered.population_id is not distinct from speakers.population_id
    and covered.place_id is not distinct from speakers.place_id
    and covered.source_id = speakers.source_id
    and speakers.kind = 'state'
  where kind not in ('joint', 'unnamed', 'nobody') and covered.source_id is null
  group by speakers.month_said, speakers.metric_id, speakers.population_id, speakers.place_id
)
select figures.month_said, figures.metric_id, figures.population_id, figures.place_id,
       cast(sum(claims) as bigint) as claims,
       cast(count(distinct statement_id) as bigint) as statements,
       cast(coalesce(max(origins), 0) as bigint) as origins,
       min(lowest) as lowest,
       cast(median(point) as double) as median,
       max(highest) as highest
from statement_figures as figures
left join origins
  on origins.month_said is not distinct from figures.month_said
  and origins.metric_id = figures.metric_id
  and origins.population_id is not distinct from figures.population_id
  and origins.place_id is not distinct from figures.place_id
group by figures.month_said, figures.metric_id, figures.population_id, figures.place_id
