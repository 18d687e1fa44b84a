package dev.caretaker.server.backup.copy;

import dev.caretaker.server.backup.Absence;
import dev.caretaker.server.backup.MadeObject;
import dev.caretaker.server.backup.Unmade;
import dev.caretaker.server.run.job.Gate;
import dev.caretaker.server.store.TableName;
import dev.caretaker.server.target.PostgresErrors;
import dev.caretaker.server.target.Sql;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * Makes objects whatever their dependencies are: those that cannot be made yet are tried again as long as another one could, and
 * once more in the next phase.
 */
final class ObjectMaker {
    /** What several parts of a restore have in common, and what comes with an extension. */
    private static final Set<String> SHARED = Set.of(
            "schema",
            "extension",
            "enum",
            "domain",
            "composite type",
            "shell type",
            "range",
            "function",
            "access method",
            "domain check");

    /** Sentences about what was there before. */
    private static final int MOST = 20;

    private static final String REPLACES = "CREATE OR REPLACE ";

    private final Connection connection;
    private final Gate gate;
    private final Set<MadeObject> there = new LinkedHashSet<>();
    private Map<MadeObject, Failure> left = new LinkedHashMap<>();

    private record Failure(String words, Unmade.Why why) {}

    /** @param connection in autocommit */
    ObjectMaker(Connection connection, Gate gate) {
        this.connection = connection;
        this.gate = gate;
    }

    void make(List<MadeObject> objects) throws SQLException {
        List<MadeObject> waiting = new ArrayList<>(left.keySet());
        waiting.addAll(objects);
        boolean progress = true;
        while (progress && !waiting.isEmpty()) {
            Map<MadeObject, Failure> failed = new LinkedHashMap<>();
            for (MadeObject object : waiting) {
                gate.pass();
                attempt(object, failed);
            }
            progress = failed.size() < waiting.size();
            waiting = new ArrayList<>(failed.keySet());
            left = failed;
        }
    }

    private void attempt(MadeObject object, Map<MadeObject, Failure> failed) throws SQLException {
        try {
            for (String statement : object.statements()) {
                Sql.of(notReplacing(object, statement)).execute(connection);
            }
        } catch (SQLException e) {
            if (Unmade.endsAll(e)) {
                throw e;
            }
            if (Unmade.isThere(e) && isShared(object)) {
                there.add(object);
            } else {
                failed.put(object, new Failure(PostgresErrors.clause(e), why(object, e)));
            }
        }
    }

    /** PostgreSQL itself words it so that a function that is there would be replaced. */
    private static String notReplacing(MadeObject object, String statement) {
        return object.kind().equals("function") && statement.startsWith(REPLACES)
                ? "CREATE " + statement.substring(REPLACES.length())
                : statement;
    }

    private static Unmade.Why why(MadeObject object, SQLException e) {
        if (object.kind().equals("extension") && PostgresErrors.isRaised(e)) {
            return Unmade.Why.OTHER; // nothing of the backup is at work then
        }
        Unmade.Why why = Unmade.Why.of(e);
        return why == Unmade.Why.REFUSED && object.phase() == MadeObject.Phase.RIGHTS ? Unmade.Why.REFUSED_APART : why;
    }

    /** A sequence of no table may be that of several. */
    private static boolean isShared(MadeObject object) {
        return SHARED.contains(object.kind())
                || object.kind().equals("sequence") && object.table().isEmpty();
    }

    private static String named(MadeObject object) {
        String kind = object.kind().substring(0, 1).toUpperCase(Locale.ROOT)
                + object.kind().substring(1);
        String name = object.name().schema().isEmpty()
                ? object.name().name()
                : object.name().toString();
        return kind + " " + name
                + object.table()
                        .filter(table -> !table.equals(object.name()))
                        .map(table -> " of " + table)
                        .orElse("");
    }

    /** What could not be made. */
    List<Unmade> failed() {
        return left.entrySet().stream()
                .map(entry -> new Unmade(
                        named(entry.getKey()) + " could not be made: "
                                + entry.getValue().words() + ".",
                        entry.getValue().why(),
                        Absence.key(entry.getKey())))
                .toList();
    }

    /** Names of those of a kind that could not be made so far. */
    Set<TableName> unmade(String kind) {
        return left.keySet().stream()
                .filter(object -> object.kind().equals(kind))
                .map(MadeObject::name)
                .collect(Collectors.toSet());
    }

    /** Those that were there before. */
    Set<MadeObject> there() {
        return there;
    }

    /** Names of those of a kind that were there before. */
    Set<TableName> there(String kind) {
        return there.stream()
                .filter(object -> object.kind().equals(kind))
                .map(MadeObject::name)
                .collect(Collectors.toSet());
    }

    /** Of those that were there before, one sentence each; of many the last one says how many more there are. */
    List<String> alreadyThere() {
        List<String> all = there.stream()
                .map(object -> named(object) + " is there already, and stays as it is.")
                .toList();
        if (all.size() <= MOST) {
            return all;
        }
        List<String> first = new ArrayList<>(all.subList(0, MOST - 1));
        first.add("And " + (all.size() - first.size()) + " more are there already, and stay as they are.");
        return first;
    }
}
