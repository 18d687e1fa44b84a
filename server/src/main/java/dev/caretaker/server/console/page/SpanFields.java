package dev.caretaker.server.console.page;

import com.google.protobuf.Descriptors.Descriptor;
import com.google.protobuf.Descriptors.FieldDescriptor;
import com.google.protobuf.Descriptors.FieldDescriptor.JavaType;
import com.google.protobuf.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.UnaryOperator;

/** The spans of time in a message that is written as maps, lists and texts. */
final class SpanFields {
    private SpanFields() {}

    /** The same message with the texts of its spans changed, however deep they are. */
    static Object each(Object value, Descriptor type, UnaryOperator<String> change) {
        if (type.getFullName().equals(Duration.getDescriptor().getFullName())) {
            return value instanceof String text ? change.apply(text) : value;
        }
        if (!(value instanceof Map<?, ?> fields)) {
            return value;
        }
        Map<Object, Object> changed = new LinkedHashMap<>();
        fields.forEach((name, one) -> changed.put(
                name, message(type, name).map(part -> each(one, part, change)).orElse(one)));
        return changed;
    }

    private static Object each(Object value, FieldDescriptor field, UnaryOperator<String> change) {
        return value instanceof List<?> all
                ? all.stream()
                        .map(one -> each(one, field.getMessageType(), change))
                        .toList()
                : each(value, field.getMessageType(), change);
    }

    /** The field of that name, in the API or in its JSON, if it is a message. */
    private static Optional<FieldDescriptor> message(Descriptor type, Object name) {
        return type.getFields().stream()
                .filter(field -> field.getJavaType() == JavaType.MESSAGE && !field.isMapField())
                .filter(field ->
                        field.getJsonName().equals(name) || field.getName().equals(name))
                .findFirst();
    }
}
