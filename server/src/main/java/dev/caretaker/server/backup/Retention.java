package dev.caretaker.server.backup;

import com.fasterxml.jackson.annotation.JsonIgnore;
import dev.caretaker.server.config.BackupToolsConfig.OfTarget;
import java.time.Duration;
import java.util.Objects;
import java.util.Optional;

/**
 * How long a backup is kept: as long as one of both says so. Neither: until somebody deletes it.
 *
 * @param age from when it was taken or stored, whichever was later
 * @param last as long as there are fewer newer ones of the same at the same destination
 */
public record Retention(Optional<Duration> age, Optional<Integer> last) {
    /** For ever. */
    public static final Retention NONE = new Retention(Optional.empty(), Optional.empty());

    public static final Duration SHORTEST = Duration.ofMinutes(1);
    public static final Duration LONGEST = Duration.ofDays(36_600);
    public static final int MOST = 10_000;

    public Retention {
        age = Objects.requireNonNullElse(age, Optional.empty());
        last = Objects.requireNonNullElse(last, Optional.empty());
    }

    /** What the configuration says of the target's backups that say nothing themselves. */
    static Retention usual(OfTarget target) {
        return new Retention(target.keep(), target.keepLast());
    }

    @JsonIgnore
    public boolean isNone() {
        return age.isEmpty() && last.isEmpty();
    }

    /**
     * Whether it is over.
     *
     * @param old how old the backup is
     * @param newer how many newer ones there are of the same at the same destination
     */
    boolean isOver(Duration old, int newer) {
        return !isNone()
                && age.filter(longest -> old.compareTo(longest) <= 0).isEmpty()
                && last.filter(most -> newer < most).isEmpty();
    }
}
