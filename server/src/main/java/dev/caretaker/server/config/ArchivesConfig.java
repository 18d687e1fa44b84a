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
 * @param destinations by name
 */
public record ArchivesConfig(
        Path spool, Duration sealWait, long spoolLimit, SortedMap<String, DestinationConfig> destinations) {}
