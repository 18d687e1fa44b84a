package dev.caretaker.server.api.mapping;

import dev.caretaker.server.cleanup.plan.kept.PlanWarning.Code;
import dev.caretaker.v1.PlanWarningCode;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;

/** Codes of plan warnings, both ways. */
public final class WarningCodes {
    private static final Map<PlanWarningCode, Code> BY_MESSAGE =
            Arrays.stream(Code.values()).collect(Collectors.toMap(WarningCodes::write, Function.identity()));

    private WarningCodes() {}

    static PlanWarningCode write(Code code) {
        return switch (code) {
            case UNINDEXED_FOREIGN_KEY -> PlanWarningCode.PLAN_WARNING_CODE_UNINDEXED_FOREIGN_KEY;
            case CASCADE -> PlanWarningCode.PLAN_WARNING_CODE_CASCADE;
            case SET_NULL -> PlanWarningCode.PLAN_WARNING_CODE_SET_NULL;
            case DELETE_TRIGGER -> PlanWarningCode.PLAN_WARNING_CODE_DELETE_TRIGGER;
            case ROW_SECURITY -> PlanWarningCode.PLAN_WARNING_CODE_ROW_SECURITY;
            case NO_REPLICA_IDENTITY -> PlanWarningCode.PLAN_WARNING_CODE_NO_REPLICA_IDENTITY;
            case SUSPICIOUS_VALUES -> PlanWarningCode.PLAN_WARNING_CODE_SUSPICIOUS_VALUES;
            case XMIN_HELD -> PlanWarningCode.PLAN_WARNING_CODE_XMIN_HELD;
            case NO_INDEX -> PlanWarningCode.PLAN_WARNING_CODE_NO_INDEX;
            case LARGE_SHARE -> PlanWarningCode.PLAN_WARNING_CODE_LARGE_SHARE;
            case OVER_LIMIT -> PlanWarningCode.PLAN_WARNING_CODE_OVER_LIMIT;
            case CONTRADICTING_POLICIES -> PlanWarningCode.PLAN_WARNING_CODE_CONTRADICTING_POLICIES;
            case PINNING_FOREIGN_KEY -> PlanWarningCode.PLAN_WARNING_CODE_PINNING_FOREIGN_KEY;
            case NEVER_ELIGIBLE_ROWS -> PlanWarningCode.PLAN_WARNING_CODE_NEVER_ELIGIBLE_ROWS;
            case BLOCKING_DETACH -> PlanWarningCode.PLAN_WARNING_CODE_BLOCKING_DETACH;
            case COUNT_TIMEOUT -> PlanWarningCode.PLAN_WARNING_CODE_COUNT_TIMEOUT;
            case PROBE_SKIPPED -> PlanWarningCode.PLAN_WARNING_CODE_PROBE_SKIPPED;
            case STALE_STATISTICS -> PlanWarningCode.PLAN_WARNING_CODE_STALE_STATISTICS;
            case DROP_NOT_REPLICATED -> PlanWarningCode.PLAN_WARNING_CODE_DROP_NOT_REPLICATED;
            case FOLLOW_UP_NOT_ALLOWED -> PlanWarningCode.PLAN_WARNING_CODE_FOLLOW_UP_NOT_ALLOWED;
            case XMIN_UNSEEN -> PlanWarningCode.PLAN_WARNING_CODE_XMIN_UNSEEN;
            case TRIGGER_NOT_FIRED -> PlanWarningCode.PLAN_WARNING_CODE_TRIGGER_NOT_FIRED;
            case NOT_DROPPED -> PlanWarningCode.PLAN_WARNING_CODE_NOT_DROPPED;
            case EVENT_TRIGGER -> PlanWarningCode.PLAN_WARNING_CODE_EVENT_TRIGGER;
            case DETACH_PENDING -> PlanWarningCode.PLAN_WARNING_CODE_DETACH_PENDING;
            case DEBT_OPEN -> PlanWarningCode.PLAN_WARNING_CODE_DEBT_OPEN;
            case FOREIGN_PARTITION -> PlanWarningCode.PLAN_WARNING_CODE_FOREIGN_PARTITION;
            case ARCHIVE_DOES_NOT_FIT -> PlanWarningCode.PLAN_WARNING_CODE_ARCHIVE_DOES_NOT_FIT;
            case CHILDREN_NOT_ARCHIVED -> PlanWarningCode.PLAN_WARNING_CODE_CHILDREN_NOT_ARCHIVED;
            case RESTORED_ROWS -> PlanWarningCode.PLAN_WARNING_CODE_RESTORED_ROWS;
            case CHILDREN_ARCHIVED -> PlanWarningCode.PLAN_WARNING_CODE_CHILDREN_ARCHIVED;
            case BACKUP_TOO_OLD -> PlanWarningCode.PLAN_WARNING_CODE_BACKUP_TOO_OLD;
        };
    }

    /** Codes a caller overrides; each must be one that may be overridden. */
    public static Set<Code> overrides(Violations violations, String path, List<PlanWarningCode> messages) {
        Set<Code> codes = EnumSet.noneOf(Code.class);
        for (int i = 0; i < messages.size(); i++) {
            Optional<Code> code = Optional.ofNullable(BY_MESSAGE.get(messages.get(i)));
            String element = path + "[" + i + "]";
            violations.require(code.isPresent(), element, "is not a warning this server knows");
            violations.require(
                    code.map(Code::canBeOverridden).orElse(true),
                    element,
                    "cannot be overridden: it is for the policy to allow");
            code.ifPresent(codes::add);
        }
        return codes;
    }
}
