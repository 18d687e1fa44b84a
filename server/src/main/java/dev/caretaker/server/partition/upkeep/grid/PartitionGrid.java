package dev.caretaker.server.partition.upkeep.grid;

import com.fasterxml.jackson.annotation.JsonSubTypes;
import com.fasterxml.jackson.annotation.JsonTypeInfo;
import java.math.BigInteger;

/** Lines at which a table is cut: they are endless in both directions, and strictly increase. */
@JsonTypeInfo(use = JsonTypeInfo.Id.NAME, property = "type")
@JsonSubTypes({
    @JsonSubTypes.Type(value = CalendarGrid.class, name = "calendar"),
    @JsonSubTypes.Type(value = IntegerGrid.class, name = "integer")
})
public sealed interface PartitionGrid permits CalendarGrid, IntegerGrid {

    /** The last line at or before a position. */
    BigInteger floor(BigInteger position);

    /** The first line after a position. */
    BigInteger next(BigInteger position);

    /** For people: "1 month, Europe/Berlin", "steps of 1000". */
    String describe();

    /** Whether a line lies there. */
    default boolean isLine(BigInteger position) {
        return floor(position).equals(position);
    }
}
