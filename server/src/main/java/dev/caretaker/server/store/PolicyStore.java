package dev.caretaker.server.store;

import jakarta.inject.Singleton;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;

/** Policies in the control store. */
@Singleton
public class PolicyStore {
    private final ControlStore store;

    PolicyStore(ControlStore store) {
        this.store = store;
    }

    public Optional<PolicyRow> find(String name) {
        return store.first("policy_find", PolicyRow::read, name);
    }

    /** By name, those after {@code after}. */
    public List<PolicyRow> list(Optional<String> target, String after, int limit) {
        return store.list("policies_list", PolicyRow::read, target, after, limit);
    }

    /** Changes policies while nobody else does; all of it happens or nothing. */
    public <T> T change(Function<Change, T> work) {
        return store.transaction(tx -> {
            tx.update("policies_lock");
            return work.apply(new Change(tx));
        });
    }

    /** A change under way. */
    public static final class Change {
        private final ControlStore.Tx tx;

        private Change(ControlStore.Tx tx) {
            this.tx = tx;
        }

        public Optional<PolicyRow> find(String name) {
            return tx.first("policy_find", PolicyRow::read, name);
        }

        public void put(PolicyRow policy) {
            tx.update(
                    "policy_put",
                    policy.name(),
                    policy.target(),
                    policy.content(),
                    policy.etag(),
                    policy.updated(),
                    Json.write(policy.updatedBy()));
        }

        public void delete(String name) {
            tx.update("policy_delete", name);
        }
    }
}
