package dev.caretaker.server.api.mapping;

import dev.caretaker.server.target.Target;

/** Writes targets, and what was found at them, as messages. */
public final class TargetWriter {
    private TargetWriter() {}

    public static dev.caretaker.v1.Target write(Target target) {
        return dev.caretaker.v1.Target.newBuilder()
                .setName(target.name())
                .setPrimary(target.primaryAddress())
                .setReplica(target.replicaAddress().orElse(""))
                .addAllSchemas(target.schemas())
                .build();
    }
}
