-- claims_by_source: what each source has said, metric by metric
--
-- Left out: what statement_figures leaves out. An undated statement that gives a figure of the source once more is no occasion.
--
-- grain    one row per source_id, metric_id, population_id and place_id
-- columns  source_id           who said it first
--          metric_id           what is counted
--          population_id       whose; blank for materiel
--          place_id            where, for a metric that does not accumulate; otherwise blank
--          claims              claims, reports of one statement counted each
--          claims_outvoted     claims left out, as most documents read the number of the statement otherwise
--          statements          known occasions on which the source said it: their day or month is known
--          statements_undated  other statements, among them all that only repeat
--          first_said_on       date
--          last_said_on        date
--          last_reported_on    last day on which a document that reports it was published
--          lowest, highest     in the unit of the metric, bounds included, one figure a statement

select source_id, metric_id, population_id, place_id,
       cast(sum(claims) as bigint) as claims,
       cast(sum(claims_outvoted) as bigint) as claims_outvoted,
       cast(count(distinct case when said_on is not null then statement_id end) as bigint) as statements,
       cast(count(distinct case when said_on is null then statement_id end) as bigint) as statements_undated,
       min(said_on) as first_said_on,
       max(said_on) as last_said_on,
       max(last_reported_on) as last_reported_on,
       min(lowest) as lowest,
       max(highest) as highest
from statement_figures
group by source_id, metric_id, population_id, place_id
