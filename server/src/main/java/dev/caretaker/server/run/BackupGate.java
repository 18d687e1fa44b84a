package dev.caretaker.server.run;

import dev.caretaker.server.error.CaretakerException;
import dev.caretaker.server.error.Reason;
import dev.caretaker.server.store.TableName;
import jakarta.inject.Singleton;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Refuses work whose tables are in no backup that is new enough. */
@Singleton
public class BackupGate {
    private final BackupWitness witness;
    private final Clock clock;

    BackupGate(BackupWitness witness, Clock clock) {
        this.witness = witness;
        this.clock = clock;
    }

    /** Why the demand is not met as far as is known, a sentence; empty if it is. Nobody is asked. */
    public Optional<String> objection(String target, Collection<TableName> tables, BackupDemand demand) {
        List<BackupProof> all = witness.of(target);
        Instant now = clock.instant();
        for (TableName table : tables) {
            Optional<BackupProof> newest = all.stream()
                    .filter(proof -> proof.extent().covers(table))
                    .filter(proof -> !demand.verified() || proof.verified().isPresent())
                    .findFirst();
            boolean met = newest.filter(
                            proof -> proof.time().plus(demand.within()).isAfter(now))
                    .isPresent();
            if (!met) {
                return Optional.of(objection(table, newest, demand, now));
            }
        }
        return Optional.empty();
    }

    /**
     * Fails if the demand is not met now.
     *
     * @throws CaretakerException BACKUP_TOO_OLD
     */
    public void require(String target, Collection<TableName> tables, BackupDemand demand) {
        objectionNow(target, List.of(new NeededBackup(List.copyOf(tables), demand)))
                .ifPresent(why -> {
                    throw CaretakerException.of(
                            Reason.BACKUP_TOO_OLD,
                            why,
                            Map.of(
                                    "target", target,
                                    "within_seconds",
                                            Long.toString(demand.within().toSeconds()),
                                    "verified", Boolean.toString(demand.verified())));
                });
    }

    /**
     * Why one of these is lacking, a sentence that says whose demand it is; empty if all are there. Before there is an objection whoever makes
     * backups is asked: while no server of ours was at work nobody has.
     */
    public Optional<String> objectionNow(String target, List<NeededBackup> needed) {
        if (objection(target, needed).isEmpty()) {
            return Optional.empty();
        }
        List<String> unknown = witness.look(target);
        return objection(target, needed)
                .map(why -> Stream.concat(Stream.of(why), unknown.stream()).collect(Collectors.joining(" ")));
    }

    private Optional<String> objection(String target, List<NeededBackup> needed) {
        return needed.stream()
                .flatMap(need -> objection(target, need.tables(), need.demand())
                        .map(why -> need.by().isEmpty() ? why : need.by() + ": " + why)
                        .stream())
                .findFirst();
    }

    private static String objection(TableName table, Optional<BackupProof> newest, BackupDemand demand, Instant now) {
        String kind = demand.verified() ? "verified backup" : "backup";
        String found = newest.map(proof -> "the newest " + kind + " that holds " + table + " is "
                        + words(Duration.between(proof.time(), now)) + " old (" + proof.maker() + " " + proof.id()
                        + ")")
                .orElse("there is no " + kind + " that holds " + table);
        return "A " + kind + " of the last " + words(demand.within()) + " is required, and " + found + ".";
    }

    /** As people say it: 90 minutes, 25 hours, 9 days. */
    public static String words(Duration duration) {
        if (duration.compareTo(Duration.ofHours(2)) < 0) {
            long minutes = duration.toMinutes();
            return minutes + (minutes == 1 ? " minute" : " minutes");
        }
        return duration.compareTo(Duration.ofHours(72)) <= 0
                ? duration.toHours() + " hours"
                : duration.toDays() + " days";
    }
}
