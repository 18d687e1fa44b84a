package dev.caretaker.cli.policies;

import dev.caretaker.cli.error.CommandFailure;

/**
 * Which policy is meant: by its name where no other target has one of that name, else as {@code TARGET/NAME} or with
 * {@code --target}.
 *
 * @param target empty if it is not said
 */
public record PolicyName(String target, String name) {

    /**
     * Reads what was typed.
     *
     * @param option value of {@code --target}; empty if it is not given
     */
    public static PolicyName of(String text, String option) {
        int slash = text.indexOf('/');
        if (slash < 0) {
            return new PolicyName(option, text);
        }
        String target = text.substring(0, slash);
        if (!option.isEmpty() && !option.equals(target)) {
            throw CommandFailure.usage("'" + text + "' is of another target than --target " + option);
        }
        return new PolicyName(target, text.substring(slash + 1));
    }
}
