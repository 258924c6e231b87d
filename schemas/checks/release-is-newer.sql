-- release-is-newer: each release has a higher version than the one above it, and is not dated before it
--
-- fix  leave the releases to `python -m scripts release`

with numbered as (
  select _line, version, released_on,
         cast(split_part(version, '.', 1) as bigint) * 1000000000000
         + cast(split_part(version, '.', 2) as bigint) * 1000000
         + cast(split_part(version, '.', 3) as bigint) as number
  from releases
),
steps as (
  select _line, version, released_on, number,
         lag(number) over (order by _line) as number_before,
         lag(released_on) over (order by _line) as released_before
  from numbered
)
select 'releases' as resource, _line as line,
       case when number <= number_before then 'version' else 'released_on' end as field,
       version || ' of ' || cast(released_on as varchar) || ' does not follow the release above' as message
from steps
where number <= number_before or released_on < released_before
