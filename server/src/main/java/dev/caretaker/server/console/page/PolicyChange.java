package dev.caretaker.server.console.page;

import com.google.protobuf.Descriptors.FieldDescriptor;
import dev.caretaker.server.console.show.FilterWords;
import dev.caretaker.v1.Policy;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * A field in which a policy differs from the one that is stored.
 *
 * @param field as YAML has it, with a dot before each inner one
 * @param stored its value there; empty if it is not set
 * @param written the same of the other
 */
public record PolicyChange(String field, String stored, String written) {

    /** In the order of the API's fields. What the server sets, such as the etag, is no difference. */
    static List<PolicyChange> between(Policy stored, Policy written) {
        Map<String, String> before = values(stored);
        Map<String, String> after = values(written);
        Set<String> fields = new LinkedHashSet<>(before.keySet());
        fields.addAll(after.keySet());
        List<String> order = Policy.getDescriptor().getFields().stream()
                .map(FieldDescriptor::getJsonName)
                .toList();
        return fields.stream()
                .map(field -> new PolicyChange(field, before.getOrDefault(field, ""), after.getOrDefault(field, "")))
                .filter(change -> !change.stored().equals(change.written()))
                .sorted((one, other) -> Integer.compare(place(order, one), place(order, other)))
                .toList();
    }

    private static int place(List<String> order, PolicyChange change) {
        return order.indexOf(change.field().split("\\.", 2)[0]);
    }

    private static Map<String, String> values(Policy policy) {
        Map<String, String> values = new LinkedHashMap<>();
        Policy shown = policy.toBuilder().clearEtag().clearFilter().build();
        add(values, "", PolicyYaml.fields(shown));
        // A tree of comparisons is read as the condition that it is.
        if (policy.hasFilter()) {
            values.put("filter", FilterWords.of(policy.getFilter()));
        }
        return values;
    }

    private static void add(Map<String, String> values, String field, Object value) {
        if (value instanceof Map<?, ?> inner) {
            inner.forEach((name, one) -> add(values, field.isEmpty() ? name.toString() : field + "." + name, one));
        } else if (value instanceof List<?> list) {
            List<String> texts = new ArrayList<>();
            list.forEach(one -> texts.add(text(one)));
            values.put(field, String.join(", ", texts));
        } else {
            values.put(field, String.valueOf(value));
        }
    }

    /** Of one of a list: "public.orders" rather than a map. */
    private static String text(Object one) {
        if (!(one instanceof Map<?, ?> inner)) {
            return String.valueOf(one);
        }
        Map<String, String> parts = new LinkedHashMap<>();
        add(parts, "", inner);
        return String.join(".", parts.values());
    }
}
