package dev.caretaker.server.notify.channel;

import java.time.Duration;
import java.util.Optional;

/** Something did not arrive. The message says why, and quotes neither URLs nor answers: they may hold tokens. */
public final class NotDeliveredException extends Exception {
    private static final long serialVersionUID = 1L;

    private final boolean lasting;
    private final boolean gone;
    private final transient Optional<Duration> notBefore;

    private NotDeliveredException(String message, boolean lasting, boolean gone, Optional<Duration> notBefore) {
        super(message);
        this.lasting = lasting;
        this.gone = gone;
        this.notBefore = notBefore;
    }

    /** Trying again may help. */
    static NotDeliveredException forNow(String message) {
        return new NotDeliveredException(message, false, false, Optional.empty());
    }

    /** Trying again may help, after a while. */
    static NotDeliveredException forNow(String message, Optional<Duration> notBefore) {
        return new NotDeliveredException(message, false, false, notBefore);
    }

    /** Trying again is of no use. */
    static NotDeliveredException forGood(String message) {
        return new NotDeliveredException(message, true, false, Optional.empty());
    }

    /** Trying again is of no use, nor is telling that receiver anything else. */
    static NotDeliveredException gone(String message) {
        return new NotDeliveredException(message, true, true, Optional.empty());
    }

    /** Whether the receiver is gone. */
    public boolean isGone() {
        return gone;
    }

    public boolean isLasting() {
        return lasting;
    }

    /** How long the receiver wants to be left alone. */
    public Optional<Duration> notBefore() {
        return notBefore == null ? Optional.empty() : notBefore;
    }
}
