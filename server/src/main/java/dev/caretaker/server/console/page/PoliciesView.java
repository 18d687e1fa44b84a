package dev.caretaker.server.console.page;

import dev.caretaker.v1.Policy;
import java.util.List;
import java.util.SortedMap;

/** All policies, by target. */
public record PoliciesView(SortedMap<String, List<Policy>> byTarget) {}
