package dev.caretaker.server.notify.channel;

import java.time.Duration;
import java.util.Optional;

/** Something did not arrive. The message says why, and quotes neither URLs nor answers: they may hold tokens. */
public final class NotDeliveredException extends Exception {
    private static final long serialVersionUID = 1L;

    private final boolean lasting;
    private final transient Optional<Duration> notBefore;

    private NotDeliveredException(String message, boolean lasting, Optional<Duration> notBefore) {
        super(message);
        this.lasting = lasting;
        this.notBefore = notBefore;
    }

    /** Trying again may help. */
    static NotDeliveredException forNow(String message) {
        return new NotDeliveredException(message, false, Optional.empty());
    }

    /** Trying again may help, after a while. */
    static NotDeliveredException forNow(String message, Optional<Duration> notBefore) {
        return new NotDeliveredException(message, false, notBefore);
    }

    /** Trying again is of no use. */
    static NotDeliveredException forGood(String message) {
        return new NotDeliveredException(message, true, Optional.empty());
    }

    public boolean isLasting() {
        return lasting;
    }

    /** How long the receiver wants to be left alone. */
    public Optional<Duration> notBefore() {
        return notBefore == null ? Optional.empty() : notBefore;
    }
}
