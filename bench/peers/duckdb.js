// Runs the statements of an SQL file on a DuckDB database, as one process.
// usage: node duckdb.js DATABASE THREADS FILE.sql [NAME=VALUE...]     NAME=VALUE fills in ${NAME} of the statements
// Prints the last statement's rows as CSV. Finds @duckdb/node-api by NODE_PATH.
'use strict';

const fs = require('fs');
const { DuckDBInstance } = require('@duckdb/node-api');

async function main([database, threads, file, ...settings]) {
    const values = new Map(settings.map((setting) => setting.split(/=(.*)/s, 2)));
    const sql = fs.readFileSync(file, 'utf8').replace(/\$\{(\w+)\}/g, (whole, name) => values.get(name) ?? whole);
    const instance = await DuckDBInstance.create(database, { threads });
    const connection = await instance.connect();
    const rows = (await connection.runAndReadAll(sql)).getRows();

    for (const row of rows)
        console.log(row.join(','));
    connection.closeSync();
    instance.closeSync();
}

main(process.argv.slice(2)).catch((error) => {
    console.error(`duckdb.js: ${error.message}`);
    process.exit(1);
});
