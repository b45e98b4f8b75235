-- Documents with the same values, each beside them: the groups with their members.
create or replace table members_often as
select d.doc_id, d.payee, d.amount
from docs d
join (select payee, amount from docs group by payee, amount having count(*) > 1) twice using (payee, amount);
checkpoint;
