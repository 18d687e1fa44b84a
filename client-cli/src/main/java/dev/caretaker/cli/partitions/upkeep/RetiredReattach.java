package dev.caretaker.cli.partitions.upkeep;

import dev.caretaker.cli.Session;
import dev.caretaker.cli.output.TableNames;
import dev.caretaker.v1.ReattachPartitionRequest;
import dev.caretaker.v1.ReattachPartitionResponse;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code caretaker partitions retired reattach PARTITION}. */
@Command(
        name = "reattach",
        description = {
            "Attach a held partition again, without reading it.",
            "Upkeep detaches it again unless the set keeps more, or its retirement is paused."
        })
public final class RetiredReattach implements Callable<Integer> {
    private final Session session;

    @Parameters(paramLabel = "PARTITION", description = "NAME, SCHEMA.NAME, or quoted as in SQL.")
    private String partition;

    @Option(names = "--target", paramLabel = "NAME", required = true, description = "Its target.")
    private String target;

    @Mixin
    private StartOptions start;

    public RetiredReattach(Session session) {
        this.session = session;
    }

    @Override
    public Integer call() {
        ReattachPartitionRequest.Builder request = ReattachPartitionRequest.newBuilder()
                .setRequestId(start.requestId())
                .setActor(start.actor(session))
                .setTarget(target)
                .setPartition(TableNames.parse(partition));
        start.deadline().ifPresent(request::setDeadline);
        return start.run(
                session,
                ReattachPartitionResponse::getEvent,
                (stub, observer) -> stub.reattachPartition(request.build(), observer));
    }
}
