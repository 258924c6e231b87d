-- revisions: the successive totals of each source, where the figure changed
--
-- Left out: what statement_figures leaves out, figures without any day, repeats, disputed figures, statements that give the
-- figure before once more.
--
-- grain    one row per source_id, metric_id, population_id, place_id and statement_id
-- columns  source_id        who said it first
--          metric_id        what is counted
--          population_id    whose; blank for materiel
--          place_id         where, for a metric that does not accumulate; otherwise blank
--          statement_id     the act of saying
--          day              day for which the figure stands, the last that as_of_basis allows
--          as_of_precision  day, month or year
--          as_of_basis      about (end of the time spoken of), said, or published (first report: said on that day or before)
--          lowest, point, highest  in the unit of the metric, bounds included
--          step             point less the point before; blank for the first
--          fell             whether a figure that accumulates is below all that was said before it

with steps as (
  select source_id, timeline.metric_id, population_id, place_id, statement_id, day, as_of_precision, as_of_basis,
         lowest, point, highest, accumulates,
         lag(point) over (partition by source_id, timeline.metric_id, population_id, place_id order by day) as point_before,
         lag(lowest) over (partition by source_id, timeline.metric_id, population_id, place_id order by day) as lowest_before
  from timeline
  join metrics on metrics.metric_id = timeline.metric_id
)
select source_id, metric_id, population_id, place_id, statement_id, day, as_of_precision, as_of_basis,
       lowest, point, highest,
       cast(point - point_before as double) as step,
       coalesce(accumulates and highest < lowest_before, false) as fell
from steps
where point_before is null or point <> point_before
