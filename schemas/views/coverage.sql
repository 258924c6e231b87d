-- coverage: how much was read of each source, by month of publication
--
-- grain    one row per source_id and month_published
-- columns  source_id        who said it first
--          month_published  first day of the month; blank when it is not known
--          documents        documents that report the source
--          claims           figures of the source in them, of every modality and extent
--          languages        languages of these documents
--          publishers       publishers of these documents that are known

select statements.source_id,
       cast(case when published_on_precision in ('day', 'month') then date_trunc('month', published_on) end as date)
         as month_published,
       cast(count(distinct claims.document_id) as bigint) as documents,
       cast(count(*) as bigint) as claims,
       cast(count(distinct language) as bigint) as languages,
       cast(count(distinct publisher_id) as bigint) as publishers
from claims
join statements on statements.statement_id = claims.statement_id
join documents on documents.document_id = claims.document_id
group by statements.source_id,
         cast(case when published_on_precision in ('day', 'month') then date_trunc('month', published_on) end as date)
