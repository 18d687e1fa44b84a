package dev.caretaker.cli.archives;

import dev.caretaker.cli.output.Names;
import dev.caretaker.v1.VerifyLevel;
import java.util.Optional;

/** How far archives are looked at, as people write it. */
public final class Levels {
    /** For messages. */
    public static final String ALL = "stored, read-back, restored";

    private Levels() {}

    /** Empty if it is none. */
    public static Optional<VerifyLevel> read(String text) {
        return Optional.ofNullable(
                switch (text) {
                    case "stored" -> VerifyLevel.VERIFY_LEVEL_STORED;
                    case "read-back" -> VerifyLevel.VERIFY_LEVEL_READ_BACK;
                    case "restored" -> VerifyLevel.VERIFY_LEVEL_RESTORED;
                    default -> null;
                });
    }

    public static String write(VerifyLevel level) {
        return Names.words(level, "VERIFY_LEVEL_").replace(' ', '-');
    }
}
