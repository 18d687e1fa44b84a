package dev.caretaker.server.run;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonValue;
import dev.caretaker.server.error.CaretakerException;
import dev.caretaker.server.error.Reason;
import java.time.DateTimeException;
import java.time.ZoneId;
import java.util.Map;

/**
 * A time zone as it is kept: its name. The JDK of another server, which stored it, may know zones that this one does not, and one such
 * name must not keep what it is part of from being read.
 *
 * @param name IANA name; Z for UTC
 */
public record Zone(String name) {

    @JsonCreator(mode = JsonCreator.Mode.DELEGATING)
    public Zone {}

    public static Zone of(ZoneId zone) {
        return new Zone(zone.getId());
    }

    @Override
    @JsonValue
    public String name() {
        return name;
    }

    public boolean isKnown() {
        try {
            ZoneId.of(name);
            return true;
        } catch (DateTimeException e) {
            return false;
        }
    }

    /** The zone itself. Fails with UNKNOWN_ZONE. */
    public ZoneId id() {
        try {
            return ZoneId.of(name);
        } catch (DateTimeException e) {
            throw CaretakerException.of(Reason.UNKNOWN_ZONE, unknown(), Map.of("zone", name));
        }
    }

    /** That it is not known, as a sentence. */
    public String unknown() {
        return "The JDK of this server does not know the time zone " + name + ".";
    }

    /** Its name. */
    @Override
    public String toString() {
        return name;
    }
}
