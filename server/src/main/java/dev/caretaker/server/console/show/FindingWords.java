package dev.caretaker.server.console.show;

import com.google.protobuf.Struct;
import com.google.protobuf.Value;
import dev.caretaker.server.report.page.Show;
import dev.caretaker.v1.CheckStatus;
import dev.caretaker.v1.Confidence;
import dev.caretaker.v1.Finding;
import dev.caretaker.v1.FindingStatus;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;

/** Findings, in words. */
public final class FindingWords {
    private FindingWords() {}

    public static String of(Confidence confidence) {
        return switch (confidence) {
            case CONFIDENCE_CERTAIN -> "read from the catalog";
            case CONFIDENCE_ESTIMATED -> "computed from statistics";
            case CONFIDENCE_HEURISTIC -> "a rule of thumb";
            case CONFIDENCE_UNSPECIFIED, UNRECOGNIZED -> "not known";
        };
    }

    public static String of(FindingStatus status) {
        return switch (status) {
            case FINDING_STATUS_NEW -> "new";
            case FINDING_STATUS_STILL_THERE -> "still there";
            case FINDING_STATUS_GONE -> "gone";
            case FINDING_STATUS_UNSPECIFIED, UNRECOGNIZED -> "";
        };
    }

    public static String of(CheckStatus status) {
        return switch (status) {
            case CHECK_STATUS_RAN -> "ran";
            case CHECK_STATUS_SKIPPED -> "could not run here";
            case CHECK_STATUS_FAILED -> "failed";
            case CHECK_STATUS_UNSPECIFIED, UNRECOGNIZED -> "not known";
        };
    }

    /** "table orders", "index archive.orders_at". */
    public static String object(Finding finding) {
        String name = finding.getSchema().isEmpty() || finding.getSchema().equals("public")
                ? finding.getObject()
                : finding.getSchema() + "." + finding.getObject();
        return (finding.getObjectKind() + " " + Show.visible(name)).strip();
    }

    /** How much it is about; empty if it has no size. */
    public static String impact(Finding finding) {
        if (finding.getImpact() == 0) {
            return "";
        }
        return switch (finding.getImpactUnit()) {
            case IMPACT_UNIT_BYTES -> Show.bytes(Math.round(finding.getImpact()));
            case IMPACT_UNIT_SECONDS -> Show.span(Duration.ofMillis(Math.round(finding.getImpact() * 1_000)));
            case IMPACT_UNIT_ROWS -> Show.count(Math.round(finding.getImpact()), "row", "rows");
            case IMPACT_UNIT_UNSPECIFIED, UNRECOGNIZED -> Show.figure(finding.getImpact());
        };
    }

    /** The figures behind it by name, as text of one line each. */
    public static Map<String, String> evidence(Struct evidence) {
        Map<String, String> figures = new LinkedHashMap<>();
        new TreeMap<>(evidence.getFieldsMap())
                .forEach((name, value) -> figures.put(Show.visible(name.replace('_', ' ')), text(value)));
        return figures;
    }

    private static String text(Value value) {
        return switch (value.getKindCase()) {
            case NUMBER_VALUE -> Show.figure(value.getNumberValue());
            case STRING_VALUE -> Show.visible(value.getStringValue());
            case BOOL_VALUE -> value.getBoolValue() ? "yes" : "no";
            case LIST_VALUE ->
                value.getListValue().getValuesList().stream()
                        .map(FindingWords::text)
                        .collect(Collectors.joining(", "));
            case STRUCT_VALUE ->
                evidence(value.getStructValue()).entrySet().stream()
                        .map(entry -> entry.getKey() + " " + entry.getValue())
                        .collect(Collectors.joining(", "));
            case NULL_VALUE, KIND_NOT_SET -> "none";
        };
    }
}
