package dev.caretaker.cli.audit;

import com.google.protobuf.Timestamp;
import dev.caretaker.cli.Session;
import dev.caretaker.cli.error.CommandFailure;
import dev.caretaker.cli.file.ChoiceText;
import dev.caretaker.cli.output.Names;
import dev.caretaker.cli.output.Page;
import dev.caretaker.cli.output.Style;
import dev.caretaker.cli.output.Table;
import dev.caretaker.cli.units.Durations;
import dev.caretaker.cli.units.Human;
import dev.caretaker.v1.AuditEntry;
import dev.caretaker.v1.AuditOutcome;
import dev.caretaker.v1.ListAuditEntriesRequest;
import dev.caretaker.v1.ListAuditEntriesResponse;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.TreeMap;
import java.util.stream.Collectors;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code caretaker audit}. */
@Command(
        name = "audit",
        description = {
            "List who asked for what and what became of it, newest first:",
            "what was asked of the server that changes something, and what it changed by itself."
        })
public final class AuditCommand implements Runnable {
    private static final int LARGEST_PAGE = 1000;
    private static final String OUTCOME = "AUDIT_OUTCOME_";

    private final Session session;

    @Option(names = "--target", paramLabel = "NAME", description = "Only what concerns this target.")
    private String target = "";

    @Option(names = "--by", paramLabel = "NAME", description = "Only what this person or service asked.")
    private String actor = "";

    @Option(names = "--method", paramLabel = "RPC", description = "Only this, for example ExecuteCleanup.")
    private String method = "";

    @Option(names = "--outcome", paramLabel = "OUTCOME", description = "Only started, ok or refused.")
    private String outcome = "";

    @Option(
            names = "--about",
            paramLabel = "WORD",
            description =
                    "Only what is about this: the id of a run, a plan or a hold, the name of a policy or a schedule.")
    private String about = "";

    @Option(
            names = "--since",
            paramLabel = "DURATION",
            converter = Durations.Converter.class,
            description = "Only what was asked within this span, for example 7d.")
    private Duration since;

    @Option(names = "--limit", paramLabel = "N", defaultValue = "50", description = "At most so many. Default: 50.")
    private int limit;

    public AuditCommand(Session session) {
        this.session = session;
    }

    @Override
    public void run() {
        if (limit < 1) {
            throw CommandFailure.usage("--limit must be at least 1");
        }
        ListAuditEntriesRequest.Builder request = ListAuditEntriesRequest.newBuilder()
                .setTarget(target)
                .setAskedBy(actor)
                .setMethod(method)
                .setAbout(about);
        if (!outcome.isEmpty()) {
            request.setOutcome(ChoiceText.ofOption("--outcome", outcome, AuditOutcome.class, OUTCOME));
        }
        if (since != null) {
            Instant start = session.environment().clock().instant().minus(since);
            request.setAfterTime(
                    Timestamp.newBuilder().setSeconds(start.getEpochSecond()).setNanos(start.getNano()));
        }
        ListAuditEntriesResponse.Builder all = ListAuditEntriesResponse.newBuilder();
        String token = "";
        do {
            request.setPageSize(Math.min(LARGEST_PAGE, limit - all.getEntriesCount()))
                    .setPageToken(token);
            ListAuditEntriesResponse page = session.connection().audit().listAuditEntries(request.build());
            all.addAllEntries(page.getEntriesList());
            token = page.getNextPageToken();
        } while (!token.isEmpty() && all.getEntriesCount() < limit);
        session.printer().many(all.build(), all.getEntriesList(), page -> view(all.getEntriesList(), page));
        if (!token.isEmpty()) {
            session.hint("There are more; --limit shows them.");
        }
    }

    private static void view(List<AuditEntry> entries, Page page) {
        Table table = new Table("TIME", "WHO", "WHAT", "TARGET", "OUTCOME", "ABOUT");
        for (AuditEntry entry : entries) {
            table.row(
                    Human.instant(entry.getTime()),
                    Names.actor(entry.getActor()),
                    entry.getMethod(),
                    entry.getTarget(),
                    outcome(entry),
                    about(entry));
        }
        if (table.isEmpty()) {
            page.line("Nothing was asked.");
        } else {
            page.table(table);
        }
    }

    private static Table.Cell outcome(AuditEntry entry) {
        return new Table.Cell(
                Names.words(entry.getOutcome(), OUTCOME),
                entry.getOutcome() == AuditOutcome.AUDIT_OUTCOME_REFUSED ? Style.CAREFUL : Style.PLAIN);
    }

    /** What was asked, and why it was refused. */
    private static String about(AuditEntry entry) {
        String asked = new TreeMap<>(entry.getSummaryMap())
                .entrySet().stream()
                        .filter(value ->
                                !value.getValue().isEmpty() && !value.getKey().equals("target"))
                        .map(value -> value.getKey() + "=" + value.getValue())
                        .collect(Collectors.joining(" "));
        return entry.getReason().isEmpty()
                ? asked
                : entry.getReason() + ": " + entry.getMessage() + (asked.isEmpty() ? "" : " (" + asked + ")");
    }
}
