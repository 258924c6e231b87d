-- alias-leads-somewhere: an alias leads to a row of the table that it names
--
-- fix  correct the id, or first add the row to that table

select 'aliases' as resource, aliases._line as line, 'id' as field,
       aliases.id || ' is not in ' || aliases.resource as message
from aliases
left join (
  select 'sources' as resource, source_id as id from sources
  union all select 'places', place_id from places
  union all select 'populations', population_id from populations
) as known on known.resource = aliases.resource and known.id = aliases.id
where known.id is null
