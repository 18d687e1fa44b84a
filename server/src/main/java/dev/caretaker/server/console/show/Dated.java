package dev.caretaker.server.console.show;

import com.google.protobuf.Timestamp;
import java.time.OffsetDateTime;
import java.time.format.DateTimeParseException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Sentences with moments in them, which the API writes as ISO 8601 has them. A page shows these as it shows all moments.
 *
 * @param text a piece of the sentence
 * @param at the moment that it tells; empty if it is something else
 */
public record Dated(String text, Optional<Timestamp> at) {
    /** With an offset: what has none is no moment. */
    private static final Pattern MOMENT = Pattern.compile(
            "(?<![\\w:.+-])\\d{4}-\\d\\d-\\d\\dT\\d\\d:\\d\\d:\\d\\d(?:\\.\\d{1,9})?(?:Z|[+-]\\d\\d:\\d\\d)(?!\\w|[:.+-]\\d)");

    /** All of it, in pieces. */
    public static List<Dated> of(String sentence) {
        List<Dated> pieces = new ArrayList<>();
        Matcher moments = MOMENT.matcher(sentence);
        int told = 0;
        while (moments.find()) {
            Optional<Timestamp> at = read(moments.group());
            if (at.isEmpty()) {
                continue;
            }
            if (told < moments.start()) {
                pieces.add(new Dated(sentence.substring(told, moments.start()), Optional.empty()));
            }
            pieces.add(new Dated(moments.group(), at));
            told = moments.end();
        }
        if (told < sentence.length() || pieces.isEmpty()) {
            pieces.add(new Dated(sentence.substring(told), Optional.empty()));
        }
        return pieces;
    }

    private static Optional<Timestamp> read(String text) {
        try {
            return Optional.of(Moments.timestamp(OffsetDateTime.parse(text).toInstant()));
        } catch (DateTimeParseException e) {
            // No such day: it stays as it is.
            return Optional.empty();
        }
    }
}
