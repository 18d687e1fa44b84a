package dev.caretaker.server.backup;

import dev.caretaker.server.run.Debts;
import dev.caretaker.server.run.job.Gate;
import dev.caretaker.server.store.RunStore;
import dev.caretaker.server.store.RunStore.Guard;
import dev.caretaker.server.target.SameDatabase;
import jakarta.inject.Inject;
import jakarta.inject.Singleton;
import java.time.Duration;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import java.util.function.BiFunction;
import java.util.function.BiPredicate;
import java.util.function.Consumer;
import java.util.function.LongSupplier;
import java.util.function.Predicate;
import java.util.function.Supplier;

/**
 * Constraints by which upkeep of partitions refuses rows while it is between two of its statements, or that it has left when it ended.
 * The next statement needs a lock that a backup keeps it from, and so does taking the constraint back. So a backup waits for them
 * before it begins, and one that meets one later lets its own locks go again.
 */
@Singleton
final class GuardsAtWork {
    /**
     * How long a backup waits for what an ended run has left. It is tried at once to take that away; what keeps it from being done may
     * last, and a database without backups would be worse.
     */
    static final Duration PATIENCE = Duration.ofMinutes(2);

    private static final long LOOK_MILLIS = 200;

    private final Supplier<List<Guard>> standing;
    private final BiPredicate<String, String> same;
    private final BiFunction<String, String, Optional<Boolean>> known;
    private final Consumer<String> hurry;
    private final LongSupplier nanos;

    @Inject
    GuardsAtWork(RunStore runs, SameDatabase same, Debts debts) {
        this(runs::guarding, same::is, same::known, debts::hurry, System::nanoTime);
    }

    /**
     * Looks for them.
     *
     * @param same whether two targets are one database; may ask them
     * @param known the same without asking them; empty if it is not known
     * @param hurry has what was left at a target tried to be taken away
     * @param nanos as System.nanoTime
     */
    GuardsAtWork(
            Supplier<List<Guard>> standing,
            BiPredicate<String, String> same,
            BiFunction<String, String, Optional<Boolean>> known,
            Consumer<String> hurry,
            LongSupplier nanos) {
        this.standing = standing;
        this.same = same;
        this.known = known;
        this.hurry = hurry;
        this.nanos = nanos;
    }

    /** One stands, or may. */
    static final class MetException extends RuntimeException {
        private static final long serialVersionUID = 1L;

        MetException() {
            super("a constraint may stand that refuses rows", null, false, false);
        }
    }

    /** Those in the way of one backup of a target. */
    Watch of(String target) {
        return new Watch(target);
    }

    /** What one backup knows of them; for one thread. */
    final class Watch {
        private final String target;
        private final Set<UUID> told = new HashSet<>();
        /** Since when what an ended run has left is waited for, as System.nanoTime. */
        private final Map<UUID, Long> since = new HashMap<>();
        /** What is waited for no more. */
        private final Set<UUID> stays = new HashSet<>();

        private Watch(String target) {
            this.target = target;
        }

        /** Waits until none stands. Nothing is locked meanwhile: other targets may be asked whether they are this database. */
        void awaitNone(Gate gate) {
            for (Optional<Guard> met = met(this::isHere); met.isPresent(); met = met(this::isHere)) {
                Guard guard = met.get();
                if (told.add(guard.run())) {
                    gate.warn("BACKUP_GAVE_WAY", sentence(guard));
                }
                gate.pass();
                gate.at(0, "waiting for run " + guard.run());
                if (!guard.goesOn() && isOverdue(guard)) {
                    stays.add(guard.run());
                    gate.warn(
                            "CONSTRAINT_STAYS",
                            "The constraint that run " + guard.run() + " has left could not be taken away within "
                                    + PATIENCE.toMinutes() + " minutes. The backup begins, and the constraint refuses"
                                    + " rows at least until it has ended.");
                } else {
                    rest();
                }
            }
        }

        /**
         * Asked when the backup has its locks: whoever would put one up from now on sees them, and does not. No other target is asked
         * anything.
         *
         * @throws MetException if one stands, or may: then {@link #awaitNone} is to be asked without locks
         */
        void requireNone() {
            if (met(guard -> known.apply(target, guard.target()).orElse(true)).isPresent()) {
                throw new MetException();
            }
        }

        private Optional<Guard> met(Predicate<Guard> here) {
            return standing.get().stream()
                    .filter(guard -> !stays.contains(guard.run()))
                    .filter(here)
                    .findFirst();
        }

        private boolean isHere(Guard guard) {
            return same.test(target, guard.target());
        }

        private boolean isOverdue(Guard guard) {
            long first = since.computeIfAbsent(guard.run(), run -> {
                hurry.accept(guard.target());
                return nanos.getAsLong();
            });
            return nanos.getAsLong() - first >= PATIENCE.toNanos();
        }
    }

    private static String sentence(Guard guard) {
        return guard.goesOn()
                ? "The backup waits for run " + guard.run()
                        + ", whose constraint refuses rows of a partitioned table until it goes on."
                : "The backup waits until the constraint is taken away that run " + guard.run()
                        + " has left, which refuses rows of a partitioned table.";
    }

    private static void rest() {
        try {
            TimeUnit.MILLISECONDS.sleep(LOOK_MILLIS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new Gate.EndedException();
        }
    }
}
