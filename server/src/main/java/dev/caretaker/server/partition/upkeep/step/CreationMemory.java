package dev.caretaker.server.partition.upkeep.step;

import dev.caretaker.server.error.Reason;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * What a creation knows of itself. Partitions are told by their place in the order, from 0.
 *
 * @param next the first that is not decided; those before it are made, were there, or were refused
 * @param created how many it made
 * @param aloneUntil those before this one are made one by one, because several at once failed
 * @param guard the partition for which it put the guard on the default partition, {@link #ALL} for all that were left; empty if
 *     it put none
 * @param identity one that was attached and may have to be told what identifies its rows for replication
 * @param refused those that could not be made
 * @param putOff whether it let other steps go first
 */
public record CreationMemory(
        int next,
        int created,
        int aloneUntil,
        Optional<Integer> guard,
        Optional<Integer> identity,
        List<Refusal> refused,
        boolean putOff) {

    /** No single one. */
    static final int ALL = -1;

    /** Why a partition was not made. */
    public record Refusal(Reason reason, String message) {}

    static final CreationMemory NOTHING_DONE =
            new CreationMemory(0, 0, 0, Optional.empty(), Optional.empty(), List.of(), false);

    boolean alone() {
        return next < aloneUntil;
    }

    /** Several were made. */
    CreationMemory made(int count, boolean identifies) {
        return new CreationMemory(
                next + count,
                created + count,
                aloneUntil,
                guard,
                identifies ? Optional.of(next + count - 1) : Optional.empty(),
                refused,
                putOff);
    }

    /** The next one was there. */
    CreationMemory existed() {
        return new CreationMemory(next + 1, created, aloneUntil, guard, Optional.of(next), refused, putOff);
    }

    /** The next one cannot be made. */
    CreationMemory refused(Reason reason, String message) {
        List<Refusal> all = new ArrayList<>(refused);
        all.add(new Refusal(reason, message));
        return new CreationMemory(next + 1, created, aloneUntil, guard, identity, List.copyOf(all), putOff);
    }

    CreationMemory oneByOne(int until) {
        return new CreationMemory(next, created, until, guard, identity, refused, putOff);
    }

    /** The guard is of the next one alone. */
    boolean guardsNext() {
        return guard.equals(Optional.of(next));
    }

    /** What the guard is to the next one, or if they are made together to all that are left. */
    DefaultGuard.Standing standing() {
        if (guard.isEmpty() || guardsNext()) {
            return DefaultGuard.Standing.THEIRS;
        }
        if (guard.get() != ALL) {
            return DefaultGuard.Standing.OTHERS;
        }
        return alone() ? DefaultGuard.Standing.WIDER : DefaultGuard.Standing.THEIRS;
    }

    CreationMemory withGuard() {
        return new CreationMemory(
                next, created, aloneUntil, Optional.of(alone() ? next : ALL), identity, refused, putOff);
    }

    CreationMemory withoutGuard() {
        return new CreationMemory(next, created, aloneUntil, Optional.empty(), identity, refused, putOff);
    }

    CreationMemory identified() {
        return new CreationMemory(next, created, aloneUntil, guard, Optional.empty(), refused, putOff);
    }

    CreationMemory later() {
        return new CreationMemory(next, created, aloneUntil, guard, identity, refused, true);
    }
}
