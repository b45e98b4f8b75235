drop table if exists worklist;
checkpoint;
