-- claims_by_source: what each source has said, metric by metric
--
-- Left out: what is not an asserted total, mixed populations, claims without a number.
--
-- grain    one row per source_id, metric_id, population_id and place_id
-- columns  source_id        who said it first
--          metric_id        what is counted
--          population_id    whose; blank for materiel
--          place_id         where, for the metric `present` alone; otherwise blank
--          claims           claims, reports of one statement counted each
--          statements       distinct occasions on which the source said it
--          first_said_on    date
--          last_said_on     date
--          lowest, highest  in the unit of the metric, bounds included, one figure a statement

select source_id, metric_id, population_id, place_id,
       cast(sum(claims) as bigint) as claims,
       cast(count(distinct statement_id) as bigint) as statements,
       min(said_on) as first_said_on,
       max(said_on) as last_said_on,
       min(lowest) as lowest,
       max(highest) as highest
from statement_figures
group by source_id, metric_id, population_id, place_id
