package dev.caretaker.server.run;

import java.time.Duration;

/**
 * Work is done only while a backup of its tables is there.
 *
 * @param within oldest it may be
 * @param verified whether it must have been proven by restoring it
 */
public record BackupDemand(Duration within, boolean verified) {}
