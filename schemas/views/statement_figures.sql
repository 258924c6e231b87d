-- statement_figures: the figure of each statement, chosen among its reports; what the views that compare stand on
--
-- Left out: what is not an asserted total, mixed populations, claims without a number.
-- Where reports disagree, the figure is the one that most documents print; then the one with the fewest relays; then
-- the earliest published; then the first by key.
--
-- grain    one row per statement_id, metric_id, population_id, place_id and day
-- columns  statement_id   the act of saying
--          source_id      who said it first
--          said_on        date, first day of it when only the month or year is known
--          month_said     first day of the month in which it was said; blank when the month is not known
--          metric_id      what is counted
--          population_id  whose; blank for materiel
--          place_id       where, for the metric `present` alone, which is compared place by place; otherwise blank
--          day            last day of the time that the figure speaks of, else said_on: what totals are ordered by
--          value, low, high  the figure, in the unit of the metric
--          lowest         low, else value, else high
--          highest        high, else value, else low
--          point          value, else the middle of low and high, else the one bound
--          claims         claims compared, reports of the statement counted each
--          documents      documents that report it
--          reports_agree  whether all of them give this figure

with steps as (
  select document_id, statement_id, count(*) as relays
  from relays
  group by document_id, statement_id
),
compared as (
  select claims.statement_id, claims.metric_id, claims.population_id,
         case when claims.metric_id = 'present' then claims.place_id end as place_id,
         coalesce(about_to, said_on) as day,
         value, low, high, claim_id, claims.document_id, published_on,
         coalesce(steps.relays, 0) as relays
  from claims
  join documents on documents.document_id = claims.document_id
  join statements on statements.statement_id = claims.statement_id
  left join populations on populations.population_id = claims.population_id
  left join steps on steps.document_id = claims.document_id and steps.statement_id = claims.statement_id
  where modality = 'asserted' and extent = 'total' and not coalesce(mixed, false)
    and coalesce(value, low, high) is not null
),
readings as (
  select statement_id, metric_id, population_id, place_id, day, value, low, high,
         count(*) as claims, count(distinct document_id) as documents,
         min(relays) as relays, min(published_on) as published_on, min(claim_id) as claim_id
  from compared
  group by statement_id, metric_id, population_id, place_id, day, value, low, high
),
ranked as (
  select *,
         row_number() over (
           partition by statement_id, metric_id, population_id, place_id, day
           order by documents desc, relays, published_on nulls last, claim_id
         ) as place,
         count(*) over (partition by statement_id, metric_id, population_id, place_id, day) as figures
  from readings
),
counts as (
  select statement_id, metric_id, population_id, place_id, day,
         count(*) as claims, count(distinct document_id) as documents
  from compared
  group by statement_id, metric_id, population_id, place_id, day
)
select ranked.statement_id, statements.source_id, statements.said_on,
       cast(case when said_on_precision in ('day', 'month') then date_trunc('month', said_on) end as date) as month_said,
       ranked.metric_id, ranked.population_id, ranked.place_id, ranked.day,
       value, low, high,
       coalesce(low, value, high) as lowest,
       coalesce(high, value, low) as highest,
       cast(coalesce(value, (low + high) / 2, low, high) as double) as point,
       cast(counts.claims as bigint) as claims,
       cast(counts.documents as bigint) as documents,
       figures = 1 as reports_agree
from ranked
join counts
  on counts.statement_id = ranked.statement_id
  and counts.metric_id = ranked.metric_id
  and counts.population_id is not distinct from ranked.population_id
  and counts.place_id is not distinct from ranked.place_id
  and counts.day is not distinct from ranked.day
join statements on statements.statement_id = ranked.statement_id
where ranked.place = 1
