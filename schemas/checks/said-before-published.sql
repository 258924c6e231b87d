-- said-before-published: nothing is published before it is said, as far as both dates are known
--
-- fix  correct said_on or published_on; if the document is older, it reports another statement

select distinct 'claims' as resource, claims._line as line, 'statement_id' as field,
       'said on ' || cast(said_on as varchar) || ', in a document of ' || cast(published_on as varchar) as message
from claims
join documents using (document_id)
join statements using (statement_id)
where said_on > case published_on_precision
    when 'day' then published_on
    when 'month' then last_day(published_on)
    when 'year' then make_date(year(published_on), 12, 31)
  end
