-- Persons' counts of the three months before: none, as in a workspace of one date.
create table hist (person varchar, count bigint);
checkpoint;
