package dev.caretaker.cli.targets;

import com.google.protobuf.Timestamp;
import dev.caretaker.cli.Session;
import dev.caretaker.cli.output.Names;
import dev.caretaker.cli.output.Page;
import dev.caretaker.cli.output.TableNames;
import dev.caretaker.cli.units.Human;
import dev.caretaker.v1.GetTableRequest;
import dev.caretaker.v1.RelationSize;
import dev.caretaker.v1.TableStanding;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/** {@code caretaker targets table TARGET TABLE}. */
@Command(
        name = "table",
        description = "Show size, rows and last vacuum of one table.",
        footer = {
            "",
            "Rows are estimates, by the server's statistics. Of partitions, partitions tells the same.",
            "A size with a ~ is the last one in the catalog (by vacuum, analyze or a new index): somebody holds",
            "the table exclusively."
        })
public final class ShowTable implements Runnable {
    private final Session session;

    @Parameters(index = "0", paramLabel = "TARGET", description = "Name of the target.")
    private String target;

    @Parameters(index = "1", paramLabel = "TABLE", description = "NAME, SCHEMA.NAME, or quoted as in SQL.")
    private String table;

    public ShowTable(Session session) {
        this.session = session;
    }

    @Override
    public void run() {
        TableStanding standing = session.connection()
                .targets()
                .getTable(GetTableRequest.newBuilder()
                        .setTarget(target)
                        .setTable(TableNames.parse(table))
                        .build())
                .getTable();
        session.printer().one(standing, page -> show(standing, page));
    }

    private static void show(TableStanding standing, Page page) {
        RelationSize size = standing.getSize();
        page.pair("table", Names.table(standing.getTable()));
        page.pair("size", size(size, size.getTotalBytes()));
        page.pair("heap", size(size, size.getHeapBytes()));
        page.pair("indexes", size(size, size.getIndexBytes()));
        page.pair("toast", size(size, size.getToastBytes()));
        page.pair("rows", Human.count(standing.getRows(), false));
        page.pair("dead rows", Human.count(standing.getDeadRows(), false));
        page.pair("vacuum", when(standing.hasLastVacuum(), standing.getLastVacuum()));
        page.pair("autovacuum", when(standing.hasLastAutovacuum(), standing.getLastAutovacuum()));
        page.pair("analyze", when(standing.hasLastAnalyze(), standing.getLastAnalyze()));
        page.pair("autoanalyze", when(standing.hasLastAutoanalyze(), standing.getLastAutoanalyze()));
        if (standing.hasCountedSince()) {
            page.pair("counted since", Human.instant(standing.getCountedSince()));
        }
    }

    private static String size(RelationSize size, long bytes) {
        return (size.getEstimated() ? "~" : "") + Human.bytes(bytes);
    }

    private static String when(boolean known, Timestamp time) {
        return known ? Human.instant(time) : "never seen";
    }
}
