-- What every measured process pays: node, the package, opening the database.
select count(*) from docs;
