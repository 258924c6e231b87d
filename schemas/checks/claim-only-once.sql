-- claim-only-once: a document reports one figure of one statement once
--
-- fix  keep one claim, worded as the body of the page first has it

with alike as (
  select document_id
  from claims
  where qualifier <> 'vague'
  group by document_id, metric_id, coalesce(value, low, high)
  having count(*) > 1
),
seen as (
  select _line, claim_id,
         min(claim_id) over (
           partition by document_id, statement_id, metric_id, population_id, place_id, modality, extent,
                        about_from, about_to, value, low, high
         ) as first_id
  from claims
  semi join alike using (document_id)
  where qualifier <> 'vague'
)
select 'claims' as resource, _line as line, 'claim_id' as field, 'says the same as ' || first_id as message
from seen
where claim_id <> first_id
