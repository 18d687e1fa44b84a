package dev.caretaker.cli.issues;

import com.google.protobuf.ListValue;
import com.google.protobuf.Struct;
import com.google.protobuf.Value;
import dev.caretaker.cli.error.ServerError;
import dev.caretaker.cli.issues.IssuesCommand.Answer;
import dev.caretaker.cli.output.Json;
import dev.caretaker.v1.Check;
import dev.caretaker.v1.CheckReport;
import dev.caretaker.v1.CheckStatus;
import dev.caretaker.v1.Finding;
import dev.caretaker.v1.FindingStatus;
import dev.caretaker.v1.ListChecksResponse;
import dev.caretaker.v1.Severity;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Findings as a SARIF 2.1.0 log, one run a target: what code scanning tools read.
 *
 * @see <a href="https://docs.oasis-open.org/sarif/sarif/v2.1.0/sarif-v2.1.0.html">SARIF 2.1.0</a>
 */
final class Sarif {
    private static final String SCHEMA =
            "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json";

    private Sarif() {}

    static String print(List<Answer> answers, ListChecksResponse checks) {
        return Json.pretty(object().putFields("$schema", text(SCHEMA))
                .putFields("version", text("2.1.0"))
                .putFields(
                        "runs",
                        list(answers.stream()
                                .map(answer -> run(answer, checks.getChecksList()))
                                .toList()))
                .build());
    }

    private static Value run(Answer answer, List<Check> checks) {
        Set<String> asked = answer.response().getChecksList().stream()
                .map(CheckReport::getCheckId)
                .collect(Collectors.toSet());
        Struct.Builder driver = object().putFields("name", text("Caretaker"))
                .putFields(
                        "rules",
                        list(checks.stream()
                                .filter(check -> asked.contains(check.getCheckId()))
                                .map(Sarif::rule)
                                .toList()));
        List<Value> notes = Stream.concat(
                        answer.failure().stream().map(Sarif::notLookedAt),
                        answer.response().getChecksList().stream()
                                .filter(report -> report.getStatus() != CheckStatus.CHECK_STATUS_RAN
                                        || report.getUnseenObjects() > 0)
                                .map(Sarif::notification))
                .toList();
        boolean successful = answer.failure().isEmpty()
                && answer.response().getChecksList().stream()
                        .noneMatch(report -> report.getStatus() == CheckStatus.CHECK_STATUS_FAILED);
        Struct.Builder invocation = object().putFields(
                        "executionSuccessful",
                        Value.newBuilder().setBoolValue(successful).build())
                .putFields("toolExecutionNotifications", list(notes));
        return value(object().putFields("tool", value(object().putFields("driver", value(driver))))
                .putFields("automationDetails", value(object().putFields("id", text(answer.target()))))
                .putFields("invocations", list(List.of(value(invocation))))
                .putFields(
                        "results",
                        list(answer.response().getFindingsList().stream()
                                .map(finding -> result(answer.target(), finding))
                                .toList())));
    }

    private static Value rule(Check check) {
        return value(object().putFields("id", text(check.getCheckId()))
                .putFields("shortDescription", message(check.getTitle()))
                .putFields("fullDescription", message(check.getMeaning()))
                .putFields("help", message(check.getRemedy()))
                .putFields(
                        "defaultConfiguration",
                        value(object().putFields("level", text(level(check.getDefaultSeverity())))))
                .putFields("properties", value(object().putFields("tags", list(List.of(text(check.getCategory())))))));
    }

    private static Value result(String target, Finding finding) {
        String name =
                finding.getSchema().isEmpty() ? finding.getObject() : finding.getSchema() + "." + finding.getObject();
        Struct.Builder location = object().putFields("fullyQualifiedName", text(target + "/" + name))
                .putFields("name", text(name))
                .putFields("kind", text(finding.getObjectKind()));
        Struct.Builder properties = object().putFields(
                        "confidence", text(IssuesView.confidence(finding.getConfidence())))
                .putFields("impact", text(IssuesView.impact(finding)))
                .putFields("remediation", text(finding.getRemediationSql()))
                .putFields("evidence", value(finding.getEvidence().toBuilder()));
        Struct.Builder result = object().putFields("ruleId", text(finding.getCheckId()))
                .putFields("level", text(level(finding.getSeverity())))
                .putFields("message", message(finding.getMessage()))
                .putFields("baselineState", text(baseline(finding.getStatus())))
                .putFields(
                        "partialFingerprints",
                        value(object().putFields("caretakerFindingId/v1", text(finding.getFindingId()))))
                .putFields(
                        "locations",
                        list(List.of(value(object().putFields("logicalLocations", list(List.of(value(location))))))))
                .putFields("properties", value(properties));
        if (finding.getMuted()) {
            result.putFields("suppressions", list(List.of(value(object().putFields("kind", text("external"))))));
        }
        return value(result);
    }

    private static Value notification(CheckReport report) {
        String blind = IssuesView.objects(report.getUnseenObjects()) + " could not be seen";
        String reason = report.getReason();
        String told = switch (report.getStatus()) {
            case CHECK_STATUS_RAN -> reason.isEmpty() ? blind : blind + ": " + reason;
            case CHECK_STATUS_SKIPPED, CHECK_STATUS_FAILED, CHECK_STATUS_UNSPECIFIED, UNRECOGNIZED -> reason;
        };
        String level = switch (report.getStatus()) {
            case CHECK_STATUS_FAILED -> "error";
            case CHECK_STATUS_RAN -> "warning";
            case CHECK_STATUS_SKIPPED, CHECK_STATUS_UNSPECIFIED, UNRECOGNIZED -> "note";
        };
        return value(object().putFields("level", text(level))
                .putFields("associatedRule", value(object().putFields("id", text(report.getCheckId()))))
                .putFields("message", message(told)));
    }

    private static Value notLookedAt(ServerError error) {
        return value(object().putFields("level", text("error"))
                .putFields("message", message(error.message() + " [" + error.reason() + "]")));
    }

    private static Value message(String text) {
        return value(object().putFields("text", text(text)));
    }

    private static String level(Severity severity) {
        return switch (severity) {
            case SEVERITY_CRITICAL -> "error";
            case SEVERITY_WARNING -> "warning";
            case SEVERITY_INFO, SEVERITY_UNSPECIFIED, UNRECOGNIZED -> "note";
        };
    }

    private static String baseline(FindingStatus status) {
        return switch (status) {
            case FINDING_STATUS_NEW -> "new";
            case FINDING_STATUS_GONE -> "absent";
            case FINDING_STATUS_STILL_THERE, FINDING_STATUS_UNSPECIFIED, UNRECOGNIZED -> "unchanged";
        };
    }

    private static Struct.Builder object() {
        return Struct.newBuilder();
    }

    private static Value value(Struct.Builder object) {
        return Value.newBuilder().setStructValue(object).build();
    }

    private static Value text(String text) {
        return Value.newBuilder().setStringValue(text).build();
    }

    private static Value list(List<Value> values) {
        return Value.newBuilder()
                .setListValue(ListValue.newBuilder().addAllValues(values))
                .build();
    }
}
