package dev.caretaker.server.backup.dump;

import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What begins each line that a program of PostgreSQL says itself: a colour whose code is a word that nothing but the program was told. So
 * nothing that a database makes it say, which may have lines of its own, passes for a line of the program. Before the word "error" stands
 * another one, which is written at once: errors can be counted where lines of several processes stand in each other.
 *
 * @param word without letters that end a colour's code, nor colons
 * @see <a href="https://www.postgresql.org/docs/current/app-pgrestore.html">PG_COLOR</a>, and PG_COLORS for its codes
 */
record Mark(String word) {
    private static final int BYTES = 20;
    private static final Pattern COLOUR = Pattern.compile("\\x1b\\[[0-9a-z;]*?m");

    /** A line of the program, from behind its name, and what came with it: lines of a server, which may hold anything. */
    record Line(String text, List<String> further) {}

    /** A new one: 160 random bits. */
    static Mark random() {
        byte[] random = new byte[BYTES];
        new SecureRandom().nextBytes(random);
        return new Mark(HexFormat.of().formatHex(random));
    }

    /** What the program is to find in its environment. */
    Map<String, String> environment() {
        return Map.of("PG_COLOR", "always", "PG_COLORS", "locus=" + word + ":error=" + error());
    }

    private String error() {
        return word + ";1";
    }

    /** The lines of a program that ran with this environment, in their order. */
    List<Line> lines(String words) {
        Pattern own = Pattern.compile(
                "\\x1b\\[" + word + "m[^\\x1b]*\\x1b\\[0?m(?:\\x1b\\[" + error() + "m([^\\x1b]*)\\x1b\\[0?m)?(.*)");
        List<Line> lines = new ArrayList<>();
        for (String line : words.split("\\R")) {
            Matcher matcher = own.matcher(line);
            if (matcher.matches()) {
                lines.add(new Line(
                        Objects.requireNonNullElse(matcher.group(1), "") + matcher.group(2), new ArrayList<>()));
            } else if (!lines.isEmpty()) {
                lines.getLast().further().add(line);
            }
        }
        return lines;
    }

    /** How many errors it has told, whatever else stands in their lines. */
    int errors(String words) {
        return (int) Pattern.compile("\\x1b\\[" + error() + "m")
                .matcher(words)
                .results()
                .count();
    }

    /** For people: without colours. */
    static String plain(String words) {
        return COLOUR.matcher(words).replaceAll("");
    }
}
