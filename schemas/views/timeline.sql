-- timeline: the figure of each source on each day, as steps for a plot
--
-- Left out: what statement_figures leaves out, figures without any day, repeats, disputed figures. Of several statements for
-- one day the last by key stands. A step ends where the next one begins, or 180 days after it was last reported.
--
-- grain    one row per source_id, metric_id, population_id, place_id and day
-- columns  source_id         who said it first
--          metric_id         what is counted
--          population_id     whose; blank for materiel
--          place_id          where, for a metric that does not accumulate; otherwise blank
--          day               first day of the step: as_of of the statement
--          until             day from which it is no longer current; blank while it is, on the day of the newest publication
--          as_of_precision   day, month or year
--          as_of_basis       about (end of the time spoken of), said, or published (first report: said on that day or before)
--          last_reported_on  last day on which a document that prints it was published; blank when not known
--          age_days          days from `day` to the newest publication of the dataset
--          statement_id      the act of saying
--          lowest, point, highest  in the unit of the metric, bounds included
--          documents         documents that report it

with newest as (
  select max(published_on) as newest_on from documents where published_on_precision = 'day'
),
ranked as (
  select *,
         row_number() over (
           partition by source_id, metric_id, population_id, place_id, as_of order by said_on desc nulls last, statement_id desc
         ) as place
  from statement_figures
  where as_of is not null and repeats is null and not disputed
),
steps as (
  select ranked.*, newest_on,
         lead(as_of) over (partition by source_id, metric_id, population_id, place_id order by as_of) as replaced_on,
         cast(case when last_reported_on > as_of then last_reported_on else as_of end + interval 180 day as date) as ends_on
  from ranked
  cross join newest
  where place = 1
)
select source_id, metric_id, population_id, place_id, as_of as day,
       cast(case when replaced_on <= ends_on then replaced_on
                 when ends_on <= newest_on then ends_on end as date) as until,
       as_of_precision, as_of_basis, last_reported_on,
       cast(date_diff('day', as_of, newest_on) as bigint) as age_days,
       statement_id, lowest, point, highest, documents
from steps
