package dev.caretaker.cli.policies.file;

import dev.caretaker.cli.file.TableText;
import dev.caretaker.cli.output.Yaml;
import dev.caretaker.v1.Filter;
import dev.caretaker.v1.InList;
import dev.caretaker.v1.StateColumn;
import dev.caretaker.v1.SuggestPolicyResponse;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** Writes a suggested policy as a file that can be applied, with what there is to decide as comments. */
public final class SuggestedFile {
    private static final String INDENT = "    ";

    private SuggestedFile() {}

    public static String write(SuggestPolicyResponse suggested) {
        List<String> lines = new ArrayList<>();
        suggested.getNotesList().forEach(note -> lines.add(comment("", note)));
        PolicyWriter.file(List.of(suggested.getPolicy()), false).lines().forEach(line -> {
            if (line.startsWith(INDENT + "keep:")) {
                lines.add(comment(INDENT, "A placeholder: how long must rows be kept?"));
            }
            if (line.startsWith(INDENT + "allowCascade:") && suggested.getCascadesCount() > 0) {
                lines.add(comment(
                        INDENT, "Deletes would change other tables. If that is meant, instead of the next line:"));
                lines.addAll(commented(Map.of(
                        "allowCascade",
                        suggested.getCascadesList().stream()
                                .map(TableText::write)
                                .toList())));
            }
            lines.add(line);
            if (line.startsWith(INDENT + "keep:") && suggested.hasState()) {
                lines.add(comment(INDENT, "Only rows in some state? Keep of these what is meant:"));
                lines.addAll(commented(Map.of("where", state(suggested.getState()))));
            }
        });
        return String.join("\n", lines) + "\n";
    }

    private static Map<String, ?> state(StateColumn column) {
        return column.getValuesCount() == 0
                ? Map.of(column.getName(), "VALUE")
                : FilterWriter.write(Filter.newBuilder()
                        .setIn(InList.newBuilder().setColumn(column.getName()).addAllValues(column.getValuesList()))
                        .build());
    }

    private static List<String> commented(Map<String, ?> tree) {
        return Yaml.print(tree).lines().map(line -> comment(INDENT, line)).toList();
    }

    /** Names may hold line breaks, and these would end the comment. */
    private static String comment(String indent, String text) {
        return indent + "# " + text.replaceAll("[\\p{Cntrl}\\x{85}\\x{2028}\\x{2029}\\x{FEFF}]", " ");
    }
}
