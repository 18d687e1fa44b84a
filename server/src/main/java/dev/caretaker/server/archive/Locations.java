package dev.caretaker.server.archive;

import dev.caretaker.server.store.TableName;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.UUID;

/**
 * Folders of archives at their destination: {@code shop/public.orders/2026-05-01_<id>/}. Whatever is no ASCII letter, digit,
 * hyphen or underscore is written as % and the hexadecimal of its bytes in UTF-8, so that no name of a table leads elsewhere, and
 * no two come together. A name of 63 bytes becomes at most 189, which file systems (255) and buckets (1,024 for all) take.
 */
public final class Locations {
    private static final DateTimeFormatter DAY =
            DateTimeFormatter.ofPattern("uuuu-MM-dd").withZone(ZoneOffset.UTC);

    private Locations() {}

    static String of(ArchiveRequest request, Instant now) {
        TableName table = request.source().table();
        return encode(request.target()) + "/" + encode(table.schema()) + "." + encode(table.name()) + "/"
                + DAY.format(now) + "_" + request.id() + "/";
    }

    /** Folder of a backup: {@code shop/backups/2026-05-01_<id>/}. No schema can be named so that a table's folder is the same. */
    public static String backup(String target, UUID id, Instant now) {
        return encode(target) + "/backups/" + DAY.format(now) + "_" + id + "/";
    }

    static String encode(String name) {
        StringBuilder text = new StringBuilder();
        for (byte octet : name.getBytes(StandardCharsets.UTF_8)) {
            char letter = (char) (octet & 0xff);
            boolean plain = letter >= 'a' && letter <= 'z'
                    || letter >= 'A' && letter <= 'Z'
                    || letter >= '0' && letter <= '9'
                    || letter == '_'
                    || letter == '-';
            text.append(plain ? String.valueOf(letter) : String.format("%%%02X", (int) letter));
        }
        return text.toString();
    }
}
