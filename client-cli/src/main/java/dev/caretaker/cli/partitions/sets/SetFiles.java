package dev.caretaker.cli.partitions.sets;

import dev.caretaker.cli.error.CommandFailure;
import dev.caretaker.cli.error.ExitCode;
import dev.caretaker.cli.terminal.Environment;
import java.io.IOException;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;

/** Text of files, or of standard input. */
public final class SetFiles {
    private SetFiles() {}

    /** @param file - for standard input */
    public static String text(Environment environment, String file) {
        try {
            return file.equals("-")
                    ? new String(environment.in().readAllBytes(), StandardCharsets.UTF_8)
                    : Files.readString(Path.of(file));
        } catch (NoSuchFileException e) {
            throw new CommandFailure(ExitCode.USAGE, file + " does not exist", e);
        } catch (IOException e) {
            String why = e instanceof CharacterCodingException ? "it is not UTF-8 text" : e.toString();
            throw new CommandFailure(ExitCode.USAGE, "cannot read " + file + ": " + why, e);
        }
    }
}
