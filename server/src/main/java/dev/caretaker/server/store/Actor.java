package dev.caretaker.server.store;

import io.micronaut.data.annotation.TypeDef;
import io.micronaut.data.model.DataType;

/**
 * Who did something.
 *
 * @param name person or service
 * @param verified whether the name was authenticated or merely claimed by the client
 */
@TypeDef(type = DataType.JSON)
public record Actor(String name, boolean verified) {
    /** Caretaker itself, for what the engine decides. */
    public static final Actor ENGINE = new Actor("caretaker", true);
}
