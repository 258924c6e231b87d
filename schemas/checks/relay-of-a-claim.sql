-- relay-of-a-claim: a relay passes on a statement that its document has a claim of
--
-- fix  remove the row, or correct the document or statement that it names

select 'relays' as resource, relays._line as line, 'statement_id' as field,
       document_id || ' has no claim of ' || statement_id as message
from relays
anti join claims using (document_id, statement_id)
