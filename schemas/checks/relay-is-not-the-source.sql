-- relay-is-not-the-source: who says a thing is not a relay of it
--
-- fix  remove the step: the speaker is already in statements.source_id

select 'relays' as resource, relays._line as line, 'source_id' as field,
       relays.source_id || ' says ' || statement_id || ' itself' as message
from relays
join statements using (statement_id)
where relays.source_id = statements.source_id
