package dev.caretaker.cli.issues;

import com.google.protobuf.Value;
import dev.caretaker.cli.Session;
import dev.caretaker.cli.output.Json;
import dev.caretaker.cli.output.Names;
import dev.caretaker.cli.output.Page;
import dev.caretaker.cli.output.Style;
import dev.caretaker.cli.units.Human;
import dev.caretaker.v1.Finding;
import dev.caretaker.v1.GetFindingRequest;
import dev.caretaker.v1.GetFindingResponse;
import dev.caretaker.v1.Mute;
import java.util.Map;
import java.util.TreeMap;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code caretaker issues show ID}. */
@Command(name = "show", description = "Show a finding: what it means, the figures behind it, and how to mend it.")
public final class ShowIssue implements Runnable {
    private final Session session;

    @Parameters(paramLabel = "ID", description = "Id of the finding.")
    private String id;

    @Option(names = "--target", paramLabel = "NAME", required = true, description = "Its target.")
    private String target;

    public ShowIssue(Session session) {
        this.session = session;
    }

    @Override
    public void run() {
        GetFindingResponse answer = session.connection()
                .issues()
                .getFinding(GetFindingRequest.newBuilder()
                        .setFindingId(id)
                        .setTarget(target)
                        .build());
        session.printer().one(answer, page -> view(answer, page));
    }

    private static void view(GetFindingResponse answer, Page page) {
        Finding finding = answer.getFinding();
        page.line(IssuesView.style(finding.getSeverity()), finding.getMessage());
        page.blank();
        page.pair("check", finding.getCheckId());
        page.pair("severity", IssuesView.words(finding.getSeverity()));
        page.pair("confidence", IssuesView.confidence(finding.getConfidence()));
        page.pair("object", finding.getObjectKind() + " " + object(finding));
        page.pair("impact", IssuesView.impact(finding));
        page.pair("status", Names.words(finding.getStatus(), "FINDING_STATUS_"));
        page.pair("first seen", Human.instant(finding.getFirstSeen()));
        page.pair("last seen", Human.instant(finding.getLastSeen()));
        page.pair("blocks", blocks(finding));
        if (answer.hasMute()) {
            page.pair("muted", muted(answer.getMute()), Style.CAREFUL);
        }
        if (answer.hasCheck()) {
            page.heading("What it means");
            page.paragraph("", Style.PLAIN, answer.getCheck().getMeaning());
        }
        if (finding.getEvidence().getFieldsCount() > 0) {
            page.heading("Evidence");
            evidence(finding.getEvidence().getFieldsMap(), "", page);
        }
        if (answer.hasCheck()) {
            page.heading("What to do");
            page.paragraph("", Style.PLAIN, answer.getCheck().getRemedy());
        }
        if (!finding.getRemediationSql().isEmpty()) {
            page.blank().code("    ", finding.getRemediationSql());
        }
    }

    private static String object(Finding finding) {
        return finding.getSchema().isEmpty() ? finding.getObject() : finding.getSchema() + "." + finding.getObject();
    }

    private static String blocks(Finding finding) {
        return finding.getBlocksVacuum() && finding.getBlocksCleanup()
                ? "vacuum, cleanup"
                : finding.getBlocksVacuum() ? "vacuum" : finding.getBlocksCleanup() ? "cleanup" : "";
    }

    private static String muted(Mute mute) {
        String until = mute.hasExpireTime() ? "until " + Human.instant(mute.getExpireTime()) : "for ever";
        String actor = Names.actor(mute.getCreatedBy());
        return until + (actor.isEmpty() ? "" : " by " + actor) + ": " + mute.getReason();
    }

    private static void evidence(Map<String, Value> fields, String indent, Page page) {
        new TreeMap<>(fields).forEach((name, value) -> {
            String label = name.replace('_', ' ');
            switch (value.getKindCase()) {
                case STRUCT_VALUE -> {
                    page.line(indent + label);
                    evidence(value.getStructValue().getFieldsMap(), indent + "  ", page);
                }
                case LIST_VALUE -> {
                    page.line(indent + label);
                    value.getListValue().getValuesList().forEach(element -> page.line(indent + "  " + text(element)));
                }
                case NULL_VALUE, KIND_NOT_SET -> {}
                default -> page.line(indent + label + ": " + text(value));
            }
        });
    }

    private static String text(Value value) {
        return switch (value.getKindCase()) {
            case NUMBER_VALUE -> Human.decimal(value.getNumberValue());
            case STRING_VALUE -> value.getStringValue();
            case BOOL_VALUE -> value.getBoolValue() ? "yes" : "no";
            default -> Json.compact(value);
        };
    }
}
