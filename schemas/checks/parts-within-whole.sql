-- parts-within-whole: in one document, the parts of a figure do not exceed the whole of the same statement
--
-- fix  read the words again: which metric does the number count, and is it a total? If the page contradicts itself, add a line to schemas/exceptions.csv

with floors as (
  select document_id, statement_id, population_id, place_id, metrics.part_of as metric_id, claims.metric_id as part,
         min(coalesce(low, value)) as lowest
  from claims
  join metrics on metrics.metric_id = claims.metric_id
  where modality = 'asserted' and extent = 'total' and metrics.part_of is not null and coalesce(low, value) is not null
  group by document_id, statement_id, population_id, place_id, metrics.part_of, claims.metric_id
),
parts as (
  select document_id, statement_id, population_id, place_id, metric_id, sum(lowest) as lowest
  from floors
  group by document_id, statement_id, population_id, place_id, metric_id
)
select 'claims' as resource, whole._line as line, 'value' as field,
       'the parts add up to ' || cast(parts.lowest as varchar)
       || ', more than ' || cast(coalesce(whole.high, whole.value) as varchar) as message
from claims as whole
join parts
  on parts.document_id = whole.document_id
  and parts.statement_id = whole.statement_id
  and parts.metric_id = whole.metric_id
  and parts.population_id is not distinct from whole.population_id
  and parts.place_id is not distinct from whole.place_id
where whole.modality = 'asserted' and whole.extent = 'total'
  and parts.lowest > coalesce(whole.high, whole.value)
