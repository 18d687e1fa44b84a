package dev.caretaker.cli.output;

import com.google.protobuf.ProtocolMessageEnum;
import dev.caretaker.v1.Actor;
import dev.caretaker.v1.Run;
import dev.caretaker.v1.RunOutcome;
import dev.caretaker.v1.RunState;
import dev.caretaker.v1.TableName;
import java.util.Locale;

/** Names of things as people read them. */
public final class Names {
    private Names() {}

    /** schema.table, exactly as in the catalog; the schema goes if it is public or empty. */
    public static String table(TableName table) {
        if (isDatabase(table)) {
            return "the database";
        }
        return table.getSchema().isEmpty() || table.getSchema().equals("public")
                ? table.getName()
                : table.getSchema() + "." + table.getName();
    }

    /** Whether it is no table but all of them, as of a backup. */
    public static boolean isDatabase(TableName table) {
        return table.getSchema().equals("*") && table.getName().equals("*");
    }

    /** RUN_STATE_RUNNING as "running". What a waiting run waits for, a lock or its target, the reason beside it says. */
    public static String state(RunState state) {
        return state == RunState.RUN_STATE_WAITING_LOCK ? "waiting" : words(state, "RUN_STATE_");
    }

    /** How a run ended, or where it stands while it has not. */
    public static String standing(Run run) {
        return run.getOutcome() == RunOutcome.RUN_OUTCOME_UNSPECIFIED
                ? state(run.getState())
                : words(run.getOutcome(), "RUN_OUTCOME_");
    }

    /** RUN_OUTCOME_COMPLETE as "complete". */
    public static String words(ProtocolMessageEnum value, String prefix) {
        return code(value, prefix).toLowerCase(Locale.ROOT).replace('_', ' ');
    }

    /** PLAN_WARNING_CODE_CASCADE as "CASCADE". A value newer than this client is UNKNOWN. */
    public static String code(ProtocolMessageEnum value, String prefix) {
        if (((Enum<?>) value).name().equals("UNRECOGNIZED")) {
            return "UNKNOWN";
        }
        String name = ((Enum<?>) value).name();
        return name.startsWith(prefix) ? name.substring(prefix.length()) : name;
    }

    /** "alice", or "alice (claimed)" if nobody checked. */
    public static String actor(Actor actor) {
        return actor.getName().isEmpty() ? "" : actor.getName() + (actor.getVerified() ? "" : " (claimed)");
    }
}
