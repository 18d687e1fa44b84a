package dev.caretaker.cli.convert;

import dev.caretaker.cli.Session;
import dev.caretaker.cli.connect.Pages;
import dev.caretaker.cli.output.Names;
import dev.caretaker.cli.output.Page;
import dev.caretaker.cli.output.ShortIds;
import dev.caretaker.cli.output.Style;
import dev.caretaker.cli.output.Table;
import dev.caretaker.cli.partitions.sets.GridText;
import dev.caretaker.cli.units.Human;
import dev.caretaker.v1.Conversion;
import dev.caretaker.v1.ConversionState;
import dev.caretaker.v1.ListConversionsRequest;
import dev.caretaker.v1.ListConversionsResponse;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code caretaker convert list}. */
@Command(name = "list", description = "List conversions, newest first.")
public final class ListConversions implements Runnable {
    private final Session session;

    @Option(names = "--target", paramLabel = "NAME", description = "Only conversions of this target.")
    private String target = "";

    public ListConversions(Session session) {
        this.session = session;
    }

    @Override
    public void run() {
        ListConversionsResponse.Builder all = ListConversionsResponse.newBuilder();
        Pages.each(
                token -> session.connection()
                        .conversions()
                        .listConversions(ListConversionsRequest.newBuilder()
                                .setTarget(target)
                                .setPageToken(token)
                                .build()),
                ListConversionsResponse::getNextPageToken,
                page -> all.addAllConversions(page.getConversionsList()));
        session.printer().many(all.build(), all.getConversionsList(), page -> view(all, page));
    }

    private void view(ListConversionsResponse.Builder all, Page page) {
        ShortIds ids = new ShortIds(
                session.environment().terminal(),
                all.getConversionsList().stream()
                        .map(Conversion::getConversionId)
                        .toList());
        Table table = new Table("CONVERSION", "TARGET", "TABLE", "GRID", "BOUNDARY", "STATE", "?PLANNED");
        for (Conversion conversion : all.getConversionsList()) {
            table.row(
                    ids.of(conversion.getConversionId()),
                    conversion.getTarget(),
                    Names.table(conversion.getTable()),
                    GridText.describe(conversion.getSet().getGrid()),
                    conversion.getBoundary(),
                    new Table.Cell(
                            Names.words(conversion.getState(), "CONVERSION_STATE_"),
                            conversion.getState() == ConversionState.CONVERSION_STATE_BROKEN_OFF
                                    ? Style.BAD
                                    : Style.PLAIN),
                    Human.instant(conversion.getCreateTime()));
        }
        if (table.isEmpty()) {
            page.line("No conversions.");
        } else {
            page.table(table);
        }
        if (all.getConversionsList().stream()
                .anyMatch(conversion -> conversion.getState() == ConversionState.CONVERSION_STATE_BROKEN_OFF)) {
            page.blank()
                    .line("What was broken off goes on with 'caretaker convert start', or is taken back with 'caretaker"
                            + " convert revert'.");
        }
    }
}
