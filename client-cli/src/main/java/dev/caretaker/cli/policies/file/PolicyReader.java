package dev.caretaker.cli.policies.file;

import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.util.JsonFormat;
import dev.caretaker.cli.file.Item;
import dev.caretaker.cli.file.JsonText;
import dev.caretaker.v1.FollowUp;
import dev.caretaker.v1.Policy;
import dev.caretaker.v1.PolicyAction;
import dev.caretaker.v1.PolicyLimits;
import dev.caretaker.v1.TableName;
import dev.caretaker.v1.TimeColumn;
import dev.caretaker.v1.TimeColumnKind;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** Reads one policy in the form for people, or, if it has {@code retention}, in the canonical JSON of the API. */
final class PolicyReader {
    static final List<String> KEYS = List.of(
            "name",
            "description",
            "target",
            "table",
            "timeColumn",
            "keep",
            "where",
            "action",
            "allowCascade",
            "skipPinned",
            "followUp",
            "limits",
            "etag");
    static final List<String> TIME_COLUMN_KEYS = List.of("name", "kind", "zone");
    static final List<String> LIMITS_KEYS = List.of("maxRows", "maxFraction", "deadline", "window");

    private PolicyReader() {}

    static Policy read(Item item) {
        if (item.isMap() && item.fields().containsKey("retention")) {
            return readCanonical(item);
        }
        Map<String, Item> fields = item.fields(KEYS);
        for (String required : new String[] {"name", "target", "table", "timeColumn", "keep"}) {
            if (!fields.containsKey(required)) {
                throw item.wrong("the policy lacks '" + required + "'");
            }
        }
        Policy.Builder policy = Policy.newBuilder().setAction(PolicyAction.POLICY_ACTION_DELETE);
        fields.forEach((key, value) -> set(policy, key, value));
        return policy.build();
    }

    private static void set(Policy.Builder policy, String key, Item value) {
        switch (key) {
            case "name" -> policy.setName(value.text());
            case "description" -> policy.setDescription(value.text());
            case "target" -> policy.setTarget(value.text());
            case "table" -> policy.setTable(table(value));
            case "timeColumn" -> policy.setTimeColumn(timeColumn(value));
            case "keep" -> policy.setRetention(RetentionText.read(value));
            case "where" -> policy.setFilter(FilterReader.read(value));
            case "action" -> policy.setAction(choice(value, PolicyAction.class, "POLICY_ACTION_"));
            case "allowCascade" -> cascades(policy, value);
            case "skipPinned" -> policy.setSkipPinned(value.bool());
            case "followUp" -> policy.setFollowUp(choice(value, FollowUp.class, "FOLLOW_UP_"));
            case "limits" -> policy.setLimits(limits(value));
            case "etag" -> policy.setEtag(value.text());
            default -> throw value.wrong("unknown key");
        }
    }

    private static void cascades(Policy.Builder policy, Item item) {
        if (item.isList()) {
            item.list().forEach(table -> policy.addCascadeTo(table(table)));
        } else if (item.isBoolean()) {
            policy.setAllowCascade(item.bool());
        } else {
            throw item.wrong("must be true, false, or a list of tables such as [public.items]");
        }
    }

    private static TableName table(Item item) {
        if (item.isMap()) {
            Map<String, Item> fields = item.fields("schema", "name");
            TableName.Builder table = TableName.newBuilder();
            fields.forEach((key, value) -> {
                if (key.equals("schema")) {
                    table.setSchema(value.text());
                } else {
                    table.setName(value.text());
                }
            });
            return table.build();
        }
        String[] parts = item.text().split("\\.", -1);
        if (parts.length > 2 || parts[0].isEmpty() || parts[parts.length - 1].isEmpty()) {
            throw item.wrong("must be table or schema.table; names with dots are written {schema: …, name: …}");
        }
        return parts.length == 1
                ? TableName.newBuilder().setName(parts[0]).build()
                : TableName.newBuilder().setSchema(parts[0]).setName(parts[1]).build();
    }

    private static TimeColumn timeColumn(Item item) {
        Map<String, Item> fields = item.fields(TIME_COLUMN_KEYS);
        if (!fields.containsKey("name") || !fields.containsKey("kind")) {
            throw item.wrong("needs name and kind, for example {name: created_at, kind: timestamptz}");
        }
        TimeColumn.Builder column = TimeColumn.newBuilder()
                .setName(fields.get("name").text())
                .setKind(choice(fields.get("kind"), TimeColumnKind.class, "TIME_COLUMN_KIND_"));
        if (fields.containsKey("zone")) {
            column.setZone(fields.get("zone").text());
        }
        return column.build();
    }

    private static PolicyLimits limits(Item item) {
        PolicyLimits.Builder limits = PolicyLimits.newBuilder();
        item.fields(LIMITS_KEYS).forEach((key, value) -> {
            switch (key) {
                case "maxRows" -> limits.setMaxRows(bound(value, value.integer()));
                case "maxFraction" -> limits.setMaxFraction(bound(value, value.fraction()));
                case "deadline" -> limits.setDeadline(RetentionText.duration(value));
                default -> limits.setWindow(WindowText.read(value));
            }
        });
        return limits.build();
    }

    /** Zero means "no bound" in the API; whoever writes it in a file is more likely to mean "none". */
    private static <N extends Number> N bound(Item item, N limit) {
        if (limit.doubleValue() == 0) {
            throw item.wrong("0 bounds nothing; leave it out if there is to be no bound");
        }
        return limit;
    }

    /** A value of an enum by its short name in lower case, with - or _; the full name of the API will do too. */
    private static <E extends Enum<E>> E choice(Item item, Class<E> type, String prefix) {
        String wanted = item.text().toUpperCase(Locale.ROOT).replace('-', '_');
        StringBuilder known = new StringBuilder();
        for (E value : type.getEnumConstants()) {
            String name = value.name().startsWith(prefix) ? value.name().substring(prefix.length()) : "";
            if (name.isEmpty() || name.equals("UNSPECIFIED")) {
                continue;
            }
            if (name.equals(wanted) || value.name().equals(wanted)) {
                return value;
            }
            known.append(known.isEmpty() ? "" : ", ")
                    .append(name.toLowerCase(Locale.ROOT).replace('_', '-'));
        }
        throw item.wrong("'" + item.text() + "' is none of " + known);
    }

    private static Policy readCanonical(Item item) {
        Policy.Builder policy = Policy.newBuilder();
        try {
            JsonFormat.parser().merge(JsonText.of(item), policy);
        } catch (InvalidProtocolBufferException e) {
            throw item.wrong("not a policy in the JSON of the API (with 'keep' instead of 'retention' it would be read"
                    + " as the form for people): " + e.getMessage());
        }
        return policy.clearUpdateTime().clearUpdatedBy().build();
    }
}
