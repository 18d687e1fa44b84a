package dev.caretaker.server.api;

import static dev.caretaker.v1.TargetProblemCode.TARGET_PROBLEM_CODE_INVALID_POLICY;
import static dev.caretaker.v1.TargetProblemCode.TARGET_PROBLEM_CODE_IS_STANDBY;
import static dev.caretaker.v1.TargetProblemCode.TARGET_PROBLEM_CODE_MISSING_EXTENSION;
import static dev.caretaker.v1.TargetProblemCode.TARGET_PROBLEM_CODE_MISSING_MONITORING;
import static dev.caretaker.v1.TargetProblemCode.TARGET_PROBLEM_CODE_MISSING_PRIVILEGE;
import static dev.caretaker.v1.TargetProblemCode.TARGET_PROBLEM_CODE_REPLICA_MISMATCH;
import static dev.caretaker.v1.TargetProblemCode.TARGET_PROBLEM_CODE_TOKENS_FILE;
import static dev.caretaker.v1.TargetProblemCode.TARGET_PROBLEM_CODE_TRANSACTION_POOLING;
import static dev.caretaker.v1.TargetProblemCode.TARGET_PROBLEM_CODE_UNREACHABLE;
import static dev.caretaker.v1.TargetProblemCode.TARGET_PROBLEM_CODE_UNSUPPORTED_VERSION;
import static dev.caretaker.v1.TargetProblemSeverity.TARGET_PROBLEM_SEVERITY_ERROR;
import static dev.caretaker.v1.TargetProblemSeverity.TARGET_PROBLEM_SEVERITY_INFO;
import static dev.caretaker.v1.TargetProblemSeverity.TARGET_PROBLEM_SEVERITY_WARNING;

import dev.caretaker.server.api.mapping.TargetWriter;
import dev.caretaker.server.api.security.KnownCallers;
import dev.caretaker.server.cleanup.policy.Policies;
import dev.caretaker.server.cleanup.policy.Policy;
import dev.caretaker.server.cleanup.policy.PolicyChange;
import dev.caretaker.server.cleanup.policy.StoredPolicy;
import dev.caretaker.server.error.CaretakerException;
import dev.caretaker.server.error.FieldViolation;
import dev.caretaker.server.error.Reason;
import dev.caretaker.server.store.Actor;
import dev.caretaker.server.store.TableName;
import dev.caretaker.server.target.Capabilities;
import dev.caretaker.server.target.Target;
import dev.caretaker.server.target.TargetCheck;
import dev.caretaker.server.target.TargetCheck.MissingRight;
import dev.caretaker.v1.TargetProblem;
import dev.caretaker.v1.TargetProblemCode;
import dev.caretaker.v1.TargetProblemSeverity;
import jakarta.inject.Singleton;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * Brings together what a target says of itself and what the policies want of it. It stands here because the two do not
 * know each other.
 */
@Singleton
final class TargetDiagnosis {
    private static final int MOST_NAMED = 5;
    private static final Pattern POLICY_FIELD = Pattern.compile("policies\\[(\\d+)]\\.(.*)");

    private final Policies policies;
    private final KnownCallers callers;

    TargetDiagnosis(Policies policies, KnownCallers callers) {
        this.policies = policies;
        this.callers = callers;
    }

    /** Looks at the target. One that cannot be reached is an answer, too. */
    dev.caretaker.v1.TargetCheck of(Target target) {
        List<Policy> wanted = policies.ofTarget(target.name()).stream()
                .map(StoredPolicy::policy)
                .toList();
        TargetCheck check;
        try {
            check = target.check(wanted.stream().map(Policy::table).distinct().toList());
        } catch (CaretakerException e) {
            if (e.reason() != Reason.TARGET_UNREACHABLE && e.reason() != Reason.MISSING_PRIVILEGE) {
                throw e;
            }
            List<TargetProblem> problems = new ArrayList<>(ofCaretaker());
            problems.add(problem(TARGET_PROBLEM_CODE_UNREACHABLE, TARGET_PROBLEM_SEVERITY_ERROR, e.getMessage())
                    .build());
            return TargetWriter.unreached(target, problems);
        }
        List<TargetProblem> problems = new ArrayList<>(ofServer(check));
        boolean usable = problems.isEmpty();
        problems.addAll(ofCaretaker());
        problems.addAll(ofMonitoring(check));
        check.missingRights().forEach(right -> problems.addAll(ofRight(right, wanted)));
        problems.addAll(usable ? ofPolicies(wanted) : ofMissingTables(check.missingTables(), wanted));
        return TargetWriter.write(target, check, problems);
    }

    /** What is wrong with Caretaker's own server. */
    private List<TargetProblem> ofCaretaker() {
        return callers
                .problem()
                .map(problem -> problem(
                                TARGET_PROBLEM_CODE_TOKENS_FILE,
                                TARGET_PROBLEM_SEVERITY_WARNING,
                                "The tokens file of this Caretaker server has become bad: " + problem + ".")
                        .build())
                .stream()
                .toList();
    }

    /** What keeps everything from running. */
    private static List<TargetProblem> ofServer(TargetCheck check) {
        List<TargetProblem> problems = new ArrayList<>();
        if (!check.capabilities().isSupported()) {
            problems.add(problem(
                            TARGET_PROBLEM_CODE_UNSUPPORTED_VERSION,
                            TARGET_PROBLEM_SEVERITY_ERROR,
                            "PostgreSQL " + check.serverVersion() + " is older than " + Capabilities.OLDEST_MAJOR
                                    + ", the oldest supported version.")
                    .build());
        }
        if (check.inRecovery()) {
            problems.add(problem(
                            TARGET_PROBLEM_CODE_IS_STANDBY,
                            TARGET_PROBLEM_SEVERITY_ERROR,
                            "What is configured as the primary is a standby: nothing can be removed there.")
                    .build());
        } else if (check.readOnly()) {
            problems.add(problem(
                            TARGET_PROBLEM_CODE_MISSING_PRIVILEGE,
                            TARGET_PROBLEM_SEVERITY_ERROR,
                            "Transactions of role " + check.role() + " are read-only by default"
                                    + " (default_transaction_read_only).")
                    .build());
        }
        String pooled = switch (check.pooling()) {
            case NONE, SESSION -> "";
            case TRANSACTION -> "A transaction-pooling proxy stands between Caretaker and the server.";
            case UNKNOWN -> "A proxy stands between Caretaker and the server and may pool transactions.";
        };
        if (!pooled.isEmpty()) {
            problems.add(problem(
                            TARGET_PROBLEM_CODE_TRANSACTION_POOLING,
                            TARGET_PROBLEM_SEVERITY_ERROR,
                            pooled + " Runs need sessions of their own: name the server itself.")
                    .build());
        }
        return problems;
    }

    /** What makes Caretaker see less. */
    private static List<TargetProblem> ofMonitoring(TargetCheck check) {
        List<TargetProblem> problems = new ArrayList<>();
        if (check.capabilities().isSupported() && !check.capabilities().isTested()) {
            problems.add(problem(
                            TARGET_PROBLEM_CODE_UNSUPPORTED_VERSION,
                            TARGET_PROBLEM_SEVERITY_WARNING,
                            "PostgreSQL " + check.serverVersion() + " is newer than what was tested.")
                    .build());
        }
        if (!check.canMonitor()) {
            problems.add(problem(
                            TARGET_PROBLEM_CODE_MISSING_MONITORING,
                            TARGET_PROBLEM_SEVERITY_WARNING,
                            "Role " + check.role() + " may not see other roles' sessions and replication:"
                                    + " lag, lock waiters and old snapshots stay unseen.")
                    .setRemediationSql(check.monitoringRemediation())
                    .build());
        }
        check.replica()
                .flatMap(TargetCheck.Replica::problem)
                .ifPresent(what -> problems.add(
                        problem(TARGET_PROBLEM_CODE_REPLICA_MISMATCH, TARGET_PROBLEM_SEVERITY_WARNING, what)
                                .build()));
        if (!check.extensions().containsKey("pg_stat_statements")) {
            problems.add(problem(
                            TARGET_PROBLEM_CODE_MISSING_EXTENSION,
                            TARGET_PROBLEM_SEVERITY_INFO,
                            "The extension pg_stat_statements is not installed: slow queries cannot be found. Before it is"
                                    + " created, add it to shared_preload_libraries and restart.")
                    .setRemediationSql("CREATE EXTENSION pg_stat_statements")
                    .build());
        }
        return problems;
    }

    private static List<TargetProblem> ofRight(MissingRight missing, List<Policy> wanted) {
        String where =
                first(missing.relations().stream().map(TableName::toString).toList());
        TargetProblemSeverity severity =
                missing.right().isNeeded() ? TARGET_PROBLEM_SEVERITY_ERROR : TARGET_PROBLEM_SEVERITY_WARNING;
        String consequence = switch (missing.right()) {
            case MEMBERSHIP -> "may not become the owner of " + where + ", as whom the target is to act";
            case SCHEMA_USAGE -> {
                List<String> schemas = missing.relations().stream()
                        .map(TableName::schema)
                        .distinct()
                        .toList();
                yield "may not use schema" + (schemas.size() == 1 ? " " : "s ") + first(schemas);
            }
            case SELECT -> "may not read " + where;
            case DELETE -> "may not delete from " + where;
            case BYPASS_ROW_SECURITY -> "is subject to row security at " + where + ", so rows would be hidden";
            case MAINTAIN -> "may not vacuum " + where + ", so no VACUUM follows a cleanup";
            case OWNERSHIP ->
                "is neither owner of " + where
                        + " nor a member of the owner, so partitions cannot be detached and dropped"
                        + (missing.remediation().isEmpty()
                                ? ": a superuser owns it, which no role should be a member of"
                                : "");
            case PARTITIONS_TO_COME ->
                "has its rights on each partition of " + where + " that is there, but default privileges give it none"
                        + " on those to come";
        };
        return concerning(List.of(missing.table()), wanted).stream()
                .map(policy -> problem(TARGET_PROBLEM_CODE_MISSING_PRIVILEGE, severity, "The role " + consequence + ".")
                        .setPolicy(policy.name())
                        .setRemediationSql(missing.remediation())
                        .build())
                .toList();
    }

    /** Of many partitions of a table each would say the same. */
    private static String first(List<String> names) {
        String named = names.stream().limit(MOST_NAMED).collect(Collectors.joining(", "));
        return names.size() > MOST_NAMED ? named + " and " + (names.size() - MOST_NAMED) + " more" : named;
    }

    private List<TargetProblem> ofPolicies(List<Policy> wanted) {
        if (wanted.isEmpty()) {
            return List.of();
        }
        try {
            policies.apply(
                    wanted.stream()
                            .map(policy -> new PolicyChange(policy, Optional.empty()))
                            .toList(),
                    Actor.ENGINE,
                    true);
            return List.of();
        } catch (CaretakerException e) {
            if (e.reason() != Reason.INVALID_FIELD) {
                throw e;
            }
            return e.violations().stream()
                    .map(violation -> invalid(violation, wanted))
                    .toList();
        }
    }

    private static TargetProblem invalid(FieldViolation violation, List<Policy> wanted) {
        Matcher field = POLICY_FIELD.matcher(violation.field());
        boolean named = field.matches();
        return problem(
                        TARGET_PROBLEM_CODE_INVALID_POLICY,
                        TARGET_PROBLEM_SEVERITY_ERROR,
                        (named ? field.group(2) : violation.field()) + ": " + violation.description())
                .setPolicy(named ? wanted.get(Integer.parseInt(field.group(1))).name() : "")
                .build();
    }

    private static List<TargetProblem> ofMissingTables(List<TableName> missing, List<Policy> wanted) {
        return concerning(missing, wanted).stream()
                .map(policy -> problem(
                                TARGET_PROBLEM_CODE_INVALID_POLICY,
                                TARGET_PROBLEM_SEVERITY_ERROR,
                                "There is no table " + policy.table() + ".")
                        .setPolicy(policy.name())
                        .build())
                .toList();
    }

    private static List<Policy> concerning(List<TableName> tables, List<Policy> wanted) {
        return wanted.stream().filter(policy -> tables.contains(policy.table())).toList();
    }

    private static TargetProblem.Builder problem(
            TargetProblemCode code, TargetProblemSeverity severity, String message) {
        return TargetProblem.newBuilder().setCode(code).setSeverity(severity).setMessage(message);
    }
}
