package dev.caretaker.cli.output;

import dev.caretaker.cli.error.CommandFailure;
import dev.caretaker.v1.TableName;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Names of tables and indexes on the command line: {@code jobs}, {@code app.jobs}, {@code "My.Schema"."Jobs"}; letters as they are. */
public final class TableNames {
    private static final String PART = "(?:\"((?:[^\"]|\"\")+)\"|([^\".]+))";
    private static final Pattern NAME = Pattern.compile("(?:" + PART + "\\.)?" + PART);

    private TableNames() {}

    /** Without a schema it is in {@code public}. Fails as wrong usage if it cannot be read. */
    public static TableName parse(String text) {
        Matcher matcher = NAME.matcher(text);
        if (!matcher.matches()) {
            throw CommandFailure.usage(
                    "'" + text + "' is not a name such as jobs, app.jobs or '\"My.Schema\".\"Jobs\"'");
        }
        String schema = part(matcher, 1);
        return TableName.newBuilder()
                .setSchema(schema == null ? "public" : schema)
                .setName(part(matcher, 3))
                .build();
    }

    private static String part(Matcher matcher, int group) {
        String quoted = matcher.group(group);
        return quoted == null ? matcher.group(group + 1) : quoted.replace("\"\"", "\"");
    }
}
