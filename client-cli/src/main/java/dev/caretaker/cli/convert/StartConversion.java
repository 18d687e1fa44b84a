package dev.caretaker.cli.convert;

import dev.caretaker.cli.Session;
import dev.caretaker.cli.connect.IdArgument;
import dev.caretaker.cli.partitions.upkeep.StartOptions;
import dev.caretaker.cli.upkeep.RequiredBackup;
import dev.caretaker.cli.watch.Opening;
import dev.caretaker.v1.Conversion;
import dev.caretaker.v1.StartConversionRequest;
import dev.caretaker.v1.StartConversionResponse;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** {@code caretaker convert start CONVERSION}. */
@Command(
        name = "start",
        description = "Run a planned conversion, or go on with one that was broken off.",
        footer = {
            "",
            "Ctrl-C leaves and the run goes on; one that fails or is cancelled leaves a plain table that takes all rows.",
            "Exits with 0 complete or detached, 1 failed, 3 refused, 4 not reachable, 5 cancelled."
        })
public final class StartConversion implements Callable<Integer> {
    private final Session session;

    @Mixin
    private final IdArgument<?> argument = IdArgument.conversion();

    @Mixin
    private StartOptions start;

    @Mixin
    private RequiredBackup backup;

    public StartConversion(Session session) {
        this.session = session;
    }

    @Override
    public Integer call() {
        Conversion conversion = ShowConversion.read(session, argument.id(session));
        StartConversionRequest.Builder request = StartConversionRequest.newBuilder()
                .setRequestId(start.requestId())
                .setActor(start.actor(session))
                .setConversionId(conversion.getConversionId())
                .setEtag(conversion.getEtag());
        start.deadline().ifPresent(request::setDeadline);
        backup.toProto().ifPresent(request::setRequireBackup);
        return start.run(
                session,
                Opening.of(
                        StartConversionResponse::getEvent,
                        observer ->
                                session.connection().conversionStreams().startConversion(request.build(), observer)));
    }
}
