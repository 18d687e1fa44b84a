package dev.caretaker.server.detect;

import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;

/**
 * The statement of a check: one SELECT with named parameters ({@code :min_bytes}) and macros ({@code @table@}, {@code
 * @extschema:amcheck@}). What stands in literals, quoted names and comments is left alone, as are casts ({@code ::}).
 */
public final class CheckSql {

    /** A part of the statement. */
    sealed interface Part {
        /** SQL as it is; question marks outside of literals are doubled for the driver. */
        record Text(String sql) implements Part {}

        /** A value, by name. */
        record Parameter(String name) implements Part {}

        /** A piece of SQL that is put in before the statement is sent, by name. */
        record Macro(String name) implements Part {}
    }

    /**
     * SQL with question marks, and their values in order.
     *
     * @param text for the driver
     * @param values in the order of the question marks
     */
    public record Bound(String text, List<Object> values) {}

    /** Functions by which a statement could leave its role, or run text as a second statement. */
    private static final Set<String> ESCAPES = Set.of(
            "set_config",
            "query_to_xml",
            "query_to_xmlschema",
            "query_to_xml_and_xmlschema",
            "cursor_to_xml",
            "cursor_to_xmlschema",
            "ts_stat",
            "ts_rewrite",
            "dblink",
            "dblink_exec");

    private final List<Part> parts;
    private final Set<String> words;

    private CheckSql(List<Part> parts, Set<String> words) {
        this.parts = parts;
        this.words = words;
    }

    /**
     * Reads a statement.
     *
     * @throws CheckFile.Broken if it is not one statement that begins with SELECT or WITH
     */
    static CheckSql parse(String sql) {
        SqlScanner scanner = new SqlScanner(sql);
        List<Part> parts = scanner.parts();
        String first = scanner.firstWord();
        if (!first.equals("select") && !first.equals("with")) {
            throw new CheckFile.Broken("the statement must begin with SELECT or WITH, not \"" + first + "\"");
        }
        return new CheckSql(parts, scanner.words());
    }

    Set<String> parameters() {
        return names(Part.Parameter.class, part -> ((Part.Parameter) part).name());
    }

    Set<String> macros() {
        return names(Part.Macro.class, part -> ((Part.Macro) part).name());
    }

    /**
     * Refuses what would get around the role that a check of an operator runs as. The role's own rights are the fence;
     * this keeps the gate shut.
     *
     * @throws CheckFile.Broken naming the function
     */
    void refuseEscapes() {
        for (String word : words) {
            if (ESCAPES.contains(word)) {
                throw new CheckFile.Broken("a check may not use " + word);
            }
            if (word.startsWith("u&")) {
                throw new CheckFile.Broken("a check may not use names with Unicode escapes");
            }
        }
    }

    /**
     * The statement for the driver.
     *
     * @param values value of each parameter
     * @param macros SQL of each macro, with its own values
     */
    Bound bind(Function<String, Object> values, Function<String, Bound> macros) {
        StringBuilder text = new StringBuilder();
        List<Object> bound = new ArrayList<>();
        for (Part part : parts) {
            switch (part) {
                case Part.Text plain -> text.append(plain.sql());
                case Part.Parameter parameter -> {
                    text.append('?');
                    bound.add(values.apply(parameter.name()));
                }
                case Part.Macro macro -> {
                    Bound expansion = macros.apply(macro.name());
                    text.append(expansion.text());
                    bound.addAll(expansion.values());
                }
            }
        }
        return new Bound(text.toString(), bound);
    }

    private Set<String> names(Class<? extends Part> kind, Function<Part, String> name) {
        return parts.stream().filter(kind::isInstance).map(name).collect(Collectors.toCollection(LinkedHashSet::new));
    }
}
