package dev.caretaker.server.target;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What a statement leaves to the search_path: operators, functions and types without a schema. Only names that the grammar
 * itself ties to pg_catalog may do without.
 */
final class Unqualified {
    private static final Pattern COMMENT = Pattern.compile("--[^\n]*");
    private static final Pattern TEXT = Pattern.compile("'[^']*'");
    private static final Pattern NAME = Pattern.compile("\"[^\"]*\"");
    private static final Pattern QUALIFIED_OPERATOR = Pattern.compile("OPERATOR\\([a-z_]+\\.[^)]+\\)");
    private static final Pattern STAR = Pattern.compile("\\.\\*|\\bSELECT \\*");
    private static final Pattern OPERATOR = Pattern.compile("[<>=!~+\\-*/|&^%#@]+");
    /** The grammar looks up the equality or pattern operator of these in the search_path. */
    private static final Pattern HIDDEN = Pattern.compile(
            "\\b(NULLIF|BETWEEN|I?LIKE|SIMILAR TO|DISTINCT FROM|NATURAL)\\b|\\b(USING|IN) \\(|\\bCASE (?!WHEN)",
            Pattern.CASE_INSENSITIVE);

    private static final Pattern CALL = Pattern.compile("(?<![\\w.])([a-z_][a-z0-9_]*) ?\\(", Pattern.CASE_INSENSITIVE);
    /** Words before a parenthesis that are no functions, or functions of the grammar. */
    private static final Set<String> WORDS = Set.of(
            "cast",
            "coalesce",
            "exists",
            "any",
            "all",
            "array",
            "from",
            "as",
            "and",
            "or",
            "not",
            "where",
            "on",
            "over",
            "lateral",
            "values",
            "when",
            "then",
            "else",
            "select",
            "union",
            "greatest",
            "least",
            "join",
            "explain",
            "operator",
            "by",
            "recursive",
            "returning",
            "limit",
            "bit",
            "array_subscript",
            "row",
            "filter",
            "materialized",
            "is",
            "with",
            "vacuum",
            "reindex");
    /** Names of derived tables and common table expressions may carry a list of columns. */
    private static final Pattern ALIAS =
            Pattern.compile("(\\bAS|\\)|\\bWITH(?: RECURSIVE)?|\\),) +[a-z_][a-z0-9_]* \\(", Pattern.CASE_INSENSITIVE);

    private static final Pattern TYPE = Pattern.compile("::([\\w.]+)|\\bAS ([\\w.]+(?: [a-z]+)*)(\\[])?\\)");
    private static final Set<String> GRAMMAR_TYPES = Set.of(
            "int",
            "integer",
            "bigint",
            "smallint",
            "boolean",
            "numeric",
            "real",
            "double precision",
            "timestamp",
            "timestamp with time zone",
            "timestamp without time zone",
            "bit");

    private Unqualified() {}

    static List<String> in(String statement) {
        String sql = COMMENT.matcher(statement).replaceAll(" ");
        sql = TEXT.matcher(sql).replaceAll("''");
        sql = NAME.matcher(sql).replaceAll("quoted");
        sql = sql.replaceAll("\\s+", " ");
        List<String> found = new ArrayList<>();
        if (sql.contains("CAST(") || sql.contains("::")) {
            types(sql, found);
        }
        sql = QUALIFIED_OPERATOR.matcher(sql).replaceAll(" ");
        sql = STAR.matcher(sql.replace("(*)", "()")).replaceAll(" ");
        Matcher hidden = HIDDEN.matcher(sql);
        while (hidden.find()) {
            found.add(hidden.group().strip());
        }
        Matcher operator = OPERATOR.matcher(sql.replaceAll("FROM ONLY \\+?", " "));
        while (operator.find()) {
            found.add(operator.group());
        }
        String calls = ALIAS.matcher(sql).replaceAll("$1 (");
        Matcher call = CALL.matcher(calls);
        while (call.find()) {
            if (!WORDS.contains(call.group(1).toLowerCase(Locale.ROOT))) {
                found.add(call.group(1) + "()");
            }
        }
        return found;
    }

    private static void types(String sql, List<String> found) {
        Matcher type = TYPE.matcher(sql);
        while (type.find()) {
            String name = type.group(1) == null ? type.group(2) : type.group(1);
            if (!name.contains(".") && !GRAMMAR_TYPES.contains(name.toLowerCase(Locale.ROOT))) {
                found.add("type " + name);
            }
        }
    }
}
