-- current_figures: how many, by the newest figure, and what else is current
--
-- Left out: what timeline leaves out, sources that are no origin (see source_origins), figures that are computed from another
-- statement. Current is what no later figure of its source replaces and what was said or reported in the last 180 days up to
-- the newest publication. Where no figure is current, the newest is still shown.
--
-- grain    one row per metric_id and population_id
-- columns  metric_id         what is counted
--          population_id     whose; blank for materiel
--          place_id          where, for a metric that does not accumulate; otherwise blank
--          source_id         who gave the newest figure
--          statement_id      the act of saying it
--          as_of             day for which it stands, the last that as_of_basis allows
--          as_of_precision   day, month or year
--          as_of_basis       about (end of the time spoken of), said, or published (first report: said on that day or before)
--          newest_lowest     lower bound of the newest figure, in the unit of the metric
--          newest            its point
--          newest_highest    its upper bound
--          documents         documents that report it
--          last_reported_on  last day on which a document that prints it was published
--          age_days          days from as_of to the newest publication of the dataset
--          is_current        whether the newest figure is current
--          sources           sources with a current figure, at that place
--          origins           governments, organisations, newsrooms and persons among them
--          lowest            lowest of the current figures, bounds included; blank where none is
--          highest           highest of the current figures, bounds included; blank where none is

with latest as (
  select timeline.*, origin_id,
         row_number() over (
           partition by timeline.source_id, metric_id, population_id, place_id order by day desc
         ) as place_of_source
  from timeline
  join source_origins on source_origins.source_id = timeline.source_id
  join statements on statements.statement_id = timeline.statement_id
  where origin_id is not null and derived_from is null
),
ranked as (
  select *,
         row_number() over (
           partition by metric_id, population_id order by day desc, documents desc, statement_id, source_id, place_id
         ) as place_of_figure
  from latest
  where place_of_source = 1
),
currents as (
  select metric_id, population_id, place_id, count(distinct source_id) as sources, count(distinct origin_id) as origins,
         min(lowest) as lowest, max(highest) as highest
  from ranked
  where until is null
  group by metric_id, population_id, place_id
)
select ranked.metric_id, ranked.population_id, ranked.place_id, source_id, statement_id, day as as_of, as_of_precision,
       as_of_basis, ranked.lowest as newest_lowest, point as newest, ranked.highest as newest_highest, documents,
       last_reported_on, age_days, until is null as is_current,
       cast(coalesce(currents.sources, 0) as bigint) as sources,
       cast(coalesce(currents.origins, 0) as bigint) as origins,
       currents.lowest, currents.highest
from ranked
left join currents
  on currents.metric_id = ranked.metric_id
  and currents.population_id is not distinct from ranked.population_id
  and currents.place_id is not distinct from ranked.place_id
where place_of_figure = 1
