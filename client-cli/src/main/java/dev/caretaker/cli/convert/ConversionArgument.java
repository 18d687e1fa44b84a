package dev.caretaker.cli.convert;

import dev.caretaker.cli.Session;
import dev.caretaker.cli.connect.Pages;
import dev.caretaker.cli.output.TypedId;
import dev.caretaker.v1.Conversion;
import dev.caretaker.v1.GetConversionRequest;
import dev.caretaker.v1.ListConversionsRequest;
import dev.caretaker.v1.ListConversionsResponse;
import java.util.ArrayList;
import java.util.List;
import picocli.CommandLine.Parameters;

/** Which conversion a command is about: by its id, or by as much of its beginning as no other has. */
final class ConversionArgument {
    @Parameters(
            paramLabel = "CONVERSION",
            description = "Its id, or the beginning: four characters or more that no other conversion has.")
    private String given;

    /** The whole id. */
    String resolve(Session session) {
        return TypedId.whole(given, "conversion", () -> all(session));
    }

    private static List<String> all(Session session) {
        List<String> ids = new ArrayList<>();
        Pages.each(
                token -> session.connection()
                        .conversions()
                        .listConversions(ListConversionsRequest.newBuilder()
                                .setPageToken(token)
                                .build()),
                ListConversionsResponse::getNextPageToken,
                page -> page.getConversionsList().stream()
                        .map(Conversion::getConversionId)
                        .forEach(ids::add));
        return ids;
    }

    Conversion read(Session session) {
        return session.connection()
                .conversions()
                .getConversion(GetConversionRequest.newBuilder()
                        .setConversionId(resolve(session))
                        .build())
                .getConversion();
    }
}
