package dev.caretaker.cli.growth;

import com.google.protobuf.Timestamp;
import dev.caretaker.cli.Session;
import dev.caretaker.cli.error.CommandFailure;
import dev.caretaker.cli.output.TableNames;
import dev.caretaker.cli.units.Durations;
import dev.caretaker.v1.GetGrowthRequest;
import dev.caretaker.v1.Growth;
import java.time.Duration;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code caretaker growth}. */
@Command(
        name = "growth",
        description =
                "Show how a database, its tables and what policies have to remove grew, and when limits are reached.",
        footer = {
            "",
            "Servers take a sample a day, and one after routines; nothing is asked of the database here. The rate is the",
            "median of the slopes between all pairs of daily samples (Theil and Sen), and a forecast follows it as a",
            "straight line, for at most ten times as long as it was seen; between which days it lies is told by",
            "the rate's interval of 95 %. Figures with a ~ are estimates."
        })
public final class GrowthCommand implements Runnable {
    private static final int NARROW_CELLS = 12;
    private static final int WIDE_CELLS = 30;
    private static final int WIDE = 120;

    private final Session session;

    @Option(names = "--target", paramLabel = "NAME", required = true, description = "The target to look at.")
    private String target;

    @Option(
            names = "--table",
            paramLabel = "TABLE",
            description = "Only this one and its policies: NAME, SCHEMA.NAME, or quoted as in SQL.")
    private String table;

    @Option(names = "--days", paramLabel = "N", description = "How many days to look back. Default: 30.")
    private int days = 30;

    @Option(names = "--top", paramLabel = "N", description = "Most tables to show with -o table. Default: 30.")
    private int top = 30;

    public GrowthCommand(Session session) {
        this.session = session;
    }

    @Override
    public void run() {
        if (days < 1) {
            throw CommandFailure.usage("--days: at least 1");
        }
        if (top < 1) {
            throw CommandFailure.usage("--top: at least 1");
        }
        GetGrowthRequest.Builder request =
                GetGrowthRequest.newBuilder().setTarget(target).setWindow(Durations.toProto(Duration.ofDays(days)));
        if (table != null) {
            request.setTable(TableNames.parse(table));
        }
        Growth growth = session.connection().growth().getGrowth(request.build()).getGrowth();
        session.printer().one(growth, page -> {
            Timestamp end = growth.hasSampleTime() ? growth.getSampleTime() : growth.getSince();
            boolean wide = !page.isDisplay() || session.environment().terminal().columns() >= WIDE;
            Sparkline lines = new Sparkline(
                    growth.getSince(),
                    end,
                    Math.min(days, wide ? WIDE_CELLS : NARROW_CELLS),
                    session.environment().unicode());
            new GrowthView(growth, page, lines, top).show();
        });
    }
}
