package dev.caretaker.server.backup.tool;

import java.time.Instant;

/**
 * The process that something on a disk belongs to.
 *
 * @param host on which it runs: processes of another machine, or another container, cannot be seen from here
 * @param pid its id
 * @param start when it started, which tells it from a later one with its id
 */
public record Owner(String host, long pid, Instant start) {

    /** This server. */
    public static Owner self() {
        ProcessHandle self = ProcessHandle.current();
        return new Owner(Children.host(), self.pid(), started(self));
    }

    /** Whether it certainly runs no more. */
    public boolean isGone() {
        return host.equals(Children.host())
                && ProcessHandle.of(pid)
                        .filter(process -> started(process).equals(start))
                        .isEmpty();
    }

    private static Instant started(ProcessHandle process) {
        return process.info().startInstant().orElse(Instant.EPOCH);
    }
}
