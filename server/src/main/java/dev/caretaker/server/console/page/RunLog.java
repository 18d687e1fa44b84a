package dev.caretaker.server.console.page;

import dev.caretaker.v1.RunEvent;
import java.util.List;

/** What happened to a run, the latest first. */
public record RunLog(List<RunEvent> events) {}
