package dev.caretaker.cli;

/** What the help of the whole client ends with. */
final class Help {
    static final String[] FOOTER = {
        "",
        "Exit codes: 0 complete or detached, 1 failed, 2 usage, 3 refused,",
        "            4 not reachable, 5 cancelled, 6 findings (--fail-on),",
        "            7 partial (deadline, pinned or residual rows,",
        "            archive not at its destination yet).",
        "Environment: CARETAKER_SERVER, CARETAKER_TOKEN, CARETAKER_ACTOR,",
        "             NO_COLOR, COLUMNS."
    };

    private Help() {}
}
