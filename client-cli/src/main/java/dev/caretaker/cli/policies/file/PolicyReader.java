package dev.caretaker.cli.policies.file;

import dev.caretaker.cli.file.ChoiceText;
import dev.caretaker.cli.file.Item;
import dev.caretaker.cli.file.JsonText;
import dev.caretaker.cli.file.TableText;
import dev.caretaker.v1.FollowUp;
import dev.caretaker.v1.Policy;
import dev.caretaker.v1.PolicyAction;
import dev.caretaker.v1.PolicyLimits;
import dev.caretaker.v1.TimeColumn;
import dev.caretaker.v1.TimeColumnKind;
import java.util.List;
import java.util.Map;

/** Reads one policy in the form for people, or, if it has {@code retention}, in the canonical JSON of the API. */
final class PolicyReader {
    static final List<String> KEYS = List.of(
            "name",
            "description",
            "target",
            "table",
            "timeColumn",
            "keep",
            "where",
            "action",
            "archive",
            "rollUp",
            "allowCascade",
            "skipPinned",
            "followUp",
            "limits",
            "countBy",
            "etag");
    private static final List<String> REQUIRED = List.of("name", "target", "table", "timeColumn", "keep");
    static final List<String> TIME_COLUMN_KEYS = List.of("name", "kind", "zone");
    static final List<String> LIMITS_KEYS =
            List.of("maxRows", "maxFraction", "deadline", "window", "requireBackupWithin", "requireVerifiedBackup");

    private PolicyReader() {}

    static Policy read(Item item) {
        if (item.isMap() && item.fields().containsKey("retention")) {
            return readCanonical(item);
        }
        Map<String, Item> fields = item.fields("the policy", KEYS, REQUIRED);
        Policy.Builder policy = Policy.newBuilder().setAction(PolicyAction.POLICY_ACTION_DELETE);
        if (fields.containsKey("archive")) {
            policy.setAction(PolicyAction.POLICY_ACTION_ARCHIVE);
        } else if (fields.containsKey("rollUp")) {
            policy.setAction(PolicyAction.POLICY_ACTION_ROLL_UP);
        }
        fields.forEach((key, value) -> set(policy, key, value));
        return policy.build();
    }

    private static void set(Policy.Builder policy, String key, Item value) {
        switch (key) {
            case "name" -> policy.setName(value.text());
            case "description" -> policy.setDescription(value.text());
            case "target" -> policy.setTarget(value.text());
            case "table" -> policy.setTable(TableText.read(value));
            case "timeColumn" -> policy.setTimeColumn(timeColumn(value));
            case "keep" -> policy.setRetention(RetentionText.read(value));
            case "where" -> policy.setFilter(FilterReader.read(value));
            case "action" -> policy.setAction(ChoiceText.read(value, PolicyAction.class, "POLICY_ACTION_"));
            case "archive" -> policy.setArchive(KeepingReader.archive(value));
            case "rollUp" -> policy.setRollUp(KeepingReader.rollUp(value));
            case "allowCascade" -> cascades(policy, value);
            case "skipPinned" -> policy.setSkipPinned(value.bool());
            case "followUp" -> policy.setFollowUp(ChoiceText.read(value, FollowUp.class, "FOLLOW_UP_"));
            case "limits" -> policy.setLimits(limits(value));
            case "countBy" -> policy.setCountBy(value.text());
            case "etag" -> policy.setEtag(value.text());
            default -> throw value.wrong("unknown key");
        }
    }

    private static void cascades(Policy.Builder policy, Item item) {
        if (item.isList()) {
            item.list().forEach(table -> policy.addCascadeTo(TableText.read(table)));
        } else if (item.isBoolean()) {
            policy.setAllowCascade(item.bool());
        } else {
            throw item.wrong("must be true, false, or a list of tables such as [public.items]");
        }
    }

    private static TimeColumn timeColumn(Item item) {
        Map<String, Item> fields = item.fields(TIME_COLUMN_KEYS);
        if (!fields.containsKey("name") || !fields.containsKey("kind")) {
            throw item.wrong("needs name and kind, for example {name: created_at, kind: timestamptz}");
        }
        TimeColumn.Builder column = TimeColumn.newBuilder()
                .setName(fields.get("name").text())
                .setKind(ChoiceText.read(fields.get("kind"), TimeColumnKind.class, "TIME_COLUMN_KIND_"));
        if (fields.containsKey("zone")) {
            column.setZone(fields.get("zone").text());
        }
        return column.build();
    }

    private static PolicyLimits limits(Item item) {
        PolicyLimits.Builder limits = PolicyLimits.newBuilder();
        item.fields(LIMITS_KEYS).forEach((key, value) -> {
            switch (key) {
                case "maxRows" -> limits.setMaxRows(bound(value, value.integer()));
                case "maxFraction" -> limits.setMaxFraction(bound(value, value.fraction()));
                case "deadline" -> limits.setDeadline(RetentionText.duration(value));
                case "requireBackupWithin" -> limits.getRequireBackupBuilder().setWithin(RetentionText.duration(value));
                case "requireVerifiedBackup" -> limits.getRequireBackupBuilder().setVerified(value.bool());
                default -> limits.setWindow(WindowText.read(value));
            }
        });
        if (limits.hasRequireBackup() && !limits.getRequireBackup().hasWithin()) {
            throw item.wrong("requireVerifiedBackup needs requireBackupWithin beside it");
        }
        return limits.build();
    }

    /** Zero means "no bound" in the API; whoever writes it in a file is more likely to mean "none". */
    private static <N extends Number> N bound(Item item, N limit) {
        if (limit.doubleValue() == 0) {
            throw item.wrong("0 bounds nothing; leave it out if there is to be no bound");
        }
        return limit;
    }

    private static Policy readCanonical(Item item) {
        return JsonText.merge(item, Policy.newBuilder(), "a policy", "with 'keep' instead of 'retention'")
                .clearUpdateTime()
                .clearUpdatedBy()
                .build();
    }
}
