package dev.caretaker.server.config;

import java.nio.file.Path;
import java.time.Duration;
import java.util.SortedMap;

/**
 * Where archives go, under {@code caretaker.archives}.
 *
 * @param spool folder in which rows are kept until they are at their destination
 * @param sealWait how long the end of a step waits until its archive is stored; it is carried on after that
 * @param spoolLimit most bytes of full parts that lie in the spool; a batch that would begin another one waits
 * @param parquetDriver jar of DuckDB's JDBC driver, or the folder it is in; need not be there
 * @param parquetMemory most bytes that DuckDB takes for a file that it writes or reads
 * @param destinations by name
 */
public record ArchivesConfig(
        Path spool,
        Duration sealWait,
        long spoolLimit,
        Path parquetDriver,
        long parquetMemory,
        SortedMap<String, DestinationConfig> destinations) {}
