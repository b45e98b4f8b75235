-- The extract into a table, its types as declared in bench/jihe.yaml; the checkpoint writes it into the database file.
create table docs as
select *
from read_csv('${CSV}', auto_detect = false, header = true, delim = ',', quote = '"', escape = '"',
    dateformat = '%Y-%m-%d', timestampformat = '%Y-%m-%dT%H:%M:%S',
    columns = {
        'doc_id': 'varchar', 'business_date': 'date', 'processed_at': 'timestamp', 'team': 'varchar',
        'doc_type': 'varchar', 'account': 'varchar', 'org': 'varchar', 'preparer': 'varchar', 'reviewer': 'varchar',
        'payee': 'varchar', 'amount': 'decimal(18, 2)', 'currency': 'varchar', 'status': 'varchar', 'summary': 'varchar'
    });
checkpoint;
