package dev.caretaker.cli.convert;

import dev.caretaker.cli.Session;
import dev.caretaker.cli.connect.IdArgument;
import dev.caretaker.cli.connect.MutationOptions;
import dev.caretaker.cli.output.Names;
import dev.caretaker.v1.CompleteConversionRequest;
import dev.caretaker.v1.Conversion;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** {@code caretaker convert complete CONVERSION}. */
@Command(name = "complete", description = "Ask for the cut-over of a conversion that waits for it, or will.")
public final class CompleteConversion implements Runnable {
    private final Session session;

    @Mixin
    private final IdArgument<?> argument = IdArgument.conversion();

    @Mixin
    private MutationOptions mutation;

    public CompleteConversion(Session session) {
        this.session = session;
    }

    @Override
    public void run() {
        Conversion conversion = session.connection()
                .conversions()
                .completeConversion(CompleteConversionRequest.newBuilder()
                        .setRequestId(mutation.requestId())
                        .setActor(mutation.actor(session.environment()))
                        .setConversionId(argument.id(session))
                        .build())
                .getConversion();
        session.printer().one(conversion, page -> page.line(sentence(conversion)));
    }

    private static String sentence(Conversion conversion) {
        String table = Names.table(conversion.getTable());
        return switch (conversion.getState()) {
            case CONVERSION_STATE_CONVERTED -> table + " is partitioned already.";
            case CONVERSION_STATE_REVERTED -> "The conversion of " + table + " was reverted.";
            case CONVERSION_STATE_STARTED, CONVERSION_STATE_WAITING ->
                "The cut-over of " + table + " was asked for; run " + conversion.getRunId()
                        + " does it once all is ready.";
            default ->
                "The cut-over of " + table
                        + " was asked for; it happens once the conversion is started and all is ready.";
        };
    }
}
