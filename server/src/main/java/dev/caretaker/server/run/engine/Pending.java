package dev.caretaker.server.run.engine;

import com.fasterxml.jackson.databind.JsonNode;
import dev.caretaker.server.store.Totals;
import dev.caretaker.server.target.BackendIdentity;
import java.time.Instant;
import java.util.Optional;

/**
 * What may or may not have happened at the target: a batch journalled before its commit, or a statement before it began.
 *
 * @param label "batch", or the statement's label
 * @param backend who does it
 * @param xid transaction id with epoch; empty for a statement
 * @param since transaction id with epoch before which all had ended when the batch began; empty for a statement
 * @param next cursor after the batch; empty for a statement
 * @param done what the batch did
 * @param fraction share of the step that is done with it
 */
record Pending(
        String label,
        BackendIdentity backend,
        Optional<String> xid,
        Optional<String> since,
        Optional<JsonNode> next,
        Totals done,
        double fraction,
        Instant at) {}
