package dev.caretaker.server.api;

import static dev.caretaker.v1.HealthVerdict.HEALTH_VERDICT_ATTENTION;
import static dev.caretaker.v1.HealthVerdict.HEALTH_VERDICT_CRITICAL;

import dev.caretaker.server.api.mapping.BackupHealthWriter;
import dev.caretaker.server.api.mapping.DebtWriter;
import dev.caretaker.server.api.mapping.FindingWriter;
import dev.caretaker.server.api.mapping.FireWriter;
import dev.caretaker.server.api.mapping.RunWriter;
import dev.caretaker.server.api.mapping.Times;
import dev.caretaker.server.backup.health.BackupHealth;
import dev.caretaker.server.backup.health.BackupHealths;
import dev.caretaker.server.detect.Detection;
import dev.caretaker.server.detect.Detector;
import dev.caretaker.server.error.CaretakerException;
import dev.caretaker.server.error.Reason;
import dev.caretaker.server.run.Debts;
import dev.caretaker.server.run.Runs;
import dev.caretaker.server.run.Runs.RunFilter;
import dev.caretaker.server.schedule.hold.Holds;
import dev.caretaker.server.store.RunKind;
import dev.caretaker.server.store.RunState;
import dev.caretaker.server.target.Target;
import dev.caretaker.v1.CheckReport;
import dev.caretaker.v1.CheckStatus;
import dev.caretaker.v1.DetectIssuesResponse;
import dev.caretaker.v1.Finding;
import dev.caretaker.v1.Health;
import dev.caretaker.v1.HealthReason;
import dev.caretaker.v1.HealthReasonCode;
import dev.caretaker.v1.HealthVerdict;
import dev.caretaker.v1.Hold;
import dev.caretaker.v1.Run;
import dev.caretaker.v1.RunOutcome;
import dev.caretaker.v1.Severity;
import dev.caretaker.v1.TargetCheck;
import dev.caretaker.v1.TargetProblem;
import dev.caretaker.v1.TargetProblemCode;
import dev.caretaker.v1.WorkDone;
import jakarta.inject.Singleton;
import java.time.Clock;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;

/**
 * Brings together what several rooms know of a target, and judges it. It stands here because they do not know each other, as with
 * {@link TargetDiagnosis}.
 */
@Singleton
final class TargetHealth {
    private static final int RUNS = 100;
    private static final int FINDINGS = 20;
    private static final int HOLDS = 100;

    private final TargetDiagnosis diagnosis;
    private final Detector detector;
    private final Runs runs;
    private final Holds holds;
    private final Debts debts;
    private final BackupHealths backups;
    private final HealthFigures figures;
    private final Clock clock;

    TargetHealth(
            TargetDiagnosis diagnosis,
            Detector detector,
            Runs runs,
            Holds holds,
            Debts debts,
            BackupHealths backups,
            HealthFigures figures,
            Clock clock) {
        this.diagnosis = diagnosis;
        this.detector = detector;
        this.runs = runs;
        this.holds = holds;
        this.debts = debts;
        this.backups = backups;
        this.figures = figures;
        this.clock = clock;
    }

    Health of(Target target) {
        Health.Builder health = Health.newBuilder().setTarget(target.name()).setLookTime(Times.write(clock.instant()));
        List<HealthReason> reasons = new ArrayList<>();
        reasons.addAll(ofTarget(target, health));
        reasons.addAll(ofFindings(target, health));
        reasons.addAll(ofWork(target, health));
        reasons.addAll(ofHolds(target, health));
        debts.list(Debts.Filter.open(target.name())).stream()
                .map(DebtWriter::write)
                .forEach(health::addDebts);
        ofBackups(target, health);
        health.setFigures(figures.of(target.name()));
        reasons.sort(Comparator.comparing(HealthReason::getVerdictValue).reversed());
        HealthVerdict verdict = reasons.isEmpty()
                ? HealthVerdict.HEALTH_VERDICT_GOOD
                : reasons.getFirst().getVerdict();
        return health.setVerdict(verdict).addAllReasons(reasons).build();
    }

    /** What is wrong with them is told by findings. */
    private void ofBackups(Target target, Health.Builder health) {
        BackupHealth known = backups.known(target.name());
        known.newest().ifPresent(proof -> health.setLastBackup(BackupHealthWriter.write(known, proof)));
        known.newestVerified().ifPresent(proof -> health.setLastVerifiedBackup(BackupHealthWriter.write(known, proof)));
    }

    private List<HealthReason> ofTarget(Target target, Health.Builder health) {
        health.setCheck(diagnosis.of(target));
        return health.getCheck().getProblemsList().stream()
                .map(TargetHealth::ofProblem)
                .flatMap(Optional::stream)
                .toList();
    }

    private static Optional<HealthReason> ofProblem(TargetProblem problem) {
        return switch (problem.getSeverity()) {
            case TARGET_PROBLEM_SEVERITY_ERROR -> Optional.of(problem(HEALTH_VERDICT_CRITICAL, problem.getMessage()));
            case TARGET_PROBLEM_SEVERITY_WARNING ->
                Optional.of(problem(HEALTH_VERDICT_ATTENTION, problem.getMessage()));
            case TARGET_PROBLEM_SEVERITY_INFO, TARGET_PROBLEM_SEVERITY_UNSPECIFIED, UNRECOGNIZED -> Optional.empty();
        };
    }

    private static HealthReason problem(HealthVerdict verdict, String message) {
        return reason(verdict, HealthReasonCode.HEALTH_REASON_CODE_TARGET_PROBLEM, message, "");
    }

    private List<HealthReason> ofFindings(Target target, Health.Builder health) {
        if (isUnreached(health.getCheck())) {
            return List.of();
        }
        DetectIssuesResponse seen;
        try {
            seen = FindingWriter.write(detector.detect(Detection.Request.everything(target.name())));
        } catch (CaretakerException e) {
            if (e.reason() == Reason.CONTROL_STORE_UNREACHABLE) {
                throw e;
            }
            return List.of(problem(HEALTH_VERDICT_CRITICAL, e.getMessage()));
        }
        List<Finding> found = seen.getFindingsList();
        health.setCriticalFindings(count(found, Severity.SEVERITY_CRITICAL))
                .setWarningFindings(count(found, Severity.SEVERITY_WARNING))
                .setInfoFindings(count(found, Severity.SEVERITY_INFO));
        List<HealthReason> reasons = new ArrayList<>();
        found.stream()
                .filter(finding -> finding.getSeverityValue() >= Severity.SEVERITY_WARNING_VALUE)
                .limit(FINDINGS)
                .map(finding -> reason(
                        finding.getSeverity() == Severity.SEVERITY_CRITICAL
                                ? HEALTH_VERDICT_CRITICAL
                                : HEALTH_VERDICT_ATTENTION,
                        HealthReasonCode.HEALTH_REASON_CODE_FINDING,
                        finding.getMessage(),
                        finding.getFindingId()))
                .forEach(reasons::add);
        for (CheckReport check : seen.getChecksList()) {
            blindness(check).ifPresent(message -> {
                health.addBlindChecks(check.getCheckId());
                reasons.add(reason(
                        HEALTH_VERDICT_ATTENTION,
                        HealthReasonCode.HEALTH_REASON_CODE_CHECK_BLIND,
                        message,
                        check.getCheckId()));
            });
        }
        return reasons;
    }

    private static boolean isUnreached(TargetCheck check) {
        return check.getProblemsList().stream()
                .anyMatch(problem -> problem.getCode() == TargetProblemCode.TARGET_PROBLEM_CODE_UNREACHABLE);
    }

    private static int count(List<Finding> findings, Severity severity) {
        return (int) findings.stream()
                .filter(finding -> finding.getSeverity() == severity)
                .count();
    }

    private static Optional<String> blindness(CheckReport check) {
        if (check.getStatus() == CheckStatus.CHECK_STATUS_FAILED) {
            return Optional.of("Check " + check.getCheckId() + " failed: " + check.getReason());
        }
        return check.getStatus() == CheckStatus.CHECK_STATUS_RAN && check.getUnseenObjects() > 0
                ? Optional.of("Check " + check.getCheckId() + " could not look at everything: " + check.getReason())
                : Optional.empty();
    }

    private List<HealthReason> ofWork(Target target, Health.Builder health) {
        List<HealthReason> reasons = new ArrayList<>();
        for (RunKind kind : RunKind.values()) {
            List<Run> ended = list(target, Set.of(RunState.ENDED), Optional.of(kind));
            if (!ended.isEmpty()) {
                WorkDone.Builder done = WorkDone.newBuilder()
                        .setKind(ended.getFirst().getKind())
                        .setLatest(ended.getFirst());
                ended.stream()
                        .filter(run -> run.getOutcome() == RunOutcome.RUN_OUTCOME_COMPLETE)
                        .findFirst()
                        .ifPresent(done::setLatestComplete);
                health.addWork(done);
                ofEnded(kind, ended.getFirst()).ifPresent(reasons::add);
            }
        }
        List<Run> open = list(target, EnumSet.complementOf(EnumSet.of(RunState.ENDED)), Optional.empty());
        health.addAllOpenRuns(open);
        open.stream()
                .filter(run -> run.getState() == dev.caretaker.v1.RunState.RUN_STATE_PAUSED)
                .map(run -> reason(
                        HEALTH_VERDICT_ATTENTION,
                        HealthReasonCode.HEALTH_REASON_CODE_RUN_WAITS_FOR_PERSON,
                        "A run is paused. " + run.getStateReason(),
                        run.getRunId()))
                .forEach(reasons::add);
        return reasons;
    }

    private List<Run> list(Target target, Set<RunState> states, Optional<RunKind> kind) {
        RunFilter filter =
                new RunFilter(Optional.of(target.name()), states, kind, Optional.empty(), RUNS, Optional.empty());
        return runs.list(filter).runs().stream().map(RunWriter::write).toList();
    }

    /** What referring rows held back is told by a finding, once it is overdue. */
    private static Optional<HealthReason> ofEnded(RunKind kind, Run run) {
        Optional<HealthVerdict> verdict = switch (run.getOutcome()) {
            case RUN_OUTCOME_FAILED -> Optional.of(HEALTH_VERDICT_CRITICAL);
            case RUN_OUTCOME_CANCELLED, RUN_OUTCOME_DEADLINE, RUN_OUTCOME_RESIDUAL ->
                Optional.of(HEALTH_VERDICT_ATTENTION);
            default -> Optional.empty();
        };
        String why = run.hasError() ? run.getError().getMessage() : run.getStateReason();
        return verdict.map(grave -> reason(
                grave,
                HealthReasonCode.HEALTH_REASON_CODE_RUN_ENDED_BADLY,
                "The latest " + kind.name().toLowerCase(Locale.ROOT).replace('_', ' ') + " ended as "
                        + run.getOutcome().name().substring("RUN_OUTCOME_".length()) + ". " + why,
                run.getRunId()));
    }

    private List<HealthReason> ofHolds(Target target, Health.Builder health) {
        List<HealthReason> reasons = new ArrayList<>();
        holds.list(Optional.of(target.name()), false, Optional.empty(), HOLDS).stream()
                .map(FireWriter::write)
                .forEach(hold -> {
                    health.addHolds(hold);
                    reasons.add(ofHold(hold));
                });
        return reasons;
    }

    private static HealthReason ofHold(Hold hold) {
        return reason(
                HEALTH_VERDICT_ATTENTION,
                HealthReasonCode.HEALTH_REASON_CODE_ON_HOLD,
                "Work is on hold by " + hold.getSetBy().getName() + ": " + hold.getReason(),
                hold.getHoldId());
    }

    private static HealthReason reason(HealthVerdict verdict, HealthReasonCode code, String message, String id) {
        return HealthReason.newBuilder()
                .setVerdict(verdict)
                .setCode(code)
                .setMessage(message)
                .setId(id)
                .build();
    }
}
