package dev.caretaker.cli.completion;

import dev.caretaker.v1.AuditOutcome;
import dev.caretaker.v1.ConversionLoss;
import dev.caretaker.v1.DeliveryState;
import dev.caretaker.v1.FireOutcome;
import dev.caretaker.v1.IndexCleanup;
import dev.caretaker.v1.PartitionAge;
import dev.caretaker.v1.PlanWarningCode;
import dev.caretaker.v1.ReportFormat;
import dev.caretaker.v1.RunKind;
import dev.caretaker.v1.RunState;
import dev.caretaker.v1.Severity;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import picocli.CommandLine.Model.ArgSpec;
import picocli.CommandLine.Model.OptionSpec;

/** Values of options and parameters that take one of a few. */
final class FixedValues {
    private FixedValues() {}

    /** Empty if it takes others. */
    static List<String> of(ArgSpec argument) {
        // First what the API's enums tell: their constants have names that nobody types.
        List<String> known = argument instanceof OptionSpec option ? ofOption(option) : List.of();
        if (!known.isEmpty() || argument.completionCandidates() == null) {
            return known;
        }
        List<String> values = new ArrayList<>();
        argument.completionCandidates().forEach(value -> values.add(written(value)));
        return values;
    }

    private static List<String> ofOption(OptionSpec option) {
        return switch (option.longestName()) {
            case "--accept" -> names(ConversionLoss.values(), "CONVERSION_LOSS_");
            case "--age" -> names(PartitionAge.values(), "PARTITION_AGE_");
            case "--fail-on" ->
                option.command().qualifiedName().contains("health")
                        ? List.of("attention", "critical")
                        : names(Severity.values(), "SEVERITY_");
            case "--severity" -> names(Severity.values(), "SEVERITY_");
            case "--format" ->
                option.command().name().equals("report") ? names(ReportFormat.values(), "REPORT_FORMAT_") : List.of();
            case "--index-cleanup" -> names(IndexCleanup.values(), "INDEX_CLEANUP_");
            case "--kind" -> names(RunKind.values(), "RUN_KIND_");
            case "--outcome" ->
                option.command().name().equals("audit")
                        ? names(AuditOutcome.values(), "AUDIT_OUTCOME_")
                        : names(FireOutcome.values(), "FIRE_OUTCOME_");
            case "--override" -> names(PlanWarningCode.values(), "PLAN_WARNING_CODE_");
            case "--state" ->
                option.command().qualifiedName().contains("notifications")
                        ? names(DeliveryState.values(), "DELIVERY_STATE_")
                        : names(RunState.values(), "RUN_STATE_");
            default -> List.of();
        };
    }

    private static List<String> names(Enum<?>[] values, String prefix) {
        return Arrays.stream(values)
                .map(Enum::name)
                .filter(name -> name.startsWith(prefix) && !name.endsWith("_UNSPECIFIED"))
                .map(name -> written(name.substring(prefix.length())))
                .toList();
    }

    private static String written(String name) {
        return name.toLowerCase(Locale.ROOT).replace('_', '-');
    }
}
