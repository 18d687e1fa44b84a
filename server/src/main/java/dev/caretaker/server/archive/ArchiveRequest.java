package dev.caretaker.server.archive;

import dev.caretaker.server.store.Actor;
import java.time.Instant;
import java.util.Optional;
import java.util.UUID;

/**
 * An archive as a step orders it. It is kept in the control store from before the first row is written, and becomes part of the
 * manifest.
 *
 * @param id of the caller's choice, the same at every attempt: part of the step's parameters
 * @param target name of the target
 * @param source table or partition the rows come from
 * @param policy policy or partition set it serves; empty if none
 * @param plan plan of the run, if any
 * @param run run whose step writes it
 * @param actor who started the run
 * @param cutoff rows strictly older leave; empty where a whole partition does
 * @param predicate which rows leave, in words
 * @param timeColumn column whose first and last value are kept for every part; empty if there is none
 * @param terms where it goes, and how
 */
public record ArchiveRequest(
        UUID id,
        String target,
        ArchiveSource source,
        String policy,
        Optional<UUID> plan,
        UUID run,
        Actor actor,
        Optional<Instant> cutoff,
        String predicate,
        Optional<String> timeColumn,
        ArchiveTerms terms) {}
