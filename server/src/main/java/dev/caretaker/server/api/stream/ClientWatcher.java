package dev.caretaker.server.api.stream;

import dev.caretaker.server.api.mapping.EventWriter;
import dev.caretaker.server.api.mapping.ObservationWriter;
import dev.caretaker.server.report.observe.Observations;
import dev.caretaker.server.run.RunEvent;
import dev.caretaker.server.run.Runs;
import dev.caretaker.server.store.RunState;
import java.time.Instant;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Function;

/** Sends what happens in a run to one client. */
final class ClientWatcher<A> implements Runs.Watcher {
    private final UUID runId;
    private final Client<A> client;
    private final Observations observations;
    private final Function<dev.caretaker.v1.RunEvent, A> envelope;
    private String traceId = "";

    ClientWatcher(
            UUID runId, Client<A> client, Observations observations, Function<dev.caretaker.v1.RunEvent, A> envelope) {
        this.runId = runId;
        this.client = client;
        this.observations = observations;
        this.envelope = envelope;
    }

    @Override
    public void begins(Optional<String> trace) {
        traceId = trace.orElse("");
    }

    @Override
    public boolean event(long sequence, Instant at, RunEvent event) {
        return client.send(enveloped(observed(EventWriter.write(runId, sequence, at, event))));
    }

    /** What was seen of the run's tables is no part of the event: it goes on to be seen when that is long written. */
    private dev.caretaker.v1.RunEvent.Builder observed(dev.caretaker.v1.RunEvent.Builder message) {
        if (message.hasFinished()) {
            observations
                    .of(runId)
                    .map(ObservationWriter::write)
                    .ifPresent(message.getFinishedBuilder()::setObservation);
        }
        return message;
    }

    @Override
    public boolean heartbeat(long lastSequence, Instant at, RunState state) {
        // A client that does not keep up has enough to read, and needs no sign of life.
        return client.sendIfReady(enveloped(EventWriter.heartbeat(runId, lastSequence, at, state)));
    }

    private A enveloped(dev.caretaker.v1.RunEvent.Builder event) {
        return envelope.apply(event.setTraceId(traceId).build());
    }
}
