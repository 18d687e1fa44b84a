package dev.caretaker.cli.partitions.upkeep;

import dev.caretaker.cli.Session;
import dev.caretaker.cli.error.CommandFailure;
import dev.caretaker.cli.output.TableNames;
import dev.caretaker.v1.DropRetiredRequest;
import dev.caretaker.v1.DropRetiredResponse;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code caretaker partitions retired drop PARTITION...}. */
@Command(name = "drop", description = "Drop held partitions now, whether they are due or not. Their rows are lost.")
public final class RetiredDrop implements Callable<Integer> {
    private final Session session;

    @Parameters(paramLabel = "PARTITION", arity = "1..*", description = "NAME, SCHEMA.NAME, or quoted as in SQL.")
    private List<String> partitions;

    @Option(names = "--target", paramLabel = "NAME", required = true, description = "Their target.")
    private String target;

    @Option(
            names = {"-y", "--yes"},
            description = "Required: nothing brings them back.")
    private boolean yes;

    @Mixin
    private StartOptions start;

    public RetiredDrop(Session session) {
        this.session = session;
    }

    @Override
    public Integer call() {
        if (!yes) {
            throw CommandFailure.usage(
                    "the rows of " + String.join(", ", partitions) + " would be lost: --yes drops them");
        }
        DropRetiredRequest.Builder request = DropRetiredRequest.newBuilder()
                .setRequestId(start.requestId())
                .setActor(start.actor(session))
                .setTarget(target);
        partitions.forEach(partition -> request.addPartitions(TableNames.parse(partition)));
        start.deadline().ifPresent(request::setDeadline);
        return start.run(
                session,
                DropRetiredResponse::getEvent,
                (stub, observer) -> stub.dropRetired(request.build(), observer));
    }
}
