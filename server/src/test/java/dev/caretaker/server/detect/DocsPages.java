package dev.caretaker.server.detect;

import dev.caretaker.server.config.ChecksConfig;
import java.util.Collection;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Collectors;

/** The pages under {@code docs/checks}, made from the headers of the checks. */
final class DocsPages {
    private static final Collection<Check> CHECKS =
            new Checks(ChecksConfig.DEFAULT).all(Optional.empty()).byId().values();

    private DocsPages() {}

    /** Content by file name. */
    static SortedMap<String, String> all() {
        SortedMap<String, String> pages = new TreeMap<>();
        CHECKS.forEach(check -> pages.put(check.id() + ".md", page(check)));
        pages.put("README.md", index());
        return pages;
    }

    private static String page(Check check) {
        StringBuilder page = new StringBuilder("# " + check.title() + "\n\n");
        page.append("`")
                .append(check.id())
                .append("`: ")
                .append(lower(check.severity()))
                .append(", ");
        page.append(lower(check.confidence()))
                .append(", category ")
                .append(check.category())
                .append(".\n\n");
        page.append(check.meaning()).append("\n\n");
        page.append("**What to do.** ").append(check.remedy()).append("\n");
        if (!check.thresholds().isEmpty()) {
            page.append("\n| threshold | default | unit | meaning |\n|---|---|---|---|\n");
            check.thresholds()
                    .forEach(threshold -> page.append("| `%s` | %s | %s | %s |\n"
                            .formatted(threshold.name(), threshold.value(), threshold.unit(), threshold.meaning())));
        }
        String facts = facts(check);
        if (!facts.isEmpty()) {
            page.append("\n").append(facts).append("\n");
        }
        page.append("\nThe statement: [%s.sql](../../server/src/main/resources/checks/%s.sql).\n"
                .formatted(check.id(), check.id()));
        return page.toString();
    }

    private static String facts(Check check) {
        StringBuilder facts = new StringBuilder();
        if (!check.needs().isEmpty()) {
            facts.append("- Needs ")
                    .append(check.needs().stream().map(Need::describe).collect(Collectors.joining(", ")))
                    .append(".\n");
        }
        if (check.onRequest()) {
            facts.append("- Runs only when asked for by name.\n");
        }
        if (!check.primaryOnly()) {
            facts.append("- Runs on the replica if there is one.\n");
        }
        String subject = switch (check.subject()) {
            case DATABASE -> "";
            case INDEX -> "- Runs once for each B-tree index.\n";
            case WIDE_TABLE -> "- Runs once for each table with at least 1 MB of TOAST data, 200 at most.\n";
            case POLICY -> "- Runs once for each policy of the target.\n";
            case TABLE_WITH_POLICIES -> "- Runs once for each table that has policies.\n";
        };
        facts.append(subject);
        if (check.blocksVacuum() || check.blocksCleanup()) {
            facts.append("- Its findings get in the way of ")
                    .append(
                            check.blocksVacuum() && check.blocksCleanup()
                                    ? "vacuum and cleanup"
                                    : check.blocksVacuum() ? "vacuum" : "cleanup")
                    .append(".\n");
        }
        return facts.toString().stripTrailing();
    }

    private static String index() {
        StringBuilder page = new StringBuilder("""
                # Checks

                `caretaker issues` runs these on a target. Each is one SQL file under `server/src/main/resources/checks`; these
                pages are made from their headers (run the test `DocsPagesTest` with `-Dcaretaker.docs.write=true`).
                How to write one of your own: [own checks](../own-checks.md).
                """);
        Map<String, java.util.List<Check>> byCategory =
                CHECKS.stream().collect(Collectors.groupingBy(Check::category, TreeMap::new, Collectors.toList()));
        byCategory.forEach((category, checks) -> {
            page.append("\n## ").append(category).append("\n\n| check | finds | severity |\n|---|---|---|\n");
            checks.forEach(check -> page.append("| [%s](%s.md) | %s%s | %s |\n"
                    .formatted(
                            check.id(),
                            check.id(),
                            check.title(),
                            check.onRequest() ? " (on request)" : "",
                            lower(check.severity()))));
        });
        return page.toString();
    }

    private static String lower(Enum<?> constant) {
        return constant.name().toLowerCase(Locale.ROOT);
    }
}
