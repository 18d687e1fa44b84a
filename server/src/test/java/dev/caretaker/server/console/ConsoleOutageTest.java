package dev.caretaker.server.console;

import static dev.caretaker.server.console.Patience.await;
import static org.assertj.core.api.Assertions.assertThat;

import dev.caretaker.server.console.Browser.Page;
import dev.caretaker.server.testing.TestPostgres;
import dev.caretaker.server.testing.TestPostgres.Database;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** The console of a server whose control store is away, which has not even seen it with a browser. */
class ConsoleOutageTest {
    @Test
    void a_page_says_that_the_control_store_is_away_and_is_there_again_after_it() {
        Database store = TestPostgres.controlStore();
        try (ConsoleServer server = ConsoleServer.start(TestPostgres.newest().database(), store, 0, Map.of())) {
            Database maintenance = TestPostgres.newest().database("maintenance_of_" + store.name());
            maintenance.execute(
                    "ALTER DATABASE \"" + store.name() + "\" ALLOW_CONNECTIONS false",
                    "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = '" + store.name() + "'");

            Page away = new Browser(server).get("/console/");

            assertThat(away.status()).isEqualTo(503);
            assertThat(away.html().select("main").text())
                    .contains("Not available now", "CONTROL_STORE_UNREACHABLE", "Try again");
            maintenance.execute("ALTER DATABASE \"" + store.name() + "\" ALLOW_CONNECTIONS true");
            await().atMost(Duration.ofMinutes(1))
                    .untilAsserted(() -> assertThat(
                                    new Browser(server).get("/console/").status())
                            .isEqualTo(200));
        }
    }
}
