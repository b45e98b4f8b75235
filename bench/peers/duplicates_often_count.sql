-- The groups and how many documents they have; not which.
create or replace table groups_often as
select payee, amount, count(*) as documents from docs group by payee, amount having count(*) > 1;
checkpoint;
