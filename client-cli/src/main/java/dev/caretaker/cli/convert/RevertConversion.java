package dev.caretaker.cli.convert;

import dev.caretaker.cli.Session;
import dev.caretaker.cli.connect.IdArgument;
import dev.caretaker.cli.partitions.upkeep.StartOptions;
import dev.caretaker.cli.watch.Opening;
import dev.caretaker.v1.RevertConversionRequest;
import dev.caretaker.v1.RevertConversionResponse;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** {@code caretaker convert revert CONVERSION}. */
@Command(
        name = "revert",
        description = {
            "Make the table what it was, wherever its conversion stands. Up to 10,000 rows at or above the boundary are",
            "brought along; if there are more it fails and tells how many."
        })
public final class RevertConversion implements Callable<Integer> {
    private final Session session;

    @Mixin
    private final IdArgument<?> argument = IdArgument.conversion();

    @Mixin
    private StartOptions start;

    public RevertConversion(Session session) {
        this.session = session;
    }

    @Override
    public Integer call() {
        RevertConversionRequest.Builder request = RevertConversionRequest.newBuilder()
                .setRequestId(start.requestId())
                .setActor(start.actor(session))
                .setConversionId(argument.id(session));
        start.deadline().ifPresent(request::setDeadline);
        return start.run(
                session,
                Opening.of(
                        RevertConversionResponse::getEvent,
                        observer ->
                                session.connection().conversionStreams().revertConversion(request.build(), observer)));
    }
}
