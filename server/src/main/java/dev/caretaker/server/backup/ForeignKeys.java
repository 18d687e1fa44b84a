package dev.caretaker.server.backup;

import dev.caretaker.server.store.TableName;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Reads what a statement that PostgreSQL wrote for a foreign key refers to. */
final class ForeignKeys {
    private static final String NAME = "(\"(?:[^\"]|\"\")+\"|[^\".( ]+)";
    /** The columns before it may have any names, so the parenthesis that closes them counts. */
    private static final Pattern REFERENCE = Pattern.compile("\\) REFERENCES " + NAME + "\\." + NAME + "\\(");

    private ForeignKeys() {}

    /** The table that it refers to. */
    static Optional<TableName> referenced(MadeObject key) {
        Matcher matcher = REFERENCE.matcher(key.statements().getFirst());
        return matcher.find()
                ? Optional.of(new TableName(plain(matcher.group(1)), plain(matcher.group(2))))
                : Optional.empty();
    }

    private static String plain(String name) {
        return name.startsWith("\"") ? name.substring(1, name.length() - 1).replace("\"\"", "\"") : name;
    }
}
