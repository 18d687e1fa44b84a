package dev.caretaker.server.config;

import java.util.SortedMap;

/** The routines there are, by name: {@code standard}, {@code full}, and the operator's own. */
public record RoutinesConfig(SortedMap<String, RoutineConfig> byName) {}
