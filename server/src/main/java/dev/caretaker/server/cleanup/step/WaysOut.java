package dev.caretaker.server.cleanup.step;

import dev.caretaker.server.cleanup.leave.Family;
import dev.caretaker.server.cleanup.leave.Leaving;
import dev.caretaker.server.cleanup.leave.Leavings;
import dev.caretaker.server.run.StepContext;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * How rows of a removal leave.
 *
 * @param own those of the step's table, with the children that are kept
 * @param together those of every table of its kinship
 * @param children those of every child that is kept
 */
record WaysOut(Leaving own, List<Leaving> together, List<Leaving> children) {

    static WaysOut of(RowRemoval removal, StepContext context, Leavings leavings) {
        long oid = removal.eligible().oid();
        List<Leaving> children = removal.children().stream()
                .map(child -> leavings.of(child.keeper(), child.oid(), oid, context))
                .toList();
        Leaving alone = leavings.of(removal.keeper(), oid, context);
        Leaving own = children.isEmpty() ? alone : new Family(alone, children);
        return new WaysOut(own, together(removal, context, leavings, own), children);
    }

    private static List<Leaving> together(RowRemoval removal, StepContext context, Leavings leavings, Leaving own) {
        List<Leaving> all = new ArrayList<>();
        for (Kinship.Table table : removal.kinship().tables()) {
            boolean isOwn = table.parts().stream()
                    .anyMatch(part -> part.oid() == removal.eligible().oid());
            long any = table.parts().isEmpty() ? 0 : table.parts().getFirst().oid();
            all.add(isOwn ? own : leavings.of(any == 0 ? Optional.empty() : table.keeper(), any, context));
        }
        return all;
    }
}
