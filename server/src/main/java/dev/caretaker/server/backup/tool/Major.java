package dev.caretaker.server.backup.tool;

import java.util.OptionalInt;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Reads the major version that a program of Postgres says it has. */
final class Major {
    /** As in {@code pg_dump (PostgreSQL) 15.20 (Debian 15.20-0+deb12u1)}, or 18beta1. */
    private static final Pattern VERSION = Pattern.compile("\\(PostgreSQL\\) (\\d{1,3})(\\D.*)?", Pattern.DOTALL);

    private Major() {}

    /** @param said what the program answered to {@code --version} */
    static OptionalInt of(String said) {
        Matcher matcher = VERSION.matcher(said.strip());
        return matcher.find() ? OptionalInt.of(Integer.parseInt(matcher.group(1))) : OptionalInt.empty();
    }
}
