package dev.caretaker.server.target.catalog;

import java.util.List;
import java.util.Optional;

/**
 * Which values a partition takes. Values are in the text form of the key column's type, times in UTC and ISO form.
 */
public sealed interface PartitionBound {

    /**
     * From inclusive to exclusive, compared column by column.
     *
     * @param from one limit for each key column
     * @param to as many
     */
    record Range(List<Limit> from, List<Limit> to) implements PartitionBound {}

    /** One of these; empty stands for NULL. */
    record Values(List<Optional<String>> values) implements PartitionBound {}

    /** Those whose hash leaves that remainder. */
    record Hash(int modulus, int remainder) implements PartitionBound {}

    /** What no other partition takes. */
    record Default() implements PartitionBound {}

    /** One end of a range in one column. */
    sealed interface Limit {
        /** As SQL writes it in a bound, but without quotes. */
        String text();
    }

    /** MINVALUE: below everything. */
    record Min() implements Limit {
        @Override
        public String text() {
            return "MINVALUE";
        }
    }

    /** MAXVALUE: above everything. */
    record Max() implements Limit {
        @Override
        public String text() {
            return "MAXVALUE";
        }
    }

    /** A value. */
    record Value(String text) implements Limit {}

    /**
     * Reads what {@code pg_get_expr(relpartbound, 0)} writes.
     *
     * @throws IllegalArgumentException if it is written in no known way
     */
    static PartitionBound parse(String text) {
        return new PartitionBoundParser(text).parse();
    }
}
