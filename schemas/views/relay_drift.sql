-- relay_drift: where documents disagree about one statement
--
-- Eight kinds of drift. number: one metric, several figures. category: one figure, several metrics that no document prints
-- together. population: the same for whose figure it is. modality: one figure, asserted here and expected there. extent: one
-- figure, a total here and an addition or part there. qualifier: one figure, hedged in several ways (`exact` and
-- `unspecified` are one way). sum: some documents print the parts of a population, others their sum. speaker: a document
-- credits another than the statement's source.
--
-- grain    one row per statement_id, drift, metric_id, population_id, place_id, extent and figure
-- columns  statement_id   the act of saying
--          source_id      who said it first
--          said_on        date, first day of it when only the month or year is known
--          drift          number, category, population, modality, extent, qualifier, sum or speaker
--          metric_id      what is counted; blank where that is what drifts, and for speakers
--          population_id  whose; blank for materiel, where that is what drifts, for categories and speakers
--          place_id       where, for a number of those present; otherwise blank
--          extent         total, addition or part, for a number or qualifier; otherwise blank
--          figure         the number or range, in the unit of the metric; blank where that is what drifts, and for speakers
--          readings       what documents print, each with how many, the most printed first
--          documents      documents that report it

with reports as (
  select statement_id, count(distinct document_id) as documents
  from claims
  group by statement_id
  having min(document_id) <> max(document_id) or count(credited_to) > 0
),
printed as (
  select distinct claims.statement_id, claims.document_id, metric_id, population_id, modality, extent,
         case when metric_id = 'present' then place_id end as place_id,
         case when qualifier = 'unspecified' then 'exact' else qualifier end as qualifier,
         case when coalesce(low, value, high) = coalesce(high, value, low)
              then cast(coalesce(value, low, high) as varchar)
              else cast(low as varchar) || '–' || cast(high as varchar) end as figure,
         coalesce(value, low, high) as number,
         coalesce(credited_to, statements.source_id) as speaker
  from claims
  join statements on statements.statement_id = claims.statement_id
  join reports on reports.statement_id = claims.statement_id
  where coalesce(value, low, high) is not null
),
pairs as (
  select distinct one.statement_id, one.figure, one.metric_id as metric_id, other.metric_id as other_id
  from printed as one
  join printed as other on other.statement_id = one.statement_id and other.figure = one.figure
  where one.metric_id < other.metric_id
),
together as (
  select distinct one.statement_id, one.figure, one.metric_id as metric_id, other.metric_id as other_id
  from printed as one
  join printed as other
    on other.statement_id = one.statement_id and other.figure = one.figure and other.document_id = one.document_id
  where one.metric_id < other.metric_id
),
apart as (
  select distinct statement_id, figure from pairs anti join together using (statement_id, figure, metric_id, other_id)
),
whose_pairs as (
  select one.statement_id, one.figure, one.metric_id, one.population_id, other.population_id as other_id,
         max(case when one.document_id = other.document_id then 1 else 0 end) as in_one_document
  from printed as one
  join printed as other
    on other.statement_id = one.statement_id and other.figure = one.figure and other.metric_id = one.metric_id
  where one.population_id < other.population_id
  group by one.statement_id, one.figure, one.metric_id, one.population_id, other.population_id
),
whose_apart as (
  select distinct statement_id, figure, metric_id from whose_pairs where in_one_document = 0
),
sums as (
  select distinct whole.statement_id, whole.document_id, whole.metric_id, whole.population_id, whole.figure,
         one.population_id as one_id, other.population_id as other_id,
         one.figure || ' + ' || other.figure as reading, one.figure as one_figure, other.figure as other_figure
  from printed as whole
  join populations as one_of on one_of.part_of = whole.population_id
  join populations as other_of on other_of.part_of = whole.population_id
  join printed as one
    on one.statement_id = whole.statement_id and one.metric_id = whole.metric_id and one.population_id = one_of.population_id
  join printed as other
    on other.statement_id = whole.statement_id and other.metric_id = whole.metric_id
    and other.population_id = other_of.population_id and other.document_id = one.document_id
  where one.population_id < other.population_id and one.number + other.number = whole.number
),
parts as (
  select distinct sums.statement_id, sums.metric_id, sums.population_id, sums.figure, sums.reading, one.document_id
  from sums
  join printed as one
    on one.statement_id = sums.statement_id and one.metric_id = sums.metric_id
    and one.population_id = sums.one_id and one.figure = sums.one_figure
  join printed as other
    on other.statement_id = sums.statement_id and other.metric_id = sums.metric_id
    and other.population_id = sums.other_id and other.figure = sums.other_figure
    and other.document_id = one.document_id
),
readings as (
  select statement_id, 'number' as drift, metric_id, population_id, place_id, extent, null as figure,
         figure as reading, count(distinct document_id) as documents
  from printed
  where modality = 'asserted'
  group by statement_id, metric_id, population_id, place_id, extent, figure
  union all
  select statement_id, 'category', null, null, null, null, figure, metric_id, count(distinct document_id)
  from printed
  join apart using (statement_id, figure)
  group by statement_id, figure, metric_id
  union all
  select statement_id, 'population', metric_id, null, null, null, figure, population_id, count(distinct document_id)
  from printed
  join whose_apart using (statement_id, figure, metric_id)
  group by statement_id, figure, metric_id, population_id
  union all
  select statement_id, 'extent', metric_id, population_id, null, null, figure, extent, count(distinct document_id)
  from printed
  group by statement_id, metric_id, population_id, figure, extent
  union all
  select statement_id, 'modality', metric_id, population_id, null, null, figure, modality, count(distinct document_id)
  from printed
  group by statement_id, metric_id, population_id, figure, modality
  union all
  select statement_id, 'qualifier', metric_id, population_id, null, extent, figure, qualifier, count(distinct document_id)
  from printed
  group by statement_id, metric_id, population_id, extent, figure, qualifier
  union all
  select statement_id, 'sum', metric_id, population_id, null, null, figure, figure, count(distinct document_id)
  from sums
  group by statement_id, metric_id, population_id, figure
  union all
  select statement_id, 'sum', metric_id, population_id, null, null, figure, reading, count(distinct document_id)
  from parts
  group by statement_id, metric_id, population_id, figure, reading
  union all
  select statement_id, 'speaker', null, null, null, null, null, speaker, count(distinct document_id)
  from printed
  group by statement_id, speaker
),
drifts as (
  select statement_id, drift, metric_id, population_id, place_id, extent, figure,
         string_agg(reading || ' (' || cast(documents as varchar) || ')', ', ' order by documents desc, reading) as readings
  from readings
  group by statement_id, drift, metric_id, population_id, place_id, extent, figure
  having count(*) > 1
)
select drifts.statement_id, source_id, said_on, drift, metric_id, population_id, place_id, extent, figure, readings,
       cast(documents as bigint) as documents
from drifts
join statements on statements.statement_id = drifts.statement_id
join reports on reports.statement_id = drifts.statement_id
where documents > 1 or drift = 'speaker'
