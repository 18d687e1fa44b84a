package dev.caretaker.server.schedule.fire;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.caretaker.server.schedule.fire.LookPlaces.Place;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class LookPlacesTest {
    private final LookPlaces places = new LookPlaces();

    private List<Place> takeAllThatAreFree() {
        await().atMost(30, TimeUnit.SECONDS).until(() -> places.free() > 0);
        return Stream.generate(places::take).limit(places.free()).toList();
    }

    @Test
    void looks_that_last_keep_no_others_from_theirs() throws InterruptedException {
        List<Place> silent = takeAllThatAreFree();
        assertThat(silent).hasSize(LookPlaces.AT_ONCE);

        await().atMost(30, TimeUnit.SECONDS).until(() -> places.free() == LookPlaces.AT_ONCE);
        assertThat(silent).noneMatch(Place::another);

        Place quick = places.take();
        assertThat(quick.another()).isTrue();
        quick.close();
        silent.forEach(Place::close);
        assertThat(places.free()).isEqualTo(LookPlaces.AT_ONCE);
    }

    @Test
    void but_there_is_an_end_to_them() {
        List<Place> silent = new ArrayList<>();
        while (silent.size() < LookPlaces.MOST) {
            silent.addAll(takeAllThatAreFree());
        }
        assertThat(silent).hasSize(LookPlaces.MOST);
        assertThat(places.free()).isZero();

        silent.getFirst().close();
        await().atMost(30, TimeUnit.SECONDS).until(() -> places.free() > 0);
        assertThat(places.free()).isEqualTo(1);
    }
}
