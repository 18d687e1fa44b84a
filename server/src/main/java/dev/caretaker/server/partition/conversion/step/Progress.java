package dev.caretaker.server.partition.conversion.step;

import dev.caretaker.server.run.StepContext;

/** What the steps of a conversion ask and tell whoever keeps it. */
public interface Progress {

    /** Whether the cut-over was asked for. */
    boolean isRequested(ConversionParameters conversion);

    /** Whether all is prepared, as far as was told. */
    boolean isReady(ConversionParameters conversion);

    /** All is prepared and only the cut-over is missing, or not any more. Repeatable. */
    void ready(ConversionParameters conversion, boolean ready);

    /** The table is partitioned: its partition set goes on. Repeatable. One sentence for people. */
    String converted(ConversionParameters conversion, StepContext context);

    /** The table is a plain one again, and what was made for the conversion still goes. Repeatable. */
    void plainAgain(ConversionParameters conversion);

    /** The table is what it was. Repeatable. One sentence for people. */
    String reverted(ConversionParameters conversion, StepContext context);
}
