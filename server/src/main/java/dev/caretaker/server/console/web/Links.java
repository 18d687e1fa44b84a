package dev.caretaker.server.console.web;

import dev.caretaker.v1.TableName;

/** Addresses within the console, with values of any kind. */
public final class Links {
    private Links() {}

    /**
     * A path with parameters.
     *
     * @param path below that of the console
     * @param pairs names and values; those without a value are left out
     */
    public static String to(String path, String... pairs) {
        return Console.PATH + within(path, pairs);
    }

    /** The same, below the path of the console: for {@link Reply#seeOther}. */
    public static String within(String path, String... pairs) {
        StringBuilder link = new StringBuilder(path);
        char before = '?';
        for (int i = 0; i < pairs.length; i += 2) {
            if (!pairs[i + 1].isEmpty()) {
                link.append(before).append(pairs[i]).append('=').append(Fields.encoded(pairs[i + 1]));
                before = '&';
            }
        }
        return link.toString();
    }

    public static String target(String target) {
        return to("/targets/" + target);
    }

    public static String run(String runId) {
        return to("/runs/" + runId);
    }

    public static String table(String target, TableName table) {
        return to("/targets/" + target + "/table", "schema", table.getSchema(), "name", table.getName());
    }

    public static String policy(String target, String policy) {
        return to("/policies/" + target + "/" + policy);
    }

    public static String plan(String planId) {
        return to("/plans/" + planId);
    }

    /**
     * Who asked for what.
     *
     * @param target empty: at all
     * @param about id or name of something; empty: anything
     */
    public static String audit(String target, String about) {
        return to("/audit", "target", target, "about", about);
    }

    public static String schedule(String schedule) {
        return to("/schedules/" + schedule);
    }
}
