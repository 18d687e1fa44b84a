package dev.caretaker.cli.runs;

import com.google.protobuf.Timestamp;
import dev.caretaker.cli.Session;
import dev.caretaker.cli.error.CommandFailure;
import dev.caretaker.cli.error.ExitCode;
import dev.caretaker.cli.file.ChoiceText;
import dev.caretaker.cli.output.Names;
import dev.caretaker.cli.output.Page;
import dev.caretaker.cli.output.ShortIds;
import dev.caretaker.cli.output.Table;
import dev.caretaker.cli.units.Durations;
import dev.caretaker.cli.units.Human;
import dev.caretaker.cli.watch.RunSummary;
import dev.caretaker.cli.watch.RunView;
import dev.caretaker.v1.ListRunsRequest;
import dev.caretaker.v1.ListRunsResponse;
import dev.caretaker.v1.Run;
import dev.caretaker.v1.RunKind;
import dev.caretaker.v1.RunState;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code caretaker runs list}. */
@Command(name = "list", description = "List runs, newest first.")
public final class ListRuns implements Runnable {
    private static final int LARGEST_PAGE = 1000;

    private final Session session;

    @Option(names = "--target", paramLabel = "NAME", description = "Only runs of this target.")
    private String target = "";

    @Option(
            names = "--state",
            paramLabel = "STATE",
            split = ",",
            description = "Only runs in these states: queued, waiting-window, waiting-lock, running, throttled, paused,"
                    + " cancelling, ended.")
    private List<String> states = List.of();

    @Option(names = "--kind", paramLabel = "KIND", description = "Only cleanup, vacuum, reindex, routine or upkeep.")
    private String kind;

    @Option(
            names = "--since",
            paramLabel = "DURATION",
            converter = Durations.Converter.class,
            description = "Only runs accepted within this time, for example 7d.")
    private Duration since;

    @Option(names = "--limit", paramLabel = "N", defaultValue = "50", description = "At most so many. Default: 50.")
    private int limit;

    public ListRuns(Session session) {
        this.session = session;
    }

    @Override
    public void run() {
        if (limit < 1) {
            throw CommandFailure.usage("--limit must be at least 1");
        }
        ListRunsRequest.Builder request = ListRunsRequest.newBuilder().setTarget(target);
        states.forEach(state -> request.addStates(choice("--state", RunState.class, "RUN_STATE_", state)));
        if (kind != null) {
            request.setKind(choice("--kind", RunKind.class, "RUN_KIND_", kind));
        }
        if (since != null) {
            Instant start = session.environment().clock().instant().minus(since);
            request.setCreatedAfter(
                    Timestamp.newBuilder().setSeconds(start.getEpochSecond()).setNanos(start.getNano()));
        }
        ListRunsResponse.Builder all = ListRunsResponse.newBuilder();
        String token = "";
        do {
            request.setPageSize(Math.min(LARGEST_PAGE, limit - all.getRunsCount()))
                    .setPageToken(token);
            ListRunsResponse page = session.connection().runs().listRuns(request.build());
            all.addAllRuns(page.getRunsList());
            token = page.getNextPageToken();
        } while (!token.isEmpty() && all.getRunsCount() < limit);
        session.printer().many(all.build(), all.getRunsList(), page -> view(all, page));
        if (!token.isEmpty()) {
            session.hint("There are more; --limit shows them.");
        }
    }

    private static <E extends Enum<E>> E choice(String option, Class<E> type, String prefix, String text) {
        try {
            return ChoiceText.parse(text, type, prefix);
        } catch (IllegalArgumentException e) {
            throw new CommandFailure(ExitCode.USAGE, option + ": " + e.getMessage(), e);
        }
    }

    private void view(ListRunsResponse.Builder all, Page page) {
        Table table = new Table("RUN", "KIND", "TARGET", "STATE", ">DELETED", "?ACCEPTED", "?>LASTED", "?BY");
        ShortIds ids = new ShortIds(
                session.environment().terminal(),
                all.getRunsList().stream().map(Run::getRunId).toList());
        for (Run run : all.getRunsList()) {
            table.row(
                    ids.of(run.getRunId()),
                    Names.words(run.getKind(), "RUN_KIND_"),
                    run.getTarget(),
                    new Table.Cell(Names.standing(run), RunSummary.style(run.getOutcome())),
                    Human.count(
                            run.getTotals().getRowsDeleted(), run.getTotals().getRowsExact()),
                    Human.instant(run.getCreateTime()),
                    RunView.lasted(run, session.environment().clock()),
                    Names.actor(run.getCreatedBy()));
        }
        if (table.isEmpty()) {
            page.line("No runs.");
        } else {
            page.table(table);
        }
    }
}
