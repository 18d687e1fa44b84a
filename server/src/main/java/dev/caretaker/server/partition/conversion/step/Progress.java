package dev.caretaker.server.partition.conversion.step;

import dev.caretaker.server.run.StepContext;

/** What the steps of a conversion ask and tell whoever keeps it. */
public interface Progress {

    /** Whether the cut-over was asked for. */
    boolean isRequested(ConversionParameters conversion);

    /** The table is partitioned: its partition set goes on. Repeatable. One sentence for people. */
    String converted(ConversionParameters conversion, StepContext context);

    /** The table is what it was. Repeatable. One sentence for people. */
    String reverted(ConversionParameters conversion, StepContext context);
}
