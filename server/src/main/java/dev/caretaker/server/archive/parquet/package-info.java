/** Parts as Parquet files, made and read by DuckDB, whose driver is no part of this server: without it there is no Parquet. */
package dev.caretaker.server.archive.parquet;
