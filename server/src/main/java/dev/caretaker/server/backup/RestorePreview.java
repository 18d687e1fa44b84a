package dev.caretaker.server.backup;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What a restore would make, and what not.
 *
 * @param tables that it would make, with the rows that they would have
 * @param objects how many objects of each kind it would make, by kind
 * @param bytes that it would fetch
 * @param leftOut what would not be there, or not as it was, one sentence each
 * @param obstacles why it would be refused now, one sentence each
 * @param lastRestore how long the latest verification took to restore all of the backup
 */
public record RestorePreview(
        List<CopiedTable> tables,
        Map<String, Long> objects,
        long bytes,
        List<String> leftOut,
        List<String> obstacles,
        Optional<Duration> lastRestore) {}
