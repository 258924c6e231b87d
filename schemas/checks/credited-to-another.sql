-- credited-to-another: credited_to names a speaker only where the document has another than the statement
--
-- fix  leave the cell blank: the speaker is already in statements.source_id

select 'claims' as resource, claims._line as line, 'credited_to' as field,
       credited_to || ' is the source of ' || statement_id as message
from claims
join statements using (statement_id)
where credited_to = statements.source_id
