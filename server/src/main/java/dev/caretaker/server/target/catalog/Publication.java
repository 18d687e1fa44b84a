package dev.caretaker.server.target.catalog;

import java.util.List;
import java.util.Optional;

/**
 * A publication that a relation is part of, by itself, through its schema, a parent, or FOR ALL TABLES. Postgres refuses to
 * delete and update rows that it could not tell apart at subscribers (CheckCmdReplicaIdentity in execReplication.c).
 *
 * @param filtering columns of its WHERE that are not part of the replica identity
 * @param unlisted columns of the replica identity that its column list leaves out
 * @param generated columns of the replica identity that are generated and that it does not publish
 */
public record Publication(
        String name,
        boolean publishesDeletes,
        boolean publishesUpdates,
        List<String> filtering,
        List<String> unlisted,
        List<String> generated) {

    /** Why changes that it publishes are refused, as a sentence without its full stop; empty if they are not. */
    public Optional<String> refusal() {
        if (!filtering.isEmpty()) {
            return Optional.of("the WHERE of publication " + name + " uses " + columns(filtering)
                    + (filtering.size() == 1 ? ", which is" : ", which are") + " not part of the replica identity");
        }
        if (!unlisted.isEmpty()) {
            return Optional.of("the column list of publication " + name + " does not cover the replica identity ("
                    + String.join(", ", unlisted) + ")");
        }
        if (!generated.isEmpty()) {
            return Optional.of("publication " + name
                    + " does not publish generated columns, and the replica identity has " + columns(generated));
        }
        return Optional.empty();
    }

    /** Whether it would not refuse them if the whole row were the replica identity. */
    public boolean wholeRowHelps() {
        return unlisted.isEmpty() && generated.isEmpty();
    }

    private static String columns(List<String> names) {
        return (names.size() == 1 ? "column " : "columns ") + String.join(", ", names);
    }
}
