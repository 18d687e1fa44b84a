package dev.caretaker.server.backup.health;

import dev.caretaker.server.backup.Evidence;
import dev.caretaker.server.backup.external.ExternalLooks;
import dev.caretaker.server.backup.external.ExternalLooks.Known;
import dev.caretaker.server.config.BackupToolsConfig;
import dev.caretaker.server.config.BackupToolsConfig.OfTarget;
import dev.caretaker.server.error.CaretakerException;
import dev.caretaker.server.error.Reason;
import dev.caretaker.server.run.BackupProof;
import dev.caretaker.server.store.BackupRow;
import dev.caretaker.server.target.Target;
import dev.caretaker.server.target.Targets;
import jakarta.inject.Singleton;
import java.time.Clock;
import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;

/** Judges the backups of targets. */
@Singleton
public class BackupHealths {
    /** A daily backup, and half a day for one that fails. */
    public static final Duration USUAL_WITHIN = Duration.ofHours(36);
    /** A proof every month, and some days of grace. */
    public static final Duration USUAL_VERIFIED_WITHIN = Duration.ofDays(35);

    private final KnownBackups known;
    private final ExternalLooks looks;
    private final BackupToolsConfig config;
    private final Targets targets;
    private final Clock clock;

    BackupHealths(KnownBackups known, ExternalLooks looks, BackupToolsConfig config, Targets targets, Clock clock) {
        this.known = known;
        this.looks = looks;
        this.config = config;
        this.targets = targets;
        this.clock = clock;
    }

    /** Looks now, also at other tools and at the target. Fails with CONTROL_STORE_UNREACHABLE only. */
    public BackupHealth look(Target target) {
        List<Known> tools = looks.of(target, ExternalLooks.FRESH);
        try {
            return health(target.name(), tools, Optional.of(Archiver.of(target)), "");
        } catch (CaretakerException e) {
            if (e.reason() == Reason.CONTROL_STORE_UNREACHABLE) {
                throw e;
            }
            return health(target.name(), tools, Optional.empty(), e.getMessage());
        }
    }

    /** What the control store knows; nobody is asked. */
    public BackupHealth known(String target) {
        return health(target, looks.known(target), Optional.empty(), "");
    }

    /** The same of many. Nothing is read of those of which nothing is known: of most, where there are many. */
    public List<BackupHealth> known(Collection<String> targets) {
        Set<String> mentioned = known.mentioned();
        return targets.stream()
                .map(target -> mentioned.contains(target) ? known(target) : nothing(target))
                .toList();
    }

    private BackupHealth nothing(String target) {
        return health(target, looks.nothing(target), List.of(), List.of(), Optional.empty(), "");
    }

    private BackupHealth health(String target, List<Known> tools, Optional<Archiver> archiver, String problem) {
        List<BackupRow> rows = known.rows(target);
        return health(target, tools, rows, known.of(target, rows), archiver, problem);
    }

    private BackupHealth health(
            String target,
            List<Known> tools,
            List<BackupRow> rows,
            List<BackupProof> all,
            Optional<Archiver> archiver,
            String problem) {
        OfTarget own = config.of(target);
        List<BackupRow> damaged = rows.stream().filter(Evidence::isDamaged).toList();
        boolean expected = !own.equals(config.of("")) || !all.isEmpty() || !damaged.isEmpty();
        return new BackupHealth(
                target,
                clock.instant(),
                first(target, all, proof -> true),
                first(target, all, proof -> proof.verified().isPresent()),
                own.expectWithin().orElse(USUAL_WITHIN),
                own.expectVerifiedWithin().orElse(USUAL_VERIFIED_WITHIN),
                expected,
                tools,
                damaged,
                archiver,
                problem);
    }

    /** The newest that holds all that is looked after. */
    private Optional<BackupProof> first(String target, List<BackupProof> all, Predicate<BackupProof> wanted) {
        List<String> scope =
                targets.names().contains(target) ? targets.get(target).schemas() : List.of();
        return all.stream()
                .filter(proof -> proof.extent().holds(scope))
                .filter(wanted)
                .findFirst();
    }
}
