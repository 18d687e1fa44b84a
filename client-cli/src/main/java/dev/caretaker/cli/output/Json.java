package dev.caretaker.cli.output;

import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.MessageOrBuilder;
import com.google.protobuf.util.JsonFormat;

/** The canonical JSON of Protocol Buffers: lowerCamel names, fields with default values included, int64 as strings. */
public final class Json {
    private static final JsonFormat.Printer PRETTY = JsonFormat.printer().alwaysPrintFieldsWithNoPresence();
    private static final JsonFormat.Printer COMPACT = PRETTY.omittingInsignificantWhitespace();

    private Json() {}

    public static String pretty(MessageOrBuilder message) {
        return print(PRETTY, message);
    }

    /** On one line. */
    public static String compact(MessageOrBuilder message) {
        return print(COMPACT, message);
    }

    private static String print(JsonFormat.Printer printer, MessageOrBuilder message) {
        try {
            return printer.print(message);
        } catch (InvalidProtocolBufferException e) {
            throw new IllegalStateException("the server's answer holds an Any of an unknown type", e);
        }
    }
}
