package dev.caretaker.cli.error;

import java.util.Locale;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Fields of requests by the names that users of the client know: keys of the policy file, or options. */
final class FieldNames {
    private static final Pattern WORD = Pattern.compile("[a-z][a-z0-9_]*");
    private static final Pattern UNDERSCORE = Pattern.compile("_([a-z0-9])");
    /** Keys of the policy file that are no fields of the same name. */
    private static final Map<String, String> KEYS =
            Map.of("retention", "keep", "filter", "where", "cascade_to", "allowCascade");

    private static final Map<String, String> ARGUMENTS = Map.of(
            "plan_id", "PLAN",
            "run_id", "RUN",
            "finding_id", "ID",
            "policies", "POLICY",
            "name", "NAME",
            "override_warnings", "--override",
            "minimum_severity", "--severity",
            "time_to_live", "--ttl");

    private FieldNames() {}

    static String of(String field) {
        if (field.startsWith("policies[") && field.contains(".")) {
            int dot = field.indexOf('.');
            return field.substring(0, dot + 1) + keys(field.substring(dot + 1));
        }
        String last = field.substring(field.lastIndexOf('.') + 1).replaceAll("\\[\\d+]$", "");
        return ARGUMENTS.getOrDefault(last, "--" + last.toLowerCase(Locale.ROOT).replace('_', '-'));
    }

    private static String keys(String path) {
        Matcher word = WORD.matcher(path);
        return word.replaceAll(found -> {
            String name = KEYS.getOrDefault(found.group(), found.group());
            return UNDERSCORE.matcher(name).replaceAll(letter -> letter.group(1).toUpperCase(Locale.ROOT));
        });
    }
}
