// An extract into a Parquet file with Polars, as one process; the file is synced.
// usage: POLARS_MAX_THREADS=N node polars.js whole|stream FILE.csv FILE.parquet
// whole: read into memory, written uncompressed, which is fastest; stream: in batches, zstd, which is smallest.
// Finds nodejs-polars by NODE_PATH.
'use strict';

const fs = require('fs');
const pl = require('nodejs-polars');

// As declared in bench/jihe.yaml.
const schema = {
    doc_id: pl.Utf8, business_date: pl.Date, processed_at: pl.Datetime('us'), team: pl.Utf8, doc_type: pl.Utf8,
    account: pl.Utf8, org: pl.Utf8, preparer: pl.Utf8, reviewer: pl.Utf8, payee: pl.Utf8, amount: pl.Decimal(18, 2),
    currency: pl.Utf8, status: pl.Utf8, summary: pl.Utf8,
};

async function main([mode, csv, parquet]) {
    if (mode === 'stream')
        await pl.scanCSV(csv, { schema, parseDates: true }).sinkParquet(parquet).collect();
    else
        pl.readCSV(csv, { schema, tryParseDates: true }).writeParquet(parquet);

    const file = fs.openSync(parquet, 'r+');
    fs.fsyncSync(file);
    fs.closeSync(file);
}

main(process.argv.slice(2)).catch((error) => {
    console.error(`polars.js: ${error.message}`);
    process.exit(1);
});
