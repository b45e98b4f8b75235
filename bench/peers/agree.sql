-- jihe's work list (CSV) against DuckDB's (the table worklist): documents of each rule in either list and in both. Rules
-- that draw agree in number only: each program draws its own documents.
with rules(bit, rule, drawn) as (
    values (1, 'r01-team-ratio', true), (2, 'r02-large', false), (4, 'r03-money-units', true), (8, 'r04-types', false),
        (16, 'r05-accounts', false), (32, 'r06-persons', false), (64, 'r07-volume-jump', true),
        (128, 'r08-split-payment', false), (256, 'r09-twice-paid', false), (512, 'r10-org-minimum', true),
        (1024, 'r11-night-work', false), (2048, 'r12-self-review', false)),
ours as (
    select doc_id, unnest(string_split(rules, ';')) as rule
    from read_csv('${WORKLIST}', header = true, all_varchar = true, delim = ',', quote = '"', escape = '"')),
theirs as (select doc_id, rule from worklist join rules on worklist.mask & bit <> 0),
counted as (
    select rule, count(ours.doc_id) as ours, count(theirs.doc_id) as theirs,
        count(*) filter (ours.doc_id is not null and theirs.doc_id is not null) as common
    from ours full join theirs using (doc_id, rule) group by rule)
select rule, coalesce(ours, 0), coalesce(theirs, 0),
    if(drawn, '-', coalesce(common, 0)::varchar),
    if(coalesce(ours = theirs and (drawn or common = ours), true), 'agree', 'differ')
from rules left join counted using (rule)
order by rule;
