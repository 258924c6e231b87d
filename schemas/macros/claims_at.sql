-- claims_at(at_version): the claims as a version had them
--
-- `unreleased` gives the present. A version that `releases` does not list gives no row. A column that the version did
-- not have is blank.
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
asked as (
  select number from numbered where of_version = at_version
)
select claims_history.* exclude (since, until)
from claims_history
where since in (select of_version from numbered where number <= (select number from asked))
  and (until is null or until in (select of_version from numbered where number > (select number from asked)))
