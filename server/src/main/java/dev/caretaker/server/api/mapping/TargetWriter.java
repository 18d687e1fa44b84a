package dev.caretaker.server.api.mapping;

import dev.caretaker.server.target.TableStanding;
import dev.caretaker.server.target.Target;
import dev.caretaker.server.target.TargetCheck;
import dev.caretaker.v1.RelationSize;
import dev.caretaker.v1.TargetProblem;
import dev.caretaker.v1.TargetProblemSeverity;
import java.util.List;

/** Writes targets, and what was found at them, as messages. */
public final class TargetWriter {
    private TargetWriter() {}

    public static dev.caretaker.v1.Target write(Target target) {
        return dev.caretaker.v1.Target.newBuilder()
                .setName(target.name())
                .setPrimary(target.primaryAddress())
                .setReplica(target.replicaAddress().orElse(""))
                .addAllSchemas(target.schemas())
                .build();
    }

    public static dev.caretaker.v1.TargetCheck write(Target target, TargetCheck check, List<TargetProblem> problems) {
        return dev.caretaker.v1.TargetCheck.newBuilder(unreached(target, problems))
                .setServerVersion(check.serverVersion())
                .setServerMajor(check.capabilities().major())
                .setSystemIdentifier(Long.toUnsignedString(check.systemIdentifier()))
                .setInRecovery(check.inRecovery())
                .setRole(check.role())
                .putAllExtensions(check.extensions())
                .addAllCapabilities(check.capabilities().names())
                .setDatabaseBytes(check.databaseBytes())
                .build();
    }

    /** The answer when nobody answered. */
    public static dev.caretaker.v1.TargetCheck unreached(Target target, List<TargetProblem> problems) {
        return dev.caretaker.v1.TargetCheck.newBuilder()
                .setTarget(write(target))
                .setHealthy(problems.stream()
                        .noneMatch(problem ->
                                problem.getSeverity() == TargetProblemSeverity.TARGET_PROBLEM_SEVERITY_ERROR))
                .addAllProblems(problems)
                .build();
    }

    public static dev.caretaker.v1.TableStanding write(TableStanding state) {
        var message = dev.caretaker.v1.TableStanding.newBuilder()
                .setTable(Names.write(state.name()))
                .setSize(RelationSize.newBuilder()
                        .setHeapBytes(state.heapBytes())
                        .setIndexBytes(state.indexBytes())
                        .setToastBytes(state.toastBytes())
                        .setTotalBytes(state.heapBytes() + state.indexBytes() + state.toastBytes())
                        .setEstimated(state.estimated()))
                .setRows(state.rows())
                .setDeadRows(state.deadRows());
        state.lastVacuum().map(Times::write).ifPresent(message::setLastVacuum);
        state.lastAutovacuum().map(Times::write).ifPresent(message::setLastAutovacuum);
        state.lastAnalyze().map(Times::write).ifPresent(message::setLastAnalyze);
        state.lastAutoanalyze().map(Times::write).ifPresent(message::setLastAutoanalyze);
        state.countedSince().map(Times::write).ifPresent(message::setCountedSince);
        return message.build();
    }
}
