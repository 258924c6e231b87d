-- population-where-persons: a count of persons says whose, materiel does not
--
-- fix  name the smallest population that holds all who are named; leave the cell blank for materiel

select 'claims' as resource, claims._line as line, 'population_id' as field,
       case when population_id is null then claims.metric_id || ' counts persons, and the population is blank'
            else claims.metric_id || ' counts ' || unit || ', and has a population' end as message
from claims
join metrics on metrics.metric_id = claims.metric_id
where (unit in ('persons', 'persons per day') and population_id is null)
   or (unit in ('containers', 'voyages', 'shells', 'shells per month', 'missiles', 'pieces', 'munitions', 'barrels', 'loadings')
       and population_id is not null)
