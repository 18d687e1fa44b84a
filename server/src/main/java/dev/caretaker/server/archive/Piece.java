package dev.caretaker.server.archive;

import java.math.BigDecimal;
import java.time.Instant;
import java.util.Optional;

/**
 * What one batch added to a part, as the server told in the statement that deleted the rows.
 *
 * @param rows rows written
 * @param hash the sum of {@link RowHash} over them, which no order changes; zero for none
 * @param first oldest value of the time column
 * @param last newest value of the time column
 */
public record Piece(long rows, BigDecimal hash, Optional<Instant> first, Optional<Instant> last) {
    public static final Piece NONE = new Piece(0, BigDecimal.ZERO, Optional.empty(), Optional.empty());
}
