package dev.caretaker.cli.issues;

import dev.caretaker.cli.Session;
import dev.caretaker.cli.output.Page;
import dev.caretaker.cli.output.Style;
import dev.caretaker.cli.output.Table;
import dev.caretaker.v1.Check;
import dev.caretaker.v1.ListChecksResponse;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeSet;
import java.util.stream.Collectors;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code caretaker checks}. */
@Command(name = "checks", description = "List what 'caretaker issues' looks for, with the thresholds in force.")
public final class ChecksCommand implements Runnable {
    private final Session session;

    @Option(names = "--target", paramLabel = "NAME", description = "With the thresholds of this target.")
    private String target = "";

    public ChecksCommand(Session session) {
        this.session = session;
    }

    @Override
    public void run() {
        ListChecksResponse all = CheckList.read(session, target);
        session.printer().many(all, all.getChecksList(), page -> view(all.getChecksList(), page));
    }

    private static void view(List<Check> checks, Page page) {
        boolean first = true;
        for (String category :
                new TreeSet<>(checks.stream().map(Check::getCategory).toList())) {
            if (!first) {
                page.blank();
            }
            first = false;
            page.line(Style.BOLD, category);
            Table table = new Table("CHECK", "SEVERITY", "FINDS", "THRESHOLDS", "");
            checks.stream()
                    .filter(check -> check.getCategory().equals(category))
                    .forEach(check -> table.row(
                            check.getCheckId(),
                            IssuesView.words(check.getDefaultSeverity()),
                            check.getTitle(),
                            thresholds(check),
                            new Table.Cell(notes(check), Style.DIM)));
            page.table(table, "  ");
        }
    }

    private static String thresholds(Check check) {
        return check.getThresholdsList().stream()
                .map(threshold -> threshold.getName() + "=" + threshold.getValue())
                .collect(Collectors.joining(" "));
    }

    private static String notes(Check check) {
        List<String> notes = new ArrayList<>();
        if (check.getCustom()) {
            notes.add("own");
        }
        if (check.getOnRequest()) {
            notes.add("on request");
        }
        if (!check.getNeeds().isEmpty()) {
            notes.add("needs " + check.getNeeds());
        }
        return String.join("; ", notes);
    }
}
