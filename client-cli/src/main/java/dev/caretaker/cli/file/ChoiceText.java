package dev.caretaker.cli.file;

import com.google.protobuf.ProtocolMessageEnum;
import dev.caretaker.cli.error.CommandFailure;
import dev.caretaker.cli.output.Names;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** Values of the API's enums in files and options: their short names in lower case, with hyphens. */
public final class ChoiceText {
    private ChoiceText() {}

    /** Reads one; see {@link #parse}. */
    public static <E extends Enum<E>> E read(Item item, Class<E> type, String prefix) {
        try {
            return parse(item.text(), type, prefix);
        } catch (IllegalArgumentException e) {
            throw item.wrong(e.getMessage());
        }
    }

    /** Value of an option; it is a usage failure if it is none of those there are. */
    public static <E extends Enum<E>> E ofOption(String option, String text, Class<E> type, String prefix) {
        try {
            return parse(text, type, prefix);
        } catch (IllegalArgumentException e) {
            throw CommandFailure.usage(option + ": " + e.getMessage());
        }
    }

    /**
     * The value that a text names, with - or _; the full name of the API will do too.
     *
     * @param prefix that the names of the API begin with
     * @throws IllegalArgumentException if it is none; the message names those there are
     */
    public static <E extends Enum<E>> E parse(String text, Class<E> type, String prefix) {
        String wanted = text.strip().toUpperCase(Locale.ROOT).replace('-', '_');
        List<String> known = new ArrayList<>();
        for (E value : type.getEnumConstants()) {
            String name = value.name().startsWith(prefix) ? value.name().substring(prefix.length()) : "";
            if (name.isEmpty() || name.equals("UNSPECIFIED")) {
                continue;
            }
            if (name.equals(wanted) || value.name().equals(wanted)) {
                return value;
            }
            known.add(plain(name));
        }
        throw new IllegalArgumentException("'" + text + "' is none of " + String.join(", ", known));
    }

    /** What is read back as the same value. */
    public static String write(ProtocolMessageEnum value, String prefix) {
        return plain(Names.code(value, prefix));
    }

    private static String plain(String name) {
        return name.toLowerCase(Locale.ROOT).replace('_', '-');
    }
}
