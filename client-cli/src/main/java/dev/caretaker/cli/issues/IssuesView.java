package dev.caretaker.cli.issues;

import dev.caretaker.cli.output.Names;
import dev.caretaker.cli.output.Page;
import dev.caretaker.cli.output.Page.Span;
import dev.caretaker.cli.output.Style;
import dev.caretaker.cli.output.Table;
import dev.caretaker.cli.output.Text;
import dev.caretaker.cli.units.Human;
import dev.caretaker.v1.CheckReport;
import dev.caretaker.v1.CheckStatus;
import dev.caretaker.v1.Confidence;
import dev.caretaker.v1.DetectIssuesResponse;
import dev.caretaker.v1.Finding;
import dev.caretaker.v1.FindingStatus;
import dev.caretaker.v1.Severity;
import java.time.Duration;
import java.util.List;

/** Findings grouped by severity, those of the largest impact first, and what was not looked at. */
final class IssuesView {
    private static final List<Severity> WORST_FIRST =
            List.of(Severity.SEVERITY_CRITICAL, Severity.SEVERITY_WARNING, Severity.SEVERITY_INFO);

    private IssuesView() {}

    static void show(DetectIssuesResponse answer, Page page) {
        for (Severity severity : WORST_FIRST) {
            List<Finding> findings = answer.getFindingsList().stream()
                    .filter(finding -> finding.getSeverity() == severity)
                    .toList();
            if (!findings.isEmpty()) {
                page.line(style(severity), words(severity) + " (" + findings.size() + ")");
                if (page.isDisplay()) {
                    list(findings, page);
                } else {
                    table(findings, page);
                }
                page.blank();
            }
        }
        if (answer.getFindingsCount() == 0) {
            page.line(Style.GOOD, "Nothing found.");
        } else {
            page.line(Style.DIM, "'caretaker issues show ID --target NAME' tells the evidence and how to mend it.");
        }
        unchecked(answer, page);
    }

    /** On a terminal each with its whole sentence; a table in a pipe. */
    private static void list(List<Finding> findings, Page page) {
        int width = findings.stream()
                .mapToInt(finding -> impact(finding).length())
                .max()
                .orElse(0);
        for (Finding finding : findings) {
            String impact = Text.pad(impact(finding), width, true);
            page.hanging(new Span(Style.PLAIN, "  " + impact + "  "), Style.PLAIN, finding.getMessage());
            String notes = notes(finding);
            page.hanging(
                    new Span(Style.PLAIN, " ".repeat(width + 4)),
                    Style.DIM,
                    finding.getFindingId() + "  " + finding.getCheckId() + (notes.isEmpty() ? "" : ", " + notes));
        }
    }

    private static void table(List<Finding> findings, Page page) {
        Table table = new Table(">IMPACT", "FINDING", "CHECK", "ID", "");
        for (Finding finding : findings) {
            table.row(
                    impact(finding),
                    finding.getMessage(),
                    finding.getCheckId(),
                    new Table.Cell(finding.getFindingId(), Style.DIM),
                    new Table.Cell(notes(finding), Style.DIM));
        }
        page.table(table, "  ");
    }

    /** Size of the impact with its unit; empty if there is none. */
    static String impact(Finding finding) {
        long whole = Math.round(finding.getImpact());
        if (whole == 0) {
            return "";
        }
        return switch (finding.getImpactUnit()) {
            case IMPACT_UNIT_BYTES -> Human.bytes(whole);
            case IMPACT_UNIT_SECONDS -> Human.duration(Duration.ofSeconds(whole));
            case IMPACT_UNIT_ROWS -> Human.rows(whole);
            case IMPACT_UNIT_UNSPECIFIED, UNRECOGNIZED -> "";
        };
    }

    /** What a reader should know beside the message: status, confidence, mute. */
    private static String notes(Finding finding) {
        StringBuilder notes = new StringBuilder();
        if (finding.getStatus() != FindingStatus.FINDING_STATUS_STILL_THERE) {
            notes.append(Names.words(finding.getStatus(), "FINDING_STATUS_"));
        }
        if (finding.getConfidence() != Confidence.CONFIDENCE_CERTAIN) {
            notes.append(notes.isEmpty() ? "" : ", ").append(confidence(finding.getConfidence()));
        }
        if (finding.getMuted()) {
            notes.append(notes.isEmpty() ? "" : ", ").append("muted");
        }
        return notes.toString();
    }

    static String confidence(Confidence confidence) {
        return switch (confidence) {
            case CONFIDENCE_CERTAIN -> "certain";
            case CONFIDENCE_ESTIMATED -> "estimated";
            case CONFIDENCE_HEURISTIC -> "rule of thumb";
            case CONFIDENCE_UNSPECIFIED, UNRECOGNIZED -> "unknown";
        };
    }

    /** A number of objects, in words. */
    static String objects(long number) {
        return Human.count(number) + (number == 1 ? " object" : " objects");
    }

    static String words(Severity severity) {
        return Names.words(severity, "SEVERITY_");
    }

    static Style style(Severity severity) {
        return switch (severity) {
            case SEVERITY_CRITICAL -> Style.BAD;
            case SEVERITY_WARNING -> Style.CAREFUL;
            case SEVERITY_INFO, SEVERITY_UNSPECIFIED, UNRECOGNIZED -> Style.BOLD;
        };
    }

    /** Blindness is not health. */
    private static void unchecked(DetectIssuesResponse answer, Page page) {
        long ran = answer.getChecksList().stream()
                .filter(report -> report.getStatus() == CheckStatus.CHECK_STATUS_RAN)
                .count();
        page.line(Style.DIM, ran + " of " + answer.getChecksCount() + " checks ran.");
        for (CheckReport report : answer.getChecksList()) {
            String reason = report.getReason();
            if (report.getStatus() != CheckStatus.CHECK_STATUS_RAN) {
                Style style = report.getStatus() == CheckStatus.CHECK_STATUS_FAILED ? Style.BAD : Style.DIM;
                String status = Names.words(report.getStatus(), "CHECK_STATUS_");
                page.paragraph("  ", style, report.getCheckId() + " " + status + ": " + reason);
            } else if (report.getUnseenObjects() > 0) {
                page.paragraph(
                        "  ",
                        Style.CAREFUL,
                        report.getCheckId() + " could not see " + objects(report.getUnseenObjects())
                                + (reason.isEmpty() ? "" : ": " + reason));
            } else if (!reason.isEmpty()) {
                page.paragraph("  ", Style.DIM, report.getCheckId() + ": " + reason);
            }
        }
    }
}
