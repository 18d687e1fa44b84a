package dev.caretaker.server.console.web;

/** Parts of the console, in the order of its navigation. */
public enum Section {
    OVERVIEW("Overview", "/"),
    TARGETS("Targets", "/targets"),
    RUNS("Runs", "/runs"),
    POLICIES("Policies", "/policies"),
    SCHEDULES("Schedules", "/schedules"),
    HOLDS("Holds", "/holds"),
    FINDINGS("Findings", "/findings"),
    PARTITIONS("Partitions", "/partitions"),
    ARCHIVES("Archives", "/archives"),
    BACKUPS("Backups", "/backups"),
    AUDIT("Audit", "/audit");

    private final String title;
    private final String path;

    Section(String title, String path) {
        this.title = title;
        this.path = path;
    }

    public String title() {
        return title;
    }

    /** Where it begins. */
    public String href() {
        return Console.PATH + path;
    }
}
