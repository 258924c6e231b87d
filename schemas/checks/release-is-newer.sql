-- release-is-newer: each release has a higher version than the one above it, and is not dated before it
--
-- fix  leave the releases to `python -m scripts release`

with numbered as (
  select _line, version, released_on,
         lpad(split_part(version, '.', 1), 20, '0') || lpad(split_part(version, '.', 2), 20, '0')
         || lpad(split_part(version, '.', 3), 20, '0') as number
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
