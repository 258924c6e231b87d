-- used-or-justified: every document, statement, source, metric, population and place is used
--
-- fix  take the row out, or add a line to schemas/exceptions.csv that says why it stays

with used as (
  select distinct 'documents' as resource, document_id as id from claims
  union all select distinct 'statements', statement_id from claims
  union all select distinct 'statements', derived_from from statements
  union all select distinct 'sources', publisher_id from documents
  union all select distinct 'sources', source_id from statements
  union all select distinct 'sources', source_id from relays
  union all select distinct 'sources', credited_to from claims
  union all select distinct 'sources', part_of from sources
  union all select distinct 'metrics', metric_id from claims
  union all select distinct 'metrics', part_of from metrics
  union all select distinct 'populations', population_id from claims
  union all select distinct 'populations', part_of from populations
  union all select distinct 'places', place_id from claims
  union all select distinct 'places', part_of from places
),
rows_of as (
  select 'documents' as resource, _line, document_id as id, 'document_id' as field from documents
  union all select 'statements', _line, statement_id, 'statement_id' from statements
  union all select 'sources', _line, source_id, 'source_id' from sources
  union all select 'metrics', _line, metric_id, 'metric_id' from metrics
  union all select 'populations', _line, population_id, 'population_id' from populations
  union all select 'places', _line, place_id, 'place_id' from places
)
select rows_of.resource as resource, _line as line, field as field, 'no row uses ' || id as message
from rows_of
anti join used using (resource, id)
