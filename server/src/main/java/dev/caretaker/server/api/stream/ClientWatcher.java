package dev.caretaker.server.api.stream;

import dev.caretaker.server.api.mapping.EventWriter;
import dev.caretaker.server.run.RunEvent;
import dev.caretaker.server.run.Runs;
import dev.caretaker.server.store.RunState;
import java.time.Instant;
import java.util.UUID;
import java.util.function.Function;

/** Sends what happens in a run to one client. */
record ClientWatcher<A>(UUID runId, Client<A> client, Function<dev.caretaker.v1.RunEvent, A> envelope)
        implements Runs.Watcher {

    @Override
    public boolean event(long sequence, Instant at, RunEvent event) {
        return client.send(envelope.apply(EventWriter.write(runId, sequence, at, event)));
    }

    @Override
    public boolean heartbeat(long lastSequence, Instant at, RunState state) {
        // A client that does not keep up has enough to read, and needs no sign of life.
        return client.sendIfReady(envelope.apply(EventWriter.heartbeat(runId, lastSequence, at, state)));
    }
}
