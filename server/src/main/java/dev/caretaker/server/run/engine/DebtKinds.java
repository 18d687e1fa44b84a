package dev.caretaker.server.run.engine;

import dev.caretaker.server.error.CaretakerException;
import dev.caretaker.server.error.Reason;
import dev.caretaker.server.run.DebtKind;
import dev.caretaker.server.store.DebtRow;
import dev.caretaker.server.store.Json;
import dev.caretaker.server.target.Session;
import jakarta.inject.Singleton;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Collection;
import java.util.Map;
import java.util.stream.Collectors;

/** The kinds of debts this server can settle, by name. */
@Singleton
final class DebtKinds {
    private final Map<String, DebtKind<?>> byName;

    DebtKinds(Collection<DebtKind<?>> kinds) {
        this.byName = kinds.stream().collect(Collectors.toUnmodifiableMap(DebtKind::name, kind -> kind));
    }

    /** Fails with INTERNAL if no kind has that name: who owes what nobody can settle is mistaken. */
    DebtKind<?> require(String name) {
        DebtKind<?> kind = byName.get(name);
        if (kind == null) {
            throw CaretakerException.of(Reason.INTERNAL, "This server knows no debts of kind \"" + name + "\".");
        }
        return kind;
    }

    DebtKind.Settlement settle(Session session, DebtRow debt, Duration longest) throws SQLException {
        return settle(require(debt.kind()), session, debt, longest);
    }

    private static <D extends Record> DebtKind.Settlement settle(
            DebtKind<D> kind, Session session, DebtRow debt, Duration longest) throws SQLException {
        return kind.settle(session, Json.read(debt.details(), kind.detailType()), longest);
    }
}
