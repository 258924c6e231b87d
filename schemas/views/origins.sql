-- origins: how many speakers stand behind a figure, however many documents print it
--
-- Left out: what is not an asserted total, mixed populations, claims without a number. “300”, “about 300” and “at least
-- 300” are one figure. An origin is a source that can speak for itself: joint, unnamed and nobody are none, nor is a state
-- where a body of it gives the same figure, nor who computes the figure from another statement. It is an upper bound on
-- independent origins.
--
-- grain    one row per metric_id, population_id, lowest and highest
-- columns  metric_id      what is counted
--          population_id  whose; blank for materiel
--          lowest         the number, or the lower one of two, in the unit of the metric
--          highest        the number, or the higher one of two, in the unit of the metric
--          documents      documents that print it
--          statements     acts of saying it
--          origins        distinct origins
--          speakers       the origins by key, joined by a comma
--          documents_of_unknown_lineage  documents that name nobody, or only unnamed speakers

with compared as (
  select claims.metric_id, claims.population_id, coalesce(low, value, high) as lowest, coalesce(high, value, low) as highest,
         document_id, claims.statement_id, statements.source_id, derived_from, kind
  from claims
  join statements on statements.statement_id = claims.statement_id
  join sources on sources.source_id = statements.source_id
  left join populations on populations.population_id = claims.population_id
  where modality = 'asserted' and extent = 'total' and not coalesce(mixed, false)
    and coalesce(value, low, high) is not null
),
speakers as (
  select distinct metric_id, population_id, lowest, highest, source_id, kind
  from compared
  where kind not in ('joint', 'unnamed', 'nobody') and derived_from is null
),
covered as (
  select distinct metric_id, population_id, lowest, highest, body_id as source_id
  from speakers
  join source_bodies on source_bodies.source_id = speakers.source_id
  where steps > 0
),
independent as (
  select speakers.metric_id, speakers.population_id, speakers.lowest, speakers.highest,
         count(*) as origins, string_agg(speakers.source_id, ', ' order by speakers.source_id) as speakers
  from speakers
  left join covered
    on covered.metric_id = speakers.metric_id
    and covered.population_id is not distinct from speakers.population_id
    and covered.lowest = speakers.lowest
    and covered.highest = speakers.highest
    and covered.source_id = speakers.source_id
    and speakers.kind = 'state'
  where covered.source_id is null
  group by speakers.metric_id, speakers.population_id, speakers.lowest, speakers.highest
),
counts as (
  select metric_id, population_id, lowest, highest,
         count(distinct document_id) as documents,
         count(distinct statement_id) as statements,
         count(distinct case when kind in ('unnamed', 'nobody') then document_id end) as unknown
  from compared
  group by metric_id, population_id, lowest, highest
)
select counts.metric_id, counts.population_id, counts.lowest, counts.highest,
       cast(documents as bigint) as documents,
       cast(statements as bigint) as statements,
       cast(coalesce(origins, 0) as bigint) as origins,
       speakers,
       cast(unknown as bigint) as documents_of_unknown_lineage
from counts
left join independent
  on independent.metric_id = counts.metric_id
  and independent.population_id is not distinct from counts.population_id
  and independent.lowest = counts.lowest
  and independent.highest = counts.highest
