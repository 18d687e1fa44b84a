package dev.caretaker.server.notify;

/** Hears what becomes of deliveries of this server, for whoever counts it; must be quick and must not throw. */
public interface DeliveryListener {

    /** An attempt failed, whether there is another or not. */
    void failed(String channel);
}
