package dev.caretaker.cli.output;

/** How results are printed. */
public enum Format {
    /** For people. */
    TABLE,
    /** One document in the canonical JSON of Protocol Buffers. */
    JSON,
    /** The same as YAML; policies in the form of policy files. */
    YAML,
    /** One compact JSON document a line: an item of a list, or an event of a run. */
    NDJSON,
    /** Findings as a log that code scanning tools read. */
    SARIF
}
