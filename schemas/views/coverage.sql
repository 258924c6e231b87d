-- coverage: how much was read of each source, by month of publication
--
-- grain    one row per source_id and month_published
-- columns  source_id        who said it first
--          month_published  first day of the month; blank when it is not known
--          documents        documents that report the source
--          claims           figures of the source in them, of every modality and extent
--          claims_dated_by_publication  those of them whose day is that of the first report (as_of_basis)
--          claims_undated   those of them that stand for no known day
--          languages        languages of these documents
--          publishers       publishers of these documents that are known

select source_id,
       cast(case when published_on_precision in ('day', 'month') then date_trunc('month', published_on) end as date)
         as month_published,
       cast(count(distinct readings.document_id) as bigint) as documents,
       cast(count(*) as bigint) as claims,
       cast(sum(case when as_of_basis = 'published' then 1 else 0 end) as bigint) as claims_dated_by_publication,
       cast(sum(case when as_of is null then 1 else 0 end) as bigint) as claims_undated,
       cast(count(distinct language) as bigint) as languages,
       cast(count(distinct publisher_id) as bigint) as publishers
from claim_readings as readings
join documents on documents.document_id = readings.document_id
group by source_id,
         cast(case when published_on_precision in ('day', 'month') then date_trunc('month', published_on) end as date)
