-- origins: how many origins stand behind a figure, however many documents print it
--
-- Left out: what is not an asserted total, mixed populations, claims without a number, readings that are outvoted. “300”,
-- “about 300” and “at least 300” are one figure. All bodies and officials of one state are one origin (see source_origins);
-- who computes the figure from another statement is none. It is an upper bound on independent origins. A figure of a metric
-- that does not accumulate is compared within a quarter and a place.
--
-- grain    one row per metric_id, population_id, place_id, quarter, lowest and highest
-- columns  metric_id           what is counted
--          population_id       whose; blank for materiel
--          place_id            where, for a metric that does not accumulate; otherwise blank
--          quarter             first day of the quarter for which it stands, for a metric that does not accumulate; otherwise blank
--          lowest              the number, or the lower one of two, in the unit of the metric
--          highest             the number, or the higher one of two, in the unit of the metric
--          documents           documents that print it
--          claims_outvoted     claims left out, as most documents read the number of the statement otherwise
--          statements          known occasions on which it was said: their day or month is known
--          statements_undated  other statements, among them all that only repeat
--          origins             distinct origins
--          sources             the sources that are or belong to an origin, by key, joined by a comma
--          speakers            former name of sources
--          documents_of_unknown_lineage  documents that name nobody, or only unnamed sources without a state

with compared as (
  select readings.metric_id, readings.population_id, readings.place_id,
         cast(case when not accumulates then date_trunc('quarter', as_of) end as date) as quarter,
         lowest, highest, document_id, readings.statement_id, readings.source_id, said_on, outvoted,
         case when derived_from is null then origin_id end as origin_id, kind
  from claim_readings as readings
  join statements on statements.statement_id = readings.statement_id
  join sources on sources.source_id = readings.source_id
  join source_origins on source_origins.source_id = readings.source_id
  join metrics on metrics.metric_id = readings.metric_id
  where comparable
),
named as (
  select metric_id, population_id, place_id, quarter, lowest, highest, string_agg(source_id, ', ' order by source_id) as sources
  from (
    select distinct metric_id, population_id, place_id, quarter, lowest, highest, source_id
    from compared
    where not outvoted and origin_id is not null
  ) as each
  group by metric_id, population_id, place_id, quarter, lowest, highest
),
counts as (
  select metric_id, population_id, place_id, quarter, lowest, highest,
         count(distinct case when not outvoted then document_id end) as documents,
         sum(case when outvoted then 1 else 0 end) as claims_outvoted,
         count(distinct case when not outvoted and said_on is not null then statement_id end) as statements,
         count(distinct case when not outvoted and said_on is null then statement_id end) as statements_undated,
         count(distinct case when not outvoted then origin_id end) as origins,
         count(distinct case when not outvoted and origin_id is null and kind in ('unnamed', 'nobody') then document_id end)
           as unknown
  from compared
  group by metric_id, population_id, place_id, quarter, lowest, highest
)
select counts.metric_id, counts.population_id, counts.place_id, counts.quarter, counts.lowest, counts.highest,
       cast(documents as bigint) as documents,
       cast(claims_outvoted as bigint) as claims_outvoted,
       cast(statements as bigint) as statements,
       cast(statements_undated as bigint) as statements_undated,
       cast(origins as bigint) as origins,
       sources, sources as speakers,
       cast(unknown as bigint) as documents_of_unknown_lineage
from counts
left join named
  on named.metric_id = counts.metric_id
  and named.population_id is not distinct from counts.population_id
  and named.place_id is not distinct from counts.place_id
  and named.quarter is not distinct from counts.quarter
  and named.lowest = counts.lowest
  and named.highest = counts.highest
where documents > 0
