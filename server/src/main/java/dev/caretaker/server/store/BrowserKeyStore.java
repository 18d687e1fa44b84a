package dev.caretaker.server.store;

import jakarta.inject.Singleton;
import java.util.Optional;

/** The key that browser sessions are sealed with: one for all servers of the control store. Fails with CONTROL_STORE_UNREACHABLE. */
@Singleton
public class BrowserKeyStore {
    private final ControlStore store;

    BrowserKeyStore(ControlStore store) {
        this.store = store;
    }

    /**
     * The key.
     *
     * @param fresh becomes it if there is none
     */
    public byte[] key(byte[] fresh) {
        return find().orElseGet(() -> {
            store.update("browser_key_put", (Object) fresh);
            return find().orElseThrow();
        });
    }

    private Optional<byte[]> find() {
        return store.first("browser_key_find", row -> row.getBytes("secret"));
    }
}
