-- claim_readings: how each claim reads its number, and the day for which the figure stands
--
-- A reading is what a number is said to count: metric, population, modality and extent. Within a statement each number has
-- the reading that most documents print, then that with the fewest relays, then the earliest published; and every reading
-- that a document prints beside that one. Any other is outvoted: a document garbled it, or means another statement. So is a
-- number that one document alone prints where several have the figure in words without a number (“several hundred”).
--
-- grain    one row per claim_id
-- columns  claim_id         one figure, as one document reports it
--          document_id      the document
--          statement_id     the act of saying
--          source_id        who said it first
--          metric_id        what is counted
--          population_id    whose; blank for materiel
--          place_id         where, for a metric that does not accumulate, which is compared place by place; otherwise blank
--          lowest           low, else value, else high, in the unit of the metric; blank where the words give no number
--          highest          high, else value, else low
--          outvoted         whether other documents read the number of this statement otherwise
--          comparable       whether it is an asserted total of North Koreans alone with a number; views compare those not outvoted
--          reported_on      last day on which the document can have been published; blank when the day and month are not known
--          as_of            day for which the figure stands: the last that as_of_basis allows; blank when nothing is known
--          as_of_precision  day, month or year
--          as_of_basis      about (end of the time spoken of), said, or published (first report: said on that day or before)

with documents_dated as (
  select document_id, published_on_precision,
         case published_on_precision when 'day' then published_on
              when 'month' then last_day(published_on)
              when 'year' then make_date(year(published_on), 12, 31) end as published_by
  from documents
),
steps as (
  select document_id, statement_id, count(*) as relays
  from relays
  group by document_id, statement_id
),
read_claims as (
  select claims.claim_id, claims.document_id, claims.statement_id, statements.source_id, claims.metric_id,
         claims.population_id, case when accumulates then null else place_id end as place_id, modality, extent,
         coalesce(low, value, high) as lowest, coalesce(high, value, low) as highest, about_to,
         coalesce(mixed, false) as is_mixed, coalesce(steps.relays, 0) as relays, published_by, published_on_precision
  from claims
  join statements on statements.statement_id = claims.statement_id
  join metrics on metrics.metric_id = claims.metric_id
  join documents_dated on documents_dated.document_id = claims.document_id
  left join populations on populations.population_id = claims.population_id
  left join steps on steps.document_id = claims.document_id and steps.statement_id = claims.statement_id
),
votes as (
  select statement_id, lowest, highest, metric_id, population_id, modality, extent,
         row_number() over (
           partition by statement_id, lowest, highest
           order by count(distinct document_id) desc, min(relays), min(published_by) nulls last, min(claim_id)
         ) as place
  from read_claims
  where lowest is not null
  group by statement_id, lowest, highest, metric_id, population_id, modality, extent
),
winning as (
  select distinct read_claims.statement_id, read_claims.document_id, read_claims.lowest, read_claims.highest
  from read_claims
  join votes
    on votes.statement_id = read_claims.statement_id and votes.lowest = read_claims.lowest
    and votes.highest = read_claims.highest and votes.metric_id = read_claims.metric_id
    and votes.population_id is not distinct from read_claims.population_id
    and votes.modality = read_claims.modality and votes.extent = read_claims.extent
  where place = 1
),
supported as (
  select distinct read_claims.statement_id, read_claims.lowest, read_claims.highest, metric_id, population_id, modality, extent
  from read_claims
  join winning
    on winning.statement_id = read_claims.statement_id and winning.document_id = read_claims.document_id
    and winning.lowest = read_claims.lowest and winning.highest = read_claims.highest
),
printed as (
  select statement_id, metric_id, population_id, lowest, highest, count(distinct document_id) as documents
  from read_claims
  group by statement_id, metric_id, population_id, lowest, highest
),
in_words as (
  select one.statement_id, one.metric_id, one.population_id, one.lowest, one.highest
  from printed as one
  join printed as words
    on words.statement_id = one.statement_id and words.metric_id = one.metric_id
    and words.population_id is not distinct from one.population_id
  where one.documents = 1 and words.lowest is null and words.documents > 1
),
first_reports as (
  select statement_id, published_by, published_on_precision,
         row_number() over (partition by statement_id order by published_by, published_on_precision, document_id) as place
  from read_claims
  where published_by is not null
),
occasions as (
  select statements.statement_id, said_on_precision, first_reports.published_by, first_reports.published_on_precision,
         case said_on_precision when 'day' then said_on
              when 'month' then last_day(said_on)
              when 'year' then make_date(year(said_on), 12, 31) end as said_by
  from statements
  left join first_reports on first_reports.statement_id = statements.statement_id and first_reports.place = 1
),
latest_days as (
  select statement_id,
         case when said_on_precision <> 'day' and published_by < said_by then published_by else coalesce(said_by, published_by) end as day,
         case when said_by is null or (said_on_precision = 'year' and published_by < said_by) then 'published'
              else 'said' end as basis,
         said_on_precision, published_on_precision
  from occasions
),
spoken_of as (
  select statement_id, metric_id, population_id, place_id, lowest, highest, about_to,
         row_number() over (
           partition by statement_id, metric_id, population_id, place_id, lowest, highest
           order by count(distinct document_id) desc, about_to
         ) as place
  from read_claims
  where about_to is not null
  group by statement_id, metric_id, population_id, place_id, lowest, highest, about_to
)
select read_claims.claim_id, read_claims.document_id, read_claims.statement_id, read_claims.source_id,
       read_claims.metric_id, read_claims.population_id, read_claims.place_id, read_claims.lowest, read_claims.highest,
       read_claims.lowest is not null and (supported.statement_id is null or in_words.statement_id is not null) as outvoted,
       read_claims.modality = 'asserted' and read_claims.extent = 'total' and not is_mixed
         and read_claims.lowest is not null as comparable,
       cast(case when read_claims.published_on_precision in ('day', 'month') then read_claims.published_by end as date)
         as reported_on,
       cast(case when spoken_of.about_to <= coalesce(day, spoken_of.about_to) then spoken_of.about_to else day end as date)
         as as_of,
       case when spoken_of.about_to <= coalesce(day, spoken_of.about_to) then 'day'
            when basis = 'said' then said_on_precision else latest_days.published_on_precision end as as_of_precision,
       case when spoken_of.about_to <= coalesce(day, spoken_of.about_to) then 'about'
            when day is not null then basis end as as_of_basis
from read_claims
join latest_days on latest_days.statement_id = read_claims.statement_id
left join supported
  on supported.statement_id = read_claims.statement_id and supported.lowest = read_claims.lowest
  and supported.highest = read_claims.highest and supported.metric_id = read_claims.metric_id
  and supported.population_id is not distinct from read_claims.population_id
  and supported.modality = read_claims.modality and supported.extent = read_claims.extent
left join spoken_of
  on spoken_of.statement_id = read_claims.statement_id and spoken_of.metric_id = read_claims.metric_id
  and spoken_of.population_id is not distinct from read_claims.population_id
  and spoken_of.place_id is not distinct from read_claims.place_id
  and spoken_of.lowest is not distinct from read_claims.lowest
  and spoken_of.highest is not distinct from read_claims.highest
  and spoken_of.place = 1
left join in_words
  on in_words.statement_id = read_claims.statement_id and in_words.lowest = read_claims.lowest
  and in_words.highest = read_claims.highest and in_words.metric_id = read_claims.metric_id
  and in_words.population_id is not distinct from read_claims.population_id
