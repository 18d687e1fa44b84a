package dev.caretaker.cli.policies.file;

import dev.caretaker.cli.file.ChoiceText;
import dev.caretaker.cli.file.TableText;
import dev.caretaker.cli.output.Yaml;
import dev.caretaker.cli.units.Durations;
import dev.caretaker.v1.FollowUp;
import dev.caretaker.v1.Policy;
import dev.caretaker.v1.PolicyLimits;
import dev.caretaker.v1.RunWindow;
import dev.caretaker.v1.TimeColumn;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Writes policies in the form that {@link PolicyFile} reads: show, edit, apply. */
public final class PolicyWriter {
    private PolicyWriter() {}

    /** A whole file. With etags, applying it is refused if somebody changed a policy meanwhile. */
    public static String file(List<Policy> policies, boolean etags) {
        Map<String, Object> file = new LinkedHashMap<>();
        file.put(
                "policies", policies.stream().map(policy -> tree(policy, etags)).toList());
        return Yaml.print(file);
    }

    private static Map<String, Object> tree(Policy policy, boolean etag) {
        Map<String, Object> tree = new LinkedHashMap<>();
        tree.put("name", policy.getName());
        if (!policy.getDescription().isEmpty()) {
            tree.put("description", policy.getDescription());
        }
        tree.put("target", policy.getTarget());
        tree.put("table", TableText.write(policy.getTable()));
        tree.put("timeColumn", timeColumn(policy.getTimeColumn()));
        tree.put("keep", RetentionText.write(policy.getRetention()));
        if (policy.hasFilter()) {
            tree.put("where", FilterWriter.write(policy.getFilter()));
        }
        tree.put("action", ChoiceText.write(policy.getAction(), "POLICY_ACTION_"));
        if (policy.hasArchive()) {
            tree.put("archive", KeepingWriter.archive(policy.getArchive()));
        }
        if (policy.hasRollUp()) {
            tree.put("rollUp", KeepingWriter.rollUp(policy.getRollUp()));
        }
        tree.put("allowCascade", cascades(policy));
        tree.put("skipPinned", policy.getSkipPinned());
        if (policy.getFollowUp() != FollowUp.FOLLOW_UP_UNSPECIFIED) {
            tree.put("followUp", ChoiceText.write(policy.getFollowUp(), "FOLLOW_UP_"));
        }
        if (policy.hasLimits()) {
            tree.put("limits", limits(policy.getLimits()));
        }
        if (!policy.getCountBy().isEmpty()) {
            tree.put("countBy", policy.getCountBy());
        }
        if (etag && !policy.getEtag().isEmpty()) {
            tree.put("etag", policy.getEtag());
        }
        return tree;
    }

    private static Object cascades(Policy policy) {
        return policy.getCascadeToCount() == 0
                ? policy.getAllowCascade()
                : policy.getCascadeToList().stream().map(TableText::write).toList();
    }

    private static Map<String, Object> timeColumn(TimeColumn column) {
        Map<String, Object> map = new LinkedHashMap<>();
        map.put("name", column.getName());
        map.put("kind", ChoiceText.write(column.getKind(), "TIME_COLUMN_KIND_"));
        if (!column.getZone().isEmpty()) {
            map.put("zone", column.getZone());
        }
        return map;
    }

    private static Map<String, Object> limits(PolicyLimits limits) {
        Map<String, Object> map = new LinkedHashMap<>();
        if (limits.getMaxRows() != 0) {
            map.put("maxRows", limits.getMaxRows());
        }
        if (limits.getMaxFraction() != 0) {
            map.put("maxFraction", limits.getMaxFraction());
        }
        if (limits.hasDeadline()) {
            map.put("deadline", Durations.exact(limits.getDeadline()));
        }
        if (limits.hasWindow()) {
            RunWindow window = limits.getWindow();
            map.put("window", WindowText.describe(window));
        }
        if (limits.hasRequireBackup()) {
            map.put(
                    "requireBackupWithin",
                    Durations.exact(limits.getRequireBackup().getWithin()));
            if (limits.getRequireBackup().getVerified()) {
                map.put("requireVerifiedBackup", true);
            }
        }
        return map;
    }
}
