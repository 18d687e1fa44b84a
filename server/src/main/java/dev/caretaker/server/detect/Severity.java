package dev.caretaker.server.detect;

/** How bad a finding is, least first. */
public enum Severity {
    /** Good to know. */
    INFO,
    /** Should be mended. */
    WARNING,
    /** Must be mended soon. */
    CRITICAL
}
