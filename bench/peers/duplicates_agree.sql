-- The members that jihe lists (CSV) against DuckDB's: of either, and in both.
with ours as (
    select doc_id from read_csv('${MEMBERS}', header = true, all_varchar = true, delim = ',', quote = '"', escape = '"')),
theirs as (select doc_id from members_${RULE})
select '${RULE}', count(ours.doc_id), count(theirs.doc_id),
    count(*) filter (ours.doc_id is not null and theirs.doc_id is not null),
    if(count(*) = count(ours.doc_id) and count(*) = count(theirs.doc_id), 'agree', 'differ')
from ours full join theirs using (doc_id);
