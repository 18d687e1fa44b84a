package dev.caretaker.server.partition.upkeep.verify;

/**
 * One thing that was looked at.
 *
 * @param name stable, in kebab case
 * @param message what was seen, in a sentence
 */
public record Verified(String name, Result result, String message) {

    /** How it went. */
    public enum Result {
        PASSED,
        FAILED,
        /** It could not be looked at. */
        SKIPPED
    }

    static Verified passed(String name, String message) {
        return new Verified(name, Result.PASSED, message);
    }

    static Verified failed(String name, String message) {
        return new Verified(name, Result.FAILED, message);
    }

    static Verified skipped(String name, String message) {
        return new Verified(name, Result.SKIPPED, message);
    }

    static Verified of(String name, boolean passed, String message) {
        return passed ? passed(name, message) : failed(name, message);
    }
}
