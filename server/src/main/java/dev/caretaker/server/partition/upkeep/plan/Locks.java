package dev.caretaker.server.partition.upkeep.plan;

import dev.caretaker.server.partition.upkeep.table.Member;
import dev.caretaker.server.partition.upkeep.table.TableState;
import dev.caretaker.server.store.TableName;
import java.util.ArrayList;
import java.util.List;

/** Which locks steps take, as measured on PostgreSQL 15 and 18. All waits go up the ladder of at most a second. */
final class Locks {
    private static final String EXCLUSIVE = "ACCESS EXCLUSIVE";
    private static final String ROW_SHARE = "SHARE ROW EXCLUSIVE";
    private static final String UPDATE = "SHARE UPDATE EXCLUSIVE";
    private static final String MILLISECONDS = "milliseconds, at the attach";

    private Locks() {}

    /** @param filled whether the partition has rows and foreign keys of its own */
    static List<UpkeepLock> attach(TableState table, boolean filled) {
        List<UpkeepLock> locks = new ArrayList<>();
        table.defaultPartition()
                .map(Member::name)
                .ifPresent(name -> locks.add(new UpkeepLock(name, EXCLUSIVE, MILLISECONDS)));
        table.referenced()
                .forEach(name -> locks.add(new UpkeepLock(name, filled ? EXCLUSIVE : ROW_SHARE, MILLISECONDS)));
        table.referencing().forEach(name -> locks.add(new UpkeepLock(name, ROW_SHARE, MILLISECONDS)));
        locks.add(new UpkeepLock(table.name(), UPDATE, MILLISECONDS));
        return locks;
    }

    static List<UpkeepLock> adopt(TableState table, TableName defaultName) {
        List<UpkeepLock> locks = new ArrayList<>();
        locks.add(new UpkeepLock(table.name(), EXCLUSIVE, "milliseconds, at the exchange"));
        locks.add(new UpkeepLock(defaultName, EXCLUSIVE, "milliseconds, at the check and at the exchange"));
        table.referenced().forEach(name -> locks.add(new UpkeepLock(name, EXCLUSIVE, "milliseconds, at the exchange")));
        table.referencing()
                .forEach(name -> locks.add(new UpkeepLock(name, EXCLUSIVE, "milliseconds, at the exchange")));
        locks.add(new UpkeepLock(defaultName, UPDATE, "while it is read"));
        return locks;
    }

    static List<UpkeepLock> detach(TableState table, TableName partition) {
        List<UpkeepLock> locks = new ArrayList<>();
        if (table.defaultPartition().isPresent()) {
            locks.add(new UpkeepLock(table.name(), EXCLUSIVE, "milliseconds, at the detach"));
            locks.add(new UpkeepLock(partition, EXCLUSIVE, "milliseconds, at the detach"));
        } else {
            locks.add(new UpkeepLock(partition, EXCLUSIVE, "milliseconds, at the end of the detach"));
            locks.add(new UpkeepLock(table.name(), UPDATE, "while the detach waits for older transactions"));
        }
        table.referencing().forEach(name -> locks.add(new UpkeepLock(name, EXCLUSIVE, "milliseconds, at the detach")));
        table.referenced().forEach(name -> locks.add(new UpkeepLock(name, ROW_SHARE, "milliseconds, at the detach")));
        return locks;
    }

    static List<UpkeepLock> archive(TableName partition) {
        return List.of(new UpkeepLock(partition, "ACCESS SHARE", "a piece at a time"));
    }

    /** @param archived whether it is compared with its archive under the lock */
    static List<UpkeepLock> drop(TableState table, TableName partition, boolean archived) {
        List<UpkeepLock> locks = new ArrayList<>();
        table.referenced()
                .forEach(name ->
                        locks.add(new UpkeepLock(name, EXCLUSIVE, "milliseconds, one key of the partition at a time")));
        locks.add(new UpkeepLock(
                partition,
                EXCLUSIVE,
                archived
                        ? "while it is read once more; nobody reads it through the table"
                        : "milliseconds; nobody reads it through the table"));
        return locks;
    }
}
