package dev.caretaker.server.partition.conversion.plan;

import dev.caretaker.server.partition.upkeep.grid.NameTemplate;
import java.nio.charset.StandardCharsets;

/** Names made from another one, in the bytes that Postgres has for them. */
final class Names {
    private Names() {}

    /** {@code orders} with {@code _legacy}; the name is cut, never the ending. */
    static String with(String name, String ending) {
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
