package dev.caretaker.cli.schedules;

import com.google.protobuf.Timestamp;
import dev.caretaker.cli.Session;
import dev.caretaker.cli.error.CommandFailure;
import dev.caretaker.cli.output.Page;
import dev.caretaker.cli.output.Table;
import dev.caretaker.cli.units.Durations;
import dev.caretaker.cli.units.Human;
import dev.caretaker.v1.Fire;
import dev.caretaker.v1.FireOutcome;
import dev.caretaker.v1.ListFiresRequest;
import dev.caretaker.v1.ListFiresResponse;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code caretaker schedules fires [SCHEDULE]}. */
@Command(
        name = "fires",
        description = {
            "List what became of the times at which schedules were due, newest first:",
            "why did it not run at two?"
        })
public final class ListFires implements Runnable {
    private static final int LARGEST_PAGE = 1000;

    private final Session session;

    @Parameters(arity = "0..1", paramLabel = "SCHEDULE", description = "Only of this schedule, which may be deleted.")
    private String name = "";

    @Option(names = "--target", paramLabel = "NAME", description = "Only at this target.")
    private String target = "";

    @Option(
            names = "--outcome",
            paramLabel = "OUTCOME",
            split = ",",
            description = "Only these: waiting, started, caught-up, skipped-overlap, skipped-calendar, skipped-window,"
                    + " skipped-paused, skipped-hold, missed, refused.")
    private List<String> outcomes = List.of();

    @Option(
            names = "--since",
            paramLabel = "DURATION",
            converter = Durations.Converter.class,
            description = "Only times within this span, for example 7d.")
    private Duration since;

    @Option(names = "--limit", paramLabel = "N", defaultValue = "50", description = "At most so many. Default: 50.")
    private int limit;

    public ListFires(Session session) {
        this.session = session;
    }

    @Override
    public void run() {
        if (limit < 1) {
            throw CommandFailure.usage("--limit must be at least 1");
        }
        ListFiresRequest.Builder request =
                ListFiresRequest.newBuilder().setSchedule(name).setTarget(target);
        outcomes.forEach(outcome -> request.addOutcomes(outcome(outcome)));
        if (since != null) {
            Instant start = session.environment().clock().instant().minus(since);
            request.setAfterTime(
                    Timestamp.newBuilder().setSeconds(start.getEpochSecond()).setNanos(start.getNano()));
        }
        ListFiresResponse.Builder all = ListFiresResponse.newBuilder();
        String token = "";
        do {
            request.setPageSize(Math.min(LARGEST_PAGE, limit - all.getFiresCount()))
                    .setPageToken(token);
            ListFiresResponse page = session.connection().schedules().listFires(request.build());
            all.addAllFires(page.getFiresList());
            token = page.getNextPageToken();
        } while (!token.isEmpty() && all.getFiresCount() < limit);
        session.printer().many(all.build(), all.getFiresList(), page -> view(all.getFiresList(), page));
        if (!token.isEmpty()) {
            session.hint("There are more; --limit shows them.");
        }
    }

    private static FireOutcome outcome(String text) {
        String wanted = "FIRE_OUTCOME_" + text.strip().toUpperCase(Locale.ROOT).replace('-', '_');
        for (FireOutcome outcome : FireOutcome.values()) {
            if (outcome.name().equals(wanted) && outcome != FireOutcome.FIRE_OUTCOME_UNSPECIFIED) {
                return outcome;
            }
        }
        throw CommandFailure.usage("--outcome: '" + text + "' is not known");
    }

    private static void view(List<Fire> fires, Page page) {
        Table table = new Table("TIME", "SCHEDULE", "TARGET", "OUTCOME", "?RUN", "WHY");
        for (Fire fire : fires) {
            table.row(
                    Human.instant(fire.getNominalTime()),
                    fire.getSchedule(),
                    fire.getTarget(),
                    ScheduleLines.outcome(fire),
                    fire.getRunId(),
                    FireText.why(fire));
        }
        if (table.isEmpty()) {
            page.line("Nothing was due.");
        } else {
            page.table(table);
        }
    }
}
