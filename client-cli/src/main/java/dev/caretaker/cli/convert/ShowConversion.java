package dev.caretaker.cli.convert;

import dev.caretaker.cli.Session;
import dev.caretaker.cli.connect.IdArgument;
import dev.caretaker.v1.Conversion;
import dev.caretaker.v1.GetConversionRequest;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code caretaker convert show CONVERSION}. */
@Command(name = "show", description = "Show one conversion with all its statements and those of the way back.")
public final class ShowConversion implements Runnable {
    private final Session session;

    @Mixin
    private final IdArgument<?> argument = IdArgument.conversion();

    @Option(names = "--brief", description = "Show phases without their statements.")
    private boolean brief;

    public ShowConversion(Session session) {
        this.session = session;
    }

    @Override
    public void run() {
        Conversion conversion = read(session, argument.id(session));
        session.printer().one(conversion, page -> new ConversionView(conversion, page).show(brief));
    }

    static Conversion read(Session session, String id) {
        return session.connection()
                .conversions()
                .getConversion(
                        GetConversionRequest.newBuilder().setConversionId(id).build())
                .getConversion();
    }
}
