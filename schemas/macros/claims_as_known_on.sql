-- claims_as_known_on(day): the claims that were surely in print by a day
--
-- A document of which only the month or year is known counts from its last day on; an undated one never does.
--
-- grain    one row per claim_id
-- columns  as in claims_wide

select *
from claims_wide
where case published_on_precision
        when 'day' then published_on
        when 'month' then last_day(published_on)
        when 'year' then make_date(year(published_on), 12, 31)
      end <= case when isfinite(cast(day as date)) then cast(day as date)
                  else error('name a day, as claims_as_known_on(''2025-01-31'')') end
