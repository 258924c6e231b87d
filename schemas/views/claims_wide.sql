-- claims_wide: everything about a claim in one row, names spelt out
--
-- grain    one row per claim_id
-- columns  claim_id                one figure, as one document reports it
--          document_id             the document
--          publisher_id, publisher who published it
--          title, url, language    of the document
--          published_on            date, first day of it when only the month or year is known
--          published_on_precision  day, month or year
--          statement_id            the act of saying
--          source_id, source       who said it first
--          source_kind             state, government, military, …
--          source_country          ISO 3166-1 alpha-2
--          said_on                 date, first day of it when only the month or year is known
--          said_on_precision       day, month or year
--          derived_from            the statement that this one is computed from
--          relays                  who passed it on, from the speaker to the document, joined by ` > `
--          credited_to             the speaker as the document has it, when that is another
--          metric_id, metric, unit what is counted, in which unit
--          population_id, population  whose
--          mixed                   whether the population holds others than North Koreans
--          place_id, place         where
--          modality, extent        how it is meant, and whether it is a total
--          about_from, about_to    first and last day of the time that the figure speaks of
--          value, low, high        the numbers that the words give
--          point                   value, else the middle of low and high, else the one bound
--          point_from              value, middle, low or high: what the point is
--          qualifier, wording      how the words hedge the number, and the words
--          hedge, probability_low, probability_high  words of probability and what they stand for
--          note                    what a user must know of the claim

with chains as (
  select document_id, statement_id, string_agg(source_id, ' > ' order by position) as relays
  from relays
  group by document_id, statement_id
)
select claims.claim_id,
       claims.document_id, documents.publisher_id, publishers.name as publisher, documents.title, documents.url,
       documents.language, documents.published_on, documents.published_on_precision,
       claims.statement_id, statements.source_id, speakers.name as source, speakers.kind as source_kind,
       speakers.country as source_country, statements.said_on, statements.said_on_precision, statements.derived_from,
       chains.relays, claims.credited_to,
       claims.metric_id, metrics.name as metric, metrics.unit,
       claims.population_id, populations.name as population, populations.mixed,
       claims.place_id, places.name as place,
       claims.modality, claims.extent, claims.about_from, claims.about_to,
       claims.value, claims.low, claims.high,
       cast(coalesce(value, (low + high) / 2, low, high) as double) as point,
       case when value is not null then 'value'
            when low is not null and high is not null then 'middle'
            when low is not null then 'low'
            when high is not null then 'high' end as point_from,
       claims.qualifier, claims.wording,
       hedges.words as hedge, hedges.probability_low, hedges.probability_high,
       claims.note
from claims
join documents on documents.document_id = claims.document_id
join statements on statements.statement_id = claims.statement_id
join sources as speakers on speakers.source_id = statements.source_id
join metrics on metrics.metric_id = claims.metric_id
left join sources as publishers on publishers.source_id = documents.publisher_id
left join populations on populations.population_id = claims.population_id
left join places on places.place_id = claims.place_id
left join hedges on hedges.hedge_id = claims.hedge_id
left join chains on chains.document_id = claims.document_id and chains.statement_id = claims.statement_id
