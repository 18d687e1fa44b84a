package dev.caretaker.cli.schedules.file;

import dev.caretaker.cli.archives.Levels;
import dev.caretaker.cli.file.Item;
import dev.caretaker.cli.policies.file.RetentionText;
import dev.caretaker.cli.units.Durations;
import dev.caretaker.v1.ScheduledArchiveVerify;
import dev.caretaker.v1.VerifyLevel;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** The verification of archives in a file of schedules. */
final class ArchiveWorkText {
    private static final String DUE = "due";

    private ArchiveWorkText() {}

    /** "due", or a map. */
    static ScheduledArchiveVerify verify(Item value) {
        ScheduledArchiveVerify.Builder verify = ScheduledArchiveVerify.newBuilder();
        if (!value.isMap()) {
            if (!value.text().equals(DUE)) {
                throw value.wrong("must be " + DUE + ", or say which and how");
            }
            return verify.build();
        }
        value.fields("policies", "notVerifiedWithin", "most", "level").forEach((key, item) -> {
            switch (key) {
                case "policies" -> item.list().forEach(name -> verify.addPolicies(name.text()));
                case "notVerifiedWithin" -> verify.setNotVerifiedWithin(RetentionText.duration(item));
                case "most" -> verify.setMost(most(item));
                default ->
                    verify.setLevel(Levels.read(item.text())
                            .orElseThrow(() -> item.wrong("'" + item.text() + "' is none of " + Levels.ALL)));
            }
        });
        return verify.build();
    }

    private static int most(Item item) {
        long most = item.integer();
        if (most < 1 || most > Integer.MAX_VALUE) {
            throw item.wrong("must be a positive number");
        }
        return (int) most;
    }

    static Object tree(ScheduledArchiveVerify verify) {
        Map<String, Object> tree = new LinkedHashMap<>();
        if (verify.getPoliciesCount() > 0) {
            tree.put("policies", List.copyOf(verify.getPoliciesList()));
        }
        if (verify.hasNotVerifiedWithin()) {
            tree.put("notVerifiedWithin", Durations.exact(verify.getNotVerifiedWithin()));
        }
        if (verify.getMost() > 0) {
            tree.put("most", verify.getMost());
        }
        if (verify.getLevel() != VerifyLevel.VERIFY_LEVEL_UNSPECIFIED) {
            tree.put("level", Levels.write(verify.getLevel()));
        }
        return tree.isEmpty() ? DUE : tree;
    }

    /** One line. */
    static String describe(ScheduledArchiveVerify verify) {
        String within = verify.hasNotVerifiedWithin() ? Durations.exact(verify.getNotVerifiedWithin()) : "30d";
        String level = verify.getLevel() == VerifyLevel.VERIFY_LEVEL_UNSPECIFIED
                ? ""
                : ", level " + Levels.write(verify.getLevel());
        return "verification of archives"
                + (verify.getPoliciesCount() == 0 ? "" : " of " + String.join(", ", verify.getPoliciesList()))
                + " not verified within " + within + level;
    }
}
