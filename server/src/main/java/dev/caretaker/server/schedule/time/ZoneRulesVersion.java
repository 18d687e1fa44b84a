package dev.caretaker.server.schedule.time;

import java.time.zone.ZoneRulesProvider;

/** Which rules of time zones this server knows: those of its JDK. */
public final class ZoneRulesVersion {
    private static final String KNOWN = ZoneRulesProvider.getVersions("UTC").lastKey();

    private ZoneRulesVersion() {}

    /** Version of the IANA time zone database, such as 2026a. */
    public static String known() {
        return KNOWN;
    }
}
