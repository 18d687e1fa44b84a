package dev.caretaker.server.api.mapping;

import dev.caretaker.server.store.Actor;
import dev.caretaker.server.store.TableName;

/** Tables and actors to and from their messages. */
final class Names {
    private static final String DEFAULT_SCHEMA = "public";

    private Names() {}

    static TableName read(Violations violations, String path, dev.caretaker.v1.TableName message) {
        String schema = message.getSchema().isEmpty() ? DEFAULT_SCHEMA : message.getSchema();
        violations.identifier(path + ".schema", schema);
        return new TableName(schema, violations.identifier(path + ".name", message.getName()));
    }

    static dev.caretaker.v1.TableName write(TableName table) {
        return dev.caretaker.v1.TableName.newBuilder()
                .setSchema(table.schema())
                .setName(table.name())
                .build();
    }

    static dev.caretaker.v1.Actor write(Actor actor) {
        return dev.caretaker.v1.Actor.newBuilder()
                .setName(actor.name())
                .setVerified(actor.verified())
                .build();
    }
}
