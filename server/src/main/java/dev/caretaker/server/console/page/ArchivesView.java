package dev.caretaker.server.console.page;

import dev.caretaker.v1.Archive;
import java.util.List;

/**
 * A page of archives.
 *
 * @param targets that may be chosen
 * @param next where the next page begins; empty on the last
 */
public record ArchivesView(KeptFilter filter, List<String> targets, List<Archive> archives, String next) {}
