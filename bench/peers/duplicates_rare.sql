-- Documents with the same values, each beside them: the groups with their members.
create or replace table members_rare as
select d.doc_id, d.payee, d.amount, d.account, d.org
from docs d
join (select payee, amount, account, org from docs group by payee, amount, account, org having count(*) > 1) twice using (payee, amount, account, org);
checkpoint;
