package dev.caretaker.server.store;

import jakarta.inject.Singleton;
import java.util.Comparator;
import java.util.List;

/** The latest figures of detections. */
@Singleton
public class MeasurementStore {
    private final ControlStore store;

    MeasurementStore(ControlStore store) {
        this.store = store;
    }

    /** Each takes the place of the one before, unless that is newer. */
    public void put(List<Measurement> measurements) {
        // Two detections at once touch the rows in the same order.
        store.batch(
                "measurement_put",
                measurements.stream()
                        .sorted(Comparator.comparing(Measurement::target)
                                .thenComparing(Measurement::measure)
                                .thenComparing(Measurement::name))
                        .map(one ->
                                new Object[] {one.target(), one.measure().text(), one.name(), one.value(), one.taken()})
                        .toList());
    }

    /** Of policies and partition sets that there are. */
    public List<Measurement> list() {
        return store.list("look_measurements", Measurement::read);
    }
}
