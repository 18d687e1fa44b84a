package dev.caretaker.server.partition.conversion.plan;

import dev.caretaker.server.partition.upkeep.grid.NameTemplate;
import java.util.Locale;

/** Names made from another one, in the bytes that Postgres has for them. */
final class Names {
    private Names() {}

    /**
     * {@code orders} with {@code _legacy}. A name that is too long is cut, never the ending, and gets a few digits that follow from
     * it: others that begin alike are cut as well.
     */
    static String with(String name, String ending) {
        if (NameTemplate.bytes(name + ending) <= NameTemplate.NAME_BYTES) {
            return name + ending;
        }
        String digits = String.format(Locale.ROOT, "_%04x", name.hashCode() & 0xffff) + ending;
        return NameTemplate.cut(name, NameTemplate.NAME_BYTES - NameTemplate.bytes(digits)) + digits;
    }
}
