package dev.caretaker.server.target;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/**
 * Statements that run in an application's search_path leave nothing to it: whoever may create an operator, function or type in
 * a schema of that path would else decide what they do.
 */
class QualifiedNamesTest {
    private static final Path SQL = Path.of("src/main/resources/sql");
    private static final Path JAVA = Path.of("src/main/java/dev/caretaker/server");
    /** Run in the catalog's own path: the work around a partition's drop, outside of the statement itself. */
    private static final Set<String> IN_THE_CATALOGS_PATH =
            Set.of("partition.sql", "partition_checked.sql", "added_checks.sql");
    /** Parts of statements in the code of batches, plans and what the engine does around them. */
    private static final List<String> ROOMS = List.of("cleanup/step", "cleanup/plan", "run/engine");
    /** Reads rows through others' checks, or writes text for people. */
    private static final Set<String> NO_STATEMENTS =
            Set.of("PlanWarnings.java", "TableWarnings.java", "Partition.java");

    private static final Pattern START = Pattern.compile("\\b(?:SqlFragment|Sql)\\s*\\.of\\(|new SqlFragment\\(");
    private static final Pattern QUALIFIED = Pattern.compile("Operators\\s*\\.catalog\\((?:[^()]|\\([^()]*\\))*\\)");
    private static final Pattern LITERAL = Pattern.compile("\"((?:[^\"\\\\]|\\\\.)*)\"");

    @Test
    void what_is_left_to_the_path_is_noticed() {
        for (String bad : List.of(
                "SELECT 1 WHERE a = b",
                "SELECT lower(a) FROM pg_catalog.pg_class",
                "SELECT CAST(a AS text)",
                "SELECT a::oid",
                "SELECT 1 WHERE a IN (1, 2)",
                "SELECT NULLIF(a, 'x')",
                "SELECT CASE a WHEN 1 THEN 2 END",
                "SELECT 1 WHERE a IS DISTINCT FROM b",
                "SELECT a - 1",
                "SELECT count(*) FROM x")) {
            assertThat(Unqualified.in(bad)).as(bad).isNotEmpty();
        }
        assertThat(
                        Unqualified.in(
                                "SELECT pg_catalog.count(*) FROM (SELECT t.* FROM \"a=b\" AS t WHERE CAST(t.a AS bigint)"
                                        + " OPERATOR(pg_catalog.=) ANY (CAST(? AS pg_catalog.oid[])) AND t.b IS NULL) AS q (a, b) -- a = b"))
                .isEmpty();
    }

    @Test
    void statements_of_cleanups_and_of_new_sessions_qualify_everything() throws IOException {
        Map<String, List<String>> found = new TreeMap<>();
        int seen = 0;
        try (Stream<Path> files = Files.walk(SQL)) {
            for (Path file : files.filter(Files::isRegularFile)
                    .filter(QualifiedNamesTest::inAnApplicationsPath)
                    .toList()) {
                seen++;
                List<String> names = Unqualified.in(Files.readString(file).replace("{type}", "pg_catalog.int4"));
                if (!names.isEmpty()) {
                    found.put(file.toString(), names);
                }
            }
        }
        assertThat(seen).isGreaterThan(10);
        assertThat(found).isEmpty();
    }

    private static boolean inAnApplicationsPath(Path file) {
        String name = file.getFileName().toString();
        return file.startsWith(SQL.resolve("cleanup")) && !IN_THE_CATALOGS_PATH.contains(name)
                || Set.of("greeting.sql", "session_settings.sql", "owner.sql", "terminate_backend.sql")
                        .contains(name);
    }

    @Test
    void statements_in_the_code_qualify_everything() throws IOException {
        Map<String, List<String>> found = new TreeMap<>();
        int seen = 0;
        for (String room : ROOMS) {
            try (Stream<Path> files = Files.walk(JAVA.resolve(room))) {
                for (Path file : files.filter(path -> path.toString().endsWith(".java"))
                        .filter(path ->
                                !NO_STATEMENTS.contains(path.getFileName().toString()))
                        .toList()) {
                    for (String statement : statements(Files.readString(file))) {
                        seen++;
                        List<String> names = Unqualified.in(statement);
                        if (!names.isEmpty()) {
                            found.merge(file.getFileName() + ": " + statement, names, (left, right) -> left);
                        }
                    }
                }
            }
        }
        assertThat(seen).isGreaterThan(50);
        assertThat(found).isEmpty();
    }

    /** The literals that each SqlFragment.of(…) or Sql.of(…) is put together from; what comes between is a qualified name. */
    private static List<String> statements(String source) {
        List<String> statements = new ArrayList<>();
        Matcher start = START.matcher(source);
        while (start.find()) {
            String arguments = QUALIFIED.matcher(statement(source, start.end())).replaceAll("name");
            StringBuilder statement = new StringBuilder();
            Matcher literal = LITERAL.matcher(arguments);
            int end = 0;
            while (literal.find()) {
                boolean joined = arguments.substring(end, literal.start()).matches("\\s*\\+?\\s*");
                statement.append(joined ? "" : " pg_catalog.x ").append(literal.group(1));
                end = literal.end();
            }
            statements.add(statement.toString());
        }
        return statements;
    }

    /** The first argument. */
    private static String statement(String source, int from) {
        int depth = 1;
        int at = from;
        boolean quoted = false;
        while (depth > 0) {
            char c = source.charAt(at++);
            if (!quoted && depth == 1 && c == ',') {
                break;
            }
            if (c == '"' && source.charAt(at - 2) != '\\') {
                quoted = !quoted;
            } else if (!quoted && c == '(') {
                depth++;
            } else if (!quoted && c == ')') {
                depth--;
            }
        }
        return source.substring(from, at - 1);
    }
}
