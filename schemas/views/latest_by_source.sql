-- latest_by_source: the last total of each source, metric by metric
--
-- Left out: what statement_figures leaves out, figures without any day, repeats, disputed figures.
--
-- grain    one row per source_id, metric_id, population_id and place_id
-- columns  source_id         who said it first
--          metric_id         what is counted
--          population_id     whose; blank for materiel
--          place_id          where, for a metric that does not accumulate; otherwise blank
--          statement_id      the act of saying
--          said_on           date, first day of it when only the month or year is known; blank when not known
--          as_of             day for which the figure stands, the last that as_of_basis allows
--          as_of_precision   day, month or year
--          as_of_basis       about (end of the time spoken of), said, or published (first report: said on that day or before)
--          day               former name of as_of
--          value, low, high  the figure, in the unit of the metric
--          point             value, else the middle of low and high, else the one bound
--          documents         documents that report it
--          reports_agree     whether all of them give this figure
--          claims_outvoted   claims that read this number of the statement otherwise, against most documents
--          last_reported_on  last day on which a document that prints it was published; blank when not known
--          age_days          days from as_of to the newest publication of the dataset
--          is_current        whether it is, on the day of the newest publication (see timeline)

select timeline.source_id, timeline.metric_id, timeline.population_id, timeline.place_id, timeline.statement_id, said_on,
       as_of, timeline.as_of_precision, timeline.as_of_basis, timeline.day, value, low, high, timeline.point,
       figures.documents, reports_agree, claims_outvoted, timeline.last_reported_on, age_days,
       timeline.until is null as is_current
from (
  select *,
         row_number() over (partition by source_id, metric_id, population_id, place_id order by day desc) as place
  from timeline
) as timeline
join statement_figures as figures
  on figures.statement_id = timeline.statement_id
  and figures.metric_id = timeline.metric_id
  and figures.population_id is not distinct from timeline.population_id
  and figures.place_id is not distinct from timeline.place_id
  and figures.as_of = timeline.day
where timeline.place = 1
