package dev.caretaker.cli.policies.file;

/** Zones in texts: UTC, which holds where none is named, need not be. A server tells it, whoever left it out. */
final class ZoneText {
    private ZoneText() {}

    static String unlessUtc(String before, String zone) {
        return zone.isEmpty() || zone.equals("UTC") ? "" : before + zone;
    }
}
