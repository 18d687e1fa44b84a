package dev.caretaker.server.backup.dump;

import dev.caretaker.server.backup.Absence;
import dev.caretaker.server.backup.Copied;
import dev.caretaker.server.backup.MadeObject;
import dev.caretaker.server.store.TableName;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/** Which objects of a manifest the entries of an archive make: those that an entry names exactly, or none. */
final class EntryKeys {
    /** Kinds that are compared by number, by catalog and kind of their entries. */
    private static final Map<String, String> COUNTED = Map.ofEntries(
            Map.entry("1259 FOREIGN TABLE", "foreign tables"),
            Map.entry("1417 SERVER", "foreign servers"),
            Map.entry("2328 FOREIGN DATA WRAPPER", "foreign data wrappers"),
            Map.entry("6104 PUBLICATION", "publications"),
            Map.entry("3466 EVENT TRIGGER", "event triggers"),
            Map.entry("1255 AGGREGATE", "aggregates"),
            Map.entry("2617 OPERATOR", "operators"),
            Map.entry("2616 OPERATOR CLASS", "operator classes"),
            Map.entry("2753 OPERATOR FAMILY", "operator families"),
            Map.entry("2605 CAST", "casts"),
            Map.entry("3576 TRANSFORM", "transforms"),
            Map.entry("2607 CONVERSION", "conversions"),
            Map.entry("2612 PROCEDURAL LANGUAGE", "languages"),
            Map.entry("3456 COLLATION", "collations"),
            Map.entry("3602 TEXT SEARCH CONFIGURATION", "text search configurations"),
            Map.entry("3600 TEXT SEARCH DICTIONARY", "text search dictionaries"),
            Map.entry("3601 TEXT SEARCH PARSER", "text search parsers"),
            Map.entry("3764 TEXT SEARCH TEMPLATE", "text search templates"),
            Map.entry("1259 PROPERTY GRAPH", "property graphs"));

    /** Catalog and kind of a type; one that no manifest names is a base type. */
    private static final long TYPES = 1247;

    private static final String TYPE = "TYPE ";

    /** Kinds of objects of ours whose name is in no schema, or is listed without it. */
    private static final Set<String> OF_NO_SCHEMA = Set.of("extension", "access method");

    private static final Set<String> FUNCTIONS = Set.of("FUNCTION", "PROCEDURE");
    private static final String COMMENT = "COMMENT ";
    private static final String OF_SCHEMA = COMMENT + "- SCHEMA ";

    private final Map<String, String> keys = new HashMap<>();
    private final Set<String> owners;
    private final Set<String> schemas = new HashSet<>();

    EntryKeys(Copied copied) {
        owners = new HashSet<>(copied.roles());
        owners.add("");
        for (MadeObject object : copied.objects()) {
            for (String kind : kinds(object.kind())) {
                put(text(kind, object), Absence.key(object));
            }
            schemas.add(object.name().schema());
        }
        copied.sequences()
                .forEach(sequence -> put(
                        line(
                                "SEQUENCE",
                                sequence.name().schema(),
                                sequence.name().name()),
                        Absence.sequence(sequence.name())));
    }

    /** Names with blanks may make two of one line: neither is known then. */
    private void put(String line, String key) {
        keys.merge(line, key, (one, other) -> one.equals(other) ? one : "");
    }

    private static List<String> kinds(String kind) {
        return switch (kind) {
            case "enum", "composite type", "range" -> List.of("TYPE");
            case "domain" -> List.of("DOMAIN");
            case "function" -> List.copyOf(FUNCTIONS);
            case "sequence" -> List.of("SEQUENCE");
            case "sequence owner" -> List.of("SEQUENCE OWNED BY");
            case "table" -> List.of("TABLE");
            case "view" -> List.of("VIEW");
            case "materialized view" -> List.of("MATERIALIZED VIEW");
            case "refresh" -> List.of("MATERIALIZED VIEW DATA");
            case "check" -> List.of("CHECK CONSTRAINT", "CONSTRAINT");
            case "primary key", "unique", "exclusion", "not null" -> List.of("CONSTRAINT");
            case "foreign key" -> List.of("FK CONSTRAINT");
            case "index" -> List.of("INDEX");
            case "index partition" -> List.of("INDEX ATTACH");
            case "partition" -> List.of("TABLE ATTACH");
            case "trigger" -> List.of("TRIGGER");
            case "rule" -> List.of("RULE");
            case "policy" -> List.of("POLICY");
            case "row security" -> List.of("ROW SECURITY");
            case "statistics" -> List.of("STATISTICS");
            case "extension" -> List.of("EXTENSION");
            case "access method" -> List.of("ACCESS METHOD");
            case "domain check" -> List.of("CHECK CONSTRAINT");
            case "shell type" -> List.of("SHELL TYPE");
            default -> List.of();
        };
    }

    /** What is called within a table has its name before its own. */
    private static String text(String kind, MadeObject object) {
        String name = object.name().name();
        Optional<String> table = object.table().map(TableName::name);
        String tag = switch (object.kind()) {
            case "check",
                    "primary key",
                    "unique",
                    "exclusion",
                    "not null",
                    "foreign key",
                    "trigger",
                    "rule",
                    "policy" -> table.map(of -> of + " " + name).orElse(name);
            case "function" -> name.substring(0, name.indexOf('('));
            default -> name;
        };
        return line(
                kind, OF_NO_SCHEMA.contains(object.kind()) ? "-" : object.name().schema(), tag);
    }

    /** As pg_restore lists it, to whom a line is a line. */
    private static String line(String kind, String schema, String tag) {
        return (kind + " " + schema + " " + tag).replaceAll("[\r\n]", " ");
    }

    /** The key of what it makes; empty if a comparison is not about it, or if it is not certain. */
    String of(TocEntry entry) {
        String called = entry.called();
        for (Map.Entry<String, String> counted : COUNTED.entrySet()) {
            if ((entry.catalog() + " " + called).startsWith(counted.getKey() + " ")) {
                return counted.getValue();
            }
        }
        if (called.startsWith(COMMENT) && entry.catalog() == 0) {
            return comment(called);
        }
        if (entry.isRows()) {
            return "";
        }
        Set<String> possible = owners.stream()
                .filter(owner -> called.endsWith(" " + owner))
                .map(owner -> keys.get(named(called.substring(0, called.length() - owner.length() - 1))))
                .filter(Objects::nonNull)
                .collect(Collectors.toSet());
        if (possible.isEmpty() && entry.catalog() == TYPES && called.startsWith(TYPE)) {
            return "base types";
        }
        return possible.size() == 1 ? possible.iterator().next() : "";
    }

    /** A function with the types of its arguments; a manifest has their names, too. */
    private static String named(String text) {
        boolean function = FUNCTIONS.stream().anyMatch(kind -> text.startsWith(kind + " "));
        return function && text.indexOf('(') > 0 ? text.substring(0, text.indexOf('(')) : text;
    }

    private String comment(String called) {
        List<String> possible = schemas.stream()
                .filter(
                        called.startsWith(OF_SCHEMA)
                                ? schema -> owners.stream()
                                        .anyMatch(owner -> called.equals(OF_SCHEMA + schema + " " + owner))
                                : schema -> called.startsWith(COMMENT + schema + " "))
                .toList();
        return possible.size() == 1 ? Absence.comment(possible.getFirst()) : "";
    }
}
