package dev.caretaker.cli.file;

import dev.caretaker.cli.error.CommandFailure;
import dev.caretaker.cli.error.ExitCode;
import dev.caretaker.cli.error.Reading;
import dev.caretaker.cli.terminal.Environment;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;

/**
 * A file that somebody named, or standard input.
 *
 * @param name for messages
 */
public record InputFile(String name, String text) {

    /**
     * Reads all of it; what cannot be read is a usage failure.
     *
     * @param file - for standard input
     */
    public static InputFile read(Environment environment, String file) {
        try {
            return file.equals("-")
                    ? new InputFile(
                            "standard input", new String(environment.in().readAllBytes(), StandardCharsets.UTF_8))
                    : new InputFile(file, Files.readString(Path.of(file)));
        } catch (NoSuchFileException e) {
            throw new CommandFailure(ExitCode.USAGE, file + " does not exist", e);
        } catch (IOException e) {
            throw new CommandFailure(ExitCode.USAGE, "cannot read " + file + ": " + Reading.why(e), e);
        }
    }
}
