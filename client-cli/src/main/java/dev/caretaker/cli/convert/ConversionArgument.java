package dev.caretaker.cli.convert;

import dev.caretaker.cli.Session;
import dev.caretaker.cli.connect.Pages;
import dev.caretaker.cli.error.CommandFailure;
import dev.caretaker.cli.error.ExitCode;
import dev.caretaker.v1.Conversion;
import dev.caretaker.v1.GetConversionRequest;
import dev.caretaker.v1.ListConversionsRequest;
import dev.caretaker.v1.ListConversionsResponse;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.regex.Pattern;
import picocli.CommandLine.Parameters;

/** Which conversion a command is about: by its id, or by as much of its beginning as no other has. */
final class ConversionArgument {
    private static final Pattern WHOLE = Pattern.compile("[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}");
    private static final Pattern BEGINNING = Pattern.compile("[0-9a-fA-F][0-9a-fA-F-]{3,35}");

    @Parameters(
            paramLabel = "CONVERSION",
            description = "Its id, or the beginning: four characters or more that no other conversion has.")
    private String given;

    /** The whole id. */
    String resolve(Session session) {
        if (WHOLE.matcher(given).matches()) {
            return given;
        }
        if (!BEGINNING.matcher(given).matches()) {
            throw CommandFailure.usage(
                    "'" + given + "' is not the id of a conversion, nor four or more characters of one");
        }
        List<String> found = new ArrayList<>();
        Pages.each(
                token -> session.connection()
                        .conversions()
                        .listConversions(ListConversionsRequest.newBuilder()
                                .setPageToken(token)
                                .build()),
                ListConversionsResponse::getNextPageToken,
                page -> page.getConversionsList().stream()
                        .map(Conversion::getConversionId)
                        .filter(id -> id.startsWith(given.toLowerCase(Locale.ROOT)))
                        .forEach(found::add));
        if (found.isEmpty()) {
            throw new CommandFailure(ExitCode.REFUSED, "no conversion's id begins with " + given);
        }
        if (found.size() > 1) {
            throw CommandFailure.usage("the ids of " + found.size() + " conversions begin with " + given);
        }
        return found.get(0);
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
