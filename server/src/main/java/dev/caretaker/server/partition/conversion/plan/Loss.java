package dev.caretaker.server.partition.conversion.plan;

/** What a partitioned table cannot keep. The conversion is refused unless whoever asks for it accepts the loss by name. */
public enum Loss {
    /** A unique key without the partition key holds within each partition only, and ON CONFLICT of its columns fails. */
    UNIQUE_NARROWED,
    /** Foreign keys to it reference a key that the table will not have: they are dropped. */
    FOREIGN_KEYS_DROPPED,
    /** Subscribers see changes of partitions, under their names, unless the publication publishes them as the table's. */
    PUBLICATION_CHANGED,
    /** Functions and columns of the table's row type stay with the old rows' partition. */
    ROW_TYPE_LEFT,
    /** Rows whose key is NULL will be refused. */
    NULL_KEYS_REFUSED,
    /** A trigger may change the partition key when the row's partition has been chosen already: such rows are refused. */
    KEY_CHANGED_BY_TRIGGER
}
