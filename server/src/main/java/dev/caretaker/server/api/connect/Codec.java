package dev.caretaker.server.api.connect;

import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.Message;
import com.google.protobuf.util.JsonFormat;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.Optional;

/** How messages are written: as JSON in protobuf's own form, or as protobuf. */
enum Codec {
    JSON {
        @Override
        Message parse(byte[] bytes, Message empty) throws InvalidProtocolBufferException {
            Message.Builder builder = empty.newBuilderForType();
            // No body is no field, as curl without --data means it.
            String text = text(bytes);
            if (!text.isBlank()) {
                PARSER.merge(text, builder);
            }
            return builder.build();
        }

        @Override
        byte[] write(Message message) throws InvalidProtocolBufferException {
            return PRINTER.print(message).getBytes(StandardCharsets.UTF_8);
        }
    },
    PROTO {
        @Override
        Message parse(byte[] bytes, Message empty) throws InvalidProtocolBufferException {
            return empty.getParserForType().parseFrom(bytes);
        }

        @Override
        byte[] write(Message message) {
            return message.toByteArray();
        }
    };

    private static final String UNARY = "application/";
    private static final String STREAM = "application/connect+";

    /** A field that is not known is refused: it may be {@code validateOnly}, misspelt. */
    private static final JsonFormat.Parser PARSER = JsonFormat.parser();

    private static final JsonFormat.Printer PRINTER = JsonFormat.printer().omittingInsignificantWhitespace();

    abstract Message parse(byte[] bytes, Message empty) throws InvalidProtocolBufferException;

    abstract byte[] write(Message message) throws InvalidProtocolBufferException;

    /** The type of a body. */
    String type(boolean stream) {
        return (stream ? STREAM : UNARY) + word();
    }

    private String word() {
        return this == JSON ? "json" : "proto";
    }

    /** By the word of a GET: {@code json} or {@code proto}. */
    static Optional<Codec> of(String word) {
        for (Codec codec : values()) {
            if (codec.word().equals(word)) {
                return Optional.of(codec);
            }
        }
        return Optional.empty();
    }

    /** By the type of a body; parameters such as a charset are let alone, as all of it is UTF-8. */
    static Optional<Codec> of(String type, boolean stream) {
        String bare = type.split(";", 2)[0].strip().toLowerCase(Locale.ROOT);
        for (Codec codec : values()) {
            if (codec.type(stream).equals(bare)) {
                return Optional.of(codec);
            }
        }
        return Optional.empty();
    }

    private static String text(byte[] bytes) throws InvalidProtocolBufferException {
        try {
            return StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(ByteBuffer.wrap(bytes))
                    .toString();
        } catch (CharacterCodingException e) {
            throw new InvalidProtocolBufferException("the body is not UTF-8", e);
        }
    }
}
