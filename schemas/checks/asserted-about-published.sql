-- asserted-about-published: an asserted figure is not about a day after its document was published
--
-- fix  a figure about days to come is `expected`; otherwise correct about_to or the date of publication

select 'claims' as resource, claims._line as line, 'about_to' as field,
       'asserted about ' || cast(coalesce(about_to, about_from) as varchar)
       || ' in a document of ' || cast(published_on as varchar) as message
from claims
join documents using (document_id)
where modality = 'asserted'
  and coalesce(about_to, about_from) > case published_on_precision
    when 'day' then published_on
    when 'month' then last_day(published_on)
    when 'year' then make_date(year(published_on), 12, 31)
  end
