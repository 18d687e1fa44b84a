package dev.caretaker.server.api.mapping;

import com.fasterxml.jackson.databind.JsonNode;
import com.google.protobuf.ListValue;
import com.google.protobuf.NullValue;
import com.google.protobuf.Struct;
import com.google.protobuf.Value;
import dev.caretaker.server.store.Json;

/** JSON as the messages that stand for it. Numbers become doubles: whole ones are exact up to 2^53. */
final class Structs {
    private Structs() {}

    /** A JSON object; anything else is empty. */
    static Struct write(String json) {
        return struct(Json.read(json, JsonNode.class));
    }

    private static Struct struct(JsonNode object) {
        Struct.Builder struct = Struct.newBuilder();
        object.properties().forEach(field -> struct.putFields(field.getKey(), value(field.getValue())));
        return struct.build();
    }

    private static Value value(JsonNode node) {
        Value.Builder value = Value.newBuilder();
        return switch (node.getNodeType()) {
            case OBJECT -> value.setStructValue(struct(node)).build();
            case ARRAY -> {
                ListValue.Builder list = ListValue.newBuilder();
                node.forEach(element -> list.addValues(value(element)));
                yield value.setListValue(list).build();
            }
            case NUMBER -> value.setNumberValue(node.doubleValue()).build();
            case BOOLEAN -> value.setBoolValue(node.booleanValue()).build();
            case STRING, BINARY, POJO -> value.setStringValue(node.asText()).build();
            case NULL, MISSING -> value.setNullValue(NullValue.NULL_VALUE).build();
        };
    }
}
