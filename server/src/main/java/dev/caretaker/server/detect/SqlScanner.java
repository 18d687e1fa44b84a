package dev.caretaker.server.detect;

import dev.caretaker.server.detect.CheckSql.Part;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Takes a statement apart by the lexical rules of Postgres (with standard_conforming_strings on): literals, quoted
 * names, dollar quotes and nested comments are passed over.
 *
 * @see <a href="https://www.postgresql.org/docs/current/sql-syntax-lexical.html">Lexical structure</a>
 */
final class SqlScanner {
    private static final Pattern DOLLAR_TAG = Pattern.compile("\\$([\\p{L}_][\\p{L}\\p{N}_]*)?\\$");
    private static final Pattern PARAMETER = Pattern.compile(":([a-z_][a-z0-9_]*)");
    private static final Pattern MACRO = Pattern.compile("@([a-z_]+(?::[a-z0-9_]+)?)@");
    private static final Pattern WORD = Pattern.compile("[\\p{L}_][\\p{L}\\p{N}_$]*");

    private final String sql;
    private final List<Part> parts = new ArrayList<>();
    private final StringBuilder text = new StringBuilder();
    private final Set<String> words = new HashSet<>();
    private String firstWord = "";
    private boolean ended;
    private int at;

    SqlScanner(String sql) {
        this.sql = sql;
    }

    List<Part> parts() {
        while (at < sql.length()) {
            next();
        }
        flush();
        return List.copyOf(parts);
    }

    /** First word of the statement in lower case; empty if it begins with something else. */
    String firstWord() {
        return firstWord;
    }

    /** Names and key words in lower case, quoted names without their quotes; {@code u&} where Unicode escapes begin. */
    Set<String> words() {
        return Set.copyOf(words);
    }

    private void next() {
        char c = sql.charAt(at);
        if (sql.startsWith("--", at)) {
            int end = sql.indexOf('\n', at);
            at = end < 0 ? sql.length() : end;
        } else if (sql.startsWith("/*", at)) {
            skipComment();
        } else if (Character.isWhitespace(c)) {
            keep(at + 1);
        } else {
            if (ended) {
                throw new CheckFile.Broken("there is more than one statement");
            }
            token(c);
        }
    }

    private void token(char c) {
        Matcher word = at(WORD);
        if (word != null) {
            word(word.group());
            return;
        }
        if (firstWord.isEmpty()) {
            firstWord = String.valueOf(c);
        }
        switch (c) {
            case ';' -> {
                ended = true;
                at++;
            }
            case '\'' -> keep(endOfQuoted(at, '\'', false));
            case '"' -> quotedName();
            case '?' -> {
                text.append("??");
                at++;
            }
            case '$' -> dollar();
            case ':' -> colon();
            case '@' -> macro();
            default -> keep(at + (Character.isDigit(c) ? number() : 1));
        }
    }

    private void word(String word) {
        if (firstWord.isEmpty()) {
            firstWord = word.toLowerCase(Locale.ROOT);
        }
        words.add(word.toLowerCase(Locale.ROOT));
        int end = at + word.length();
        if (word.equalsIgnoreCase("u") && sql.startsWith("&\"", end)) {
            words.add("u&");
        }
        boolean escapes = word.equalsIgnoreCase("e") && end < sql.length() && sql.charAt(end) == '\'';
        keep(escapes ? endOfQuoted(end, '\'', true) : end);
    }

    private void quotedName() {
        int end = endOfQuoted(at, '"', false);
        words.add(sql.substring(at + 1, end - 1));
        keep(end);
    }

    private void colon() {
        if (sql.startsWith("::", at) || sql.startsWith(":=", at)) {
            keep(at + 2);
            return;
        }
        Matcher parameter = at(PARAMETER);
        if (parameter == null) {
            keep(at + 1);
            return;
        }
        add(new Part.Parameter(parameter.group(1)), parameter.end());
    }

    private void macro() {
        Matcher macro = at(MACRO);
        if (macro == null) {
            keep(at + 1);
            return;
        }
        add(new Part.Macro(macro.group(1)), macro.end());
    }

    private void add(Part part, int end) {
        flush();
        parts.add(part);
        at = end;
    }

    private void dollar() {
        Matcher tag = at(DOLLAR_TAG);
        if (tag == null) {
            keep(at + 1);
            return;
        }
        int end = sql.indexOf(tag.group(), tag.end());
        if (end < 0) {
            throw new CheckFile.Broken("the text quoted by " + tag.group() + " does not end");
        }
        keep(end + tag.group().length());
    }

    private int number() {
        int end = at;
        while (end < sql.length() && Character.isLetterOrDigit(sql.charAt(end))) {
            end++;
        }
        return end - at;
    }

    private int endOfQuoted(int start, char quote, boolean escapes) {
        for (int i = start + 1; i < sql.length(); i++) {
            char c = sql.charAt(i);
            if (escapes && c == '\\') {
                i++;
            } else if (c == quote) {
                if (i + 1 < sql.length() && sql.charAt(i + 1) == quote) {
                    i++;
                } else {
                    return i + 1;
                }
            }
        }
        throw new CheckFile.Broken("a quoted text does not end");
    }

    private void skipComment() {
        int depth = 0;
        do {
            if (sql.startsWith("/*", at)) {
                depth++;
                at += 2;
            } else if (sql.startsWith("*/", at)) {
                depth--;
                at += 2;
            } else {
                at++;
            }
        } while (depth > 0 && at < sql.length());
        if (depth > 0) {
            throw new CheckFile.Broken("a comment does not end");
        }
        text.append(' ');
    }

    private Matcher at(Pattern pattern) {
        Matcher matcher = pattern.matcher(sql).region(at, sql.length());
        return matcher.lookingAt() ? matcher : null;
    }

    private void keep(int end) {
        text.append(sql, at, end);
        at = end;
    }

    private void flush() {
        if (!text.isEmpty()) {
            parts.add(new Part.Text(text.toString()));
            text.setLength(0);
        }
    }
}
