-- latest_by_source: the last total of each source, metric by metric
--
-- Left out: what is not an asserted total, mixed populations, claims without a number, statements whose day is not known.
--
-- grain    one row per source_id, metric_id, population_id and place_id
-- columns  source_id      who said it first
--          metric_id      what is counted
--          population_id  whose; blank for materiel
--          place_id       where, for the metric `present` alone; otherwise blank
--          statement_id   the act of saying
--          said_on        date, first day of it when only the month or year is known
--          day            last day of the time that the figure speaks of, else said_on
--          value, low, high  the figure, in the unit of the metric
--          point          value, else the middle of low and high, else the one bound
--          documents      documents that report it
--          reports_agree  whether all of them give this figure

with ranked as (
  select *,
         row_number() over (
           partition by source_id, metric_id, population_id, place_id
           order by day desc, said_on desc, statement_id desc
         ) as place
  from statement_figures
  where said_on is not null
)
select source_id, metric_id, population_id, place_id, statement_id, said_on, day, value, low, high, point,
       documents, reports_agree
from ranked
where place = 1
