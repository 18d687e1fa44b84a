package dev.caretaker.server.config;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

/** A password that shows itself only when asked to. */
public sealed interface Secret {

    /**
     * The password, read anew each time, so that a rotated file counts at the next connection.
     *
     * @throws ConfigException if a file can no longer be read
     */
    String reveal();

    /** A password given as text, by the configuration or the environment. */
    record Text(String text) implements Secret {
        @Override
        public String reveal() {
            return text;
        }

        @Override
        public String toString() {
            return "***";
        }
    }

    /**
     * A password kept in a file; a line break at its end does not count.
     *
     * @param key configuration key that named it
     */
    record InFile(String key, Path path) implements Secret {
        @Override
        public String reveal() {
            try {
                return Files.readString(path).stripTrailing();
            } catch (IOException e) {
                throw new ConfigException(key, unreadable(e));
            }
        }

        /** What is wrong with the file as it is now, a clause; empty if nothing is. */
        public Optional<String> problem() {
            try {
                return Files.readString(path).isBlank() ? Optional.of(path + " is empty") : Optional.empty();
            } catch (IOException e) {
                return Optional.of(unreadable(e));
            }
        }

        private String unreadable(IOException e) {
            return "cannot read " + path + ": " + Reading.why(e);
        }
    }
}
