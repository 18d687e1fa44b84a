package dev.caretaker.server.routine;

import dev.caretaker.server.backup.BackupOrder;
import dev.caretaker.server.backup.BackupTerms;
import dev.caretaker.server.backup.Backups;
import dev.caretaker.server.backup.Retention;
import dev.caretaker.server.backup.Selection;
import dev.caretaker.server.backup.VerifyTerms;
import dev.caretaker.server.cleanup.policy.Policies;
import dev.caretaker.server.cleanup.policy.Policy;
import dev.caretaker.server.cleanup.policy.StoredPolicy;
import dev.caretaker.server.config.RoutineConfig;
import dev.caretaker.server.routine.PartWork.Begun;
import dev.caretaker.server.run.BackupDemand;
import dev.caretaker.server.run.BackupGate;
import dev.caretaker.server.run.NeededBackup;
import dev.caretaker.server.run.StepContext;
import dev.caretaker.server.store.TableName;
import dev.caretaker.server.target.Targets;
import dev.caretaker.server.target.catalog.Catalog;
import dev.caretaker.server.target.catalog.ForeignKey;
import jakarta.inject.Singleton;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.stream.Stream;

/** Begins the parts that make backups and prove them. */
@Singleton
final class BackupParts {
    private final Backups backups;
    private final BackupGate gate;
    private final Policies policies;
    private final Targets targets;

    BackupParts(Backups backups, BackupGate gate, Policies policies, Targets targets) {
        this.backups = backups;
        this.gate = gate;
        this.policies = policies;
        this.targets = targets;
    }

    Begun backup(UUID child, PartOrders orders) {
        StepContext context = orders.context();
        RoutineConfig.Backup terms = orders.request().routine().backup().orElseThrow();
        if (terms.ifRequired() && objections(context.target(), false).isEmpty()) {
            return new Begun.Needless("Every backup that policies require is there.");
        }
        backups.run(
                terms(terms)
                        .order(
                                child,
                                context.target(),
                                orders.left(),
                                orders.request().actor()),
                Optional.of(context.runId()));
        return new Begun.Started(child);
    }

    private static BackupTerms terms(RoutineConfig.Backup backup) {
        BackupOrder.Engine engine = BackupOrder.Engine.valueOf(backup.engine().name());
        return new BackupTerms(
                engine,
                backup.destination(),
                new Selection(
                        backup.schemas(),
                        List.of(),
                        backup.withoutRows().stream().map(BackupParts::table).toList()),
                BackupOrder.USUAL_SESSIONS,
                BackupOrder.USUAL_SNAPSHOT,
                engine.usualCompression(),
                Optional.empty(),
                new Retention(backup.keep(), backup.keepLast()));
    }

    private static TableName table(String name) {
        int dot = name.indexOf('.');
        return new TableName(name.substring(0, dot), name.substring(dot + 1));
    }

    Begun verify(UUID child, PartOrders orders) {
        StepContext context = orders.context();
        RoutineConfig.BackupVerify verify = orders.request().routine().backupVerify();
        if (verify.ifRequired() && objections(context.target(), true).isEmpty()) {
            return new Begun.Needless("Every verified backup that policies require is there.");
        }
        VerifyTerms terms = new VerifyTerms(Optional.empty(), false, verify.scratchTarget(), verify.allowSameServer());
        UUID newest = backups.newest(context.target(), terms.destination(), terms.whole())
                .id();
        backups.verify(
                child, terms.order(newest, orders.left(), orders.request().actor()), Optional.of(context.runId()));
        return new Begun.Started(child);
    }

    /**
     * What policies require and is not there.
     *
     * @param verified whether the proof is what counts; else any backup is enough
     */
    private List<String> objections(String target, boolean verified) {
        return policies.ofTarget(target).stream()
                .map(StoredPolicy::policy)
                .flatMap(policy -> objection(policy, verified).stream())
                .toList();
    }

    private Optional<String> objection(Policy policy, boolean verified) {
        return policy.limits()
                .backup()
                .filter(demand -> demand.verified() || !verified)
                .flatMap(demand -> gate.objectionNow(
                        policy.target(), List.of(need(policy, new BackupDemand(demand.within(), verified)))));
    }

    private NeededBackup need(Policy policy, BackupDemand demand) {
        return new NeededBackup(tables(policy), demand);
    }

    /** Those that a policy's deletes may concern: as it names them, or, where it allows all, as foreign keys reach them now. */
    private List<TableName> tables(Policy policy) {
        Stream<TableName> others = policy.cascades().all() ? reached(policy) : policy.cascades().tables().stream();
        return Stream.concat(Stream.of(policy.table()), others).distinct().toList();
    }

    private Stream<TableName> reached(Policy policy) {
        return targets
                .get(policy.target())
                .withPrimary(connection -> Catalog.table(connection, policy.table()))
                .stream()
                .flatMap(facts -> facts.incoming().stream())
                .filter(ForeignKey::changesChild)
                .map(ForeignKey::child);
    }
}
