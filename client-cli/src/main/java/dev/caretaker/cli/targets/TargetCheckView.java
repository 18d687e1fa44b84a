package dev.caretaker.cli.targets;

import dev.caretaker.cli.output.Names;
import dev.caretaker.cli.output.Page;
import dev.caretaker.cli.output.Style;
import dev.caretaker.cli.units.Human;
import dev.caretaker.v1.TargetCheck;
import dev.caretaker.v1.TargetProblem;
import java.util.Comparator;
import java.util.List;
import java.util.TreeMap;
import java.util.stream.Collectors;

/** What a check found, worst first, each problem with the statement that mends it. */
final class TargetCheckView {
    private TargetCheckView() {}

    static void show(TargetCheck check, Page page) {
        boolean healthy = check.getHealthy();
        page.pair("target", check.getTarget().getName());
        page.pair("healthy", healthy ? "yes" : "no", healthy ? Style.GOOD : Style.BAD);
        page.pair("primary", check.getTarget().getPrimary());
        page.pair("replica", check.getTarget().getReplica());
        page.pair("version", check.getServerVersion() + (check.getInRecovery() ? ", in recovery" : ""));
        page.pair("role", check.getRole());
        page.pair("size", check.getDatabaseBytes() == 0 ? "" : Human.bytes(check.getDatabaseBytes()));
        page.pair("system", check.getSystemIdentifier());
        page.pair("extensions", extensions(check));
        page.pair("can", String.join(", ", check.getCapabilitiesList()));
        List<TargetProblem> problems = check.getProblemsList().stream()
                .sorted(Comparator.comparing(TargetProblem::getSeverityValue).reversed())
                .toList();
        if (!problems.isEmpty()) {
            page.heading("Problems");
        }
        for (TargetProblem problem : problems) {
            String severity = Names.words(problem.getSeverity(), "TARGET_PROBLEM_SEVERITY_");
            String policy = problem.getPolicy().isEmpty() ? "" : " (policy " + problem.getPolicy() + ")";
            page.paragraph(
                    "  ",
                    style(problem),
                    severity + " " + Names.code(problem.getCode(), "TARGET_PROBLEM_CODE_") + policy);
            page.paragraph("    ", Style.PLAIN, problem.getMessage());
            page.code("    ", problem.getRemediationSql());
        }
    }

    private static String extensions(TargetCheck check) {
        return new TreeMap<>(check.getExtensionsMap())
                .entrySet().stream().map(e -> e.getKey() + " " + e.getValue()).collect(Collectors.joining(", "));
    }

    private static Style style(TargetProblem problem) {
        return switch (problem.getSeverity()) {
            case TARGET_PROBLEM_SEVERITY_ERROR -> Style.BAD;
            case TARGET_PROBLEM_SEVERITY_WARNING -> Style.CAREFUL;
            case TARGET_PROBLEM_SEVERITY_INFO, TARGET_PROBLEM_SEVERITY_UNSPECIFIED, UNRECOGNIZED -> Style.PLAIN;
        };
    }
}
