package dev.caretaker.server.partition.conversion.plan;

import dev.caretaker.server.partition.upkeep.grid.NameTemplate;
import java.nio.charset.StandardCharsets;
import java.util.Locale;

/** Names made from another one, in the bytes that Postgres has for them. */
final class Names {
    private Names() {}

    /**
     * {@code orders} with {@code _legacy}. A name that is too long is cut, never the ending, and gets a few digits that follow from
     * it: others that begin alike are cut as well.
     */
    static String with(String name, String ending) {
        if (bytes(name) + bytes(ending) <= NameTemplate.NAME_BYTES) {
            return name + ending;
        }
        return cut(name, String.format(Locale.ROOT, "_%04x", name.hashCode() & 0xffff) + ending);
    }

    private static String cut(String name, String ending) {
        int room = NameTemplate.NAME_BYTES - bytes(ending);
        String head = name;
        while (bytes(head) > room) {
            head = head.substring(0, head.offsetByCodePoints(head.length(), -1));
        }
        return head + ending;
    }

    private static int bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8).length;
    }
}
