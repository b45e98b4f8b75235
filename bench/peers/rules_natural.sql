-- The twelve rules of bench/rules.yaml, each as one plain statement; rule rNN sets bit NN - 1. Draws take the documents
-- of least hash, exactly as many as the rule asks for.
create temp table hits (seq bigint, bit integer);

insert into hits -- r01-team-ratio
select seq, 1
from (select rowid as seq, row_number() over (partition by team order by hash(rowid + 11)) as place,
          count(*) over (partition by team) as n from docs)
where place <= (n * 10 + 99) // 100;

insert into hits select rowid, 2 from docs where amount >= 100000; -- r02-large

insert into hits -- r03-money-units: the least hashes by the amount
select seq, 4
from (select rowid as seq from docs where status = 'posted' and amount > 0
      order by hash(rowid + 33) / amount::double limit 1000);

insert into hits -- r04-types
select rowid, 8 from docs where doc_type in ('LOAN-EXT', 'KYC-EXT', 'TAX-ADJ', 'FEE-REV', 'WIRE-ADJ', 'CLM-URG');

insert into hits -- r05-accounts
select rowid, 16 from docs
where account in (
    '400161', '400329', '400497', '400665', '400833', '401001', '401169', '401337', '401505', '401673', '401841', '402009',
    '402177', '402345', '402513', '402681', '402849', '403017', '403185', '403353', '403521', '403689', '403857', '404025');

insert into hits -- r06-persons
select rowid, 32 from docs
where preparer in (
        'EMP001260', 'EMP003110', 'EMP004960', 'EMP006810', 'EMP008660', 'EMP010510', 'EMP012360', 'EMP014210', 'EMP016060',
        'EMP017910', 'EMP019760', 'EMP021610', 'EMP023460', 'EMP025310', 'EMP027160', 'EMP029010', 'EMP030860', 'EMP032710',
        'EMP034560', 'EMP036410')
    or reviewer in (
        'EMP001260', 'EMP003110', 'EMP004960', 'EMP006810', 'EMP008660', 'EMP010510', 'EMP012360', 'EMP014210', 'EMP016060',
        'EMP017910', 'EMP019760', 'EMP021610', 'EMP023460', 'EMP025310', 'EMP027160', 'EMP029010', 'EMP030860', 'EMP032710',
        'EMP034560', 'EMP036410');

insert into hits -- r07-volume-jump: more than 1.5 times the mean of three months
select seq, 64
from (select d.rowid as seq, row_number() over (partition by d.preparer order by hash(d.rowid + 77)) as place, jump.n
      from docs d
      join (select now.preparer, now.n
            from (select preparer, count(*) as n from docs group by preparer) now
            join (select person, sum(count) as earlier from hist group by person) past on past.person = now.preparer
            where 3 * now.n > 1.5 * past.earlier) jump on jump.preparer = d.preparer)
where place <= (n * 25 + 99) // 100;

insert into hits -- r08-split-payment
select d.rowid, 128
from docs d
join (select payee, business_date from docs where amount between 8000 and 9999.99
      group by payee, business_date having count(*) >= 3) often using (payee, business_date)
where amount between 8000 and 9999.99;

insert into hits -- r09-twice-paid
select d.rowid, 256
from docs d
join (select payee, amount from docs group by payee, amount having count(*) >= 2) twice using (payee, amount);

insert into hits -- r10-org-minimum
select seq, 512
from (select rowid as seq, row_number() over (partition by org order by hash(rowid + 1010)) as place,
          count(*) over (partition by org) as n from docs)
where place <= greatest(5, (n * 2 + 99) // 100);

insert into hits -- r11-night-work
select rowid, 1024 from docs
where (processed_at < timestamp '2026-01-05 07:00:00' or processed_at >= timestamp '2026-01-05 21:00:00')
    and amount >= 50000;

insert into hits select rowid, 2048 from docs where preparer = reviewer; -- r12-self-review

create table worklist as
select d.doc_id, h.mask
from (select seq, bit_or(bit) as mask from hits group by seq) h join docs d on d.rowid = h.seq;
checkpoint;
