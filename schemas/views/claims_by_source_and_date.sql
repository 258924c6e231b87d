-- claims_by_source_and_date: what each source said in each month
--
-- Left out: what is not an asserted total, mixed populations, claims without a number.
--
-- grain    one row per source_id, metric_id, population_id, place_id and month_said
-- columns  source_id        who said it first
--          metric_id        what is counted
--          population_id    whose; blank for materiel
--          place_id         where, for the metric `present` alone; otherwise blank
--          month_said       first day of the month in which it was said; blank when it is not known
--          claims           claims, reports of one statement counted each
--          statements       distinct occasions on which the source said it
--          lowest, highest  in the unit of the metric, bounds included, one figure a statement

select source_id, metric_id, population_id, place_id, month_said,
       cast(sum(claims) as bigint) as claims,
       cast(count(distinct statement_id) as bigint) as statements,
       min(lowest) as lowest,
       max(highest) as highest
from statement_figures
group by source_id, metric_id, population_id, place_id, month_said
