package dev.caretaker.server.store;

import java.util.function.Supplier;

/**
 * Sees to it that a note becomes part of the first transaction in which an action writes something: it is taken in
 * transaction after transaction until one of them is committed.
 */
final class Witness {
    private static final ScopedValue<Witness> PRESENT = ScopedValue.newInstance();

    private final Runnable note;
    private boolean wrote;
    private boolean noted;

    private Witness(Runnable note) {
        this.note = note;
    }

    static <T> T present(Runnable note, Supplier<T> action) {
        return ScopedValue.where(PRESENT, new Witness(note)).call(action::get);
    }

    static boolean isPresent() {
        return PRESENT.isBound();
    }

    /** Something was written. */
    static void wrote() {
        if (isPresent()) {
            PRESENT.get().wrote = true;
        }
    }

    /** Does the work of a transaction, then takes the note in it if that is due. */
    static <T> T heard(Supplier<T> transaction) {
        if (!isPresent() || PRESENT.get().noted) {
            return transaction.get();
        }
        Witness witness = PRESENT.get();
        witness.wrote = false;
        T result = transaction.get();
        if (witness.wrote) {
            witness.note.run();
        }
        return result;
    }

    /** The transaction was committed. */
    static void believed() {
        if (isPresent()) {
            PRESENT.get().noted |= PRESENT.get().wrote;
        }
    }
}
