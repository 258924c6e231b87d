-- claims_at(at_version): the claims as a version had them
--
-- `unreleased` gives the present. A version that `releases` does not list is an error. A column that the version did not
-- have is blank.
--
-- grain    one row per claim_id
-- columns  as in claims

with numbered as (
  select releases.version as of_version,
         cast(split_part(releases.version, '.', 1) as bigint) * 1000000000000
         + cast(split_part(releases.version, '.', 2) as bigint) * 1000000
         + cast(split_part(releases.version, '.', 3) as bigint) as number
  from releases
  union all
  select 'unreleased' as of_version, 9000000000000000000 as number
),
found as (
  select max(number) as number from numbered where of_version = at_version
),
asked as (
  select case when number is not null then number
              else error('there is no version ' || coalesce(at_version, 'null') || '; released are '
                         || (select string_agg(version, ', ') from releases)) end as number
  from found
),
spans as (
  select earlier.of_version as span_since, later.of_version as span_until
  from numbered as earlier
  cross join (select of_version, number from numbered
              union all
              select null as of_version, 9100000000000000000 as number) as later
  where earlier.number <= (select number from asked) and later.number > (select number from asked)
)
select claims_history.* exclude (since, until)
from claims_history
semi join spans on since = span_since and until is not distinct from span_until
