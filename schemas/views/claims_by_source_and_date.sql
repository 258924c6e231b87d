-- claims_by_source_and_date: what each source said for each month
--
-- Left out: what statement_figures leaves out. A repeat counts in the month of the statement that it repeats.
--
-- grain    one row per source_id, metric_id, population_id, place_id and month
-- columns  source_id           who said it first
--          metric_id           what is counted
--          population_id       whose; blank for materiel
--          place_id            where, for a metric that does not accumulate; otherwise blank
--          month               first day of the month for which the figure stands (as_of); blank when it is not known
--          month_said          former name of month
--          claims              claims, reports of one statement counted each
--          claims_outvoted     claims left out, as most documents read the number of the statement otherwise
--          claims_dated_by_publication  claims whose month is that of the first report: said in it or before
--          statements          known occasions: their day or month is known
--          statements_undated  other statements, among them all that only repeat
--          lowest, highest     in the unit of the metric, bounds included, one figure a statement

select source_id, metric_id, population_id, place_id, month, month as month_said,
       cast(sum(claims) as bigint) as claims,
       cast(sum(claims_outvoted) as bigint) as claims_outvoted,
       cast(sum(case when as_of_basis = 'published' and repeats is null then claims else 0 end) as bigint)
         as claims_dated_by_publication,
       cast(count(distinct case when said_on is not null then statement_id end) as bigint) as statements,
       cast(count(distinct case when said_on is null then statement_id end) as bigint) as statements_undated,
       min(lowest) as lowest,
       max(highest) as highest
from statement_figures
group by source_id, metric_id, population_id, place_id, month
