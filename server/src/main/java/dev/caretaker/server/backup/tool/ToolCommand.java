package dev.caretaker.server.backup.tool;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * A program to run: no shell reads it.
 *
 * @param program with its full path
 * @param environment all that it gets, but for what every program needs; see {@link Children}
 * @param sessions those that it opens at a target; empty if it opens none
 * @param mostOutput bytes of its standard output that are kept; a program that writes more is ended. {@value #STREAMED}: none is kept,
 *     and whoever starts it reads {@link Child#output}
 */
public record ToolCommand(
        Path program,
        List<String> arguments,
        Map<String, String> environment,
        Optional<Sessions> sessions,
        long mostOutput) {
    static final long STREAMED = -1;

    /**
     * Sessions of a program at a target. They do not end with it by themselves as long as they wait for a lock.
     *
     * @param applicationName that nothing else has
     * @param password empty if it needs none, or finds it itself
     */
    public record Sessions(String target, String applicationName, String password) {
        @Override
        public String toString() {
            return "Sessions[" + target + " " + applicationName + "]";
        }
    }

    /** One that opens no sessions. */
    public static ToolCommand of(Path program, List<String> arguments, long mostOutput) {
        return new ToolCommand(program, arguments, Map.of(), Optional.empty(), mostOutput);
    }

    /** One that opens no sessions, and whose output is read while it runs. */
    public static ToolCommand streamed(Path program, List<String> arguments) {
        return of(program, arguments, STREAMED);
    }

    List<String> line() {
        List<String> line = new ArrayList<>();
        line.add(program.toString());
        line.addAll(arguments);
        return line;
    }

    /** Its name in sentences. */
    String name() {
        return program.getFileName().toString();
    }

    @Override
    public String toString() {
        return "ToolCommand[" + String.join(" ", line()) + "]";
    }
}
