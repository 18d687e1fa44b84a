package dev.caretaker.cli.partitions;

import dev.caretaker.cli.Session;
import dev.caretaker.cli.connect.Pages;
import dev.caretaker.cli.error.CommandFailure;
import dev.caretaker.cli.output.Format;
import dev.caretaker.cli.output.Page;
import dev.caretaker.cli.output.Style;
import dev.caretaker.cli.output.TableNames;
import dev.caretaker.cli.terminal.Environment;
import dev.caretaker.cli.units.Durations;
import dev.caretaker.v1.ListPartitionsRequest;
import dev.caretaker.v1.ListPartitionsResponse;
import dev.caretaker.v1.PartitionAge;
import dev.caretaker.v1.PartitionedTable;
import dev.caretaker.v1.TableName;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code caretaker partitions [TABLE]}. */
@Command(
        name = "partitions",
        description = "Show partitioned tables: their partitions, how long those last, and what is amiss.",
        footer = {
            "",
            "Figures with a ~ are estimates: rows by the planner's statistics, a size is the last one in the",
            "catalog (by vacuum, analyze or a new index): somebody holds the partition exclusively."
        })
public final class PartitionsCommand implements Runnable {
    /** The server reads its catalog once a page. */
    private static final int PAGE = 10_000;
    /** What the server takes when it is not told. */
    private static final Duration USUAL_COUNT = Duration.ofSeconds(30);

    private static final Duration BESIDE_COUNTING = Duration.ofSeconds(60);

    private final Session session;

    @Parameters(
            paramLabel = "TABLE",
            arity = "0..1",
            description = "Only this one: NAME, SCHEMA.NAME, or quoted as in SQL. Default: all.")
    private String table;

    // Required, but not of subcommands' callers, who give their own.
    @Option(names = "--target", paramLabel = "NAME", description = "The target to look at. Required.")
    private String target;

    @Option(names = "--schema", paramLabel = "NAME", description = "Only tables of this schema.")
    private String schema = "";

    @Option(names = "--exact", description = "Count rows instead of estimating them.")
    private boolean exact;

    @Option(
            names = "--count-timeout",
            paramLabel = "DURATION",
            converter = Durations.Converter.class,
            description = "Longest time that counting may take, at most 1h. Default: 30s.")
    private Duration countTimeout;

    @Option(
            names = "--age",
            paramLabel = "AGE",
            split = ",",
            description = "Only partitions that lie so to now: past, current, future.")
    private List<String> ages = List.of();

    @Option(
            names = "--view",
            paramLabel = "VIEW",
            description = "table (all figures), tree (sub-partitions as branches), or timeline (one cell a partition,"
                    + " shaded by size). Default: table.")
    private ViewName view;

    enum ViewName {
        TABLE,
        TREE,
        TIMELINE
    }

    public PartitionsCommand(Session session) {
        this.session = session;
    }

    @Override
    public void run() {
        ListPartitionsRequest request = request();
        if (view != null && session.format() != Format.TABLE) {
            throw CommandFailure.usage("--view goes with -o table only");
        }
        ListPartitionsResponse all = fetch(request);
        session.printer().many(all, all.getPartitionsList(), page -> show(all, page));
    }

    private ListPartitionsRequest request() {
        if (target == null) {
            throw CommandFailure.usage("--target names the target to look at");
        }
        if (countTimeout != null && !exact) {
            throw CommandFailure.usage("--count-timeout goes with --exact");
        }
        if (table != null && !schema.isEmpty()) {
            throw CommandFailure.usage("--schema goes without a table: write SCHEMA.TABLE");
        }
        ListPartitionsRequest.Builder request = ListPartitionsRequest.newBuilder()
                .setTarget(target)
                .setSchema(schema)
                .setExact(exact)
                .setPageSize(PAGE);
        ages.forEach(age -> request.addAges(age(age)));
        if (table != null) {
            request.setTable(TableNames.parse(table));
        }
        if (countTimeout != null) {
            request.setCountTimeout(Durations.toProto(countTimeout));
        }
        return request.build();
    }

    private static PartitionAge age(String text) {
        return switch (text.strip().toLowerCase(Locale.ROOT)) {
            case "past" -> PartitionAge.PARTITION_AGE_PAST;
            case "current" -> PartitionAge.PARTITION_AGE_CURRENT;
            case "future" -> PartitionAge.PARTITION_AGE_FUTURE;
            default -> throw CommandFailure.usage("--age: '" + text + "' is not past, current or future");
        };
    }

    /** All pages as one answer; a table that continues on the next page comes once. */
    private ListPartitionsResponse fetch(ListPartitionsRequest request) {
        Duration counting = !exact ? Duration.ZERO : countTimeout == null ? USUAL_COUNT : countTimeout;
        ListPartitionsResponse.Builder all = ListPartitionsResponse.newBuilder();
        Set<TableName> seen = new HashSet<>();
        Pages.each(
                token -> session.connection()
                        .usuallyWithin(BESIDE_COUNTING.plus(counting))
                        .maintenance()
                        .listPartitions(request.toBuilder().setPageToken(token).build()),
                ListPartitionsResponse::getNextPageToken,
                page -> {
                    page.getTablesList().stream()
                            .filter(table -> seen.add(table.getTable()))
                            .forEach(all::addTables);
                    all.addAllPartitions(page.getPartitionsList());
                    page.getUpkeepList().stream()
                            .filter(upkeep -> all.getUpkeepList().stream()
                                    .noneMatch(told -> told.getTable().equals(upkeep.getTable())))
                            .forEach(all::addUpkeep);
                    page.getDebtsList().stream()
                            .filter(debt -> !all.getDebtsList().contains(debt))
                            .forEach(all::addDebts);
                });
        return all.build();
    }

    private void show(ListPartitionsResponse all, Page page) {
        Listing listing = new Listing(all.getTablesList(), all.getPartitionsList());
        if (listing.roots().isEmpty()) {
            page.line("No partitioned tables.");
            return;
        }
        View shown = view(listing, page);
        boolean first = true;
        for (PartitionedTable root : listing.roots()) {
            if (!first) {
                page.blank();
            }
            first = false;
            new TableHead(root, listing.partitionsOf(root.getTable())).show(page);
            all.getUpkeepList().stream()
                    .filter(upkeep -> listing.isBelow(upkeep.getTable(), root.getTable()))
                    .forEach(upkeep -> SetLines.show(upkeep, !upkeep.getTable().equals(root.getTable()), page));
            all.getDebtsList().stream()
                    .filter(debt -> debt.getTable().equals(root.getTable()))
                    .forEach(debt -> page.paragraph("  ", Style.BAD, debt.getMessage()));
            shown.show(root);
        }
    }

    private View view(Listing listing, Page page) {
        Environment environment = session.environment();
        Glyphs glyphs = Glyphs.of(environment.unicode());
        return switch (view == null ? ViewName.TABLE : view) {
            case TABLE -> new TableView(listing, environment.clock(), page);
            case TREE -> new TreeView(listing, glyphs, page);
            case TIMELINE ->
                new TimelineView(
                        listing,
                        glyphs,
                        environment.clock().instant(),
                        environment.terminal().columns(),
                        page);
        };
    }
}
