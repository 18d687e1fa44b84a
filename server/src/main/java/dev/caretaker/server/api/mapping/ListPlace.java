package dev.caretaker.server.api.mapping;

import java.time.DateTimeException;
import java.time.Instant;
import java.util.Optional;
import java.util.UUID;

/**
 * A place in a list that is in the order in which things were made, the newest first.
 *
 * @param created of the one before
 * @param id of the one before
 */
public record ListPlace(Instant created, UUID id) {
    /** Before all. */
    public static final ListPlace BEGIN = new ListPlace(Instant.parse("9999-12-31T00:00:00Z"), new UUID(-1L, -1L));

    /** As a token of the list. */
    public String token() {
        return created + " " + id;
    }

    /** From a token of the list. */
    public static Optional<ListPlace> read(Violations violations, String token) {
        String[] parts = token.split(" ", 2);
        try {
            return Optional.of(new ListPlace(Instant.parse(parts[0]), UUID.fromString(parts[1])));
        } catch (DateTimeException | IllegalArgumentException | ArrayIndexOutOfBoundsException e) {
            violations.add("page_token", "is not a token that this list returned");
            return Optional.empty();
        }
    }
}
