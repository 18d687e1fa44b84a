package dev.caretaker.server.target;

import static org.assertj.core.api.Assertions.assertThat;

import java.lang.reflect.Proxy;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

class WarmConnectionTest {
    private final AtomicInteger closed = new AtomicInteger();

    @Test
    void one_that_broke_meanwhile_is_closed_so_that_its_place_is_free_again() {
        new WarmConnection("shop", broken(), connection -> true).close();

        assertThat(closed).hasValue(1);
    }

    /** As the driver's are when their server has gone. */
    private Connection broken() {
        return (Connection) Proxy.newProxyInstance(
                WarmConnectionTest.class.getClassLoader(),
                new Class<?>[] {Connection.class},
                (proxy, method, arguments) -> {
                    if (method.getName().equals("close")) {
                        closed.incrementAndGet();
                        return null;
                    }
                    throw new SQLException("This connection has been closed.");
                });
    }
}
