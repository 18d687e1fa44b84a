package dev.caretaker.server.api.command;

import com.google.protobuf.Message;
import dev.caretaker.server.store.Actor;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.Supplier;

/**
 * One mutation, read from its request and ready to be done: the unit of audit.
 *
 * @param target name of the target if the request names it; else empty
 * @param summary what is asked, in a few words by name, for the audit
 * @param act does it
 * @param recover answers for an attempt that was cut short after it had changed something; empty if nothing of it is to be
 *     seen, and it must be done again
 * @param result what came of it, for the audit; "target" is the target
 */
public record Command<A extends Message>(
        String target,
        Map<String, String> summary,
        Function<Actor, A> act,
        Supplier<Optional<A>> recover,
        Function<A, Map<String, String>> result) {}
