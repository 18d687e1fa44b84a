package dev.caretaker.bench;

import java.io.PrintWriter;
import java.util.Arrays;
import java.util.Locale;
import picocli.CommandLine;

/** Lines for people, written at once: what is measured takes its time. It remembers whether a goal among them was not met. */
final class Lines {
    /** Exit code where a goal was not met; 1 is a benchmark that could not be carried out. */
    static final int NOT_MET = 3;

    private final PrintWriter out;
    private boolean missed;

    Lines(PrintWriter out) {
        this.out = out;
    }

    /** One line; numbers are written as in English. */
    void say(String format, Object... values) {
        missed |= Arrays.stream(values).anyMatch(value -> value instanceof Goal goal && goal.isMissed());
        out.printf(Locale.ROOT, format + "%n", values);
        out.flush();
    }

    /** What the benchmark ends with: not 0 if a goal that was told was not met. */
    int exitCode() {
        return missed ? NOT_MET : CommandLine.ExitCode.OK;
    }
}
