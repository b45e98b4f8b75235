-- The groups and how many documents they have; not which.
create or replace table groups_rare as
select payee, amount, account, org, count(*) as documents from docs group by payee, amount, account, org having count(*) > 1;
checkpoint;
