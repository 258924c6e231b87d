-- relay-is-not-the-publisher: a document's publisher is not a relay of its own report
--
-- fix  remove the step: the publisher is already in documents.publisher_id

select 'relays' as resource, relays._line as line, 'source_id' as field,
       source_id || ' publishes ' || document_id as message
from relays
join documents using (document_id)
where relays.source_id = documents.publisher_id
