package dev.caretaker.server.api.mapping;

import dev.caretaker.server.error.CaretakerException;
import dev.caretaker.server.error.FieldViolation;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.function.Supplier;
import java.util.regex.Pattern;

/**
 * Collects everything that is wrong with a request, so that the caller hears of all of it at once. Paths are spelled as
 * in the proto, for example {@code policies[0].filter.and.filters[1].comparison.value}.
 */
public final class Violations {
    /** Longest identifier of a Postgres built with the usual NAMEDATALEN of 64. */
    private static final int NAME_BYTES = 63;

    /** Longest text for people: reasons, descriptions. */
    private static final int TEXT_LENGTH = 1_000;

    private static final Pattern UUID_TEXT =
            Pattern.compile("[0-9a-fA-F]{8}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{12}");

    private final List<FieldViolation> found = new ArrayList<>();

    public void add(String path, String description) {
        found.add(new FieldViolation(path, description));
    }

    /** Adds the sentence unless the condition holds. */
    public void require(boolean holds, String path, String description) {
        if (!holds) {
            add(path, description);
        }
    }

    /** Throws if anything was found. Before that, values read from the request may be null or nonsense. */
    public void check() {
        if (!found.isEmpty()) {
            throw CaretakerException.invalid(found);
        }
    }

    /** The checked result of {@code reader}; it is called only if nothing was found. */
    public <T> T checked(Supplier<T> reader) {
        check();
        return reader.get();
    }

    /** A required UUID; null if it is not one. */
    public UUID uuid(String path, String text) {
        if (text.isEmpty()) {
            add(path, "is required: a UUID");
            return null;
        }
        if (!UUID_TEXT.matcher(text).matches()) {
            add(path, "is not a UUID");
            return null;
        }
        return UUID.fromString(text);
    }

    /** A required name of a configured or stored thing: a target, a policy. */
    public String required(String path, String text) {
        if (text.isEmpty()) {
            add(path, "is required");
        } else {
            text(path, text);
        }
        return text;
    }

    /** A required identifier of Postgres, taken as it is written. */
    public String identifier(String path, String name) {
        if (name.isEmpty()) {
            add(path, "is required");
        } else if (name.indexOf('\0') >= 0) {
            add(path, "must not contain the character NUL");
        } else if (name.getBytes(StandardCharsets.UTF_8).length > NAME_BYTES) {
            add(path, "is longer than the 63 bytes that Postgres allows a name");
        }
        return name;
    }

    /** Text for people, at most 1,000 characters. */
    public String text(String path, String text) {
        if (text.indexOf('\0') >= 0) {
            add(path, "must not contain the character NUL");
        } else if (text.codePointCount(0, text.length()) > TEXT_LENGTH) {
            add(path, "is longer than 1,000 characters");
        }
        return text;
    }
}
