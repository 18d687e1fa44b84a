package dev.caretaker.cli.file;

import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.Message;
import com.google.protobuf.util.JsonFormat;
import java.util.stream.Collectors;

/** A part of a YAML file as JSON, numbers exactly as they are written. */
public final class JsonText {
    private JsonText() {}

    public static String of(Item item) {
        if (item.isMap()) {
            return item.fields().entrySet().stream()
                    .map(field -> quote(field.getKey()) + ":" + of(field.getValue()))
                    .collect(Collectors.joining(",", "{", "}"));
        }
        if (item.isList()) {
            return item.list().stream().map(JsonText::of).collect(Collectors.joining(",", "[", "]"));
        }
        if (item.isNull()) {
            return "null";
        }
        boolean literal = item.isBoolean() || item.isInteger() || item.isFraction() && Double.isFinite(item.fraction());
        return literal ? item.text() : quote(item.text());
    }

    /**
     * Reads a message in the JSON of the API.
     *
     * @param what it should be, such as "a policy"
     * @param otherwise with what it would be read as the form for people
     */
    public static <B extends Message.Builder> B merge(Item item, B message, String what, String otherwise) {
        try {
            JsonFormat.parser().merge(of(item), message);
            return message;
        } catch (InvalidProtocolBufferException e) {
            throw item.wrong("not " + what + " in the JSON of the API (" + otherwise
                    + " it would be read as the form for people): " + e.getMessage());
        }
    }

    private static String quote(String text) {
        StringBuilder quoted = new StringBuilder("\"");
        for (char c : text.toCharArray()) {
            if (c == '"' || c == '\\') {
                quoted.append('\\').append(c);
            } else if (c < ' ') {
                quoted.append("\\u00").append(c < 16 ? "0" : "").append(Integer.toHexString(c));
            } else {
                quoted.append(c);
            }
        }
        return quoted.append('"').toString();
    }
}
