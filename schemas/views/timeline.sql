-- timeline: the figure of each source in force on each day, as steps for a plot
--
-- Left out: what is not an asserted total, mixed populations, claims without a number, statements whose day is not known.
-- Of several statements of a day the last by key is in force.
--
-- grain    one row per source_id, metric_id, population_id, place_id and day
-- columns  source_id      who said it first
--          metric_id      what is counted
--          population_id  whose; blank for materiel
--          place_id       where, for the metric `present` alone; otherwise blank
--          day            first day on which the figure is in force: the last that it speaks of, else said_on
--          until          day from which the next is; blank while there is none
--          statement_id   the act of saying
--          lowest, point, highest  in the unit of the metric, bounds included

with ranked as (
  select *,
         row_number() over (
           partition by source_id, metric_id, population_id, place_id, day order by said_on desc, statement_id desc
         ) as place
  from statement_figures
  where said_on is not null
),
last_of_day as (
  select * from ranked where place = 1
)
select source_id, metric_id, population_id, place_id, day,
       cast(lead(day) over (partition by source_id, metric_id, population_id, place_id order by day) as date) as until,
       statement_id, lowest, point, highest
from last_of_day
