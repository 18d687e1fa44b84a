package dev.caretaker.cli.policies.file;

import dev.caretaker.cli.file.Documents;
import dev.caretaker.cli.file.InputFile;
import dev.caretaker.cli.file.Item;
import dev.caretaker.v1.Policy;
import java.util.List;

/**
 * Reads policies from YAML 1.2 or JSON (which is YAML too): a map with the key {@code policies}, a list of policies, or
 * a single one. Several YAML documents may follow each other, and so may JSON objects, one a line. What the client prints as
 * YAML, JSON or NDJSON is read back.
 */
public final class PolicyFile {
    private PolicyFile() {}

    /** Reads a file. Throws a usage failure that names line and key. */
    public static List<Policy> read(InputFile file) {
        return read(file, false);
    }

    /** @param mayBeEmpty whether a file without policies is none that was forgotten */
    public static List<Policy> read(InputFile file, boolean mayBeEmpty) {
        return Documents.read(file, "policies", mayBeEmpty, PolicyFile::readOne);
    }

    /** A policy, by itself or as the answer of an apply has it. */
    private static Policy readOne(Item item) {
        boolean answer = item.isMap() && item.fields().containsKey("policy");
        return PolicyReader.read(
                answer ? item.fields("policy", "result", "warnings").get("policy") : item);
    }
}
