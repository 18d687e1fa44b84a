package dev.caretaker.server.console.page;

import dev.caretaker.v1.Fire;
import java.util.List;

/**
 * A page of what became of the times of schedules.
 *
 * @param schedules that may be chosen
 * @param targets that may be chosen
 * @param next where the next page begins; empty on the last
 */
public record FiresView(
        FireFilter filter, List<String> schedules, List<String> targets, List<Fire> fires, String next) {}
