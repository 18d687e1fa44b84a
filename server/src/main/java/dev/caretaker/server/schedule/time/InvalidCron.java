package dev.caretaker.server.schedule.time;

/** A cron expression that cannot be read, or that is never due; the message goes on with "cron …". */
public final class InvalidCron extends RuntimeException {
    InvalidCron(String message) {
        super(message);
    }
}
