-- relays-without-gap: the relays of a statement in a document stand in places 1, 2, … without gap or double
--
-- fix  count the relays from the speaker on: 1 stands next to the speaker

with places as (
  select _line, document_id, statement_id, position,
         row_number() over (partition by document_id, statement_id order by position, source_id) as place
  from relays
)
select 'relays' as resource, _line as line, 'position' as field,
       'position ' || cast(position as varchar) || ' where ' || cast(place as varchar) || ' comes next' as message
from places
where position <> place
