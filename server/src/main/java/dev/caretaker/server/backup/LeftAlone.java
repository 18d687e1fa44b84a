package dev.caretaker.server.backup;

import dev.caretaker.server.store.TableName;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * Schemas, types, functions and sequences of no table that were there before a backup was restored beside them, for something else: they stay
 * as they are, with their owners, grants and comments. Where a database was empty there are none: its schemas were made for what is restored.
 */
public final class LeftAlone {
    private static final Set<String> TYPES = Set.of("enum", "domain", "composite type", "range", "shell type");
    private static final String NAME = "\"(?:[^\"]|\"\")+\"|[^\\s.\"(]+";
    /** Statements as {@code backup/rights.sql} and {@code backup/comments.sql} make them. */
    private static final Pattern SAID = Pattern.compile(
            "(?:ALTER|COMMENT ON(?: CONSTRAINT (?:" + NAME + ") ON)?|REVOKE ALL ON|GRANT [A-Z, ]+ ON)"
                    + " (?<word>SCHEMA|SEQUENCE|TYPE|DOMAIN|COLUMN|FUNCTION|PROCEDURE)"
                    + " (?<schema>" + NAME + ")(?:\\.(?<name>" + NAME + "))?(?:\\.(?:" + NAME
                    + "))?(?<arguments>\\(.*?\\))?"
                    + " (?:OWNER TO|FROM|TO|IS) .*",
            Pattern.DOTALL);

    private final Set<String> schemas;
    private final Set<String> told = new TreeSet<>();

    /** Something by its kind; of functions the name has the arguments. */
    private record Thing(String kind, TableName name) {}

    /** @param before what the database had */
    public LeftAlone(Occupied before) {
        this.schemas = before.isEmpty() ? Set.of() : before.schemas();
    }

    /**
     * Those that change nothing of what is left alone.
     *
     * @param there objects of the backup that could not be made because they were there
     */
    public List<MadeObject> without(Set<MadeObject> there, List<MadeObject> objects) {
        Set<Thing> things = there.stream()
                .map(object -> new Thing(TYPES.contains(object.kind()) ? "type" : object.kind(), object.name()))
                .collect(Collectors.toSet());
        return objects.stream().filter(object -> !isAbout(things, object)).toList();
    }

    private boolean isAbout(Set<Thing> things, MadeObject object) {
        return switch (object.kind()) {
            case "domain check" -> things.contains(new Thing("type", Absence.domain(object.name())));
            case "owner", "grants", "comment" ->
                object.statements().stream()
                        .flatMap(statement -> said(statement).stream())
                        .anyMatch(thing -> things.contains(thing) || isSchema(thing));
            default -> false;
        };
    }

    private boolean isSchema(Thing thing) {
        boolean there =
                thing.kind().equals("schema") && schemas.contains(thing.name().name());
        if (there) {
            told.add(thing.name().name());
        }
        return there;
    }

    /** What such a statement is about, if that may be left alone. A column is one of a composite type, or of a relation, which is none. */
    private static Optional<Thing> said(String statement) {
        Matcher matcher = SAID.matcher(statement);
        if (!matcher.matches()) {
            return Optional.empty();
        }
        String first = unquoted(matcher.group("schema"));
        if (matcher.group("word").equals("SCHEMA")) {
            return Optional.of(new Thing("schema", new TableName("", first)));
        }
        String arguments = Optional.ofNullable(matcher.group("arguments")).orElse("");
        return Optional.ofNullable(matcher.group("name"))
                .map(name -> new Thing(
                        switch (matcher.group("word")) {
                            case "FUNCTION", "PROCEDURE" -> "function";
                            case "SEQUENCE" -> "sequence";
                            default -> "type";
                        },
                        new TableName(first, unquoted(name) + arguments)));
    }

    private static String unquoted(String name) {
        return name.startsWith("\"") ? name.substring(1, name.length() - 1).replace("\"\"", "\"") : name;
    }

    /** Of schemas whose owner, grants or comment the backup has and that were left alone, one sentence each. */
    public List<String> notes() {
        return told.stream()
                .map(name -> "Schema " + name + " is there already, and keeps its owner, grants and comment.")
                .toList();
    }
}
