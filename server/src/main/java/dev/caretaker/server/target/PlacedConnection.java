package dev.caretaker.server.target;

import java.lang.reflect.InvocationHandler;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.sql.Connection;
import org.jspecify.annotations.Nullable;

/** A connection that gives its place back once, when it is closed. Everything else is the driver's own. */
final class PlacedConnection implements InvocationHandler {
    private final Connection connection;
    private final Turns.Place place;

    private PlacedConnection(Connection connection, Turns.Place place) {
        this.connection = connection;
        this.place = place;
    }

    static Connection of(Connection connection, Turns.Place place) {
        return (Connection) Proxy.newProxyInstance(
                PlacedConnection.class.getClassLoader(),
                new Class<?>[] {Connection.class},
                new PlacedConnection(connection, place));
    }

    /** The place that a connection has taken. */
    static Turns.Place placeOf(Connection connection) {
        return ((PlacedConnection) Proxy.getInvocationHandler(connection)).place;
    }

    @Override
    public @Nullable Object invoke(Object proxy, Method method, Object @Nullable [] arguments) throws Throwable {
        return switch (method.getName()) {
            case "equals" -> arguments != null && proxy == arguments[0];
            case "hashCode" -> System.identityHashCode(proxy);
            case "close", "abort" -> leave(method, arguments);
            default -> call(method, arguments);
        };
    }

    private @Nullable Object leave(Method method, Object @Nullable [] arguments) throws Throwable {
        try {
            return call(method, arguments);
        } finally {
            place.giveBack();
        }
    }

    private @Nullable Object call(Method method, Object @Nullable [] arguments) throws Throwable {
        try {
            return method.invoke(connection, arguments);
        } catch (InvocationTargetException e) {
            throw e.getCause();
        }
    }
}
