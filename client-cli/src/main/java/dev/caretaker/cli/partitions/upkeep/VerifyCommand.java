package dev.caretaker.cli.partitions.upkeep;

import dev.caretaker.cli.Session;
import dev.caretaker.cli.error.ExitCode;
import dev.caretaker.cli.output.Names;
import dev.caretaker.cli.output.Page;
import dev.caretaker.cli.output.Style;
import dev.caretaker.cli.output.Table;
import dev.caretaker.cli.output.TableNames;
import dev.caretaker.v1.PartitioningCheck;
import dev.caretaker.v1.VerifyPartitioningRequest;
import dev.caretaker.v1.VerifyPartitioningResponse;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code caretaker partitions verify TABLE}. */
@Command(
        name = "verify",
        description = {
            "Look whether a table is partitioned as it should be: covered now and ahead, rows land where they belong",
            "(tried in a transaction that is rolled back), pruning works, indexes and keys are on every partition."
        },
        footer = {"", "Exits with 0 if nothing is wrong, 1 if something is."})
public final class VerifyCommand implements Callable<Integer> {
    private final Session session;

    @Parameters(paramLabel = "TABLE", description = "NAME, SCHEMA.NAME, or quoted as in SQL.")
    private String table;

    @Option(names = "--target", paramLabel = "NAME", required = true, description = "Its target.")
    private String target;

    public VerifyCommand(Session session) {
        this.session = session;
    }

    @Override
    public Integer call() {
        VerifyPartitioningResponse answer = session.connection()
                .partitions()
                .verifyPartitioning(VerifyPartitioningRequest.newBuilder()
                        .setTarget(target)
                        .setTable(TableNames.parse(table))
                        .build());
        session.printer().many(answer, answer.getChecksList(), page -> view(answer, page));
        return answer.getPassed() ? ExitCode.COMPLETE : ExitCode.FAILED;
    }

    private static Style style(PartitioningCheck check) {
        return switch (check.getResult()) {
            case PARTITIONING_RESULT_PASSED -> Style.GOOD;
            case PARTITIONING_RESULT_FAILED -> Style.BAD;
            default -> Style.CAREFUL;
        };
    }

    private static void view(VerifyPartitioningResponse answer, Page page) {
        Table table = new Table("CHECK", "RESULT", "SEEN");
        for (PartitioningCheck check : answer.getChecksList()) {
            table.row(
                    check.getName(),
                    new Table.Cell(Names.words(check.getResult(), "PARTITIONING_RESULT_"), style(check)),
                    check.getMessage());
        }
        page.table(table);
        // In the table of a terminal they may be cut.
        answer.getChecksList().stream()
                .filter(check -> page.isDisplay() && style(check) != Style.GOOD)
                .forEach(check -> page.paragraph("", style(check), check.getName() + ": " + check.getMessage()));
        page.line(
                answer.getPassed() ? Style.GOOD : Style.BAD,
                answer.getPassed() ? "Nothing is wrong." : "Something is not as it should be.");
    }
}
