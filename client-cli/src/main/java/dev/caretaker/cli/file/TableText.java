package dev.caretaker.cli.file;

import dev.caretaker.v1.TableName;
import java.util.LinkedHashMap;
import java.util.Map;

/** Names of tables in files: {@code table}, {@code schema.table}, or a map where dots belong to a name. */
public final class TableText {
    private TableText() {}

    /** Reads one. */
    public static TableName read(Item item) {
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

    /** What is read back as the same name: a text, or a map. */
    public static Object write(TableName table) {
        boolean plain = !table.getName().isEmpty()
                && !table.getName().contains(".")
                && !table.getSchema().contains(".");
        if (plain) {
            return table.getSchema().isEmpty() ? table.getName() : table.getSchema() + "." + table.getName();
        }
        Map<String, Object> map = new LinkedHashMap<>();
        if (!table.getSchema().isEmpty()) {
            map.put("schema", table.getSchema());
        }
        map.put("name", table.getName());
        return map;
    }
}
