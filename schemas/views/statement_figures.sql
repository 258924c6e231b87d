-- statement_figures: the figure of each statement, chosen among its reports; what the views that compare stand on
--
-- Left out: what is not an asserted total, mixed populations, claims without a number, readings that are outvoted (see
-- claim_readings). Where reports disagree, the figure is the one that most documents print; then the one with the fewest
-- relays; then the earliest published; then the first by key.
--
-- grain    one row per statement_id, metric_id, population_id, place_id and as_of
-- columns  statement_id      the act of saying
--          source_id         who said it first
--          origin_id         the government, organisation, newsroom or person that the source speaks for; blank where it is none
--          said_on           date, first day of it when only the month or year is known
--          month_said        first day of the month in which it was said; blank when the month is not known
--          metric_id         what is counted
--          population_id     whose; blank for materiel
--          place_id          where, for a metric that does not accumulate, which is compared place by place; otherwise blank
--          as_of             day for which the figure stands, the last that as_of_basis allows; blank when nothing is known
--          as_of_precision   day, month or year
--          as_of_basis       about (end of the time spoken of), said, or published (first report: said on that day or before)
--          month             first day of the month of as_of, or of that of the statement that it repeats; blank when not known
--          day               former name of as_of
--          value, low, high  the figure, in the unit of the metric
--          lowest            low, else value, else high
--          highest           high, else value, else low
--          point             value, else the middle of low and high, else the one bound
--          claims            claims compared, reports of the statement counted each
--          documents         documents that report it
--          reports_agree     whether all of them give this figure
--          claims_outvoted   claims that read this number of the statement otherwise, against most documents
--          last_reported_on  last day on which a document that prints it was published, repeats included; blank when not known
--          repeats           the statement of the same source that gave the figure before, where this one is not dated itself
--          disputed          whether one document alone supports it, and the source gave the same number as another metric

with compared as (
  select readings.statement_id, readings.source_id, readings.metric_id, readings.population_id, readings.place_id, as_of,
         as_of_precision, as_of_basis, value, low, high, readings.lowest, readings.highest, readings.claim_id,
         readings.document_id, reported_on, published_on, relays
  from claim_readings as readings
  join claims on claims.claim_id = readings.claim_id
  join documents on documents.document_id = readings.document_id
  left join (select document_id, statement_id, count(*) as relays from relays group by document_id, statement_id) as steps
    on steps.document_id = readings.document_id and steps.statement_id = readings.statement_id
  where comparable and not outvoted
),
printed as (
  select statement_id, source_id, metric_id, population_id, place_id, as_of, value, low, high, lowest, highest,
         min(as_of_precision) as as_of_precision, min(as_of_basis) as as_of_basis, count(*) as claims,
         count(distinct document_id) as documents, max(reported_on) as reported_on, min(coalesce(relays, 0)) as relays,
         min(published_on) as published_on, min(claim_id) as claim_id
  from compared
  group by statement_id, source_id, metric_id, population_id, place_id, as_of, value, low, high, lowest, highest
),
ranked as (
  select *,
         row_number() over (
           partition by statement_id, metric_id, population_id, place_id, as_of
           order by documents desc, relays, published_on nulls last, claim_id
         ) as place,
         count(*) over (partition by statement_id, metric_id, population_id, place_id, as_of) as figures,
         sum(claims) over (partition by statement_id, metric_id, population_id, place_id, as_of) as claims_of_all
  from printed
),
counts as (
  select statement_id, metric_id, population_id, place_id, as_of, count(distinct document_id) as documents
  from compared
  group by statement_id, metric_id, population_id, place_id, as_of
),
outvoted as (
  select statement_id, lowest, highest, count(*) as claims
  from claim_readings
  where comparable and outvoted
  group by statement_id, lowest, highest
),
figures as (
  select ranked.*, said_on, said_on_precision, counts.documents as documents_of_all, outvoted.claims as claims_outvoted,
         sum(ranked.documents) over (
           partition by ranked.source_id, ranked.metric_id, ranked.population_id, ranked.lowest, ranked.highest
         ) as support,
         row_number() over (
           partition by ranked.source_id, ranked.metric_id, ranked.population_id, ranked.place_id, ranked.lowest, ranked.highest
           order by ranked.as_of nulls last, said_on nulls last, ranked.statement_id
         ) as turn
  from ranked
  join counts
    on counts.statement_id = ranked.statement_id
    and counts.metric_id = ranked.metric_id
    and counts.population_id is not distinct from ranked.population_id
    and counts.place_id is not distinct from ranked.place_id
    and counts.as_of is not distinct from ranked.as_of
  join statements on statements.statement_id = ranked.statement_id
  left join outvoted
    on outvoted.statement_id = ranked.statement_id
    and outvoted.lowest = ranked.lowest and outvoted.highest = ranked.highest
  where ranked.place = 1
),
sequence as (
  select *,
         sum(case when turn = 1 or said_on is not null then 1 else 0 end) over (
           partition by source_id, metric_id, population_id, place_id, lowest, highest order by turn
         ) as occasion
  from figures
),
occasions as (
  select *,
         min(case when turn = 1 or said_on is not null then statement_id end) over (
           partition by source_id, metric_id, population_id, place_id, lowest, highest, occasion
         ) as first_statement,
         min(as_of) over (
           partition by source_id, metric_id, population_id, place_id, lowest, highest, occasion
         ) as first_day,
         min(case when turn = 1 or said_on is not null then as_of_precision end) over (
           partition by source_id, metric_id, population_id, place_id, lowest, highest, occasion
         ) as first_precision,
         max(reported_on) over (
           partition by source_id, metric_id, population_id, place_id, lowest, highest, occasion
         ) as last_reported_on
  from sequence
),
doubted as (
  select distinct one.statement_id, one.metric_id, one.population_id, one.lowest, one.highest
  from occasions as one
  join occasions as other
    on other.source_id = one.source_id and other.lowest = one.lowest and other.highest = one.highest
    and other.metric_id <> one.metric_id
  where one.support = 1 and other.support > 1
    and date_diff('day', other.as_of, one.as_of) >= -60
    and date_diff('day', coalesce(other.last_reported_on, other.as_of), one.as_of) <= 60
)
select occasions.statement_id, occasions.source_id, origin_id, said_on,
       cast(case when said_on_precision in ('day', 'month') then date_trunc('month', said_on) end as date) as month_said,
       occasions.metric_id, occasions.population_id, occasions.place_id,
       as_of, as_of_precision, as_of_basis,
       cast(date_trunc('month', case when first_precision <> 'year' then first_day end) as date) as month,
       as_of as day,
       value, low, high, occasions.lowest, occasions.highest,
       cast(coalesce(value, (low + high) / 2, low, high) as double) as point,
       cast(claims_of_all as bigint) as claims,
       cast(documents_of_all as bigint) as documents,
       figures = 1 as reports_agree,
       cast(coalesce(claims_outvoted, 0) as bigint) as claims_outvoted,
       cast(last_reported_on as date) as last_reported_on,
       case when first_statement <> occasions.statement_id then first_statement end as repeats,
       doubted.statement_id is not null as disputed
from occasions
join source_origins on source_origins.source_id = occasions.source_id
left join doubted
  on doubted.statement_id = occasions.statement_id
  and doubted.metric_id = occasions.metric_id
  and doubted.population_id is not distinct from occasions.population_id
  and doubted.lowest = occasions.lowest and doubted.highest = occasions.highest
